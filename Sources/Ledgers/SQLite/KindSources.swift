import Facts
import GRDB

/// Who has brought which kinds for one store, and whose facts stand: the rows of `kind_sources` of one store.
///
/// A measure's name is held like a kind of its own; those are read when they are asked for, because a store may have
/// hundreds.
struct KindSources {
    struct Entry {
        var brought: Set<Int64> = []
        /// Whose facts lie in the kind's table; nil before the first.
        var stands: Int64?
    }

    private let store: Int64
    private let sources: [Int64: SourceName]
    private(set) var entries: [FactKind: Entry] = [:]
    private var measures: [String: Entry] = [:]
    private let upsert: PreparedStatement
    private let unset: PreparedStatement
    private let selectMeasure: PreparedStatement

    private static let measure = FactKind.measure.rawValue

    static func statements(_ database: Database) throws -> (
        PreparedStatement, PreparedStatement, PreparedStatement, PreparedStatement
    ) {
        (
            try PreparedStatement(
                database,
                "SELECT kind, source, has_brought, stands FROM kind_sources WHERE store = ?1 AND kind <> \(measure)"),
            try PreparedStatement(
                database,
                """
                SELECT kind, source, has_brought, stands FROM kind_sources
                WHERE store = ?1 AND kind = \(measure) AND measure = ?2
                """),
            try PreparedStatement(
                database,
                """
                INSERT INTO kind_sources (store, kind, measure, source, has_brought, stands, since)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (store, kind, measure, source)
                DO UPDATE SET has_brought = ?5, stands = ?6,
                    since = CASE WHEN has_brought = 0 THEN ?7 ELSE since END
                """),
            try PreparedStatement(
                database, "UPDATE kind_sources SET stands = 0 WHERE store = ?1 AND kind = ?2 AND measure = ?3")
        )
    }

    init(store: Int64, sources: [Int64: SourceName], _ database: Database) throws {
        (self.store, self.sources) = (store, sources)
        let select: PreparedStatement
        (select, selectMeasure, upsert, unset) = try KindSources.statements(database)
        select.bind(store, at: 1)
        while try select.step() {
            guard let kind = FactKind(rawValue: UInt8(truncatingIfNeeded: select.integer(0))) else { continue }
            KindSources.add(select, to: &entries[kind, default: Entry()])
        }
    }

    private static func add(_ row: PreparedStatement, to entry: inout Entry) {
        if row.integer(2) != 0 { entry.brought.insert(row.integer(1)) }
        if row.integer(3) != 0 { entry.stands = row.integer(1) }
    }

    mutating func entry(_ kind: FactKind, measure: String) throws -> Entry {
        guard kind == .measure else { return entries[kind] ?? Entry() }
        if let known = measures[measure] { return known }
        var entry = Entry()
        selectMeasure.bind(store, at: 1)
        selectMeasure.bind(measure, at: 2)
        while try selectMeasure.step() { KindSources.add(selectMeasure, to: &entry) }
        measures[measure] = entry
        return entry
    }

    /// Notes that a source brought a kind, and which source stands from now on.
    ///
    /// - Parameter finishes: how many pulls of that source had finished by then.
    mutating func note(
        _ kind: FactKind, measure: String, brought source: Int64?, standing: Int64?, finishes: Int64 = 0
    ) throws {
        var entry = try entry(kind, measure: measure)
        if let source { entry.brought.insert(source) }
        if entry.stands != standing, entry.stands != nil {
            unset.bind(store, at: 1)
            unset.bind(Int64(kind.rawValue), at: 2)
            unset.bind(measure, at: 3)
            try unset.run()
        }
        entry.stands = standing
        for number in Set([source, standing].compactMap { $0 }) {
            upsert.bind(store, at: 1)
            upsert.bind(Int64(kind.rawValue), at: 2)
            upsert.bind(measure, at: 3)
            upsert.bind(number, at: 4)
            upsert.bind(entry.brought.contains(number) ? 1 : 0, at: 5)
            upsert.bind(standing == number ? 1 : 0, at: 6)
            upsert.bind(number == source ? finishes : 0, at: 7)
            try upsert.run()
        }
        if kind == .measure { measures[measure] = entry } else { entries[kind] = entry }
    }

    func names(_ numbers: Set<Int64>) -> [SourceName] { numbers.compactMap { sources[$0] } }

    /// The kinds of which the store's tables may hold facts.
    var kindsPresent: FactKinds { FactKinds(entries.keys) }
}
