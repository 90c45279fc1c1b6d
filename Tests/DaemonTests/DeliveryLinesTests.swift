import Alerts
import Curl
import Facts
import Ledgers
import Notify
import TestSupport
import Testing

@testable import Daemon

@Suite("How it stands with receivers outlives a reload, and a service that asks for it is left alone")
struct DeliveryLinesTests {
    private func delivery(_ bench: HealthBench) throws -> Delivery {
        let entry = try #require(bench.assembly.config.receivers.first { $0.id == "ops" })
        return Delivery(
            state: DaemonState(assembly: bench.assembly), assembly: bench.assembly, entry: entry,
            receiver: try Receiver(id: "ops", url: Secret("http://127.0.0.1:1/hook"), secret: nil),
            notifier: Notifier(transport: CannedTransport([.failure(.cancelled)]), clock: bench.assembly.clock))
    }

    private func bench() async throws -> (bench: HealthBench, claims: [ClaimedNotice]) {
        let bench = try await HealthBench([HealthBench.platform("a")])
        try await bench.pulled("a", at: 0)
        try await bench.failed("a", at: 5, .auth)
        try await bench.look(at: 5)
        let claims = try await bench.assembly.ledger.claimNotices(
            now: bench.assembly.clock.now, limit: 1, lease: .minutes(1), receiver: "ops")
        return (bench, claims)
    }

    @Test("what counts for the receiver as a whole holds all of it, and an ordinary failure its notice alone")
    func rest() async throws {
        let (bench, claims) = try await bench()
        let delivery = try delivery(bench)
        var circuit = Circuit()
        let plain = Outcome.retry(after: .seconds(1), because: Failure(.passing, "503"))
        #expect(await delivery.note([plain], of: claims, &circuit) == (nil, nil))
        let blocked = Outcome.retry(after: .seconds(1), because: Failure(.passing, "130101", rest: .minutes(10)))
        #expect(await delivery.note([blocked], of: claims, &circuit) == (nil, .minutes(10)))
        #expect(!circuit.isOpen)
        for _ in 0..<3 { _ = await delivery.note([plain], of: claims, &circuit) }
        #expect(circuit.isOpen)
        #expect(
            await delivery.note([plain], of: claims, &circuit) == (.seconds(1), nil), "one that is down is tried seldom"
        )
    }

    @Test("a person's retry ends the pause of a receiver that is down, and not what its service asked for")
    func hurried() async throws {
        let (bench, claims) = try await bench()
        let (ledger, now) = (bench.assembly.ledger, bench.assembly.clock.now)
        var line = DeliveryLines.Line()
        line.rest(from: now, .seconds(4), .minutes(15), asked: nil)
        #expect(line.free == now + .minutes(15) && line.pausedAt == now)
        try await ledger.settle(claims[0].notice.id, .retry(at: now + .minutes(15), because: "refused"))
        #expect(try await !ledger.isHurried(owedTo: "ops", since: now))
        #expect(try await ledger.hurry(owedTo: "ops", at: now + .minutes(2)) == 1)
        #expect(try await ledger.isHurried(owedTo: "ops", since: now))
        #expect(try await !ledger.isHurried(owedTo: "duty", since: now))
        line.hurry()
        #expect(line.free == now + .seconds(4) && line.pausedAt == nil)
        // It failed once more: the same word does not end the next pause.
        #expect(try await !ledger.isHurried(owedTo: "ops", since: now + .minutes(2)))
        line.rest(from: now, .seconds(4), .minutes(15), asked: .minutes(10))
        line.hurry()
        #expect(line.free == now + .minutes(10))
        // So does a dead letter that is to go once more.
        try await ledger.settle(
            claims[0].notice.id, .abandoned(at: now, because: "\(NoticeSettlement.expired) not taken within 3d"))
        #expect(try await ledger.revive(.one(id: claims[0].notice.id), at: now + .minutes(3)).revived == 1)
        #expect(try await ledger.isHurried(owedTo: "ops", since: now + .minutes(2)))
    }

    @Test("it is known by id and address: at another address somebody else listens")
    func lines() async {
        let lines = DeliveryLines()
        let (old, new) = (
            ReceiverAddress.web([Secret("http://127.0.0.1:1/old")]),
            ReceiverAddress.web([Secret("http://127.0.0.1:1/new")])
        )
        var line = await lines.line(of: "duty", at: old)
        #expect(line.free == nil && line.circuit.failures == 0)
        let now = Timestamp(seconds: 1_780_000_000)
        for _ in 0..<5 { _ = line.circuit.noteFailure(at: now, because: "refused") }
        line.free = now + .minutes(10)
        await lines.keep(line, of: "duty", at: old)
        #expect(await lines.line(of: "duty", at: old).circuit.isOpen)
        #expect(await lines.line(of: "duty", at: old).free == now + .minutes(10))
        #expect(await !lines.line(of: "duty", at: new).circuit.isOpen)
        #expect(await !lines.line(of: "ops", at: old).circuit.isOpen)
    }
}
