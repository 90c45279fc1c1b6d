import Facts
import GRDB

/// What finished pulls and files made complete. Store 0 stands for every store that the source had brought when the pull
/// finished, so that a finished pull of a feed writes a row a kind, whatever the number of its stores.
enum CoverageRows {
    /// Extends the coverage by a finish; returns the stores named in it.
    static func extend(
        by finish: PullFinish, source: Int64, _ database: Database, store: (String) throws -> StoreRow
    ) throws -> [(id: String, row: StoreRow)] {
        switch finish.stores {
        case .all:
            try extend(store: 0, by: finish, source, database)
            return []
        case .these(let ids):
            return try ids.map { id in
                let row = try store(id)
                try extend(store: row.number, by: finish, source, database)
                return (id, row)
            }
        }
    }

    private static func extend(store: Int64, by finish: PullFinish, _ source: Int64, _ database: Database) throws {
        let known = try read(store: store, database)[source] ?? [:]
        let finishes = store == 0 ? try self.finishes(of: source, database) + 1 : 0
        let upsert = try PreparedStatement(
            database,
            """
            INSERT INTO coverage (store, source, kind, covered_from, covered_until, finishes)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (store, source, kind)
            DO UPDATE SET covered_from = ?4, covered_until = ?5, finishes = ?6
            """)
        for kind in finish.kinds.kinds where kind != .measure {
            let new = CoverageInterval(from: finish.from, until: finish.late[kind] ?? finish.until)
            guard new.from.map({ $0 < new.until }) ?? true else { continue }
            let interval = known[kind].map { merge($0, new) } ?? new
            upsert.bind(store, at: 1)
            upsert.bind(source, at: 2)
            upsert.bind(Int64(kind.rawValue), at: 3)
            upsert.bind(interval.from?.microseconds, at: 4)
            upsert.bind(interval.until.microseconds, at: 5)
            upsert.bind(finishes, at: 6)
            try upsert.run()
        }
    }

    /// Intervals that meet become one. Of two with a gap between them the later stands, because an evaluation reads
    /// backwards from the covered moment, and a gap forgotten would be proof of what nobody saw.
    static func merge(_ a: CoverageInterval, _ b: CoverageInterval) -> CoverageInterval {
        let (earlier, later) = a.until <= b.until ? (a, b) : (b, a)
        if let from = later.from, from > earlier.until { return later }
        let from = earlier.from.flatMap { first in later.from.map { min(first, $0) } }
        return CoverageInterval(from: from, until: later.until)
    }

    /// How many pulls of a whole source have finished.
    static func finishes(of source: Int64, _ database: Database) throws -> Int64 {
        try finishes(database)[source]?.values.max() ?? 0
    }

    /// How many had when one last brought a kind, by source.
    static func finishes(_ database: Database) throws -> [Int64: [FactKind: Int64]] {
        let select = try PreparedStatement(database, "SELECT source, kind, finishes FROM coverage WHERE store = 0")
        var result: [Int64: [FactKind: Int64]] = [:]
        while try select.step() {
            guard let kind = FactKind(rawValue: UInt8(truncatingIfNeeded: select.integer(1))) else { continue }
            result[select.integer(0), default: [:]][kind] = select.integer(2)
        }
        return result
    }

    /// By source and kind.
    static func read(store: Int64, _ database: Database) throws -> [Int64: [FactKind: CoverageInterval]] {
        let select = try PreparedStatement(
            database, "SELECT source, kind, covered_from, covered_until FROM coverage WHERE store = ?1")
        select.bind(store, at: 1)
        var result: [Int64: [FactKind: CoverageInterval]] = [:]
        while try select.step() {
            guard let kind = FactKind(rawValue: UInt8(truncatingIfNeeded: select.integer(1))) else { continue }
            result[select.integer(0), default: [:]][kind] = CoverageInterval(
                from: select.integerIfAny(2).map(Timestamp.init(microseconds:)),
                until: Timestamp(microseconds: select.integer(3)))
        }
        return result
    }
}
