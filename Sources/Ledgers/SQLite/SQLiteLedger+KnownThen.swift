package import Facts
import GRDB

extension SQLiteLedger {
    package func known(of store: String, at moment: Timestamp) async throws(LedgerError) -> KnownThen? {
        try await read("Reading what was known of \(store)") { database in
            guard let since = try CorrectionRows.since(database), since <= moment,
                let row = try StoreRow.find(store, database)
            else { return nil }
            let step = KnownThenStep(row: row, id: store, moment: moment, statements: FactStatements(database))
            return try step.run(database)
        }
    }

    package func knownSince() async throws(LedgerError) -> Timestamp? {
        try await read("Asking since when is known what was known") { try CorrectionRows.since($0) }
    }
}

private struct KnownThenStep {
    let row: StoreRow
    let id: String
    let moment: Timestamp
    let statements: FactStatements

    func run(_ database: Database) throws -> KnownThen? {
        var (states, wasKnown): ([FactKey: (now: StoredFact?, fact: Fact?, knownAt: Timestamp?)], Bool) = ([:], false)
        for table in FactTable.all {
            let select = try statements.statement("\(table.selectAll) WHERE store = ?1 AND known_at > ?2")
            select.bind(row.number, at: 1)
            select.bind(moment.microseconds, at: 2)
            while try select.step() {
                let stored = try table.read(select, store: id)
                states[stored.fact.key] = (stored, stored.fact, stored.knownAt)
            }
            guard !wasKnown else { continue }
            let any = try statements.statement(
                "SELECT 1 FROM \(table.name) WHERE store = ?1 AND (known_at IS NULL OR known_at <= ?2) LIMIT 1")
            any.bind(row.number, at: 1)
            any.bind(moment.microseconds, at: 2)
            wasKnown = try any.step()
            any.reset()
        }
        for entry in try CorrectionRows.read(store: row.number, after: moment, database) {
            var state: (now: StoredFact?, fact: Fact?, knownAt: Timestamp?)
            if let known = states[entry.key] {
                state = known
            } else {
                let stored = try statements.stored(entry.key.kind, id: entry.key.id, store: row.number, storeID: id)
                state = (stored, stored?.fact, stored?.knownAt)
            }
            if case .went(let knownAt) = entry.row { (state.fact, state.knownAt) = (nil, knownAt) }
            state.fact = try entry.undone(in: state.fact ?? Fact(entry.key.kind, store: id, id: entry.key.id))
            states[entry.key] = state
        }
        let changes = states.map { key, state in
            let isNew = state.knownAt.map { $0 > moment } ?? false
            let then = isNew ? nil : state.fact.flatMap { $0.isDeleted ? nil : $0 }
            return KnownThen.Change(key: key, then: then, isNew: isNew, now: state.now?.live)
        }
        // Of a store that nobody had brought yet there is nothing to compare with.
        guard wasKnown || changes.contains(where: { !$0.isNew }) else { return nil }
        return KnownThen(changed: changes, files: try files(of: changes))
    }

    private func files(of changes: [KnownThen.Change]) throws -> [OrderFile] {
        let reading = FileReading(store: row.number, storeID: id, statements: statements)
        var orders: Set<ByteText> = []
        var alone: [FactKey] = []
        for change in changes {
            for fact in [change.then, change.now].compactMap({ $0 }) {
                if let order = fact.order { orders.insert(ByteText(order)) } else { alone.append(change.key) }
            }
        }
        return try orders.map(\.text).sorted().map { try reading.file(of: $0, .all) }.filter { !$0.isEmpty }
            + reading.files(holding: Array(Set(alone))).filter { $0.order == nil && $0.children.first?.order == nil }
    }
}
