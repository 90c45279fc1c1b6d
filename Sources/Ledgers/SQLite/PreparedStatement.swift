import GRDB
import GRDBSQLite

/// A statement of a connection's cache, bound and stepped without GRDB's argument arrays: the hot path binds twenty
/// values a fact, and boxing them would cost more than SQLite does.
///
/// Lives within one transaction. The connection's cache owns the statement and its pointer; this only borrows them.
/// Columns are counted from 0, parameters from 1, as in SQLite.
struct PreparedStatement {
    private let statement: Statement
    private let handle: OpaquePointer

    init(_ database: Database, _ sql: String) throws {
        statement = try database.cachedStatement(sql: sql)
        handle = statement.sqliteStatement
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    func bind(_ value: Int64, at parameter: Int32) { sqlite3_bind_int64(handle, parameter, value) }

    func bind(_ value: Int64?, at parameter: Int32) {
        if let value { sqlite3_bind_int64(handle, parameter, value) } else { sqlite3_bind_null(handle, parameter) }
    }

    func bindNull(at parameter: Int32) { sqlite3_bind_null(handle, parameter) }

    func bind(_ text: String, at parameter: Int32) {
        var text = text
        text.withUTF8 { bytes in
            _ = bytes.withMemoryRebound(to: CChar.self) { characters in
                sqlite3_bind_text(handle, parameter, characters.baseAddress, Int32(characters.count), copied)
            }
        }
        // An empty Swift string has no address, and SQLite takes that for NULL.
        if text.isEmpty { sqlite3_bind_text(handle, parameter, "", 0, copied) }
    }

    /// A text whose bytes are at hand and outlive the statement's run only by SQLite's own copy.
    func bind(utf8 bytes: [UInt8], at parameter: Int32) {
        bytes.withUnsafeBytes { buffer in
            _ = sqlite3_bind_text(
                handle, parameter, buffer.assumingMemoryBound(to: CChar.self).baseAddress, Int32(buffer.count), copied)
        }
    }

    func bind(_ text: String?, at parameter: Int32) {
        if let text { bind(text, at: parameter) } else { sqlite3_bind_null(handle, parameter) }
    }

    func bind(bytes: [UInt8], at parameter: Int32) {
        guard !bytes.isEmpty else { return _ = sqlite3_bind_zeroblob(handle, parameter, 0) }
        bytes.withUnsafeBytes { buffer in
            _ = sqlite3_bind_blob(handle, parameter, buffer.baseAddress, Int32(buffer.count), copied)
        }
    }

    /// Executes a statement that yields no rows, and makes it ready for the next values.
    func run() throws {
        let code = sqlite3_step(handle)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure() }
        sqlite3_reset(handle)
    }

    /// Moves to the next row. False when there is none; the statement is then ready for the next values. A caller that
    /// stops before that calls `reset`.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default: throw failure()
        }
    }

    func reset() { sqlite3_reset(handle) }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
    /// 0 for NULL.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
    func integerIfAny(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    /// Empty for NULL.
    func text(_ column: Int32) -> String {
        withText(column) { $0.isEmpty ? "" : String(decoding: $0, as: UTF8.self) }
    }
    func textIfAny(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// The bytes of a text as they lie in SQLite's memory: valid within `body` only.
    func withText<Result>(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        let start = sqlite3_column_text(handle, column)
        return try body(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// The bytes of a blob as they lie in SQLite's memory: valid within `body` only.
    func withBlob<Result, Failure: Error>(
        _ column: Int32, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = sqlite3_column_blob(handle, column)
        return try body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    private func failure() -> DatabaseError {
        let database = sqlite3_db_handle(handle)
        let code = ResultCode(rawValue: sqlite3_extended_errcode(database))
        let message = String(cString: sqlite3_errmsg(database))
        sqlite3_reset(handle)
        return DatabaseError(resultCode: code, message: message, sql: statement.sqlForMessages)
    }
}

extension Statement {
    /// Without values: what a message may show.
    fileprivate var sqlForMessages: String { String(cString: sqlite3_sql(sqliteStatement)) }
}

/// SQLITE_TRANSIENT: SQLite makes its own copy before the call returns. The macro is a cast that Swift cannot import.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
