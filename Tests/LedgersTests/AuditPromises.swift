import Alerts
import Facts
import TestSupport
import Testing

@testable import Ledgers

@Suite("A ledger's promises: the audit")
struct AuditPromises {
    private func entry(_ act: String, at: String = "2026-03-02T10:00:00Z", store: String? = "s") -> AuditEntry {
        AuditEntry(
            at: time(at), who: "mei", way: .page, act: act, store: store, subject: "refunds", why: "known\nsince",
            details: [Words(en: "until\nnoon", zh: "至中午"), Words("b")])
    }

    /// The first that does not follow from the one before it.
    private func fault(_ records: [AuditRecord]) -> String? {
        var last: AuditRecord?
        for record in records {
            if let fault = record.fault(after: last) { return fault.en }
            last = record
        }
        return nil
    }

    @Test(
        "what is appended comes back in its order, chained; a time and a number choose", arguments: LedgerKind.allCases)
    func chain(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            #expect(try await ledger.audit(since: nil, after: 0, limit: 10).isEmpty)
            try await ledger.append([AuditEntry]())
            for (act, at) in [
                ("ack", "2026-03-02T10:00:00Z"), ("mark", "2026-03-03T10:00:00Z"), ("test", "2026-03-04T10:00:00Z"),
            ] {
                try await ledger.append(entry(act, at: at, store: act == "test" ? nil : "s"))
            }
            let all = try await ledger.audit(since: nil, after: 0, limit: 10)
            #expect(all.map(\.number) == [1, 2, 3] && all.map(\.entry.act) == ["ack", "mark", "test"])
            #expect(all[0].before == AuditRecord.beginning && all[1].before == all[0].digest)
            #expect(all[0].entry.details == [Words(en: "until noon", zh: "至中午"), Words("b")], "a line is a line")
            #expect(all[0].entry.why == "known\nsince" && all[2].entry.store == nil)
            #expect(fault(all) == nil)
            #expect(
                try await ledger.audit(since: time("2026-03-03T10:00:00Z"), after: 0, limit: 10) == Array(all[1...]))
            #expect(try await ledger.audit(since: nil, after: 1, limit: 1) == [all[1]])
            #expect(try await ledger.audit(before: nil, of: nil, limit: 2) == [all[2], all[1]])
            #expect(try await ledger.audit(before: 2, of: nil, limit: 2) == [all[0]])
        }
    }

    @Test("whatever is in a line, it comes back as it was hashed", arguments: LedgerKind.allCases)
    func lines(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            for text in ["a\r", "\r\nb\r\n", "", "c\u{0}d", "\u{301}e", "\n"] {
                var entry = entry("ack")
                entry.details = [Words(text), Words("f")]
                try await ledger.append(entry)
                entry.details = [Words(text)]
                try await ledger.append(entry)
            }
            let all = try await ledger.audit(since: nil, after: 0, limit: 100)
            #expect(all.count == 12 && fault(all) == nil)
            #expect(all.map(\.entry.details.count) == [2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
        }
    }

    @Test("many at once make one chain", arguments: LedgerKind.allCases)
    func together(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask { try await ledger.append([entry("act\(number)"), entry("and")]) }
                }
                try await group.waitForAll()
            }
            let all = try await ledger.audit(since: nil, after: 0, limit: 100)
            #expect(all.count == 40 && fault(all) == nil)
        }
    }

    @Test(
        "whoever changes the file is found out",
        arguments: [
            ("UPDATE audit SET who = 'kim' WHERE number = 2", "entry 2: it was changed"),
            ("UPDATE audit SET why = '' WHERE number = 1", "entry 1: it was changed"),
            ("UPDATE audit SET details = 'b' WHERE number = 3", "entry 3: it was changed"),
            ("UPDATE audit SET store = '' WHERE number = 4", "entry 4: it was changed"),
            ("UPDATE audit SET at = at + 1 WHERE number = 2", "entry 2: it was changed"),
            ("DELETE FROM audit WHERE number = 2", "entry 3: entries before it are missing"),
            ("DELETE FROM audit WHERE number = 1", "entry 2: entries before it are missing"),
            (
                "DELETE FROM audit WHERE number = 2; UPDATE audit SET number = number - 1 WHERE number > 2",
                "entry 2: it does not follow"
            ),
            (
                "UPDATE audit SET digest = (SELECT digest FROM audit WHERE number = 1) WHERE number = 2",
                "entry 2: it was changed"
            ),
        ])
    func tampered(sql: String, words: String) async throws {
        let folder = try Workplace()
        let ledger = try SQLiteLedger.open(path: folder.file("ledger.db"))
        for number in 1...4 { try await ledger.append(entry("act\(number)", store: number == 4 ? nil : "s")) }
        #expect(fault(try await ledger.audit(since: nil, after: 0, limit: 10)) == nil)
        let file = try SQLiteFile(folder.file("ledger.db"))
        // A slip does not get that far.
        #expect(throws: (any Error).self) { try file.run(sql) }
        try file.run("DROP TRIGGER audit_stays_as_written; DROP TRIGGER audit_loses_nothing;")
        try file.run(sql)
        let found = fault(try await ledger.audit(since: nil, after: 0, limit: 10))
        #expect(found?.hasPrefix(words) == true, "\(found ?? "nothing")")
        try ledger.close()
    }
}
