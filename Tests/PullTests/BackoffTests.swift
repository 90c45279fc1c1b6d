import Facts
import Pull
import TestSupport
import Testing

@Suite("waiting between attempts")
struct BackoffTests {
    struct Row: Sendable { var failure: Int; var expected: ClosedRange<Int64> }

    /// First wait 1 s, longest 60 s; half of each wait is left to chance.
    @Test(
        "the wait doubles up to the longest",
        arguments: [
            Row(failure: 1, expected: 500_000...1_000_000), Row(failure: 2, expected: 1_000_000...2_000_000),
            Row(failure: 4, expected: 4_000_000...8_000_000), Row(failure: 7, expected: 30_000_000...60_000_000),
            Row(failure: 1_000, expected: 30_000_000...60_000_000),
        ])
    func doubles(_ row: Row) {
        var generator = SeededGenerator(seed: 7)
        let waits = (0..<200).map { _ in Backoff.standard.wait(after: row.failure, using: &generator).microseconds }
        #expect(waits.allSatisfy(row.expected.contains))
        #expect(Set(waits).count > 100, "waits are spread")
    }

    @Test("what was asked for is waited in full, and a little more")
    func asked() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<100 {
            let wait = Backoff.standard.wait(after: 1, asked: .seconds(120), using: &generator)
            #expect(wait >= .seconds(120) && wait <= .seconds(121))
        }
        let short = Backoff.standard.wait(after: 7, asked: .seconds(1), using: &generator)
        #expect(short >= .seconds(30), "asking for less than our own wait does not shorten it")
    }
}

@Suite("an allowance")
struct RateLimitTests {
    private let start = Timestamp(seconds: 1_780_000_000)

    @Test("a burst is let through, then requests are spaced; what is left unused comes back")
    func spaces() {
        // Three in 30 s: one each 10 s once the burst is used up.
        var limit = RateLimit(requests: 3, in: .seconds(30))
        let places = (0..<5).map { _ in (limit.reserve(at: start) - start).microseconds / 1_000_000 }
        #expect(places == [0, 0, 0, 10, 20])
        // By then the five are paid off after 50 s.
        let later = start + .seconds(100)
        let again = (0..<4).map { _ in (limit.reserve(at: later) - later).microseconds / 1_000_000 }
        #expect(again == [0, 0, 0, 10])
    }

    @Test("a closed door stays closed for everyone until it opens")
    func closes() {
        var limit = RateLimit(requests: 100, in: .seconds(1))
        limit.close(until: start + .seconds(60))
        let place = limit.reserve(at: start)
        #expect(place == start + .seconds(60))
        limit.close(until: start + .seconds(5))
        let next = limit.reserve(at: start + .seconds(10))
        #expect(next >= start + .seconds(60), "an earlier word does not open it")
    }
}

@Suite("the schedule of a source")
struct PullScheduleTests {
    @Test("stale after three times `every`, and at least a quarter of an hour")
    func staleAfter() {
        #expect(PullSchedule(every: .minutes(5)).staleAfter == .minutes(15))
        #expect(PullSchedule(every: .minutes(1)).staleAfter == .minutes(15))
        #expect(PullSchedule(every: .hours(1)).staleAfter == .hours(3))
        #expect(PullSchedule(every: .minutes(5), staleAfter: .hours(2)).staleAfter == .hours(2))
    }

    @Test("the next pull follows the beginning of the last, and no sooner than was asked for")
    func next() {
        let schedule = PullSchedule(every: .minutes(5))
        let began = Timestamp(seconds: 1_780_000_000)
        #expect(schedule.next(after: began, now: began + .minutes(1)) == began + .minutes(5))
        #expect(schedule.next(after: began, now: began + .minutes(9)) == began + .minutes(9))
        #expect(
            schedule.next(after: began, now: began + .minutes(1), notBefore: began + .minutes(7)) == began + .minutes(7)
        )
    }
}
