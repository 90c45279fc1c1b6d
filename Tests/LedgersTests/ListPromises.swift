import Alerts
import Facts
import Ledgers
import TestSupport
import Testing

@Suite("A ledger's promises: lists of what somebody may see, a page at a time")
struct ListPromises {
    private static func key(_ store: String, _ rule: String = "late") -> AlertKey { AlertKey(store: store, rule: rule) }

    @Test(
        "notices without their bodies: of some stores, to a receiver, in a state, up to a moment, by the beginning of an id"
    )
    func notices() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let odd = "a\"b\\c\u{1}东"
        for (store, receiver) in [("s", "ops"), ("t", "ops"), (odd, "duty")] {
            let key = Self.key(store, store == "t" ? "dsr" : "late")
            try await AlertPromises.owe([AlertPromises.change(store == "s" ? 1 : 2, key, to: [receiver])], ledger)
        }
        func found(_ choice: NoticeChoice, limit: Int = 9) async throws -> [String] {
            try await ledger.notices(choice, limit: limit).map(\.key.store)
        }
        #expect(try await found(NoticeChoice()) == [odd, "t", "s"], "the newest first")
        #expect(try await found(NoticeChoice(), limit: 1) == [odd])
        #expect(try await found(NoticeChoice(stores: ["s", odd, "none"])) == [odd, "s"])
        #expect(try await found(NoticeChoice(stores: [])).isEmpty)
        #expect(try await found(NoticeChoice(receiver: "duty")) == [odd])
        #expect(try await found(NoticeChoice(until: noon)) == [odd, "t", "s"], "then or earlier")
        #expect(try await found(NoticeChoice(until: noon - .seconds(1))).isEmpty)
        let id = try #require(try await ledger.notices(NoticeChoice(stores: ["t"]), limit: 1).first?.id)
        #expect(try await found(NoticeChoice(id: id)) == ["t"])
        #expect(try await found(NoticeChoice(id: String(id.prefix(12)))) == ["t"])
        #expect(try await found(NoticeChoice(id: "ntc_none")).isEmpty)
        try await ledger.settle(id, .retry(at: noon + .hours(1), because: "503"))
        let head = try #require(try await ledger.notices(NoticeChoice(state: .owed, stores: ["t"]), limit: 1).first)
        #expect(head.attempts == 1 && head.because == "503" && head.nextAttemptAt == noon + .hours(1))
        try await ledger.settle(id, .taken(at: noon))
        #expect(try await found(NoticeChoice(state: .taken)) == ["t"])
        #expect(try await found(NoticeChoice(state: .owed)) == [odd, "s"])
        #expect(try await ledger.outboxCounts()["ops"]?.since == noon)
    }

    @Test("events, quarantine and audit of some stores, up to a moment")
    func others() async throws {
        let ledger = try SQLiteLedger.inMemory()
        for store in ["s", "t", "u"] { try await ledger.commit([AlertPromises.change(1, Self.key(store, store))]) }
        try await ledger.commit([AlertPromises.change(2, Self.key("s", "s"))])
        func events(_ stores: [String]?, _ moment: Timestamp?) async throws -> [String] {
            try await ledger.events(.all, of: stores, until: moment, limit: 9).map { "\($0.key.store)\($0.number)" }
        }
        #expect(try await events(["s", "u"], nil).sorted() == ["s1", "s2", "u1"])
        #expect(try await events(["s"], noon + .hours(1)) == ["s1"], "then or earlier")
        #expect(try await events(nil, noon).isEmpty)
        #expect(try await events([], nil).isEmpty)
        for store in ["s", "t", nil] {
            let entry = AuditEntry(at: noon, who: "mei", way: .page, act: "act", store: store)
            try await ledger.append(entry)
        }
        #expect(try await ledger.audit(before: nil, of: ["t"], limit: 9).map(\.number) == [2])
        #expect(try await ledger.audit(before: 2, of: nil, limit: 9).map(\.number) == [1])
        #expect(try await ledger.audit(before: nil, of: nil, limit: 9).map(\.number) == [3, 2, 1])
    }

    @Test("a notice that is to go now goes with those before it about its alert, and no other of its receiver does")
    func hurry() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let (late, dsr) = (Self.key("s"), Self.key("s", "dsr"))
        try await AlertPromises.owe(
            [AlertPromises.change(1, late), AlertPromises.change(2, late), AlertPromises.change(1, dsr)], ledger)
        for (rule, number) in [("late", 1), ("late", 2), ("dsr", 1)] {
            let id = ContentID.notice(receiver: "ops", episode: "ep_\(rule)", change: number)
            try await ledger.settle(id, .retry(at: noon + .hours(1), because: "503"))
        }
        let second = ContentID.notice(receiver: "ops", episode: "ep_late", change: 2)
        #expect(try await ledger.hurry(.one(id: second), at: noon) { _ in [] } == 2)
        #expect(try await AlertPromises.claim(ledger) == ["ops late 1 attempt 2"])
        #expect(
            try await ledger.nextAttempt(of: "ops") == noon + .minutes(1), "lent; the other one is put off for longer")
        #expect(try await ledger.hurry(.owedTo("ops"), at: noon) { _ in [] } == 1)
        #expect(try await ledger.hurry(.one(id: "ntc_none"), at: noon) { _ in [] } == 0)
    }

    @Test(
        "no list and no renaming looks at all there is",
        arguments: [
            "SELECT id FROM notices WHERE made_at <= 5 ORDER BY made_at DESC, number DESC LIMIT 9",
            "UPDATE notices SET rule = 'b' WHERE store = 's' AND rule = 'a'",
            "UPDATE notice_items SET rule = 'b' WHERE store = 's' AND rule = 'a'",
            "UPDATE acknowledgements SET rule = 'b' WHERE store = 's' AND rule = 'a'",
            "UPDATE alert_events SET rule = 'b' WHERE store = 's' AND rule = 'a'",
            "SELECT number FROM notices WHERE made_at <= 5 AND store IN (SELECT value FROM json_each('[\"s\"]')) ORDER BY made_at DESC, number DESC LIMIT 9",
            "SELECT number FROM audit WHERE number < 5 AND store IN (SELECT value FROM json_each('[\"s\"]')) ORDER BY number DESC LIMIT 9",
            "SELECT number FROM alert_events WHERE at <= 5 AND store IN (SELECT value FROM json_each('[\"s\"]')) ORDER BY at DESC LIMIT 9",
            "SELECT number FROM quarantine WHERE at <= 5 ORDER BY at DESC, number DESC LIMIT 9",
        ])
    func plan(_ sql: String) throws {
        let folder = try Workplace()
        try SQLiteLedger.open(path: folder.file("ledger.db")).close()
        let plan = try SQLiteFile(folder.file("ledger.db")).plan(sql)
        #expect(
            !plan.contains { $0.hasPrefix("SCAN") && !$0.contains("USING") && !$0.contains("json_each") }, "\(plan)")
    }
}
