import Curl
import Facts
import HTTPTypes
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("A platform's allowance is kept")
struct RateLimitTests {
    private let start = Timestamp(seconds: 1_772_445_600)

    /// Calls asked for at random moments, often several at once, as they may go.
    private func calls(_ limit: RateLimit, count: Int, pause: Int64, seed: UInt64) -> [Timestamp] {
        var (generator, bucket, now) = (SeededGenerator(seed: seed), RateLimit.Bucket(), start)
        return (0..<count).map { _ in
            if !generator.percent(60) {
                now = now + TimeSpan(microseconds: Int64.random(in: 0...pause, using: &generator))
            }
            return bucket.take(limit, now: now).at
        }
    }

    private static let allowances: [(Int, Int64)] = [
        (1, 1), (1, 3600), (2, 60), (3, 1), (5, 1), (7, 10), (60, 60), (100, 10), (100, 86_400), (500, 1), (3000, 60),
        (10_000, 60), (30_000, 60),
    ]

    @Test("no such time, wherever it begins, holds more calls than allowed", arguments: allowances)
    func windows(_ calls: Int, _ seconds: Int64) {
        let limit = RateLimit(calls: calls, per: .seconds(seconds))
        for seed in 1...3 as ClosedRange<UInt64> {
            // About as fast as allowed, and far faster.
            for pause in [2_000_000 * seconds / Int64(calls), 1000] {
                let moments = self.calls(limit, count: calls * 3 + 20, pause: pause, seed: seed)
                #expect(zip(moments, moments.dropFirst()).allSatisfy { $0 <= $1 }, "who asks first goes first")
                // A call and the one so many before it lie farther apart.
                #expect(zip(moments, moments.dropFirst(calls)).allSatisfy { $1 - $0 >= .seconds(seconds) })
            }
        }
    }

    private static let buckets: [(Int, Int64, Int)] = [(20, 3600, 20), (1, 60, 5), (7, 2, 3)]

    @Test("a bucket of the platform's own, filled at its rate, never runs dry", arguments: buckets)
    func bucket(_ calls: Int, _ seconds: Int64, _ burst: Int) {
        let limit = RateLimit(calls: calls, per: .seconds(seconds), burst: burst)
        for seed in 1...5 as ClosedRange<UInt64> {
            let moments = self.calls(limit, count: 400, pause: 3_000_000 * seconds / Int64(calls), seed: seed)
            // In parts so small that one microsecond fills `calls` of them, and a call takes as many as make one.
            let (whole, full) = (seconds * 1_000_000, Int64(burst) * seconds * 1_000_000)
            var (there, last) = (full, moments[0])
            for moment in moments {
                there = min(full, there + (moment - last).microseconds * Int64(calls)) - whole
                last = moment
                #expect(there >= 0)
                if there < 0 { return }
            }
        }
    }

    @Test("a call that may go goes at once")
    func atOnce() {
        var bucket = RateLimit.Bucket()
        let limit = RateLimit(calls: 20, per: .hours(1), burst: 20)
        #expect((0..<20).allSatisfy { _ in bucket.take(limit, now: start).at == start })
        #expect(bucket.take(limit, now: start).at == start + .seconds(180))
        // Long after, the bucket is full again, and no fuller.
        let later = start + .days(1)
        #expect((0..<20).allSatisfy { _ in bucket.take(limit, now: later).at == later })
        #expect(bucket.take(limit, now: later).at > later)
    }

    /// What an answer's head says, in the fields that the limit names.
    private func learn(
        _ gate: RateGate, _ allowance: RateLimit.Allowance, _ clock: ManualClock, _ fields: [(String, String)]
    ) async throws {
        var headers = HTTPFields()
        for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
        let answer = Reply(status: .ok, headers: headers)
        await gate.learn([RateNews(allowance, in: answer, now: clock.now)].compactMap(\.self), at: clock.now)
    }

