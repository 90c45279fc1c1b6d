import GRDB

extension SQLiteSchema {
    /// Dead letters may be sent again, and then have all their time once more; what became of notices is listed without
    /// looking at all of them.
    @Sendable static func reviveDeadLetters(_ database: Database) throws {
        // NULL: it never was one that somebody had sent again.
        try add("revived_at INTEGER", to: "notices", database)
        try database.execute(
            sql: "CREATE INDEX IF NOT EXISTS notices_settled ON notices (state, number) WHERE state <> 'owed'")
    }

    /// What somebody may see of the ledger, and what a rule's new name changes, is found without looking at all of it.
    @Sendable static func makeListIndexes(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE INDEX IF NOT EXISTS notices_by_time ON notices (made_at, number);
                CREATE INDEX IF NOT EXISTS notices_by_rule ON notices (store, rule, made_at);
                CREATE INDEX IF NOT EXISTS notice_items_by_alert ON notice_items (store, rule);
                CREATE INDEX IF NOT EXISTS acknowledgements_by_rule ON acknowledgements (store, rule);
                CREATE INDEX IF NOT EXISTS quarantine_by_time ON quarantine (at, number);
                CREATE INDEX IF NOT EXISTS audit_by_store ON audit (store, number);
                """)
    }
}
