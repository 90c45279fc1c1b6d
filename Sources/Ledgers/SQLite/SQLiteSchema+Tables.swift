import GRDB

extension SQLiteSchema {
    /// 1: everything but the facts' tables.
    @Sendable static func makeTables(_ database: Database) throws {
        try database.execute(
            sql: """
                -- Single values: the revision, and the key under which buyers are hashed.
                CREATE TABLE ledger (
                    name TEXT PRIMARY KEY NOT NULL,
                    value ANY NOT NULL
                ) STRICT, WITHOUT ROWID;

                -- Who brings facts: platform, feed:NAME, file, hand.
                CREATE TABLE sources (
                    number INTEGER PRIMARY KEY,
                    name TEXT NOT NULL UNIQUE
                ) STRICT;

                -- Sets of aggregates that stores keep, in a zone: numbers of aggregates, rising, with commas.
                CREATE TABLE plans (
                    number INTEGER PRIMARY KEY,
                    timezone TEXT NOT NULL,
                    aggregates TEXT NOT NULL,
                    UNIQUE (timezone, aggregates)
                ) STRICT;

                CREATE TABLE aggregates (
                    number INTEGER PRIMARY KEY,
                    text TEXT NOT NULL UNIQUE
                ) STRICT;

                -- Every store that a fact or a rejection named. plan: what its blocks hold and keep exact; NULL: nothing.
                CREATE TABLE stores (
                    number INTEGER PRIMARY KEY,
                    id TEXT NOT NULL UNIQUE,
                    revision INTEGER NOT NULL DEFAULT 0,
                    plan INTEGER REFERENCES plans (number)
                ) STRICT;

                -- Day buckets, packed: 32 days of one store in a row. number = store * 2^32 + 2^31 + block.
                CREATE TABLE blocks (
                    number INTEGER PRIMARY KEY,
                    cells BLOB NOT NULL
                ) STRICT;

                -- Which source brought a kind (of measure: a name) for a store, and which source's facts stand.
                CREATE TABLE kind_sources (
                    store INTEGER NOT NULL REFERENCES stores (number),
                    kind INTEGER NOT NULL,
                    measure TEXT NOT NULL DEFAULT '',
                    source INTEGER NOT NULL REFERENCES sources (number),
                    has_brought INTEGER NOT NULL CHECK (has_brought IN (0, 1)),
                    stands INTEGER NOT NULL CHECK (stands IN (0, 1)),
                    PRIMARY KEY (store, kind, measure, source)
                ) STRICT, WITHOUT ROWID;

                -- Facts of a kind that another source holds at their store, in their interchange form.
                CREATE TABLE set_aside (
                    store INTEGER NOT NULL REFERENCES stores (number),
                    kind INTEGER NOT NULL,
                    id TEXT NOT NULL,
                    source INTEGER NOT NULL REFERENCES sources (number),
                    measure TEXT NOT NULL DEFAULT '',
                    updated_at INTEGER,
                    fact TEXT NOT NULL,
                    labels TEXT,
                    first_known TEXT,
                    PRIMARY KEY (store, kind, id, source)
                ) STRICT, WITHOUT ROWID;

                -- Complete for [covered_from, covered_until). store 0: every store that the source ever brought.
                CREATE TABLE coverage (
                    source INTEGER NOT NULL REFERENCES sources (number),
                    store INTEGER NOT NULL,
                    kind INTEGER NOT NULL,
                    covered_from INTEGER,
                    covered_until INTEGER NOT NULL,
                    PRIMARY KEY (store, source, kind)
                ) STRICT, WITHOUT ROWID;

                -- Where pulling stands. store 0: the source as a whole (a feed).
                CREATE TABLE pulls (
                    source INTEGER NOT NULL REFERENCES sources (number),
                    store INTEGER NOT NULL,
                    -- In the puller's own words.
                    state TEXT,
                    finished_at INTEGER,
                    failures INTEGER NOT NULL DEFAULT 0,
                    failed_at INTEGER,
                    failure TEXT,
                    PRIMARY KEY (source, store)
                ) STRICT, WITHOUT ROWID;

                -- What could not become a fact. The same thing again moves `at` and counts up `times`.
                CREATE TABLE quarantine (
                    number INTEGER PRIMARY KEY,
                    fingerprint BLOB NOT NULL UNIQUE,
                    source INTEGER NOT NULL REFERENCES sources (number),
                    store INTEGER REFERENCES stores (number),
                    kind TEXT,
                    id TEXT,
                    position TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    excerpt TEXT NOT NULL,
                    first_at INTEGER NOT NULL,
                    at INTEGER NOT NULL,
                    times INTEGER NOT NULL DEFAULT 1,
                    read_well_at INTEGER
                ) STRICT;
                CREATE INDEX quarantine_open ON quarantine (store, at) WHERE read_well_at IS NULL;
                """)
    }
}
