import Foundation
import Glibc
import TestSupport
import Testing

@Suite("A ledger that cannot be used is left as it is, and the way out is said")
struct BadLedgerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var what: String
        /// The path in the configuration.
        var path = "ledger.db"
        /// What becomes of the sample's ledger before the commands run.
        var make: @Sendable (Workplace) async throws -> Void
        var words: [String]
        var testDescription: String { what }
    }

    static let rows: [Row] = [
        Row(
            what: "a folder that is not there", path: "no/such/folder/ledger.db", make: { _ in },
            words: ["no/such/folder/ledger.db", "folder"]),
        Row(
            what: "a text", make: { try replace($0, by: Array("Dear diary, this is no database.\n".utf8)) },
            words: ["ledger.db", "not a ledger"]),
        Row(
            what: "a text as long as two pages", make: { try replace($0, by: [UInt8](repeating: 0x41, count: 8192)) },
            words: ["ledger.db", "not a ledger"]),
        Row(
            what: "another program's database",
            make: {
                try remove($0)
                try await sqlite($0, "create table notes (text); insert into notes values ('mine')")
            }, words: ["ledger.db", "not a ledger"]),
        Row(
            what: "a newer schema", make: { try await sqlite($0, "pragma user_version = 999") },
            words: ["ledger.db", "newer", "999"]),
        Row(what: "damaged pages", make: { try await damage($0) }, words: ["ledger.db", "damaged", "backup"]),
        Row(what: "a file that was cut off", make: { try await cut($0) }, words: ["ledger.db", "damaged", "backup"]),
        Row(
            what: "a folder in its place",
            make: {
                try remove($0)
                try $0.write("ledger.db/file", "")
            }, words: ["ledger.db"]),
    ]

    @Test(
        "every command says what is wrong, ends with its code, and touches nothing",
        .enabled(if: Tool.exists("sqlite3"), "sqlite3(1) is not installed"), arguments: rows)
    func refused(_ row: Row) async throws {
        let folder = try await Sample().folder
        try folder.write(
            "goodstanding.yaml", Sample.configuration.replacing("sqlite:ledger.db", with: "sqlite:\(row.path)"))
        try await row.make(folder)
        let before = try? folder.bytes(row.path)
        let commands: [([String], Int32)] = [
            (["check", "--at", Sample.at], 3), (["metrics", "--at", Sample.at], 1), (["import", "facts.jsonl"], 1),
            (["export"], 1), (["explain", "--store", "shop-elm"], 1), (["verify"], 1), (["run"], 1),
        ]
        for (arguments, status) in commands {
            let ended = try await folder.run(arguments)
            #expect(ended.status == status && !ended.hasCrashed, "\(arguments[0]): \(ended.error)")
            #expect(!ended.output.contains("every bucket equals"), "\(arguments[0])")
            for words in row.words { #expect(ended.everything.contains(words), "\(arguments[0]): \(ended.everything)") }
        }
        let doctor = try await folder.run("doctor")
        #expect(doctor.status == 1 && doctor.output.lines.contains { $0.hasPrefix("fail") }, "\(doctor.everything)")
        #expect((try? folder.bytes(row.path)) == before, "the file is as it was")
    }

    @Test("a ledger that is not there yet is made by import, and missed by what only reads")
    func notYet() async throws {
        let folder = try Workplace.watchingEveryStore()
        for (arguments, status) in [
            (["check"], 3), (["metrics"], 1), (["metrics", "--format", "csv"], 1), (["export"], 1), (["verify"], 1),
        ] as [([String], Int32)] {
            let (command, ended) = (arguments[0], try await folder.run(arguments))
            #expect(ended.status == status && ended.error.contains("ledger.db yet"), "\(command): \(ended.error)")
            #expect(ended.output == "" || command == "check", "no heading over nothing: \(ended.output)")
            #expect(!FileManager.default.fileExists(atPath: folder.file("ledger.db")), "\(command) makes none")
        }
        #expect(try await folder.run("import", "-", input: Sample.facts[0]).status == 0)
        #expect(try await folder.run("verify").status == 0)
    }

    @Test(
        "an import that meets a full disk says what it kept, and goes on when there is room",
        .enabled(if: geteuid() == 0, "mounting a small disk needs root"))
    func fullDisk() async throws {
        guard let disk = try SmallDisk(mebibytes: 6) else {
            return withKnownIssue("not run: mounting is not allowed here") { Issue.record("no mount") }
        }
        let folder = try Workplace.watchingEveryStore()
        let config = try String(contentsOfFile: folder.file("goodstanding.yaml"), encoding: .utf8)
        try folder.write(
            "goodstanding.yaml", config.replacing("sqlite:ledger.db", with: "sqlite:\(disk.path)/ledger.db"))
        let lines = (0..<60_000).map { #"{"kind":"rating","store":"s\#($0 % 50)","id":"\#($0)","score":5}"# }
        try folder.write("facts.jsonl", lines.joined(separator: "\n") + "\n")

        let full = try await folder.run("import", "facts.jsonl")
        #expect(full.status == 1 && !full.hasCrashed && full.error.contains("is full"), "\(full.error)")
        let kept = try #require(full.error.firstMatch(of: /(\d+) new/).flatMap { Int($0.1) }, "\(full.error)")
        #expect(kept > 0 && kept < lines.count)
        #expect(full.error.contains("facts.jsonl was not read to its end"), "\(full.error)")
        #expect(try await folder.run("export").output.lines.count == kept + 1)
        #expect(try await folder.run("verify").status == 0)
        #expect(try await folder.run("check").status == 3, "half a file makes nothing complete")

        // There is room elsewhere.
        for name in ["ledger.db", "ledger.db-wal"] where FileManager.default.fileExists(atPath: disk.path + "/" + name)
        {
            try FileManager.default.copyItem(atPath: disk.path + "/" + name, toPath: folder.file(name))
        }
        try folder.write("goodstanding.yaml", config)
        let again = try await folder.run("import", "facts.jsonl")
        #expect(again.status == 0, "\(again.error)")
        #expect(again.error.contains("(\(lines.count - kept) new, 0 updated, \(kept) unchanged)"), "\(again.error)")
    }

    @Test(
        "one too large to be checked before the work is checked beside it, and damage ends the daemon",
        .enabled(if: Tool.exists("sqlite3"), "sqlite3(1) is not installed"), .timeLimit(.minutes(2)))
    func large() async throws {
        let folder = try await Sample().folder
        try await Self.sqlite(folder, "create table weight (bytes); pragma wal_checkpoint(truncate)")
        // Of the sample nothing lies behind the weight: it is the weight that is damaged.
        let size = try folder.bytes("ledger.db").count
        try await Self.sqlite(
            folder, "insert into weight values (zeroblob(300000000)); pragma wal_checkpoint(truncate)")
        let file = try FileHandle(forUpdating: URL(filePath: folder.file("ledger.db")))
        try file.seek(toOffset: UInt64(size) + 64 * 4096)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 64 * 4096))
        try file.close()
        try folder.write(
            "goodstanding.yaml", "listen: 127.0.0.1:0\n" + Sample.configuration)
        let ended = try await folder.run("run")
        #expect(ended.status == 1 && !ended.hasCrashed, "\(ended.error)")
        for words in ["ledger.db", "damaged", "backup", "watching"] {
            #expect(ended.error.contains(words), "\(ended.error)")
        }
    }

    @Test("a ledger holds what others should not read")
    func mode() async throws {
        let folder = try await Sample().folder
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("ledger.db"))
        #expect(attributes[.posixPermissions] as? NSNumber == 0o600)
    }

    @Test("a folder that only others may write to", .enabled(if: geteuid() != 0, "root writes everywhere"))
    func readOnlyFolder() async throws {
        let folder = try Workplace.watchingEveryStore()
        try folder.write("facts.jsonl", Sample.facts[0] + "\n")
        try #require(chmod(folder.path, 0o555) == 0)
        defer { chmod(folder.path, 0o755) }
        let ended = try await folder.run("import", "facts.jsonl")
        #expect(ended.status == 1 && ended.error.contains("ledger.db") && !ended.hasCrashed, "\(ended.error)")
    }

    // MARK: Making it bad

    private static func remove(_ folder: Workplace) throws {
        for path in ["ledger.db", "ledger.db-wal", "ledger.db-shm"].map(folder.file)
        where FileManager.default.fileExists(atPath: path) {
            try FileManager.default.removeItem(atPath: path)
        }
    }

    private static func replace(_ folder: Workplace, by bytes: [UInt8]) throws {
        try remove(folder)
        try folder.write("ledger.db", bytes: bytes)
    }

    private static func sqlite(_ folder: Workplace, _ sql: String) async throws {
        try await #require(Tool("sqlite3")).run([folder.file("ledger.db"), sql])
    }

    /// Everything in one file, its second half but the first pages overwritten.
    private static func damage(_ folder: Workplace) async throws {
        try await sqlite(folder, "pragma wal_checkpoint(truncate)")
        var bytes = try folder.bytes("ledger.db")
        try #require(bytes.count > 16 * 4096)
        for position in (8 * 4096)..<(bytes.count - 4096) { bytes[position] = 0xA5 }
        try replace(folder, by: bytes)
    }

    private static func cut(_ folder: Workplace) async throws {
        try await sqlite(folder, "pragma wal_checkpoint(truncate)")
        try replace(folder, by: Array(try folder.bytes("ledger.db").prefix(10 * 4096)))
    }
}