    static let rates: [(told: String, each: Int64)] = [
        // One call in ten seconds by the pack.
        ("0.05", 20_000_000), ("0.0999", 10_010_011), ("0.5", 2_000_000),
        // What may be rounded up is no faster.
        ("0.1", 10_000_000), ("0.101", 10_000_000),
        ("", 10_000_000), ("0", 10_000_000), ("-1", 10_000_000), ("many", 10_000_000), ("0.000001", 86_400_000_000),
    ]

    @Test("the rate that an answer tells holds from then on", arguments: rates)
    func toldRate(_ row: (told: String, each: Int64)) async throws {
        let (gate, clock) = (RateGate(), ManualClock(start))
        let allowance = RateLimit.Allowance(
            key: "a", limit: RateLimit(calls: 1, per: .seconds(10), burst: 2),
            headers: PullPlan.Limit.Headers(rate: "x-rate"))
        func pass() async throws { try await gate.pass([allowance], isFirst: false, clock: clock) }
        try await pass()
        try await learn(gate, allowance, clock, [("X-Rate", row.told)])
        try await pass()
        #expect(clock.now == start, "so many at once as before")
        for _ in 1...3 {
            let before = clock.now
            try await pass()
            #expect((clock.now - before).microseconds == row.each)
        }
    }

    @Test("what is left is used, and then it is waited until there is more, however it is written")
    func left() async throws {
        let (gate, clock) = (RateGate(), ManualClock(start))
        let allowance = RateLimit.Allowance(
            key: "a", limit: RateLimit(calls: 60, per: .minutes(1), burst: 10),
            headers: PullPlan.Limit.Headers(left: "x-left", again: "x-again"))
        func pass() async throws -> TimeSpan {
            try await gate.pass([allowance], isFirst: false, clock: clock)
            return clock.now - start
        }
        #expect(try await pass() == .zero)
        try await learn(gate, allowance, clock, [("x-left", "50")])
        #expect(try await pass() == .zero, "more are left than we would use")
        try await learn(gate, allowance, clock, [("x-left", "2"), ("x-again", "\(1_772_445_600 + 40)")])
        #expect(try await pass() == .zero)
        #expect(try await pass() == .zero)
        // The third comes as one comes back.
        #expect(try await pass() == .seconds(1))
        try await learn(gate, allowance, clock, [("x-left", "0"), ("x-again", "\(1_772_445_600 + 40)000")])
        #expect(try await pass() == .seconds(40))
        try await learn(gate, allowance, clock, [("x-left", "0"), ("x-again", "\(1_772_445_600 + 45)")])
        #expect(try await pass() == .seconds(45))
        // A moment that is over, or none, holds up no more than one call takes.
        try await learn(gate, allowance, clock, [("x-left", "0"), ("x-again", "17")])
        #expect(try await pass() <= .seconds(47))
        // One in years is a slip.
        try await learn(gate, allowance, clock, [("x-left", "0"), ("x-again", "99999999999")])
        #expect(try await pass() <= .days(1) + .minutes(1))
    }

    @Test("stores of one application share its allowance, and a call waits for the latest of what it counts against")
    func gate() async throws {
        let (gate, clock) = (RateGate(), ManualClock(start))
        let application = RateLimit.Allowance(key: "app", limit: RateLimit(calls: 3, per: .seconds(3), burst: 3))
        func pass(_ store: String?) async throws -> TimeSpan {
            let own = store.map { RateLimit.Allowance(key: $0, limit: RateLimit(calls: 1, per: .seconds(10))) }
            try await gate.pass([own, application].compactMap(\.self), isFirst: false, clock: clock)
            return clock.now - start
        }
        for name in ["a", "b", "c"] { #expect(try await pass(name) == .zero) }
        #expect(try await pass("d") == .seconds(1))
        // Of its own shop the second call waits longer, and a little more than the ten seconds.
        #expect(try await pass("a") == .milliseconds(10_250))
        try await gate.pass([], isFirst: false, clock: clock)
        #expect(clock.now - start == .milliseconds(10_250))
    }
}
