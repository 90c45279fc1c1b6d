import Curl
import Facts
import HTTPTypes
import Rules
import Synchronization
import TestSupport
import Testing

@testable import Pull

extension HTTPField.Name {
    fileprivate static let left = HTTPField.Name("left")!
    fileprivate static let again = HTTPField.Name("again")!
    fileprivate static let rate = HTTPField.Name("rate")!
}

/// A clock that stands: who sleeps by it says until when, and sleeps until he is canceled.
private final class StandingClock: WallClock {
    let now = PulledFeed.start
    private let told: AsyncStream<Timestamp>.Continuation
    let sleeps: AsyncStream<Timestamp>

    init() { (sleeps, told) = AsyncStream.makeStream() }

    func sleep(until moment: Timestamp) async throws {
        let (never, end) = AsyncStream<Never>.makeStream()
        told.yield(moment)
        for await _ in never {}
        end.finish()
        try Task.checkCancellation()
    }
}

@Suite("Who no longer waits for his turn leaves it to others", .timeLimit(.minutes(1)))
struct RateGateTests {
    private let start = PulledFeed.start

    /// What a restart would be told.
    private final class Remembered: Sendable {
        private let all = Mutex(KeptLimits())
        var last: [String: Timestamp] { all.withLock { $0.levels } }
        func keep(_ kept: KeptLimits) { all.withLock { $0 = kept } }
    }

    /// One call a second, `burst` at once.
    private func allowance(_ burst: Int = 1) -> RateLimit.Allowance {
        var allowance = RateLimit.Allowance(key: "k", limit: RateLimit(calls: 60, per: .minutes(1), burst: burst))
        allowance.isKept = true
        return allowance
    }

    private func seconds(_ moments: [Timestamp]) -> [Int64] {
        moments.map { ($0 - start).microseconds / 1_000_000 }
    }

    /// So many who wait, in the order of their places.
    private func waiting(
        _ count: Int, at gate: RateGate, _ allowance: RateLimit.Allowance
    ) async throws -> (tasks: [Task<Void, any Error>], places: [Timestamp]) {
        let clock = StandingClock()
        var (tasks, places, sleeps) = ([Task<Void, any Error>](), [Timestamp](), clock.sleeps.makeAsyncIterator())
        for _ in 0..<count {
            tasks.append(Task { try await gate.pass([allowance], isFirst: false, clock: clock) })
            places.append(try #require(await sleeps.next()))
        }
        return (tasks, places)
    }

    /// When so many who ask now may go.
    private func asking(_ count: Int, at gate: RateGate, _ allowance: RateLimit.Allowance) async throws -> [Int64] {
        var places: [Timestamp] = []
        for _ in 0..<count {
            // Each at the same moment.
            let clock = ManualClock(start)
            try await gate.pass([allowance], isFirst: false, clock: clock)
            places.append(clock.now)
        }
        return seconds(places)
    }

    @Test(
        "first pulls have the whole of what stores share while nobody else asks, and two fifths of it while somebody does"
    )
    func filling() async throws {
        let gate = RateGate()
        var allowance = RateLimit.Allowance(key: "k", limit: RateLimit(calls: 600, per: .minutes(1), burst: 1))
        allowance.scope = .application
        let clock = ManualClock(start)
        func filled(_ count: Int) async throws -> TimeSpan {
            let began = clock.now
            for _ in 0..<count { try await gate.pass([allowance], isFirst: true, clock: clock) }
            return clock.now - began
        }
        // The first goes at once.
        #expect(try await filled(101) == .seconds(10))
        try await gate.pass([allowance], isFirst: false, clock: clock)
        // Within the minute in which that one counts: one call every quarter of a second.
        let shared = try await filled(101)
        #expect(shared >= .seconds(25) && shared < .seconds(26), "\(shared)")
        clock.advance(by: .minutes(1))
        #expect(try await filled(101) == .seconds(10))
    }

    @Test("all who waited are gone: the next goes as if they had never been there", arguments: [1, 3])
    func all(_ burst: Int) async throws {
        let (remembered, allowance) = (Remembered(), allowance(burst))
        let gate = RateGate { remembered.keep($0) }
        _ = try await asking(burst, at: gate, allowance)
        let before = remembered.last
        let (tasks, places) = try await waiting(50, at: gate, allowance)
        #expect(seconds(places) == Array(1...50))
        for task in tasks { task.cancel() }
        for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
        #expect(remembered.last == before && before["k"] == start + .seconds(Int64(burst)))
        #expect(try await asking(2, at: gate, allowance) == [1, 2])
    }

    @Test("what the platform says meanwhile holds, whoever goes then")
    func learnt() async throws {
        let (gate, allowance) = (RateGate(), allowance())
        _ = try await asking(1, at: gate, allowance)
        let (tasks, places) = try await waiting(5, at: gate, allowance)
        #expect(seconds(places) == [1, 2, 3, 4, 5])
        var news = try #require(
            RateNews(
                RateLimit.Allowance(key: "k", limit: allowance.limit, headers: .init(left: "left", again: "again")),
                in: Reply(status: .ok, headers: [.left: "0", .again: "\(start.microseconds / 1_000_000 + 60)"]),
                now: start))
        await gate.learn([news], at: start)
        for task in tasks { task.cancel() }
        for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
        // None of the places from before is handed out.
        #expect(try await asking(2, at: gate, allowance) == [60, 61])
        // Nor one from before the rate was another.
        let (others, _) = try await waiting(2, at: gate, allowance)
        news = try #require(
            RateNews(
                RateLimit.Allowance(key: "k", limit: allowance.limit, headers: .init(rate: "rate")),
                in: Reply(status: .ok, headers: [.rate: "0.5"]), now: start))
        await gate.learn([news], at: start)
        for task in others { task.cancel() }
        for task in others { await #expect(throws: CancellationError.self) { try await task.value } }
        // Sixty-four calls were missing, of two seconds each now.
        #expect(try await asking(1, at: gate, allowance) == [128])
    }

    @Test("one is gone from among others: his place is taken by the next, and by one alone")
    func one() async throws {
        let (gate, allowance) = (RateGate(), allowance())
        _ = try await asking(1, at: gate, allowance)
        let (tasks, _) = try await waiting(5, at: gate, allowance)
        tasks[1].cancel()
        await #expect(throws: CancellationError.self) { try await tasks[1].value }
        #expect(try await asking(3, at: gate, allowance) == [2, 6, 7])
        for task in tasks { task.cancel() }
    }
}
