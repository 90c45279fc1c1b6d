import Alerts
import Facts
import GRDB
import Rules

/// Rows of `acceptances`.
enum AcceptanceRows {
    static func isAny(_ database: Database) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM acceptances)") ?? false
    }

    static func put(_ acceptance: Acceptance, _ key: AlertKey, at moment: Timestamp, _ database: Database) throws {
        let insert = try PreparedStatement(
            database,
            """
            INSERT OR REPLACE INTO acceptances (store, rule, made_by, why, until, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """)
        insert.bind(key.store, at: 1)
        insert.bind(key.rule, at: 2)
        insert.bind(acceptance.by, at: 3)
        insert.bind(acceptance.why, at: 4)
        insert.bind("\(acceptance.until)", at: 5)
        insert.bind(moment.microseconds, at: 6)
        try insert.run()
    }

    static func remove(_ key: AlertKey, _ database: Database) throws {
        let delete = try PreparedStatement(database, "DELETE FROM acceptances WHERE store = ?1 AND rule = ?2")
        delete.bind(key.store, at: 1)
        delete.bind(key.rule, at: 2)
        try delete.run()
    }

    /// By rule.
    static func read(of store: String, _ database: Database) throws -> [String: Acceptance] {
        let select = try PreparedStatement(
            database, "SELECT rule, made_by, why, until FROM acceptances WHERE store = ?1")
        select.bind(store, at: 1)
        defer { select.reset() }
        var result: [String: Acceptance] = [:]
        while try select.step() {
            guard let until = LocalDay(select.text(3)) else {
                throw CorruptRow(table: "acceptances", id: "\(store)/\(select.text(0))", column: "until")
            }
            result[select.text(0)] = Acceptance(by: select.text(1), why: select.text(2), until: until)
        }
        return result
    }
}
