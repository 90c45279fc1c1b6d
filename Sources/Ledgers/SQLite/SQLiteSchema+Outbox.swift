import GRDB

extension SQLiteSchema {
    /// 14: dead letters may be sent again, and then have all their time once more; what became of notices is listed without
    /// looking at all of them.
    @Sendable static func reviveDeadLetters(_ database: Database) throws {
        // NULL: it never was one that somebody had sent again.
        try add("revived_at INTEGER", to: "notices", database)
        try database.execute(
            sql: "CREATE INDEX IF NOT EXISTS notices_settled ON notices (state, number) WHERE state <> 'owed'")
    }
}
