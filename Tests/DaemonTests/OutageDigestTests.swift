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
        _ = await delivery.note([.taken], of: claims, &circuit)
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
        #expect(after.map(\.key) == [Notice.several])
        let text = String(decoding: after[0].body, as: UTF8.self)
        #expect(text.contains("\(before.count - 1) notices waited since 2026-06-01T12:00:00Z"), "\(text)")
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
        let episodes = Set(before.map(\.episode))
        for episode in episodes {
            let told = try await ledger.told(of: episode).filter {
                $0.receiver == "duty" && $0.notice == first[0].notice.id
            }
            #expect(!told.isEmpty && told.allSatisfy { $0.sending == .taken }, "\(episode)")
        }
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
