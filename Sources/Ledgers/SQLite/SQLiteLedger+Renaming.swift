import GRDB

extension SQLiteLedger {
    /// Rules in one transaction.
    private static let renamesAtOnce = 500

    package func rename(_ rules: [RuleRename]) async throws(LedgerError) -> Int {
        var count = 0
        for start in stride(from: 0, to: rules.count, by: Self.renamesAtOnce) {
            let some = Array(rules[start..<min(rules.count, start + Self.renamesAtOnce)])
            count += try await write("Giving \(some.count) rules their new names") { database in
                try some.count { try Self.rename($0, database) }
            }
        }
        return count
    }

    private static func rename(_ rule: RuleRename, _ database: Database) throws -> Bool {
        let names: StatementArguments = [rule.store, rule.from, rule.to]
        // The names are asked for at every start, and mostly nothing bears the old one.
        let isKnown = try Bool.fetchOne(
            database,
            sql: """
                SELECT NOT EXISTS (SELECT 1 FROM alerts WHERE store = ?1 AND rule = ?3) AND (
                    EXISTS (SELECT 1 FROM alerts WHERE store = ?1 AND rule = ?2)
                    OR EXISTS (SELECT 1 FROM standing_changes WHERE store = ?1 AND rule = ?2))
                """, arguments: names)
        guard isKnown == true else { return false }
        for table in ["alerts", "alert_events", "notice_items", "notices", "acknowledgements"] {
            try database.execute(
                sql: "UPDATE \(table) SET rule = ?3 WHERE store = ?1 AND rule = ?2", arguments: names)
        }
        // Where the new name is known already, that stays.
        for table in ["acceptances", "standing_changes"] {
            try database.execute(
                sql: "UPDATE OR IGNORE \(table) SET rule = ?3 WHERE store = ?1 AND rule = ?2", arguments: names)
        }
        if var rules = try StandingRows.read(of: rule.store, database), let kept = rules.removeValue(forKey: rule.from)
        {
            rules[rule.to] = rules[rule.to] ?? kept
            try StandingRows.put([rule.store: rules], database)
        }
        return true
    }
}
