import Facts
import GRDB

/// The statements on all facts' tables for one transaction, prepared when first used.
final class FactStatements {
    private let database: Database
    private var prepared: [String: PreparedStatement] = [:]
    private var byID: [PreparedStatement?] = Array(repeating: nil, count: FactKind.allCases.count)
    private var byOrder: [PreparedStatement?] = Array(repeating: nil, count: FactKind.allCases.count)
    private var inserts: [PreparedStatement?] = Array(repeating: nil, count: FactKind.allCases.count)

    init(_ database: Database) { self.database = database }

    func stored(_ kind: FactKind, id: String, store: Int64, storeID: String) throws -> StoredFact? {
        let index = Int(kind.rawValue)
        let select = try byID[index] ?? PreparedStatement(database, FactTable.all[index].selectByID)
        byID[index] = select
        select.bind(store, at: 1)
        select.bind(id, at: 2)
        guard try select.step() else { return nil }
        defer { select.reset() }
        return try FactTable.all[index].read(select, store: storeID)
    }

    /// The facts of a kind that name an order, tombstones left out.
    func children(_ kind: FactKind, of order: String, store: Int64, storeID: String) throws -> [Fact] {
        let index = Int(kind.rawValue)
        let select = try byOrder[index] ?? PreparedStatement(database, FactTable.all[index].selectByOrder)
        byOrder[index] = select
        select.bind(store, at: 1)
        select.bind(order, at: 2)
        defer { select.reset() }
        var facts: [Fact] = []
        while try select.step() { facts.append(try FactTable.all[index].read(select, store: storeID).fact) }
        return facts
    }

    func insert(_ stored: StoredFact, store: Int64) throws {
        let index = Int(stored.fact.kind.rawValue)
        let insert = try inserts[index] ?? PreparedStatement(database, FactTable.all[index].insert)
        inserts[index] = insert
        FactTable.all[index].bind(stored, store: store, to: insert)
        try insert.run()
    }

    func update(_ stored: StoredFact, store: Int64, movesOrder: Bool) throws {
        let table = FactTable[stored.fact.kind]
        let update = try statement(movesOrder || !table.hasOrder ? table.update : table.updateWithinOrder)
        table.bind(stored, store: store, to: update)
        try update.run()
    }

    func delete(_ kind: FactKind, id: String, store: Int64) throws {
        let delete = try statement(FactTable[kind].delete)
        delete.bind(store, at: 1)
        delete.bind(id, at: 2)
        try delete.run()
    }

    func statement(_ sql: String) throws -> PreparedStatement {
        if let known = prepared[sql] { return known }
        let statement = try PreparedStatement(database, sql)
        prepared[sql] = statement
        return statement
    }
}
