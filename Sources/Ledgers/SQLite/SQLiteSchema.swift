import Facts
import GRDB

/// The ledger's tables: numbered migrations, never edited once shipped, and the facts' tables, which follow `Schema`.
///
/// `PRAGMA user_version` holds the number of the last migration. A new member of a kind needs none: its column is added
/// when the ledger is next opened (`FactTable.adjust`). A new kind, or a change of what stands here, is a migration.
enum SQLiteSchema {
    /// `PRAGMA application_id`: "gstd". By it a ledger is told from any other SQLite file.
    static let applicationID = 0x6773_7464

    static var version: Int { migrations.count }

    /// Brings an opened ledger to this program's schema, in one transaction.
    static func migrate(_ database: Database) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        for (number, migration) in migrations.enumerated() where number >= found { try migration(database) }
        for table in FactTable.all { try table.adjust(database) }
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    private static let migrations: [@Sendable (Database) throws -> Void] = [
        makeTables, makeAlertTables, makeQuarantineIndex, countFinishes, composeStoreIDs,
        countFinishesBySource,
    ]

    /// 3: entries are asked for by the fact that they name, for every fact that arrives.
    @Sendable private static func makeQuarantineIndex(_ database: Database) throws {
        try database.execute(
            sql: "CREATE INDEX quarantine_by_fact ON quarantine (store, id, kind) WHERE read_well_at IS NULL")
    }

    /// 5: ids of stores that look alike are one store's. Where both ways of writing have a row already, both stay.
    @Sendable private static func composeStoreIDs(_ database: Database) throws {
        for id in try String.fetchAll(database, sql: "SELECT id FROM stores WHERE id GLOB '*[^ -~]*'") {
            let composed = id.composed
            guard !composed.isSameBytes(as: id) else { continue }
            try database.execute(sql: "UPDATE OR IGNORE stores SET id = ? WHERE id = ?", arguments: [composed, id])
        }
    }

    /// 6: one count a source, so that what was brought of one kind can be told apart from a finish of another.
    ///
    /// `coverage.finishes`, of store 0: how many pulls of the whole source had finished when one last brought the kind.
    /// `kind_sources.since`: how many had when the source first brought the kind of the store.
    @Sendable private static func countFinishesBySource(_ database: Database) throws {
        let measure = FactKind.measure.rawValue
        try database.execute(
            sql: """
                UPDATE kind_sources SET since = since >= coalesce(
                        (SELECT max(finishes) FROM coverage WHERE coverage.source = kind_sources.source
                            AND coverage.store = 0 AND kind_sources.kind IN (coverage.kind, \(measure))), 0)
                    AND EXISTS (
                        SELECT 1 FROM coverage WHERE coverage.source = kind_sources.source AND coverage.store = 0);
                UPDATE coverage SET finishes = (store = 0);
                """)
    }

    /// 4: what a pull brings for the first time is not covered by the pulls that finished before it.
    @Sendable private static func countFinishes(_ database: Database) throws {
        try database.execute(
            sql: """
                -- Of store 0: pulls of the whole source that finished and bring the kind.
                ALTER TABLE coverage ADD COLUMN finishes INTEGER NOT NULL DEFAULT 0;
                -- What a pull in its middle has brought nobody can tell any more from what came before.
                UPDATE coverage SET finishes = 1 WHERE store = 0 AND NOT EXISTS (
                    SELECT 1 FROM pulls WHERE pulls.source = coverage.source AND pulls.store = 0
                        AND pulls.state LIKE '%' || char(10) || 'cursor=%');
                -- How many of them had finished when the source first brought the kind of the store.
                ALTER TABLE kind_sources ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
                """)
    }

    /// 1: everything but the facts' tables.
    @Sendable private static func makeTables(_ database: Database) throws {
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
