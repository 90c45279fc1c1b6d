import Facts
import GRDB

/// Where pulling stands: one row for a feed (store 0), one for each store of the platform.
enum PullRows {
    /// Moves the row of the batch's source. A file and a hand have no row: they are not pulled.
    static func commit(
        _ batch: FactBatch, source: Int64, _ database: Database, store: (String) throws -> Int64
    ) throws {
        guard let cursor = batch.cursor else { return }
        // A platform is pulled store by store.
        let number = try cursor.store.map(store) ?? 0
        // A page is no finished pull: how many have failed in a row stands until then.
        var state =
            batch.finish == nil ? try read(source: source, store: number, database) ?? PullRecord() : PullRecord()
        state.state = cursor.state
        if batch.finish != nil { state.finishedAt = batch.readAt }
        try write(state, source: source, store: number, database)
    }

    static func read(source: Int64, store: Int64, _ database: Database) throws -> PullRecord? {
        let select = try PreparedStatement(
            database,
            "SELECT state, finished_at, failures, failed_at, failure FROM pulls WHERE source = ?1 AND store = ?2")
        select.bind(source, at: 1)
        select.bind(store, at: 2)
        guard try select.step() else { return nil }
        defer { select.reset() }
        func moment(_ column: Int32) -> Timestamp? { select.integerIfAny(column).map(Timestamp.init(microseconds:)) }
        var state = PullRecord()
        (state.state, state.finishedAt) = (select.textIfAny(0), moment(1))
        (state.failures, state.failedAt, state.failure) = (Int(select.integer(2)), moment(3), select.textIfAny(4))
        return state
    }

    static func write(_ state: PullRecord, source: Int64, store: Int64, _ database: Database) throws {
        let upsert = try PreparedStatement(
            database,
            """
            INSERT OR REPLACE INTO pulls (source, store, state, finished_at, failures, failed_at, failure)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """)
        upsert.bind(source, at: 1)
        upsert.bind(store, at: 2)
        upsert.bind(state.state, at: 3)
        upsert.bind(state.finishedAt?.microseconds, at: 4)
        upsert.bind(Int64(state.failures), at: 5)
        upsert.bind(state.failedAt?.microseconds, at: 6)
        upsert.bind(state.failure, at: 7)
        try upsert.run()
    }
}
