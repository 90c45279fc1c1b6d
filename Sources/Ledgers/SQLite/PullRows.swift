import Facts
import GRDB

/// Where pulling stands: one row for a feed (store 0), one for each store of the platform.
enum PullRows {
    /// Moves the row of the batch's source. A file and a hand have no row: they are not pulled.
    ///
    /// - Parameter isNews: it brought something that was not known. What lies in the overlap of two pulls comes each time.
    static func commit(
        _ batch: FactBatch, source: Int64, isNews: Bool, _ database: Database, store: (String) throws -> Int64
    ) throws {
        guard let cursor = batch.cursor else { return }
        // A platform is pulled store by store.
        let number = try cursor.store.map(store) ?? 0
        // A page is no finished pull: how many have failed in a row stands until then.
        var state = try read(source: source, store: number, database) ?? PullRecord()
        if batch.finish != nil {
            (state.failures, state.failedAt, state.failure, state.trouble) = (0, nil, nil, nil)
        }
        state.state = cursor.state
        if batch.finish != nil { state.finishedAt = batch.readAt }
        if isNews { state.bring(at: batch.readAt) }
        try write(state, source: source, store: number, database)
    }

    static func read(source: Int64, store: Int64, _ database: Database) throws -> PullRecord? {
        let select = try PreparedStatement(
            database,
            "SELECT \(columns) FROM pulls WHERE source = ?1 AND store = ?2")
        select.bind(source, at: 1)
        select.bind(store, at: 2)
        guard try select.step() else { return nil }
        defer { select.reset() }
        return read(select)
    }

    private static let columns =
        "state, finished_at, failures, failed_at, failure, trouble, brought_at, brought_count, longest_gap"

    /// All there are, by source and store; without where their pulls go on.
    static func all(_ database: Database) throws -> [PulledSource: PullRecord] {
        let sources = try LedgerRow.sources(database)
        let select = try PreparedStatement(
            database,
            "SELECT \(columns.replacing("state", with: "NULL", maxReplacements: 1)), source, stores.id FROM pulls LEFT JOIN stores ON stores.number = pulls.store"
        )
        defer { select.reset() }
        var result: [PulledSource: PullRecord] = [:]
        while try select.step() {
            guard let source = sources[select.integer(9)] else { continue }
            result[PulledSource(source, store: select.textIfAny(10))] = read(select)
        }
        return result
    }

    private static func read(_ select: PreparedStatement) -> PullRecord {
        func moment(_ column: Int32) -> Timestamp? { select.integerIfAny(column).map(Timestamp.init(microseconds:)) }
        var state = PullRecord()
        (state.state, state.finishedAt) = (select.textIfAny(0), moment(1))
        (state.failures, state.failedAt, state.failure) = (Int(select.integer(2)), moment(3), select.textIfAny(4))
        state.trouble = select.textIfAny(5).flatMap(PullTrouble.init(rawValue:))
        (state.broughtAt, state.broughtCount) = (moment(6), Int(select.integer(7)))
        state.longestGap = TimeSpan(microseconds: select.integer(8))
        return state
    }

    static func write(_ state: PullRecord, source: Int64, store: Int64, _ database: Database) throws {
        let upsert = try PreparedStatement(
            database,
            """
            INSERT OR REPLACE INTO pulls (
                source, store, state, finished_at, failures, failed_at, failure, trouble, brought_at, brought_count,
                longest_gap)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """)
        upsert.bind(source, at: 1)
        upsert.bind(store, at: 2)
        upsert.bind(state.state, at: 3)
        upsert.bind(state.finishedAt?.microseconds, at: 4)
        upsert.bind(Int64(state.failures), at: 5)
        upsert.bind(state.failedAt?.microseconds, at: 6)
        upsert.bind(state.failure, at: 7)
        upsert.bind(state.trouble?.rawValue, at: 8)
        upsert.bind(state.broughtAt?.microseconds, at: 9)
        upsert.bind(Int64(state.broughtCount), at: 10)
        upsert.bind(state.longestGap.microseconds, at: 11)
        try upsert.run()
    }
}

extension PullRecord {
    fileprivate mutating func bring(at moment: Timestamp) {
        if let before = broughtAt { longestGap = max(longestGap, moment - before) }
        (broughtAt, broughtCount) = (moment, broughtCount + 1)
    }
}
