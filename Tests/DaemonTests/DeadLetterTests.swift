import Alerts
import Facts
import Foundation
import Ledgers
import Testing

@testable import Daemon

@Suite("A dead letter can be sent again, under its id")
struct DeadLetterTests {
    /// Two notices to each of two receivers about one alert that fired and ended, of which nothing was taken in time.
    private func bench() async throws -> (bench: HealthBench, ids: [String]) {
        let bench = try await HealthBench([HealthBench.platform("a")])
        try await bench.pulled("a", at: 0)
        try await bench.failed("a", at: 5, .auth)
        try await bench.look(at: 5)
        try await bench.pulled("a", at: 10)
        try await bench.look(at: 10)
        let entries = try await bench.assembly.ledger.outbox(.owed, limit: 9).reversed()
        for entry in entries {
            try await bench.assembly.ledger.settle(
                entry.notice.id,
                .abandoned(at: bench.assembly.clock.now, because: "expired: not taken within 72h"))
        }
        return (bench, entries.filter { $0.notice.receiver == "ops" }.map(\.notice.id))
    }

    private func task(_ bench: HealthBench) -> OutboxTask { OutboxTask(.file(bench.config, log: "critical")) }

    private func owed(_ bench: HealthBench) async throws -> [String] {
        try await bench.assembly.ledger.outbox(.owed, limit: 9).reversed().map(\.notice.id)
    }

    @Test("those of a receiver go again in order, and have all their time once more")
    func receiver() async throws {
        let (bench, ids) = try await bench()
        let ledger = bench.assembly.ledger
        #expect(try await task(bench).retryDead("ops").revived == 2)
        #expect(try await owed(bench) == ids)
        let now = Timestamp(seconds: 2_000_000_000)
        let first = try await ledger.claimNotices(now: now, limit: 9, lease: .minutes(1), receiver: "ops")
        #expect(first.map(\.notice.id) == [ids[0]] && first.map(\.attempt) == [1])
        #expect(first[0].since > first[0].notice.madeAt, "its time begins with the word that it is to be sent")
        try await ledger.settle(ids[0], .taken(at: now))
        #expect(
            try await ledger.claimNotices(now: now, limit: 9, lease: .minutes(1), receiver: "ops").map(\.notice.id)
                == [ids[1]])
        #expect(try await task(bench).retryDead("ops").revived == 0, "there are none any more")
        #expect(try await task(bench).retryDead(nil).revived == 2, "those of the other receiver")
    }

    @Test("what a later word has overtaken, and what a person gave up, goes by its id alone")
    func overtaken() async throws {
        let (bench, ids) = try await bench()
        let ledger = bench.assembly.ledger
        _ = try await ledger.revive(.one(id: ids[1]), at: bench.assembly.clock.now)
        try await ledger.settle(ids[1], .taken(at: bench.assembly.clock.now))
        let dead = try await task(bench).retryDead("ops")
        #expect(dead.overtaken == 1 && dead.revived == 0)
        #expect(try await owed(bench).isEmpty)
        #expect(try await task(bench).retry(notice: String(ids[0].prefix(14))).revived == 1)
        #expect(try await owed(bench) == [ids[0]])
        try await task(bench).drop(ids[0], because: "told by phone")
        #expect(try await task(bench).retryDead("ops").revived == 0)
        #expect(try await task(bench).retry(notice: ids[0]).revived == 1)
        await #expect(throws: TaskError.self) { try await task(bench).retry(notice: ids[1]) }
    }

    @Test("an owed one waits no longer")
    func waiting() async throws {
        let (bench, ids) = try await bench()
        let ledger = bench.assembly.ledger
        _ = try await ledger.revive(.one(id: ids[0]), at: bench.assembly.clock.now)
        let later = Timestamp(seconds: 2_000_000_000)
        try await ledger.settle(ids[0], .retry(at: later, because: "503"))
        #expect(try await task(bench).retry(notice: ids[0]).waited == 1)
        #expect(try await ledger.nextAttempt(of: "ops").map { $0 < later } == true)
    }
}
