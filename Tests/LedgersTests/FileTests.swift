import Facts
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Ledgers

@Suite("A ledger in a file")
struct FileTests {
    static let book = PlanBook(all: WatchedStore(plan: Sample.plan()))

    /// The error of `body`, or a failed expectation.
    private func failure(_ body: () async throws -> Void) async -> LedgerError? {
        do {
            try await body()
            Issue.record("nothing was thrown")
            return nil
        } catch {
            return error as? LedgerError
        }
    }

    @Test("what was committed is there when it is opened again, by nobody but its user")
    func reopened() async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        let facts = [order("1", updatedAt: "2026-03-02", ["placed_at": "2026-03-02T01:00:00Z"])]
        let first = try SQLiteLedger.open(path: path)
        _ = try await first.commit(.of(facts), under: Self.book)
        let name = try await first.buyerKey().pseudonym(of: "lin")
        for suffix in ["", "-wal", "-shm"] {
            var status = stat()
            #expect(stat(path + suffix, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600, "\(suffix)")
        }
        try first.close()
        let second = try SQLiteLedger.open(path: path, creating: false)
        #expect(try await second.allFacts() == facts)
        #expect(try await second.buyerKey().pseudonym(of: "lin") == name)
        #expect(try await second.findDamage(in: .all) == nil)
        #expect(try await second.database.unsafeSynchronous() == 2)
    }

    @Test("two may work on one ledger, and each sees what the other wrote")
    func two() async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        let plan = Sample.plan()
        let (daemon, other) = (try SQLiteLedger.open(path: path), try SQLiteLedger.open(path: path))
        let (half, rest) = (MadeUpHistory(seed: 1, count: 300), MadeUpHistory(seed: 2, count: 300, stores: ["t"]))
        async let one: Void = {
            for batch in half.batches(seed: 1) { _ = try await daemon.commit(.of(batch), under: Self.book) }
        }()
        async let two: Void = {
            for batch in rest.batches(seed: 2) { _ = try await other.commit(.of(batch, from: .file), under: Self.book) }
        }()
        _ = try await (one, two)
        for ledger in [daemon, other] {
            #expect(try await ledger.allFacts() == half.standing + rest.standing)
            #expect(try await ledger.cells(of: "s", plan) == half.cells(of: "s", plan))
            #expect(try await ledger.cells(of: "t", plan) == rest.cells(of: "t", plan))
        }
        let revision = try await daemon.changes(since: 0).revision
        _ = try await other.commit(.of([order("new", store: "t")], from: .file), under: Self.book)
        #expect(try await daemon.changes(since: revision).stores.keys.sorted() == ["t"])
    }

    @Test("a missing folder, a missing file, a folder and a stranger's file are told apart, and nothing is touched")
    func wrongPlaces() async throws {
        let folder = try Workplace()
        let nowhere = folder.file("no/such/ledger.db")
        #expect(await failure { _ = try SQLiteLedger.open(path: nowhere) } == .missing(path: nowhere))
        let absent = folder.file("absent.db")
        #expect(await failure { _ = try SQLiteLedger.open(path: absent, creating: false) } == .absent(path: absent))
        #expect(!FileManager.default.fileExists(atPath: absent))
        #expect(await failure { _ = try SQLiteLedger.open(path: folder.path) } == .notALedger(path: folder.path))

        let text = folder.file("notes.txt")
        try Data("just some notes, and long enough to be a database's header page".utf8).write(to: URL(filePath: text))
        #expect(await failure { _ = try SQLiteLedger.open(path: text) } == .notALedger(path: text))
        #expect(try Data(contentsOf: URL(filePath: text)).count == 63)

        let foreign = folder.file("foreign.db")
        try SQLiteFile(foreign).run("CREATE TABLE t (x); INSERT INTO t VALUES (1)")
        let before = try Data(contentsOf: URL(filePath: foreign))
        #expect(await failure { _ = try SQLiteLedger.open(path: foreign) } == .notALedger(path: foreign))
        #expect(try Data(contentsOf: URL(filePath: foreign)) == before)
    }

    @Test("a folder that cannot be written is said to be so")
    func notPermitted() async throws {
        // Root may write anywhere but into the kernel's own folders.
        let folder = try Workplace()
        let path = geteuid() == 0 ? "/sys/ledger.db" : folder.file("ledger.db")
        if geteuid() != 0 { chmod(folder.path, 0o500) }
        let error = await failure { _ = try SQLiteLedger.open(path: path) }
        chmod(folder.path, 0o700)
        guard case .notPermitted(path, _) = error else { return #expect(error == nil, "another error") }
        #expect(error.map { "\($0)".contains("needs to read and write") } ?? false)
    }

    @Test("a ledger of a newer program is refused, by its number or by a column it has", arguments: [true, false])
    func newer(_ byNumber: Bool) async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        try SQLiteLedger.open(path: path).close()
        let known = SQLiteSchema.version
        try SQLiteFile(path).run(
            byNumber ? "PRAGMA user_version = \(known + 1)" : "ALTER TABLE orders ADD COLUMN colour TEXT")
        #expect(
            await failure { _ = try SQLiteLedger.open(path: path) }
                == .schemaTooNew(path: path, found: known + 1, known: known))
    }

    @Test("a damaged file is found when it is opened, and the message says the way out")
    func damaged() async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        let ledger = try SQLiteLedger.open(path: path)
        _ = try await ledger.commit(.of(MadeUpHistory(seed: 3, count: 3_000).versions), under: Self.book)
        try ledger.close()
        var bytes = try Data(contentsOf: URL(filePath: path))
        // The first page stays: with it the file would be no database at all.
        for offset in stride(from: 4096 * 3, to: bytes.count - 600, by: 4096) {
            bytes.replaceSubrange(offset..<offset + 512, with: Data(repeating: 0xA5, count: 512))
        }
        try bytes.write(to: URL(filePath: path))
        let error = await failure { _ = try SQLiteLedger.open(path: path) }
        guard case .damaged(path, _) = error else { return #expect(error == nil, "another error") }
        #expect(error.map { "\($0)".contains("restore a backup") } ?? false)
    }

    @Test("when the disk is full a commit fails whole, and goes on when there is room")
    func full() async throws {
        let folder = try Workplace()
        let ledger = try SQLiteLedger.open(path: folder.file("ledger.db"))
        let (first, second) = (
            MadeUpHistory(seed: 4, count: 50), MadeUpHistory(seed: 5, count: 9_000, stores: ["t", "u"])
        )
        _ = try await ledger.commit(.of(first.versions), under: Self.book)
        let bulk = (0..<20_000).map { order("bulk \($0)", store: "t", ["placed_at": "2026-03-02", "buyer": "h:x"]) }
        try await ledger.database.limitPages(to: 160)
        let error = await failure { _ = try await ledger.commit(.of(bulk), under: Self.book) }
        guard case .full(let attempt, _) = error else { return #expect(error == nil, "another error") }
        #expect(attempt.contains("20000 facts"))
        #expect(error?.isPassing == true)
        #expect(try await ledger.allFacts() == first.standing)
        #expect(try await ledger.verify("s", under: Sample.plan()) == .clean)
        try await ledger.database.limitPages(to: 1_000_000)
        #expect(try await ledger.commit(.of(bulk), under: Self.book).inserted == 20_000)
        _ = try await ledger.commit(.of(second.versions), under: Self.book)
        #expect(try await ledger.findDamage(in: .all) == nil)
    }

    /// The same on a real disk that is full: the write-ahead log and the shared memory need room too.
    @Test("a disk that is really full loses nothing", .enabled(if: geteuid() == 0, "mounting a small disk needs root"))
    func smallDisk() async throws {
        guard let disk = try SmallDisk(mebibytes: 1) else {
            return withKnownIssue("not run: mounting is not allowed here") { Issue.record("no mount") }
        }
        let ledger = try SQLiteLedger.open(path: disk.path + "/ledger.db")
        let some = [order("1", ["placed_at": "2026-03-02T01:00:00Z"])]
        _ = try await ledger.commit(.of(some), under: Self.book)
        let bulk = (0..<20_000).map { order("bulk \($0)", store: "t", ["placed_at": "2026-03-02", "buyer": "h:x"]) }
        let error = await failure { _ = try await ledger.commit(.of(bulk), under: Self.book) }
        guard case .full = error else { return #expect(error == nil, "another error") }
        #expect(try await ledger.allFacts() == some)
        try ledger.close()
        let again = try SQLiteLedger.open(path: disk.path + "/ledger.db")
        #expect(try await again.allFacts() == some)
        try again.close()
    }

    @Test("one run at a time, and the second hears who holds it")
    func runLock() async throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        var first: RunLock? = try RunLock(ledger: path, command: "run", pid: 4711)
        let error = await failure { _ = try RunLock(ledger: path, command: "pull", pid: 4712) }
        #expect(error == .held(path: path, by: 4711, command: "run"))
        #expect(error.map { "\($0)".contains("goodstanding run (process 4711)") } ?? false)
        _ = first
        first = nil
        _ = try RunLock(ledger: path, command: "pull", pid: 4712)
    }

    @Test(
        "a lock that root makes is the ledger owner's, who is not kept out by it",
        .enabled(if: geteuid() == 0, "only root can give files away"))
    func lockOwner() throws {
        let folder = try Workplace()
        let path = folder.file("ledger.db")
        try folder.write("ledger.db", "")
        #expect(chown(path, 65534, 65534) == 0)
        let lock = try RunLock(ledger: path, command: "import", pid: 4711, ending: ".import-lock")
        var status = stat()
        #expect(stat(path + ".import-lock", &status) == 0 && status.st_uid == 65534 && status.st_gid == 65534)
        withExtendedLifetime(lock) {}
    }

    @Test("a canceled commit leaves nothing behind")
    func canceled() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await ledger.commit(.of([order("1")]), under: Self.book)
        }
        let error = await failure { _ = try await task.value }
        guard case .canceled = error else { return #expect(error == nil, "another error") }
        #expect(try await ledger.allFacts().isEmpty)
    }
}
