import Alerts
import Curl
import Facts
import Language
import Ledgers
import Notify
import Rules
import TestSupport
import Testing

@testable import Daemon

@Suite("What waited in an outage is one message where the receiver asks for one")
struct OutageDigestTests {
    private static let receivers = [
        #"{id: ops, webhook: "http://127.0.0.1:1/hook"}"#,
        #"{id: duty, ntfy: "http://127.0.0.1:1/topic", after_outage: digest}"#,
    ]

    /// Two stores whose token is refused, of which one's is taken again: three notices to each receiver and more.
    private func bench(_ receivers: [String] = Self.receivers) async throws -> HealthBench {
        let bench = try await HealthBench(
            ["a", "b"].map { HealthBench.platform($0) }, receivers: receivers)
        for store in ["a", "b"] {
            try await bench.pulled(store, at: 0)
            try await bench.failed(store, at: 5, .auth)
        }
        try await bench.look(at: 5)
        try await bench.pulled("a", at: 10)
        try await bench.look(at: 10)
        try await bench.pulled("b", at: 12, try bench.refunds(1...3, at: "b"))
        try await bench.failed("b", at: 13, .auth)
        try await bench.look(at: 13)
        return bench
    }

    /// The head of the line was taken after five failures.
    private func recover(_ bench: HealthBench, _ id: String) async throws {
        let ledger = bench.assembly.ledger
        let entry = try #require(bench.assembly.config.receivers.first { $0.id == id })
        let delivery = Delivery(
            state: DaemonState(assembly: bench.assembly), assembly: bench.assembly, entry: entry,
            receiver: try Receiver(
                id: id, kind: entry.writing.kind, url: Secret("http://127.0.0.1:1/topic"), secret: nil),
            notifier: Notifier(transport: CannedTransport([.failure(.cancelled)]), clock: bench.assembly.clock))
        let claims = try await ledger.claimNotices(
            now: bench.assembly.clock.now, limit: 1, lease: .minutes(1), receiver: id)
        var circuit = Circuit()
        for _ in 0..<5 { _ = circuit.noteFailure(at: bench.start, because: "refused") }
        try await ledger.settle(claims[0].notice.id, .taken(at: bench.assembly.clock.now))
        _ = await delivery.note([.taken("200")], of: claims, &circuit)
    }

    private func owed(_ bench: HealthBench, _ receiver: String) async throws -> [Notice] {
        try await bench.assembly.ledger.outbox(.owed, limit: 99).reversed().map(\.notice).filter {
            $0.receiver == receiver
        }
    }

