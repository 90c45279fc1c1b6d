import Alerts
import Curl
import Facts
import HTTPTypes
import Ledgers
import Notify
import TestSupport
import Testing

@testable import Daemon

@Suite("What a receiver answered when it took a notice is kept")
struct AnswerJournalTests {
    /// What the journal says of the first notice to a receiver after one attempt that was answered so.
    private func journal(_ receiver: String, _ answer: Reply) async throws -> (entry: OutboxEntry, told: [String]) {
        let bench = try await HealthBench(["{id: a, pack: shop}"])
        try await bench.imported(bench.refunds(1...3, at: "a"), of: "a")
        try await bench.look(at: 0)
        let (assembly, ledger) = (bench.assembly, bench.assembly.ledger)
        let entry = try #require(assembly.config.receivers.first { $0.id == receiver })
        let delivery = Delivery(
            state: DaemonState(assembly: assembly), assembly: assembly, entry: entry,
            receiver: try Receiver(
                id: receiver, kind: entry.writing.kind, url: Secret("http://127.0.0.1:1/topic"), secret: nil),
            notifier: Notifier(transport: CannedTransport([.success(answer)]), clock: assembly.clock))
        _ = await delivery.deliver(
            try await ledger.claimNotices(
                now: assembly.clock.now, limit: 1, lease: .minutes(1), receiver: receiver))
        let shown = try await AlertsTask(.running(assembly)).show("a", "refunds")
        return (
            try #require(try await ledger.outbox(nil, limit: 9).first { $0.notice.receiver == receiver }),
            shown.told.filter { $0.receiver == receiver }.map { "\($0.outcome.rawValue) \($0.answer ?? "")" }
        )
    }

    @Test("the status, and a service's own word; in the outbox and in what is shown of the alert")
    func taken() async throws {
        let hook = try await journal("ops", Reply(status: .accepted, body: Array("thank you".utf8)))
        #expect(hook.entry.state == .taken && hook.entry.because == "202")
        #expect(hook.told == ["taken 202"])
        let chat = try await journal("duty", Reply(status: .ok, body: Array(#"{"id":"m17","event":"message"}"#.utf8)))
        #expect(chat.entry.state == .taken && chat.entry.because == "200 message m17")
        #expect(chat.told == ["taken 200 message m17"])
    }

    @Test("it is short and one line, whatever a service sends")
    func bounded() async throws {
        let long = String(repeating: "长\\n", count: 500)
        let chat = try await journal("duty", Reply(status: .ok, body: Array(#"{"id":"\#(long)"}"#.utf8)))
        let answer = try #require(chat.entry.because)
        #expect(answer.hasPrefix("200 message 长 长") && answer.utf8.count <= 160 && !answer.contains("\n"), "\(answer)")
    }
}
