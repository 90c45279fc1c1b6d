import Alerts
import Facts
import Rules
import TestSupport
import Testing

@testable import Ledgers

@Suite("An act and its entry in the audit are one transaction")
struct AuditTransactionTests {
    /// Every act that is done in the ledger.
    enum Act: CaseIterable {
        case acknowledge, silence, accept, mark, commit, hurry, hurryOne, revive, drop, resume, permit

        /// Where it leaves its trace.
        var table: String {
            switch self {
            case .acknowledge: "acknowledgements"
            case .silence: "silences"
            case .accept: "acceptances"
            case .mark: "marks"
            case .commit: "orders"
            case .hurry, .hurryOne, .revive, .drop: "notices"
            case .resume, .permit: "ledger"
            }
        }
    }

    private static let entry = AuditEntry(at: noon, who: "mei", way: .page, act: "act")

    private static func perform(_ act: Act, _ ledger: any Ledger) async throws {
        let (key, audit) = (AlertPromises.key, [entry])
        func notice(_ rule: String) -> String {
            ContentID.notice(receiver: "ops", episode: "ep_\(rule)", change: 1)
        }
        switch act {
        case .acknowledge:
            let word = Acknowledgement(key: key, episode: "ep_late", by: "a", why: "w", at: noon, until: nil, change: 1)
            try await ledger.keep(word, audit: audit)
        case .silence:
            var filter = AlertFilter()
            filter.stores = ["s"]
            let silence = Silence(
                id: "sil_1", filter: filter, from: noon, until: noon + .hours(1), ends: .time, by: "a", why: "w")
            try await ledger.keep(silence, audit: audit)
        case .accept:
            try await ledger.keep(
                Acceptance(by: "a", why: "w", until: day("2026-04-01")), of: key, at: noon, audit: audit)
        case .mark:
            let member = try #require(Mark.members(of: .refund).first { $0.name == "excluded" })
            let mark = Mark(
                store: "s", fact: FactKey(kind: .refund, id: "r1"), member: member, value: 1, by: "a", why: "w",
                at: noon, until: nil)
            _ = try await ledger.keep([mark], audit: audit)
        case .commit:
            let facts = [order("o1", updatedAt: "2026-03-02T10:00:00Z", ["placed_at": "2026-03-02T09:00:00Z"])]
            _ = try await ledger.commit(.of(facts), under: MarkPromises.book) { receipt in
                receipt.inserted == 1 ? audit : []
            }
        case .hurry: _ = try await ledger.hurry(.owedTo("ops"), at: noon) { $0 > 0 ? audit : [] }
        case .hurryOne: _ = try await ledger.hurry(.one(id: notice("late")), at: noon) { $0 > 0 ? audit : [] }
        case .revive: _ = try await ledger.revive(.one(id: notice("dead")), at: noon) { _ in audit }
        case .drop: try await ledger.settle(notice("late"), .abandoned(at: noon, because: "no"), audit: audit)
        case .resume: try await ledger.settle(at: .here("/tmp/l.db", beats: 1), audit: audit)
        case .permit: try await ledger.keep("digest", as: .accepted, audit: audit)
        }
    }

    /// What its table holds.
    private static func trace(_ act: Act, _ file: SQLiteFile) throws -> [String?] {
        switch act.table {
        case "notices": try file.texts("SELECT id || state || next_attempt_at FROM notices ORDER BY id")
        case "ledger":
            try file.texts("SELECT name || value FROM ledger WHERE name IN ('home', 'accepted') ORDER BY name")
        default: try file.texts("SELECT CAST(count(*) AS TEXT) FROM \(act.table)")
        }
    }

    private static func ledger(_ folder: Workplace) async throws -> SQLiteLedger {
        let ledger = try SQLiteLedger.open(path: folder.file("ledger.db"))
        for rule in ["late", "dead"] {
            try await AlertPromises.owe([AlertPromises.change(1, AlertKey(store: "s", rule: rule))], ledger)
        }
        let (late, dead) = (
            ContentID.notice(receiver: "ops", episode: "ep_late", change: 1),
            ContentID.notice(receiver: "ops", episode: "ep_dead", change: 1)
        )
        try await ledger.settle(late, .retry(at: noon + .hours(1), because: "503"))
        try await ledger.settle(dead, .abandoned(at: noon, because: "expired: late"))
        return ledger
    }

    @Test("done, both are there", arguments: Act.allCases)
    func both(_ act: Act) async throws {
        let folder = try Workplace()
        let ledger = try await Self.ledger(folder)
        let file = try SQLiteFile(folder.file("ledger.db"))
        let before = try Self.trace(act, file)
        try await Self.perform(act, ledger)
        #expect(try Self.trace(act, file) != before)
        #expect(try await ledger.audit(since: nil, after: 0, limit: 9).map(\.entry) == [Self.entry])
    }

    @Test("where the entry cannot be written the act is not done", arguments: Act.allCases)
    func noAct(_ act: Act) async throws {
        let folder = try Workplace()
        let ledger = try await Self.ledger(folder)
        let file = try SQLiteFile(folder.file("ledger.db"))
        try file.run("CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'no'); END")
        let before = try Self.trace(act, file)
        await #expect(throws: LedgerError.self) { try await Self.perform(act, ledger) }
        #expect(try Self.trace(act, file) == before)
    }

    @Test("where the act cannot be done there is no entry", arguments: Act.allCases)
    func noEntry(_ act: Act) async throws {
        let folder = try Workplace()
        let ledger = try await Self.ledger(folder)
        let file = try SQLiteFile(folder.file("ledger.db"))
        for moment in ["INSERT", "UPDATE"] {
            try file.run(
                "CREATE TRIGGER no_\(moment) BEFORE \(moment) ON \(act.table) BEGIN SELECT raise(ABORT, 'no'); END")
        }
        await #expect(throws: LedgerError.self) { try await Self.perform(act, ledger) }
        #expect(try await ledger.audit(since: nil, after: 0, limit: 9).isEmpty)
    }
}
