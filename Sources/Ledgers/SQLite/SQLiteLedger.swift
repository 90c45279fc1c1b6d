import GRDB
import Glibc

/// The ledger in one SQLite file.
///
/// Write-ahead logging, so that readers never wait for the writer; one transaction at a time writes, also between
/// processes. Every commit is forced to the disk (`synchronous = FULL`): a fact once acknowledged survives the loss of
/// power, at a cost of 12 to 36 percent of the rate. The facts' tables are typed and meant for people's SQL; see
/// `FactTable`.
package final class SQLiteLedger: Ledger, Sendable {
    /// The file; `:memory:` for one that lives as long as this object.
    package let path: String
    let database: any DatabaseWriter
    let numbers = PlanNumbers()
    let marked = MarkedStores()
    /// Opening has looked through every page.
    private let isWhole: Bool

    private init(path: String, database: any DatabaseWriter, isWhole: Bool) {
        (self.path, self.database, self.isWhole) = (path, database, isWhole)
    }

    /// A ledger of its own that is gone with this object.
    package static func inMemory() throws(LedgerError) -> SQLiteLedger {
        let path = ":memory:"
        return try translating("Opening the ledger", path) {
            let queue = try DatabaseQueue(configuration: configuration())
            try queue.write(SQLiteSchema.migrate)
            let ledger = SQLiteLedger(path: path, database: queue, isWhole: true)
            try queue.write(ledger.prepareBuyerKey)
            return ledger
        }
    }

    /// Opens the ledger at `path`, makes it when it is not there (`creating`), and brings an older one up to date.
    ///
    /// A new file gets mode 0600. Small ledgers (up to 256 MB) are checked page by page (`PRAGMA quick_check`), which
    /// takes about a second; of larger ones only what opening reads is checked, and `findDamage` does the rest.
    ///
    /// - Throws: `missing` when the folder, `absent` when without `creating` the file, is not there; `notPermitted`,
    ///   `notALedger`, `schemaTooNew`, `damaged`, `full`, `busy`.
    /// - Parameters:
    ///   - checking: false for a look in passing: a damaged page is then met where it is read.
    ///   - writerCache: bytes of pages that the writer keeps: an import looks up every fact, a daemon has time.
    package static func open(
        path: String, creating: Bool = true, checking: Bool = true, writerCache: Int = 32 << 20
    ) throws(LedgerError) -> SQLiteLedger {
        try prepareFile(path, creating: creating)
        return try translating("Opening the ledger", path) {
            // First through a plain connection: turning a stranger's file into WAL mode would already be touching it.
            let (isNew, isWhole) = try inspect(path, checking: checking)
            let pool = try DatabasePool(path: path, configuration: configuration(writerCache: writerCache))
            try pool.writeWithoutTransaction { database in
                // GRDB sets NORMAL with WAL; an acknowledged fact has to survive a crash of the machine.
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            let isBehind = try isNew || pool.read(needsMigration)
            if isBehind { try pool.write(SQLiteSchema.migrate) }
            let ledger = SQLiteLedger(path: path, database: pool, isWhole: isWhole)
            // Read first: a look in passing waits for no writer.
            if try isNew || !pool.read(ledger.hasBuyerKey) { try pool.write(ledger.prepareBuyerKey) }
            return ledger
        }
    }

    private static func configuration(writerCache: Int = 4 << 20) -> Configuration {
        var configuration = Configuration()
        // Another process may hold the writer for as long as a batch takes, or an index over many facts.
        configuration.busyMode = .timeout(60)
        configuration.maximumReaderCount = 3
        configuration.prepareDatabase { database in
            // In KiB, when negative. The writer looks up every fact that arrives; a reader mostly walks through.
            let cache = database.configuration.readonly ? -4096 : -(writerCache >> 10)
            try database.execute(
                sql: """
                    PRAGMA cache_size = \(cache);
                    PRAGMA temp_store = MEMORY;
                    PRAGMA wal_autocheckpoint = 16000;
                    PRAGMA journal_size_limit = 134217728;
                    """)
        }
        return configuration
    }

    /// Refuses what can be told before SQLite touches anything, and makes a new file with mode 0600.
    private static func prepareFile(_ path: String, creating: Bool) throws(LedgerError) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else { throw .notALedger(path: path) }
            guard access(path, R_OK | W_OK) == 0 else { throw .notPermitted(path: path, detail: reason(errno)) }
        } else {
            guard errno == ENOENT, creating else {
                guard errno == ENOENT || errno == ENOTDIR else {
                    throw .notPermitted(path: path, detail: reason(errno))
                }
                let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
                throw stat(folder, &status) == 0 ? .absent(path: path) : .missing(path: path)
            }
            let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard file >= 0 else {
                switch errno {
                case ENOENT, ENOTDIR: throw .missing(path: path)
                case ENOSPC, EDQUOT: throw .full(attempt: "Making the ledger", path: path)
                default: throw .notPermitted(path: path, detail: reason(errno))
                }
            }
            Glibc.close(file)
        }
        // The write-ahead log and the shared memory lie beside the file and have to be made there.
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard access(folder, W_OK | X_OK) == 0 else {
            throw .notPermitted(path: path, detail: "its folder \(folder) is not writable (\(reason(errno)))")
        }
    }

    /// Whether the file is empty, and whether every page of it was looked at; throws when it is no ledger, too new, or
    /// damaged.
    private static func inspect(_ path: String, checking: Bool) throws -> (isNew: Bool, isWhole: Bool) {
        var plain = Configuration()
        plain.busyMode = .timeout(60)
        let queue = try DatabaseQueue(path: path, configuration: plain)
        defer { try? queue.close() }
        return try queue.read { database in
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            if tables == 0, application == 0, version == 0 { return (true, true) }
            guard application == SQLiteSchema.applicationID else { throw LedgerError.notALedger(path: path) }
            let known = SQLiteSchema.version
            guard version <= known else { throw LedgerError.schemaTooNew(path: path, found: version, known: known) }
            for table in FactTable.all where !(try table.unknownColumns(database).isEmpty) {
                throw LedgerError.schemaTooNew(path: path, found: version + 1, known: known)
            }
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
            let looksAtAll = checking && pages * pageSize <= checkedBytes
            if looksAtAll, let damage = try damage(database, thoroughly: false) {
                throw LedgerError.damaged(path: path, detail: damage)
            }
            return (false, looksAtAll)
        }
    }

    /// What checking page by page takes about a second for.
    private static let checkedBytes = 256 << 20

    private static func needsMigration(_ database: Database) throws -> Bool {
        if try Int.fetchOne(database, sql: "PRAGMA user_version") != SQLiteSchema.version { return true }
        return try FactTable.all.contains { try $0.isOutdated(database) }
    }

    private static func damage(_ database: Database, thoroughly: Bool) throws -> String? {
        let answer = try String.fetchOne(database, sql: "PRAGMA \(thoroughly ? "integrity_check" : "quick_check")(1)")
        return answer == "ok" ? nil : answer ?? "the check gave no answer"
    }

    package func findDamage(in pages: DamageSearch) async throws(LedgerError) -> String? {
        if pages == .unread, isWhole { return nil }
        return try await read("Checking the ledger") { try Self.damage($0, thoroughly: pages == .all) }
    }

    /// Ends all connections. What was committed stays; calls after this fail.
    package func close() throws(LedgerError) {
        try Self.translating("Closing the ledger", path) { try database.close() }
    }

    // MARK: The shape of a transaction

    /// One transaction that writes: all of it, or nothing when it throws.
    func write<Result: Sendable>(
        _ attempt: String, _ body: @Sendable @escaping (Database) throws -> Result
    ) async throws(LedgerError) -> Result {
        do {
            return try await database.write(body)
        } catch {
            throw Self.translated(error, attempt, path)
        }
    }

    /// One transaction that reads: everything in it belongs to one moment.
    func read<Result: Sendable>(
        _ attempt: String, _ body: @Sendable @escaping (Database) throws -> Result
    ) async throws(LedgerError) -> Result {
        do {
            return try await database.read(body)
        } catch {
            throw Self.translated(error, attempt, path)
        }
    }

    private static func translating<Result>(
        _ attempt: String, _ path: String, _ body: () throws -> Result
    ) throws(LedgerError) -> Result {
        do { return try body() } catch { throw translated(error, attempt, path) }
    }

    private static func translated(_ error: any Error, _ attempt: String, _ path: String) -> LedgerError {
        switch error {
        case let error as LedgerError: return error
        case is CancellationError: return .canceled(attempt: attempt)
        case let error as CorruptRow: return .damaged(path: path, detail: "\(error)")
        case let error as DatabaseError:
            let detail = error.message ?? "SQLite error \(error.resultCode.rawValue)"
            switch error.resultCode.primaryResultCode {
            case .SQLITE_FULL: return .full(attempt: attempt, path: path)
            case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy(attempt: attempt, path: path)
            case .SQLITE_NOTADB: return .notALedger(path: path)
            case .SQLITE_CORRUPT: return .damaged(path: path, detail: detail)
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH:
                return .notPermitted(path: path, detail: detail)
            case .SQLITE_INTERRUPT, .SQLITE_ABORT: return .canceled(attempt: attempt)
            default: return .failed(attempt: attempt, path: path, detail: detail)
            }
        default: return .failed(attempt: attempt, path: path, detail: "\(error)")
        }
    }

    static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
}