    @Test("all that waited is in it, nothing is sent twice, and what comes after it waits for it")
    func digest() async throws {
        let bench = try await bench()
        let before = try await owed(bench, "duty")
        #expect(before.count >= 4, "\(before.map(\.key))")
        try await recover(bench, "duty")
        let after = try await owed(bench, "duty")
        let digest = try #require(after.first { $0.key == Notice.several })
        #expect(Set(after.map(\.id)) == Set(before.dropFirst().map(\.id) + [digest.id]), "nothing is settled yet")
        let text = String(decoding: digest.body, as: UTF8.self)
        #expect(text.contains("\(before.count - 1) notices waited since 2026-06-01 12:00 UTC"), "\(text)")
        #expect(
            text.contains("[breach] b: ") && text.contains("[ok] a: the platform refuses access (ended)"), "\(text)")
        let (ledger, now) = (bench.assembly.ledger, bench.assembly.clock.now)
        // Of an alert in it something more happens: that goes after it.
        try await bench.pulled("b", at: 20)
        try await bench.look(at: 20)
        let first = try await ledger.claimNotices(now: now + .hours(1), limit: 9, lease: .minutes(1), receiver: "duty")
        #expect(first.map(\.notice.key) == [Notice.several])
        try await ledger.settle(first[0].notice.id, .taken(at: now))
        let next = try await ledger.claimNotices(now: now + .hours(1), limit: 9, lease: .minutes(1), receiver: "duty")
        #expect(next.contains { $0.notice.key.store == "b" && $0.notice.key.isHealth }, "\(next.map(\.notice.key))")
        // What became of each can be asked.
        for episode in Set(before.dropFirst().map(\.episode)) {
            let told = try await ledger.told(of: episode).filter {
                $0.receiver == "duty" && $0.answer == "told in \(digest.id)"
            }
            #expect(!told.isEmpty && told.allSatisfy { $0.sending == .taken && $0.settledAt == now }, "\(episode)")
        }
    }

    @Test("a digest that nobody took settles nothing: what it was to tell goes by itself, and is lost with nobody")
    func lost() async throws {
        let bench = try await bench()
        let before = try await owed(bench, "duty").dropFirst().map(\.id)
        try await recover(bench, "duty")
        let (ledger, now) = (bench.assembly.ledger, bench.assembly.clock.now)
        let counts = try await ledger.outboxCounts()
        #expect(counts["duty"]?.owed == 1, "the digest alone")
        let claim = try #require(
            try await ledger.claimNotices(now: now, limit: 9, lease: .minutes(1), receiver: "duty").first)
        try await ledger.settle(
            claim.notice.id, .abandoned(at: now + .days(3), because: "\(NoticeSettlement.expired) not taken within 3d"))
        #expect(try await owed(bench, "duty").map(\.id) == before)
        let next = try await ledger.claimNotices(now: now + .days(3), limit: 9, lease: .minutes(1), receiver: "duty")
        #expect(before.contains(next.first?.notice.id ?? ""), "\(next)")
        // In the digest it had no turn of its own, and its time to be taken begins now.
        #expect(next.allSatisfy { $0.attempt == 1 && $0.since == now + .days(3) }, "\(next)")
        let because = try await ledger.outbox(.owed, limit: 99).filter { before.contains($0.notice.id) }.map(\.because)
        #expect(because.allSatisfy { $0 == nil }, "\(because)")
        // Sent again after them the digest would say what was.
        let revived = try await ledger.revive(.expired(owedTo: "duty"), at: now + .days(3))
        #expect(revived.revived == 0 && revived.overtaken == 1)
    }

    @Test("what a person gave up of it and takes up again goes by itself, whatever became of the digest")
    func takenUp() async throws {
        let bench = try await bench()
        try await recover(bench, "duty")
        let (ledger, now) = (bench.assembly.ledger, bench.assembly.clock.now)
        let notices = try await owed(bench, "duty")
        let digest = try #require(notices.first { $0.key == Notice.several })
        let part = try #require(notices.first { $0.key != Notice.several })
        try await ledger.settle(part.id, .abandoned(at: now, because: "given up"))
        try await ledger.settle(digest.id, .taken(at: now))
        _ = try await ledger.revive(.one(id: part.id), at: now)
        let claims = try await ledger.claimNotices(now: now, limit: 9, lease: .minutes(1), receiver: "duty")
        #expect(claims.map(\.notice.id) == [part.id])
    }

    @Test("a second digest waits for the first, and one of its parts that is wanted at once hurries it")
    func inOrder() async throws {
        let bench = try await bench()
        try await recover(bench, "duty")
        let (ledger, now) = (bench.assembly.ledger, bench.assembly.clock.now)
        let first = try #require(try await owed(bench, "duty").first { $0.key == Notice.several })
        let later = now + .minutes(30)
        try await ledger.settle(first.id, .retry(at: later, because: "busy"))
        let more = try await owed(bench, "duty").filter { $0.key != Notice.several }.prefix(1)
        let second = Notice(
            id: "ntc_second", receiver: "duty", key: Notice.several, episode: first.episode, change: 1, madeAt: now,
            body: first.body)
        try await ledger.keep(second, inPlaceOf: more.map(\.id))
        #expect(try await ledger.claimNotices(now: now, limit: 9, lease: .minutes(1), receiver: "duty").isEmpty)
        let part = try #require(
            try await ledger.outbox(.owed, limit: 99).first { $0.because == "told in \(first.id)" }?.notice.id)
        _ = try await ledger.hurry(.one(id: part), at: now) { _ in [] }
        let claims = try await ledger.claimNotices(now: now, limit: 9, lease: .minutes(1), receiver: "duty")
        #expect(claims.map(\.notice.id) == [first.id])
    }

    @Test("a digest that a person gives up takes with it what it was to tell")
    func dropped() async throws {
        let bench = try await bench()
        try await recover(bench, "duty")
        let ledger = bench.assembly.ledger
        let digest = try #require(try await owed(bench, "duty").first { $0.key == Notice.several })
        try await ledger.settle(digest.id, .abandoned(at: bench.assembly.clock.now, because: "given up: told by phone"))
        #expect(try await owed(bench, "duty").isEmpty)
        let lost = try await ledger.outbox(.abandoned, limit: 99)
        #expect(lost.count > 2 && lost.allSatisfy { $0.because == "given up: told by phone" })
    }

    @Test("each line has its figures and its link, and what has no room is counted")
    func lines() throws {
        let line = OutageBody.Line(
            subject: AlertSubject(
                storeName: "north", platform: "shop", labels: [:], title: Words("refunds"), severity: .minor),
            events: [.firing], standing: .breach)
        var grave = line
        grave.subject.severity = .critical
        var first = line
        (first.figures, first.link) = (Words("refunds 4; has to be: refunds < 3"), "https://s.example/stores/north")
        var body = OutageBody(
            receiver: "duty", since: Timestamp(seconds: 1_780_315_200), notices: ["a", "b"],
            alerts: [first] + Array(repeating: line, count: 40) + [grave])
        body.link = "https://s.example/alerts"
        let text = String(
            decoding: body.notice(at: Timestamp(seconds: 1_780_318_800), in: ReceiverWriting(.feishu)).body,
            as: UTF8.self)
        #expect(text.contains(#"\n  refunds 4; has to be: refunds < 3\n  https://s.example/stores/north\n"#), "\(text)")
        #expect(text.contains("and 2 alerts more: goodstanding alerts history"))
        #expect(text.contains("https://s.example/alerts") && text.contains("waited since 2026-06-01 12:00 UTC"))
        let urgent = String(
            decoding: body.notice(at: Timestamp(seconds: 1_780_318_800), in: ReceiverWriting(.ntfy)).body,
            as: UTF8.self)
        #expect(urgent.contains(#""priority":5"#), "the gravest of those in breach")
    }

    @Test("by default each goes by itself, in order")
    func each() async throws {
        let bench = try await bench()
        let before = try await owed(bench, "ops").map(\.id)
        try await recover(bench, "ops")
        #expect(try await owed(bench, "ops").map(\.id) == Array(before.dropFirst()))
    }

    @Test("where each alert is a case of its own there is none")
    func cases() throws {
        let folder = try Folder()
        try folder.write(
            """
            database: sqlite:l.db
            stores: []
            receivers: [{id: p, pagerduty: "https://x.example", secret: k, after_outage: digest}]
            """, to: "c.yaml")
        let error = #expect(throws: ConfigurationError.self) {
            try Config.read(folder.path + "/c.yaml", environment: [:])
        }
        #expect(
            error?.diagnostics.contains { $0.message.contains("pagerduty has no after_outage:") } == true,
            "\(String(describing: error))")
    }
}
