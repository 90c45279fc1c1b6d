import Alerts
import Curl
import Facts
import Notify
import Simulation
import TestSupport
import Testing

/// Over libcurl to a receiver on loopback that reads signatures by its own code.
@Suite("delivery over HTTP", .timeLimit(.minutes(1)))
struct DeliveryTests {
    @Test("a notice arrives whole and is found to be ours; a receiver with another secret does not take it for ours")
    func delivered() async throws {
        let notice = notice()
        let others = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        for (theirs, reading) in [(secret.reveal(), SignatureReading.valid), (others, .mismatch)] {
            let listener = Listener(secret: theirs, clock: { start + .seconds(200) })
            let transport = CurlTransport(configuration: CurlConfiguration(proxy: .none))
            let outcome = try await listener.serving { address in
                let receiver = try Receiver(id: "ops", url: Secret(address), secret: secret)
                var generator = SeededGenerator(seed: 1)
                return await Notifier(transport: transport, clock: ManualClock(start))
                    .send(notice, to: receiver, attempt: 1, using: &generator)
            }
            await transport.shutDown()
            let deliveries = await listener.deliveries
            let delivery = try #require(deliveries.first)
            #expect(outcome.isWhollyTaken && deliveries.count == 1)
            #expect(delivery.method == "POST" && delivery.path == "/hook")
            #expect(delivery.body == notice.body)
            #expect(delivery.headers["content-type"] == "application/json")
            #expect(delivery.signature == reading)
        }
    }

    @Test("nobody listening is a failure that passes")
    func refused() async throws {
        let transport = CurlTransport(configuration: CurlConfiguration(proxy: .none))
        // Port 9 of loopback: discard, where nothing listens.
        let receiver = try Receiver(id: "ops", url: Secret("http://127.0.0.1:9/t0ken"), secret: secret)
        var generator = SeededGenerator(seed: 1)
        let outcome = await Notifier(transport: transport, clock: ManualClock(start))
            .send(notice(), to: receiver, attempt: 1, using: &generator)
        await transport.shutDown()
        guard case .retry(let wait, let failure) = outcome else {
            Issue.record("became \(outcome)")
            return
        }
        #expect(wait <= .seconds(1) && failure.kind == .passing)
        #expect(!failure.description.contains("t0ken"))
    }
}
