import Crypto
package import Facts
import GRDB

extension SQLiteLedger {
    package func seenStores() async throws(LedgerError) -> [String] {
        try await read("Listing the stores seen") { database in
            let select = try PreparedStatement(database, "SELECT id FROM stores ORDER BY id")
            var result: [String] = []
            while try select.step() { result.append(select.text(0)) }
            return result
        }
    }

    package func halfToldStores() async throws(LedgerError) -> [String] {
        try await read("Listing the stores half told") { try HalfToldRows.stores($0) }
    }

    package func changes(since revision: Int64) async throws(LedgerError) -> LedgerChanges {
        try await read("Asking what has changed") { database in
            let now = try LedgerRow.revision(database)
            var changes = LedgerChanges(revision: now, stores: [:])
            let sources = try LedgerRow.sources(database)
            for (source, intervals) in try CoverageRows.read(store: 0, database) {
                if let name = sources[source] { changes.coverage[name] = intervals }
            }
            for (source, count) in try QuarantineRows.countUnattributed(now: Timestamp(microseconds: 0), database) {
                if let name = sources[source] { changes.unattributed[name] = count.count }
            }
            changes.tellings = try HalfToldRows.ended(database)
            guard now > revision else { return changes }
            let select = try PreparedStatement(database, "SELECT id, revision FROM stores WHERE revision > ?1")
            select.bind(revision, at: 1)
            while try select.step() { changes.stores[select.text(0)] = select.integer(1) }
            return changes
        }
    }

    package func unattributed(
        inFiles names: [String], since moment: Timestamp
    ) async throws(LedgerError) -> Int {
        try await read("Counting what names no store") { database in
            guard let file = try LedgerRow.findSource(.file, database) else { return 0 }
            return try Set(names).reduce(0) {
                try $0 + QuarantineRows.countUnattributed(source: file, position: "\($1): ", since: moment, database)
            }
        }
    }

    package func quarantine(
        of chosen: [String]?, until moment: Timestamp?, limit: Int
    ) async throws(LedgerError) -> [QuarantinedFact] {
        try await read("Listing the quarantine") { database in
            let sources = try LedgerRow.sources(database)
            let select = try PreparedStatement(
                database,
                """
                SELECT quarantine.source, position, stores.id, kind, quarantine.id, reason, excerpt, first_at, at, times,
                    read_well_at
                FROM quarantine LEFT JOIN stores ON stores.number = quarantine.store
                WHERE at <= ?1 AND \(chosen.isIn("stores.id", at: 3)) ORDER BY at DESC, quarantine.number DESC LIMIT ?2
                """)
            select.bind(moment?.microseconds ?? .max, at: 1)
            if let chosen { select.bind(chosen.map(\.composed).asJSON, at: 3) }
            select.bind(Int64(limit), at: 2)
            var result: [QuarantinedFact] = []
            defer { select.reset() }
            while try select.step() {
                result.append(
                    QuarantinedFact(
                        source: sources[select.integer(0)] ?? .hand, position: select.text(1),
                        store: select.textIfAny(2), kind: select.textIfAny(3), id: select.textIfAny(4),
                        reason: select.text(5), excerpt: select.text(6),
                        firstAt: Timestamp(microseconds: select.integer(7)),
                        at: Timestamp(microseconds: select.integer(8)), times: Int(select.integer(9)),
                        readWellAt: select.integerIfAny(10).map(Timestamp.init(microseconds:))))
            }
            return result
        }
    }

    package func buyerKey() async throws(LedgerError) -> BuyerKey {
        let path = path
        return try await read("Reading the buyers' key") { database in
            guard let bytes = try [UInt8].fetchKey(database) else {
                throw LedgerError.damaged(path: path, detail: "the key under which buyers are hashed is gone")
            }
            return BuyerKey(bytes: bytes)
        }
    }

    func hasBuyerKey(_ database: Database) throws -> Bool { try [UInt8].fetchKey(database) != nil }

    /// Made once, when the ledger is; a ledger without one cannot compare buyers with those it knows.
    func prepareBuyerKey(_ database: Database) throws {
        guard try [UInt8].fetchKey(database) == nil else { return }
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        let insert = try PreparedStatement(database, "INSERT INTO ledger (name, value) VALUES ('buyer_key', ?1)")
        insert.bind(bytes: bytes, at: 1)
        try insert.run()
    }

    package func facts(
        _ selection: FactSelection, after position: FactPosition?, limit: Int
    ) async throws(LedgerError) -> FactPage {
        try await read("Reading facts for export") { database in
            try ExportStep(database, selection, limit: max(1, limit)).page(after: position)
        }
    }
}

extension [UInt8] {
    fileprivate static func fetchKey(_ database: Database) throws -> [UInt8]? {
        let select = try PreparedStatement(database, "SELECT value FROM ledger WHERE name = 'buyer_key'")
        guard try select.step() else { return nil }
        defer { select.reset() }
        return select.withBlob(0) { Array($0) }
    }
}

/// One page of an export, by store id, kind and id.
private struct ExportStep {
    let selection: FactSelection
    let limit: Int
    let statements: FactStatements
    let stores: [(id: String, number: Int64)]

    init(_ database: Database, _ selection: FactSelection, limit: Int) throws {
        (self.selection, self.limit) = (selection, limit)
        statements = FactStatements(database)
        let wanted = selection.stores.map(Set.init)
        let select = try PreparedStatement(database, "SELECT id, number FROM stores ORDER BY id")
        var stores: [(String, Int64)] = []
        while try select.step() {
            let id = select.text(0)
            if wanted?.contains(id) ?? true { stores.append((id, select.integer(1))) }
        }
        self.stores = stores
    }

    func page(after position: FactPosition?) throws -> FactPage {
        var facts: [Fact] = []
        for store in stores {
            // SQLite compares texts by their bytes.
            if let position, store.id.utf8.lexicographicallyPrecedes(position.store.utf8) { continue }
            let goesOn = position?.store == store.id
            for kind in selection.kinds.kinds {
                var last = ""
                if goesOn, let position {
                    if kind < position.kind { continue }
                    if kind == position.kind { last = position.id }
                }
                let table = FactTable[kind]
                let select = try statements.statement(table.selectPage)
                select.bind(store.number, at: 1)
                select.bind(last, at: 2)
                select.bind(Int64(limit - facts.count), at: 3)
                defer { select.reset() }
                while try select.step() { facts.append(try table.read(select, store: store.id).fact) }
                if facts.count == limit, let end = facts.last {
                    return FactPage(
                        facts: facts, next: FactPosition(store: end.store, kind: end.kind, id: end.id))
                }
            }
        }
        return FactPage(facts: facts, next: nil)
    }
}
