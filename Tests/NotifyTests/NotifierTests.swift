import Alerts
import Curl
import Facts
import Foundation
import HTTPTypes
import Notify
import TestSupport
import Testing

@Suite("sending")
struct NotifierTests {
    @Test("an attempt is a signed POST of the notice's bytes to the receiver's address")
    func request() async throws {
        let transport = CannedTransport([.success(Reply(status: .noContent))])
        let notifier = Notifier(transport: transport, clock: ManualClock(start + TimeSpan(microseconds: 999_999)))
        var generator = SeededGenerator(seed: 1)
        let outcome = await notifier.send(notice(), to: try receiver(), attempt: 1, using: &generator)
        #expect(outcome.isWhollyTaken)
        let sent = try #require(transport.requests.first)
        #expect(transport.requests.count == 1)
        #expect(sent.head.method == .post)
        #expect(sent.head.authority == "ops.example:8443" && sent.head.path == "/hook/t0ken?key=hidden")
        #expect(sent.body == notice().body)
        #expect(sent.limits.redirects == .none && sent.ignoresBody)
        #expect(header("content-type", of: sent) == "application/json")
        #expect(header("webhook-id", of: sent) == notice().id)
        #expect(header("webhook-timestamp", of: sent) == "1772445600")
        // Of the same notice and moment, by Python: see WebhookSignatureTests.
        #expect(header("webhook-signature", of: sent) == "v1,sGArGL2HzUKFQIBcILqMrJBixRCp0mqY9U1svLWZ6Ic=")
    }

    @Test("a repeat bears the same id and body and is signed for its own moment")
    func repeated() async throws {
        let transport = CannedTransport([
            .success(Reply(status: .serviceUnavailable)), .success(Reply(status: .ok)),
        ])
        let clock = ManualClock(start)
        let notifier = Notifier(transport: transport, clock: clock)
        var generator = SeededGenerator(seed: 1)
        _ = await notifier.send(notice(), to: try receiver(), attempt: 1, using: &generator)
        clock.advance(by: .minutes(61))
        let outcome = await notifier.send(notice(), to: try receiver(), attempt: 2, using: &generator)
        #expect(outcome.isWhollyTaken)
        let sent = transport.requests
        #expect(sent.map(\.body) == [notice().body, notice().body])
        #expect(sent.map { header("webhook-id", of: $0) } == [notice().id, notice().id])
        #expect(sent.map { header("webhook-timestamp", of: $0) } == ["1772445600", "1772449260"])
        #expect(header("webhook-signature", of: sent[0]) != header("webhook-signature", of: sent[1]))
    }

    @Test("without a secret there is no signature, and everything else")
    func unsigned() async throws {
        let transport = CannedTransport([.success(Reply(status: .ok))])
        let notifier = Notifier(transport: transport, clock: ManualClock(start))
        var generator = SeededGenerator(seed: 1)
        _ = await notifier.send(notice(), to: try receiver(secret: nil), attempt: 1, using: &generator)
        let sent = try #require(transport.requests.first)
        #expect(header("webhook-signature", of: sent) == nil)
        #expect(header("webhook-id", of: sent) == notice().id)
    }

    private func header(_ name: String, of request: Request) -> String? {
        HTTPField.Name(name).flatMap { request.head.headerFields[$0] }
    }
}
