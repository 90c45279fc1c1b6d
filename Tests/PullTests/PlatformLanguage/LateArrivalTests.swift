import Facts
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("Calls that are held up on their way pass no limit")
struct LateArrivalTests {
    private let start = Timestamp(seconds: 1_772_445_600)
    private let longest: Int64 = 250_000

    /// When calls arrive that go as soon as they may, some of them late.
    private func arrivals(_ limit: RateLimit, cost: Int = 1, count: Int, seed: UInt64) -> [Timestamp] {
        var (generator, bucket, now) = (SeededGenerator(seed: seed), RateLimit.Bucket(), start)
        return (0..<count).map { number in
            // After a pause, as after every pull, all may come at once.
            if number % 40 == 39 { now = now + .seconds(60) }
            now = max(now, bucket.take(limit, cost: cost, now: now).at)
            let late = generator.percent(50) ? Int64.random(in: 0...longest, using: &generator) : 0
            return now + TimeSpan(microseconds: late)
        }.sorted()
    }

    @Test(
        "no such time holds more arrivals than allowed, for times of some seconds",
        arguments: [(5, 1), (10, 1), (20, 1), (500, 1), (7, 2), (100, 10)])
    func windows(_ calls: Int, _ seconds: Int64) {
        for seed in 1...20 as ClosedRange<UInt64> {
            let moments = arrivals(RateLimit(calls: calls, per: .seconds(seconds)), count: calls * 3 + 100, seed: seed)
            let isKept = zip(moments, moments.dropFirst(calls)).allSatisfy { $1 - $0 >= .seconds(seconds) }
            #expect(isKept, "\(calls) in \(seconds) s, seed \(seed)")
            if !isKept { return }
        }
    }

    @Test(
        "a bucket of points that loses what comes back while it is full is never overdrawn",
        arguments: [(100, 2000, 753), (1000, 20_000, 903), (50, 1000, 154)])
    func points(_ rate: Int, _ size: Int, _ cost: Int) {
        for seed in 1...20 as ClosedRange<UInt64> {
            let moments = arrivals(
                RateLimit(calls: rate, per: .seconds(1), burst: size).countingLate(), cost: cost, count: 200, seed: seed
            )
            var (there, last) = (Int64(size) * 1_000_000, moments[0])
            var least = there
            for moment in moments {
                there = min(Int64(size) * 1_000_000, there + (moment - last).microseconds * Int64(rate))
                there -= Int64(cost) * 1_000_000
                (last, least) = (moment, min(least, there))
            }
            #expect(least >= 0, "seed \(seed): \(-least) millionths of a point too many")
            if least < 0 { return }
        }
    }

    @Test("over minutes and longer nothing is given away")
    func longer() {
        #expect(RateLimit(calls: 60, per: .minutes(1)).each == TimeSpan(microseconds: 1_111_112))
        let limit = RateLimit(calls: 100, per: .days(1))
        #expect(limit.each == .seconds(960) && limit.burst == 10)
    }
}
