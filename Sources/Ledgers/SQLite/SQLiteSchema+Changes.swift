import Facts
import GRDB

/// What changed since the first tables, in the order of the numbers.
extension SQLiteSchema {
    /// 3: entries are asked for by the fact that they name, for every fact that arrives.
    @Sendable static func makeQuarantineIndex(_ database: Database) throws {
        try database.execute(
            sql: "CREATE INDEX quarantine_by_fact ON quarantine (store, id, kind) WHERE read_well_at IS NULL")
    }

    /// 4: what a pull brings for the first time is not covered by the pulls that finished before it.
    @Sendable static func countFinishes(_ database: Database) throws {
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

    /// 5: ids of stores that look alike are one store's. Where both ways of writing have a row already, both stay.
    @Sendable static func composeStoreIDs(_ database: Database) throws {
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
    @Sendable static func countFinishesBySource(_ database: Database) throws {
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

    /// 7: stores in the middle of a pull or an import. Of a pull that an older program left there, all of its feed.
    @Sendable static func makeHalfToldTable(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE half_told (
                    store INTEGER NOT NULL REFERENCES stores (number),
                    source INTEGER NOT NULL REFERENCES sources (number),
                    -- 'pull', or the name of a file.
                    telling TEXT NOT NULL,
                    PRIMARY KEY (store, source, telling)
                ) STRICT, WITHOUT ROWID;
                INSERT INTO half_told SELECT DISTINCT store, source, 'pull' FROM kind_sources
                    WHERE has_brought = 1 AND source IN (
                        SELECT source FROM pulls WHERE state LIKE '%' || char(10) || 'cursor=%');
                """)
    }

    /// 8: of which kinds, and by which content of a file.
    @Sendable static func tellHalfToldKinds(_ database: Database) throws {
        try database.execute(
            sql: """
                ALTER TABLE half_told RENAME TO half_told_before;
                CREATE TABLE half_told (
                    store INTEGER NOT NULL REFERENCES stores (number),
                    source INTEGER NOT NULL REFERENCES sources (number),
                    -- 'pull', or the name of a file.
                    telling TEXT NOT NULL,
                    -- What tells one content of the file from another.
                    edition TEXT NOT NULL,
                    -- A bit a kind.
                    kinds INTEGER NOT NULL,
                    PRIMARY KEY (store, source, telling, edition)
                ) STRICT, WITHOUT ROWID;
                -- Of an older program's rows, all.
                INSERT INTO half_told SELECT store, source, telling, '', \(FactKinds.all.rawValue) FROM half_told_before;
                DROP TABLE half_told_before;
                """)
    }

    /// 9: what our own people know of facts. The one made last on a member counts; see `Mark`.
    @Sendable static func makeMarkTable(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE marks (
                    store INTEGER NOT NULL REFERENCES stores (number),
                    kind INTEGER NOT NULL,
                    id TEXT NOT NULL,
                    member TEXT NOT NULL,
                    at INTEGER NOT NULL,
                    -- In the words of the interchange form.
                    value TEXT NOT NULL,
                    by TEXT NOT NULL,
                    why TEXT NOT NULL,
                    until INTEGER,
                    undone_at INTEGER,
                    undone_by TEXT,
                    undone_why TEXT,
                    CHECK ((undone_at IS NULL) = (undone_by IS NULL) AND (undone_at IS NULL) = (undone_why IS NULL)),
                    PRIMARY KEY (store, kind, id, member, at)
                ) STRICT, WITHOUT ROWID;
                """)
    }

    /// 10: what facts said before they were changed. With it each fact's table has a column `known_at`, see `FactTable`.
    @Sendable static func makeCorrectionTable(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE corrections (
                    number INTEGER PRIMARY KEY,
                    store INTEGER NOT NULL REFERENCES stores (number),
                    kind INTEGER NOT NULL,
                    id TEXT NOT NULL,
                    -- When the fact was changed, and what it said until then.
                    at INTEGER NOT NULL,
                    was TEXT NOT NULL
                ) STRICT;
                CREATE INDEX corrections_by_store ON corrections (store, at);
                """)
    }
}
