import Foundation
import GRDB

/// A row of `stores`.
struct StoreRow {
    let number: Int64
    let revision: Int64
    /// What its blocks hold; nil: nothing that counts.
    var plan: Int64?

    /// Ids that look alike are one store's, whoever wrote them: they are kept in Unicode's composed form.
    static func find(_ id: String, _ database: Database) throws -> StoreRow? {
        let select = try PreparedStatement(database, "SELECT number, revision, plan FROM stores WHERE id = ?1")
        select.bind(id.composed, at: 1)
        guard try select.step() else { return nil }
        defer { select.reset() }
        return StoreRow(number: select.integer(0), revision: select.integer(1), plan: select.integerIfAny(2))
    }

    /// A store without facts: whatever plan it is given is built already.
    static func make(_ id: String, plan: Int64?, _ database: Database) throws -> StoreRow {
        let insert = try PreparedStatement(database, "INSERT INTO stores (id, plan) VALUES (?1, ?2)")
        insert.bind(id.composed, at: 1)
        insert.bind(plan, at: 2)
        try insert.run()
        return StoreRow(number: database.lastInsertedRowID, revision: 0, plan: plan)
    }

    func mayHaveFacts(_ database: Database) throws -> Bool {
        let select = try PreparedStatement(database, "SELECT 1 FROM kind_sources WHERE store = ?1 LIMIT 1")
        select.bind(number, at: 1)
        defer { select.reset() }
        return try select.step()
    }

    static func setPlan(_ plan: Int64?, of number: Int64, _ database: Database) throws {
        let update = try PreparedStatement(database, "UPDATE stores SET plan = ?2 WHERE number = ?1")
        update.bind(number, at: 1)
        update.bind(plan, at: 2)
        try update.run()
    }

    static func setRevision(_ revision: Int64, of number: Int64, _ database: Database) throws {
        let update = try PreparedStatement(database, "UPDATE stores SET revision = ?2 WHERE number = ?1")
        update.bind(number, at: 1)
        update.bind(revision, at: 2)
        try update.run()
    }
}

extension String {
    /// In Unicode's normal form C.
    var composed: String {
        utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping
    }
}

/// Rows of `ledger` and `sources`.
enum LedgerRow {
    /// The revision of the whole ledger: raised by every transaction that changes what can be read of a store.
    static func revision(_ database: Database) throws -> Int64 {
        let select = try PreparedStatement(database, "SELECT value FROM ledger WHERE name = 'revision'")
        defer { select.reset() }
        return try select.step() ? select.integer(0) : 0
    }

    static func raiseRevision(_ database: Database) throws -> Int64 {
        let statement = try PreparedStatement(
            database,
            """
            INSERT INTO ledger (name, value) VALUES ('revision', 1)
            ON CONFLICT (name) DO UPDATE SET value = value + 1
            """)
        try statement.run()
        return try revision(database)
    }

    /// The number of a source, which it is given when it is first named.
    static func source(_ name: SourceName, _ database: Database) throws -> Int64 {
        if let number = try findSource(name, database) { return number }
        let insert = try PreparedStatement(database, "INSERT INTO sources (name) VALUES (?1)")
        insert.bind(name.description, at: 1)
        try insert.run()
        return database.lastInsertedRowID
    }

    static func findSource(_ name: SourceName, _ database: Database) throws -> Int64? {
        let select = try PreparedStatement(database, "SELECT number FROM sources WHERE name = ?1")
        select.bind(name.description, at: 1)
        guard try select.step() else { return nil }
        defer { select.reset() }
        return select.integer(0)
    }

    /// By number. Few: the feeds that ever were, and three more.
    static func sources(_ database: Database) throws -> [Int64: SourceName] {
        let select = try PreparedStatement(database, "SELECT number, name FROM sources")
        var result: [Int64: SourceName] = [:]
        while try select.step() {
            guard let name = SourceName(select.text(1)) else {
                throw CorruptRow(table: "sources", id: "\(select.integer(0))", column: "name")
            }
            result[select.integer(0)] = name
        }
        return result
    }
}
