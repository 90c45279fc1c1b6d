import Facts
import GRDB
import Synchronization

/// Which stores a source has moved in the middle of a pull or a file. A row stays when that breaks off.
enum HalfToldRows {
    static func put(_ stores: [Int64], source: Int64, of name: String, _ database: Database) throws {
        let insert = try PreparedStatement(
            database, "INSERT OR IGNORE INTO half_told (store, source, telling) VALUES (?1, ?2, ?3)")
        for store in stores {
            insert.bind(store, at: 1)
            insert.bind(source, at: 2)
            insert.bind(name, at: 3)
            try insert.run()
        }
    }

    static func end(source: Int64, of name: String, _ stores: PullFinish.Stores, _ database: Database) throws {
        let before = database.totalChangesCount
        switch stores {
        case .all:
            let delete = try PreparedStatement(database, "DELETE FROM half_told WHERE source = ?1 AND telling = ?2")
            delete.bind(source, at: 1)
            delete.bind(name, at: 2)
            try delete.run()
        case .these(let ids):
            let delete = try PreparedStatement(
                database,
                """
                DELETE FROM half_told WHERE store = (SELECT number FROM stores WHERE id = ?3) AND source = ?1
                    AND telling = ?2
                """)
            for id in ids {
                delete.bind(source, at: 1)
                delete.bind(name, at: 2)
                delete.bind(id.composed, at: 3)
                try delete.run()
            }
        }
        guard database.totalChangesCount > before else { return }
        let count = try PreparedStatement(
            database,
            """
            INSERT INTO ledger (name, value) VALUES ('tellings', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1
            """)
        try count.run()
    }

    /// How many have come to their end.
    static func ended(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT value FROM ledger WHERE name = 'tellings'") ?? 0
    }

    /// The names of the measures that stand by a source in the middle of telling something of the store.
    static func measures(store: Int64, _ database: Database) throws -> Set<String> {
        let select = try PreparedStatement(
            database,
            """
            SELECT measure FROM kind_sources WHERE store = ?1 AND kind = \(FactKind.measure.rawValue) AND stands = 1
                AND source IN (SELECT source FROM half_told WHERE store = ?1)
            """)
        select.bind(store, at: 1)
        var names: Set<String> = []
        while try select.step() { names.insert(select.text(0)) }
        return names
    }

    static func read(store: Int64, _ database: Database) throws -> [Int64] {
        let select = try PreparedStatement(database, "SELECT DISTINCT source FROM half_told WHERE store = ?1")
        select.bind(store, at: 1)
        var sources: [Int64] = []
        while try select.step() { sources.append(select.integer(0)) }
        return sources
    }
}

/// The stores that this process has marked as half told: batch after batch moves the same ones.
///
/// The lock guards a dictionary and is never held across a wait or a call into SQLite.
final class MarkedStores: Sendable {
    private struct Telling: Hashable {
        let source: SourceName
        let name: String
    }
    private let known = Mutex([Telling: Set<Int64>]())

    func of(_ source: SourceName, _ part: FactBatch.Part) -> Set<Int64> {
        guard case .more(let name) = part else { return [] }
        return known.withLock { $0[Telling(source: source, name: name)] ?? [] }
    }

    /// To be called after the batch was committed.
    func note(_ stores: [Int64], _ source: SourceName, _ part: FactBatch.Part) {
        switch part {
        case .whole: break
        case .more(let name):
            known.withLock { $0[Telling(source: source, name: name), default: []].formUnion(stores) }
        case .last(let name, _): known.withLock { $0[Telling(source: source, name: name)] = nil }
        }
    }
}
