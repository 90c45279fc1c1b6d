import GRDB

extension SQLiteSchema {
    /// What people did and what was taken in, chained by digests. What is written stays as it is: the triggers are there for
    /// slips, the chain for everything else.
    @Sendable static func makeAuditTable(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS audit (
                    number INTEGER PRIMARY KEY,
                    at INTEGER NOT NULL,
                    who TEXT NOT NULL,
                    way TEXT NOT NULL,
                    act TEXT NOT NULL,
                    store TEXT,
                    subject TEXT NOT NULL,
                    why TEXT NOT NULL,
                    -- A line each, in both languages.
                    details TEXT NOT NULL,
                    details_zh TEXT NOT NULL,
                    before TEXT NOT NULL,
                    digest TEXT NOT NULL
                ) STRICT;
                CREATE TRIGGER IF NOT EXISTS audit_stays_as_written BEFORE UPDATE ON audit
                    BEGIN SELECT raise(ABORT, 'what the audit holds is never changed'); END;
                CREATE TRIGGER IF NOT EXISTS audit_loses_nothing BEFORE DELETE ON audit
                    BEGIN SELECT raise(ABORT, 'what the audit holds is never deleted'); END;
                """)
    }
}
