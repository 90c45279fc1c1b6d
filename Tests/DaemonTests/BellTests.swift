import Facts
import Testing

@testable import Daemon

@Suite("A bell wakes who waits, and whoever was not listening yet")
struct BellTests {
    /// Its moments never come; who sleeps is only ever woken by being canceled.
    private struct StillClock: WallClock {
        let now = Timestamp(seconds: 0)
        func sleep(until moment: Timestamp) async throws { try await Task.sleep(for: .seconds(100_000)) }
    }

    private let far = Timestamp(seconds: 1)

    @Test("a ring between the look and the wait is not missed", .timeLimit(.minutes(1)))
    func notMissed() async throws {
        let bell = Bell()
        let heard = await bell.rings
        await bell.ring()
        try await bell.wait(after: heard, until: far, clock: StillClock())
        #expect(await bell.rings == heard + 1)
    }

    @Test("all who wait are woken, also in the midst of one another", .timeLimit(.minutes(1)))
    func everybody() async throws {
        let bell = Bell()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask { try await bell.wait(after: 0, until: Timestamp(seconds: 1), clock: StillClock()) }
            }
            group.addTask { await bell.ring() }
            try await group.waitForAll()
        }
    }

    @Test("the moment ends the wait without a ring", .timeLimit(.minutes(1)))
    func moment() async throws {
        let (bell, clock) = (Bell(), SystemClock())
        try await bell.wait(after: 0, until: clock.now, clock: clock)
        #expect(await bell.rings == 0)
    }

    @Test("who is canceled is let go, before the wait and in it", .timeLimit(.minutes(1)), arguments: 0..<50)
    func canceled(_ number: Int) async throws {
        let bell = Bell()
        let waiting = Task { try await bell.wait(after: 0, until: Timestamp(seconds: 1), clock: StillClock()) }
        for _ in 0..<number { await Task.yield() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
