import Foundation
import TestSupport
import Testing

@Suite("The audit and tokens, by the command line", .timeLimit(.minutes(2)))
struct AuditCommandTests {
    @Test("what was done by commands is there, for people and programs, and is verified")
    func audit() async throws {
        let sample = try await Sample()
        let folder = sample.folder
        let marked = try await folder.run(
            "mark", "refund/shop-elm/r3", "liable=carrier", "--store", "shop-elm", "--why", "lost", "--by", "mei")
        #expect(marked.status == 0, "\(marked)")
        _ = try await folder.run("outbox", "retry")
        let none = try await folder.run("outbox", "retry", "ntc_none")
        #expect(none.status == 64 && none.error.contains("no notice 'ntc_none' is owed or was given up"))
        let table = try await folder.run("audit")
        #expect(
            table.status == 0 && table.output.contains("shop-elm refund/shop-elm/r3") && table.output.contains("lost"))
        let json = try await folder.run("audit", "--format", "json").output
        let entries = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(entries.map { $0["act"] as? String } == ["import", "import", "import", "import", "mark", "retry"])
        // With its first facts, and when it had ended, with its counts.
        let imported = entries.prefix(2).map { ($0["details"] as? [[String: String]])?.first?["en"] ?? "" }
        #expect(imported[0] == "begins" && imported[1].hasPrefix("facts.jsonl: "), "\(imported)")
        #expect(entries[0]["subject"] as? String == "facts.jsonl")
        #expect(entries[4]["who"] as? String == "mei" && entries[4]["way"] as? String == "command")
        #expect(entries[5]["before"] as? String == entries[4]["digest"] as? String)
        let since = try await folder.run("audit", "--since", "2099-01-01T00:00:00Z")
        #expect(since.output == "nothing is written down\n")

        let last = try #require(entries[5]["digest"] as? String)
        let whole = try await folder.run("audit", "--verify", "--known", String(last.prefix(12)))
        #expect(whole.status == 0 && whole.output == "6 entries as they were written; the last digest is \(last)\n")
        let python = try #require(Tool("python3"))
        func change(_ sql: String) async throws {
            let code = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()"
            try await python.run([
                "-c", code, folder.file("ledger.db"),
                "DROP TRIGGER IF EXISTS audit_stays_as_written; DROP TRIGGER IF EXISTS audit_loses_nothing; " + sql,
            ])
        }
        try await change("DELETE FROM audit WHERE number = 6")
        #expect(
            try await folder.run("audit", "--verify").status == 0,
            "the end that was cut off shows only beside what was noted")
        let cut = try await folder.run("audit", "--verify", "--known", last)
        #expect(cut.status == 1 && cut.output.contains("the end was cut off"))
        try await change("UPDATE audit SET who = 'kim'")
        let changed = try await folder.run("audit", "--verify", "--format", "json")
        #expect(changed.status == 1 && changed.output.contains("entry 1: it was changed after it was written"))
    }

    @Test("a new token is shown once with the entry to paste, which the configuration takes; nothing is kept")
    func token() async throws {
        let folder = try Workplace()
        let made = try await folder.run("token", "new", "mei", "--role", "operator")
        #expect(made.status == 0)
        let token = try #require(made.output.split(separator: "\n").first.map(String.init))
        #expect(token.hasPrefix("gst_") && made.output.ranges(of: token).count == 1 && !made.error.contains(token))
        let entry = made.output.split(separator: "\n").dropFirst().joined(separator: "\n")
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:l.db\nstores: [{id: a, pack: marketplace}]\nlisten: 0.0.0.0:8420\n\(entry)\n")
        let checked = try await folder.run("config", "check")
        #expect(checked.status == 0, "\(checked.everything)")
        #expect(try await folder.run("token", "new", "mei li").status == 64)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["goodstanding.yaml"])
    }
}
