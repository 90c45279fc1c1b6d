import GRDB

extension SQLiteSchema {
    /// 2: alerts, their events, and the notices owed. Stores are named by their id: an alert may outlive the entry of
    /// its store, and a rule may speak of a store of which nothing ever came.
    @Sendable static func makeAlertTables(_ database: Database) throws {
        try database.execute(
            sql: """
                -- One rule's stay outside ok at one store; the last one stays when it has ended.
                CREATE TABLE alerts (
                    store TEXT NOT NULL,
                    rule TEXT NOT NULL,
                    episode TEXT NOT NULL UNIQUE,
                    state TEXT NOT NULL CHECK (state IN ('pending', 'firing', 'recovering', 'resolved')),
                    standing TEXT NOT NULL,
                    announced TEXT,
                    since INTEGER NOT NULL,
                    fired_at INTEGER,
                    ended_at INTEGER,
                    elapsed INTEGER NOT NULL,
                    observed_at INTEGER NOT NULL,
                    is_blind INTEGER NOT NULL CHECK (is_blind IN (0, 1)),
                    changes INTEGER NOT NULL,
                    reason TEXT,
                    ending TEXT,
                    outside_at INTEGER NOT NULL,
                    outside_limit TEXT NOT NULL,
                    outside_confirmed INTEGER NOT NULL CHECK (outside_confirmed IN (0, 1)),
                    outside_revision INTEGER NOT NULL,
                    outside_evidence INTEGER,
                    store_name TEXT NOT NULL,
                    platform TEXT NOT NULL,
                    labels TEXT NOT NULL,
                    title_en TEXT NOT NULL,
                    title_zh TEXT NOT NULL,
                    severity TEXT NOT NULL,
                    PRIMARY KEY (store, rule)
                ) STRICT, WITHOUT ROWID;

                -- What happened to alerts, numbered within an episode.
                CREATE TABLE alert_events (
                    episode TEXT NOT NULL,
                    number INTEGER NOT NULL,
                    store TEXT NOT NULL,
                    rule TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    standing TEXT NOT NULL,
                    since INTEGER NOT NULL,
                    at INTEGER NOT NULL,
                    judged_to TEXT,
                    PRIMARY KEY (episode, number)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX alert_events_by_rule ON alert_events (store, rule, at);
                CREATE INDEX alert_events_by_time ON alert_events (at);

                -- The outbox: messages owed, in the order in which they were made.
                CREATE TABLE notices (
                    number INTEGER PRIMARY KEY AUTOINCREMENT,
                    id TEXT NOT NULL UNIQUE,
                    receiver TEXT NOT NULL,
                    store TEXT NOT NULL,
                    rule TEXT NOT NULL,
                    episode TEXT NOT NULL,
                    change INTEGER NOT NULL,
                    made_at INTEGER NOT NULL,
                    body BLOB NOT NULL,
                    state TEXT NOT NULL DEFAULT 'owed' CHECK (state IN ('owed', 'taken', 'abandoned')),
                    attempts INTEGER NOT NULL DEFAULT 0,
                    next_attempt_at INTEGER NOT NULL,
                    claimed_until INTEGER,
                    settled_at INTEGER,
                    because TEXT
                ) STRICT;
                CREATE INDEX notices_owed ON notices (receiver, store, rule, number) WHERE state = 'owed';
                CREATE INDEX notices_by_state ON notices (receiver, state, made_at);
                """)
    }
}
