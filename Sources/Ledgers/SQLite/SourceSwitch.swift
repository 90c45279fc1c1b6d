import Facts
import GRDB

/// Another source takes a kind over at one store: what the others brought moves aside, what was set aside of the new
/// one comes back, both with what they contribute to the buckets.
struct SourceSwitch {
    let statements: FactStatements
    let setAside: SetAsideRows
    let database: Database

    /// Returns how many facts moved aside.
    func turn(_ name: KindName, to standing: Int64, in store: inout StoreCommit) throws -> Int {
        try store.flush()
        let moved = try moveOthersAside(name, than: standing, in: &store)
        try bringBack(name, of: standing, in: &store)
        try store.flush()
        return moved
    }

    private func moveOthersAside(_ name: KindName, than standing: Int64, in store: inout StoreCommit) throws -> Int {
        let table = FactTable[name.kind]
        var (last, moved) = ("", 0)
        while true {
            let select = try statements.statement(table.selectOfOthers)
            select.bind(store.row.number, at: 1)
            select.bind(standing, at: 2)
            select.bind(last, at: 3)
            select.bind(Int64(StoreCommit.flushEvery), at: 4)
            var page: [StoredFact] = []
            while try select.step() { page.append(try table.read(select, store: store.id)) }
            for stored in page where name.kind != .measure || stored.fact.measureName == name.measure {
                try setAside.put(
                    stored.fact, measure: name.measure, store: store.row.number, source: stored.source,
                    first: store.watched?.first[name.kind] ?? [])
                try store.remove(stored.fact.key)
                moved += 1
            }
            try store.flush()
            guard let end = page.last else { return moved }
            last = end.fact.id
        }
    }

    private func bringBack(_ name: KindName, of standing: Int64, in store: inout StoreCommit) throws {
        var last = ""
        while true {
            let facts = try setAside.facts(
                name.kind, measure: name.measure, store: store.row.number, source: standing, after: last,
                limit: StoreCommit.flushEvery)
            guard let end = facts.last else { break }
            for fact in facts { _ = try store.arrive(fact, source: standing) }
            try store.flush()
            last = end.id
        }
        try setAside.removeAll(name.kind, measure: name.measure, store: store.row.number, source: standing)
    }
}
