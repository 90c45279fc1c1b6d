import Facts
import GRDB

/// Whose facts stand at one store, who brought them, and for what the pulls that finished can vouch.
struct StandingSources {
    /// Whose facts stand, by kind.
    private(set) var numbers: [FactKind: Int64] = [:]
    private(set) var byKind: [FactKind: Set<SourceName>] = [:]
    /// Who brought a kind.
    private(set) var brought: [FactKind: Set<Int64>] = [:]
    private(set) var hasMeasures = false
    /// How many pulls of a source had finished when it first brought the kind of the store; by source.
    private var since: [FactKind: [Int64: Int64]] = [:]
    private let finishes: [Int64: [FactKind: Int64]]

    /// - Parameter finishes: see `CoverageRows.finishes`.
    init(
        _ store: Int64, _ sources: [Int64: SourceName], finishes: [Int64: [FactKind: Int64]], _ database: Database
    ) throws {
        self.finishes = finishes
        let select = try PreparedStatement(
            database, "SELECT DISTINCT kind, source, has_brought, stands, since FROM kind_sources WHERE store = ?1")
        select.bind(store, at: 1)
        while try select.step() {
            let source = select.integer(1)
            guard let kind = FactKind(rawValue: UInt8(truncatingIfNeeded: select.integer(0))),
                let name = sources[source]
            else { continue }
            if select.integer(2) != 0 {
                brought[kind, default: []].insert(source)
                // Of measures, held name by name, the first to come.
                since[kind, default: [:]][source] = min(select.integer(4), since[kind]?[source] ?? .max)
            }
            if kind == .measure { hasMeasures = true }
            guard select.integer(3) != 0 else { continue }
            numbers[kind] = source
            byKind[kind, default: []].insert(name)
        }
    }

    /// All who brought anything of the store.
    var bringers: Set<Int64> { brought.values.reduce(into: []) { $0.formUnion($1) } }

    /// Whether finished pulls of a source speak for a kind of this store: one that brings the kind has finished since
    /// the source first brought it, or first brought anything of the store where it never brought the kind.
    func isVouched(_ kind: FactKind, by source: Int64) -> Bool {
        guard let first = since[kind]?[source] ?? since.values.compactMap({ $0[source] }).min() else { return false }
        return finishes[source]?[kind] ?? 0 > first
    }
}
