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

@Suite("the schedule of a source")
struct PullScheduleTests {
    @Test("stale after three times `every`, and at least a quarter of an hour")
    func staleAfter() {
        #expect(PullSchedule.staleAfter(every: .minutes(5)) == .minutes(15))
        #expect(PullSchedule.staleAfter(every: .minutes(1)) == .minutes(15))
        #expect(PullSchedule.staleAfter(every: .hours(1)) == .hours(3))
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
