import GRDB

/// An SQLite file as somebody else opens it.
struct SQLiteFile {
    private let queue: DatabaseQueue

    init(_ path: String) throws { queue = try DatabaseQueue(path: path) }

    func run(_ sql: String) throws { try queue.write { try $0.execute(sql: sql) } }

    /// How SQLite would go about it, a sentence a step.
    func plan(_ sql: String) throws -> [String] {
        try queue.read { try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] } }
    }

    func texts(_ sql: String) throws -> [String?] {
        try queue.read { try Row.fetchAll($0, sql: sql).map { $0[0] } }
    }
}

extension DatabaseWriter {
    /// As if the disk ended there.
    func limitPages(to count: Int) async throws {
        try await writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(count)") }
    }

    /// 2 is FULL.
    func unsafeSynchronous() async throws -> Int? {
        try await writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    }
}
