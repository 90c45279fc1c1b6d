import GRDB

extension SQLiteSchema {
    /// 11: what receivers are to hear, before it is part of a notice; silences, acknowledgements, and how standings
    /// changed.
    @Sendable static func makeRoutingTables(_ database: Database) throws {
        try database.execute(
            sql: """
                -- One event as one receiver is to hear of it. `body` is empty once it is part of a notice.
                CREATE TABLE notice_items (
                    number INTEGER PRIMARY KEY AUTOINCREMENT,
                    id TEXT NOT NULL UNIQUE,
                    receiver TEXT NOT NULL,
                    store TEXT NOT NULL,
                    rule TEXT NOT NULL,
                    episode TEXT NOT NULL,
                    change INTEGER NOT NULL,
                    event TEXT NOT NULL,
                    standing TEXT NOT NULL,
                    interest TEXT NOT NULL,
                    grouping TEXT NOT NULL,
                    is_beginning INTEGER NOT NULL CHECK (is_beginning IN (0, 1)),
                    is_daily INTEGER NOT NULL CHECK (is_daily IN (0, 1)),
                    made_at INTEGER NOT NULL,
                    body BLOB NOT NULL,
                    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'told', 'withheld')),
                    -- Why it waits, or was withheld.
                    cause TEXT,
                    because TEXT,
                    -- Of the notice that it is part of.
                    notice INTEGER,
                    decided_at INTEGER
                ) STRICT;
                CREATE INDEX notice_items_waiting ON notice_items (receiver, number) WHERE state = 'waiting';
                CREATE INDEX notice_items_by_episode ON notice_items (episode, receiver, number);
                CREATE INDEX notice_items_by_rule ON notice_items (receiver, store, rule, notice) WHERE state = 'told';
                CREATE INDEX notice_items_by_notice ON notice_items (notice) WHERE state = 'told';
                -- The line of a receiver: its head is found without looking at those behind.
                CREATE INDEX notices_in_line ON notices (receiver, number) WHERE state = 'owed';
                CREATE INDEX notice_items_by_group ON notice_items (receiver, grouping, decided_at)
                    WHERE state = 'told' AND grouping <> '';

                -- What was made before items were kept was told to whom it was owed.
                INSERT INTO notice_items
                    (id, receiver, store, rule, episode, change, event, standing, interest, grouping, is_beginning,
                     is_daily, made_at, body, state, notice, decided_at)
                SELECT notices.id, receiver, notices.store, notices.rule, notices.episode, change, alert_events.kind,
                    alert_events.standing, 'owed', '', 0, 0, made_at, x'', 'told', notices.number, made_at
                FROM notices JOIN alert_events
                    ON alert_events.episode = notices.episode AND alert_events.number = notices.change
                ORDER BY notices.number;

                CREATE TABLE silences (
                    id TEXT PRIMARY KEY,
                    filter TEXT NOT NULL,
                    begins_at INTEGER NOT NULL,
                    until INTEGER,
                    ends TEXT NOT NULL,
                    made_by TEXT NOT NULL,
                    why TEXT NOT NULL,
                    ended_at INTEGER
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE acknowledgements (
                    episode TEXT PRIMARY KEY,
                    store TEXT NOT NULL,
                    rule TEXT NOT NULL,
                    made_by TEXT NOT NULL,
                    why TEXT NOT NULL,
                    at INTEGER NOT NULL,
                    until INTEGER,
                    change INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;

                -- Breaches that somebody answers for until a local day of the store.
                CREATE TABLE acceptances (
                    store TEXT NOT NULL,
                    rule TEXT NOT NULL,
                    made_by TEXT NOT NULL,
                    why TEXT NOT NULL,
                    until TEXT NOT NULL,
                    at INTEGER NOT NULL,
                    PRIMARY KEY (store, rule)
                ) STRICT, WITHOUT ROWID;

                -- Where the rules of a store stand: by rule, what it said when it was last decided, and its standing.
                CREATE TABLE standings (
                    store TEXT PRIMARY KEY,
                    rules TEXT NOT NULL
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE standing_changes (
                    store TEXT NOT NULL,
                    rule TEXT NOT NULL,
                    judged_at INTEGER NOT NULL,
                    at INTEGER NOT NULL,
                    before TEXT,
                    standing TEXT NOT NULL,
                    judged_to TEXT,
                    limit_text TEXT NOT NULL,
                    value_text TEXT NOT NULL,
                    because TEXT NOT NULL,
                    pack TEXT NOT NULL,
                    configuration TEXT NOT NULL,
                    PRIMARY KEY (store, rule, judged_at)
                ) STRICT, WITHOUT ROWID;
                """)
    }
}
