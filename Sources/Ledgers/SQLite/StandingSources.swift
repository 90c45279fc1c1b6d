import Facts
import GRDB

/// Whose facts stand at one store, who brought them, and for what the pulls that finished can vouch.
///
/// A store has a handful of rows, one a kind and source: a list walked from end to end is faster than any table.
struct StandingSources {
    private struct Row {
        let kind: FactKind
        let source: Int64
        let hasBrought: Bool
        let stands: Bool
        /// How many pulls of the source had finished when it first brought the kind of the store.
        let since: Int64
    }

    private var rows: [Row] = []
    private let sources: [Int64: SourceName]
    private let finishes: [Int64: [FactKind: Int64]]

    /// - Parameter finishes: see `CoverageRows.finishes`.
    init(
        _ store: Int64, _ sources: [Int64: SourceName], finishes: [Int64: [FactKind: Int64]], _ database: Database
    ) throws {
        (self.sources, self.finishes) = (sources, finishes)
        let select = try PreparedStatement(
            database, "SELECT DISTINCT kind, source, has_brought, stands, since FROM kind_sources WHERE store = ?1")
        select.bind(store, at: 1)
        while try select.step() {
            let source = select.integer(1)
            guard let kind = FactKind(rawValue: UInt8(truncatingIfNeeded: select.integer(0))), sources[source] != nil
            else { continue }
            rows.append(
                Row(
                    kind: kind, source: source, hasBrought: select.integer(2) != 0, stands: select.integer(3) != 0,
                    since: select.integer(4)))
        }
    }

    var hasMeasures: Bool { rows.contains { $0.kind == .measure } }

    /// Whose facts of a kind stand; of measures, whose readings differ by name, one of them.
    func standing(_ kind: FactKind) -> Int64? { rows.last { $0.kind == kind && $0.stands }?.source }

    /// Whose facts stand, by kind.
    var byKind: [FactKind: Set<SourceName>] {
        var result: [FactKind: Set<SourceName>] = [:]
        for row in rows where row.stands {
            if let name = sources[row.source] { result[row.kind, default: []].insert(name) }
        }
        return result
    }

    /// Whether the facts of a kind are all of one source.
    func stands(_ kind: FactKind, byNoneBut source: Int64) -> Bool {
        rows.allSatisfy { $0.kind != kind || !$0.stands || $0.source == source }
            && rows.contains { $0.kind == kind && $0.stands }
    }

    /// Who brought a kind.
    func bringers(of kind: FactKind) -> [Int64] {
        rows.reduce(into: []) { if $1.kind == kind, $1.hasBrought, !$0.contains($1.source) { $0.append($1.source) } }
    }

    /// All who brought anything of the store.
    var bringers: [Int64] {
        rows.reduce(into: []) { if $1.hasBrought, !$0.contains($1.source) { $0.append($1.source) } }
    }

    /// Whether finished pulls of a source speak for a kind of this store: one that brings the kind has finished since
    /// the source first brought it, or first brought anything of the store where it never brought the kind.
    func isVouched(_ kind: FactKind, by source: Int64) -> Bool {
        var (ofKind, ofAny): (Int64?, Int64?)
        for row in rows where row.hasBrought && row.source == source {
            // Of measures, held name by name, the first to come.
            if row.kind == kind { ofKind = min(row.since, ofKind ?? .max) }
            ofAny = min(row.since, ofAny ?? .max)
        }
        guard let first = ofKind ?? ofAny else { return false }
        return finishes[source]?[kind] ?? 0 > first
    }
}
