import Facts
import GRDB
import Synchronization

/// Which kinds of which stores a source has moved in the middle of a pull or a file. A row stays when that breaks off.
enum HalfToldRows {
    static func put(
        _ stores: [(number: Int64, kinds: FactKinds)], source: Int64, of telling: FactBatch.Telling,
        _ database: Database
    ) throws {
        let insert = try PreparedStatement(
            database,
            """
            INSERT INTO half_told (store, source, telling, kinds, edition) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (store, source, telling, edition) DO UPDATE SET kinds = kinds | excluded.kinds
            """)
        for store in stores {
            insert.bind(store.number, at: 1)
            insert.bind(source, at: 2)
            insert.bind(telling.name, at: 3)
            insert.bind(Int64(store.kinds.rawValue), at: 4)
            insert.bind(telling.edition, at: 5)
            try insert.run()
        }
    }

    /// - Parameters:
    ///   - kinds: of which all is there now, whatever edition told a part of it; of the edition itself all is.
    ///   - lacking: but for these, of which more belongs to it.
    static func end(
        source: Int64, of telling: FactBatch.Telling, _ stores: PullFinish.Stores, _ kinds: FactKinds,
        lacking: FactKinds, _ database: Database
    ) throws {
        let before = database.totalChangesCount
        // Two conditions and not one with an OR, which would look through all stores for each.
        let (ids, which): ([String?], String) =
            switch stores {
            case .these(let named): (named, "store = (SELECT number FROM stores WHERE id = ?5) AND ")
            case .all: ([nil], "")
            }
        let theirs = which + "source = ?1 AND telling = ?2"
        // What stays of a row.
        let left = "(CASE WHEN edition = ?4 THEN kinds & ?6 ELSE kinds & ~?3 END)"
        let delete = try PreparedStatement(database, "DELETE FROM half_told WHERE \(theirs) AND \(left) = 0")
        let keep = try PreparedStatement(
            database, "UPDATE half_told SET kinds = \(left) WHERE \(theirs) AND \(left) <> kinds")
        for id in ids {
            for statement in [delete, keep] {
                statement.bind(source, at: 1)
                statement.bind(telling.name, at: 2)
                statement.bind(Int64(kinds.rawValue), at: 3)
                statement.bind(telling.edition, at: 4)
                if let id { statement.bind(id.composed, at: 5) }
                statement.bind(Int64(lacking.rawValue), at: 6)
                try statement.run()
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

    /// The names of the measures that stand by a source in the middle of telling readings of the store.
    static func measures(store: Int64, _ database: Database) throws -> Set<String> {
        let bit = FactKinds(.measure).rawValue
        let select = try PreparedStatement(
            database,
            """
            SELECT measure FROM kind_sources WHERE store = ?1 AND kind = \(FactKind.measure.rawValue) AND stands = 1
                AND source IN (SELECT source FROM half_told WHERE store = ?1 AND kinds & \(bit) <> 0)
            """)
        select.bind(store, at: 1)
        var names: Set<String> = []
        while try select.step() { names.insert(select.text(0)) }
        return names
    }

    /// By source the kinds of which it has told a part.
    static func read(store: Int64, _ database: Database) throws -> [Int64: FactKinds] {
        let select = try PreparedStatement(database, "SELECT source, kinds FROM half_told WHERE store = ?1")
        select.bind(store, at: 1)
        var sources: [Int64: FactKinds] = [:]
        while try select.step() {
            sources[select.integer(0), default: []].formUnion(
                FactKinds(rawValue: UInt16(truncatingIfNeeded: select.integer(1))))
        }
        return sources
    }

    static func stores(_ database: Database) throws -> [String] {
        try String.fetchAll(
            database,
            sql: "SELECT DISTINCT id FROM half_told JOIN stores ON stores.number = half_told.store ORDER BY id")
    }
}

/// What this process has marked as half told: batch after batch moves the same stores.
///
/// The lock guards a dictionary and is never held across a wait or a call into SQLite.
final class MarkedStores: Sendable {
    private struct Key: Hashable {
        let source: SourceName
        let telling: FactBatch.Telling
    }
    private let known = Mutex([Key: [Int64: FactKinds]]())

    func of(_ source: SourceName, _ part: FactBatch.Part) -> [Int64: FactKinds] {
        guard case .more(let telling) = part else { return [:] }
        return known.withLock { $0[Key(source: source, telling: telling)] ?? [:] }
    }

    /// To be called after the batch was committed.
    func note(_ stores: [(number: Int64, kinds: FactKinds)], _ source: SourceName, _ part: FactBatch.Part) {
        switch part {
        case .whole: break
        case .more(let telling):
            known.withLock { known in
                for store in stores {
                    known[Key(source: source, telling: telling), default: [:]][store.number, default: []]
                        .formUnion(store.kinds)
                }
            }
        case .last(let telling, _, _, _), .broken(let telling, _, _):
            known.withLock { $0[Key(source: source, telling: telling)] = nil }
        }
    }
}
