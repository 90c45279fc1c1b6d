import Alerts
import Facts
import Rules
import Testing

@testable import Daemon

@Suite("How a rule stood along days, from the changes that were kept")
struct StoodTests {
    private static let noon = Timestamp("2026-03-02T12:00:00+08:00")!
    private static let shanghai = StoreCalendar(timezone: "Asia/Shanghai")!

    private func change(_ hours: Int64, _ standing: Standing, _ because: String = "") -> StandingChange {
        StandingChange(
            key: AlertKey(store: "s", rule: "r"), judgedAt: Self.noon + .hours(hours), at: Self.noon, before: nil,
            standing: standing, judgedTo: nil, limit: "x < 1", values: [:], because: Words(because), pack: "p",
            configuration: "c")
    }

    /// From the second to the eighth of March; now is noon of the seventh.
    private func stood(_ changes: [StandingChange]) -> Stood {
        Stood(
            changes, days: LocalDay("2026-03-02")!...LocalDay("2026-03-08")!, Self.shanghai,
            now: Self.noon + .days(5))
    }

    private func days(_ stood: Stood) -> String {
        (2...8).map { stood.days[LocalDay(year: 2026, month: 3, day: $0)].map { "\($0)".prefix(3) } ?? "–" }
            .joined(separator: " ")
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var changes: [(Int64, Standing)]
        var days: String
        var stays: [String] = []
    }

    @Test(
        "by day the worst that was shown of breach and warning, else what lasted longest",
        arguments: [
            Row(testDescription: "nobody looked", changes: [], days: "– – – – – – –"),
            Row(testDescription: "first seen on the third", changes: [(20, .ok)], days: "– ok ok ok ok ok –"),
            Row(
                testDescription: "a minute of unknown", changes: [(0, .ok), (24, .unknown), (25, .ok)],
                days: "ok ok ok ok ok ok –"),
            Row(
                testDescription: "unknown for days", changes: [(0, .ok), (20, .unknown)],
                days: "ok unk unk unk unk unk –"),
            Row(
                testDescription: "a breach of an hour", changes: [(0, .ok), (24, .breach), (25, .ok)],
                days: "ok bre ok ok ok ok –", stays: ["breach 1"]),
            Row(
                testDescription: "over midnight", changes: [(0, .ok), (11, .breach), (13, .ok)],
                days: "bre bre ok ok ok ok –", stays: ["breach 2"]),
            Row(
                testDescription: "from before the days, warned and then worse, and still",
                changes: [(-50, .warning), (48, .breach)],
                days: "war war bre bre bre bre –", stays: ["breach 6 goes on"]),
            Row(
                testDescription: "unknown in between ends nothing",
                changes: [(0, .breach), (24, .unknown), (72, .breach), (96, .ok)],
                days: "bre bre unk bre bre ok –", stays: ["breach 4"]),
            Row(
                testDescription: "twice", changes: [(0, .breach), (24, .ok), (72, .warning), (96, .unjudged)],
                days: "bre bre ok war war unj –", stays: ["breach 2", "warning 2"]),
            Row(
                testDescription: "over before the days", changes: [(-90, .breach), (-60, .ok)],
                days: "ok ok ok ok ok ok –"),
        ])
    func rows(_ row: Row) {
        let stood = stood(row.changes.map { change($0.0, $0.1) })
        #expect(days(stood) == row.days)
        #expect(
            stood.stays.map { "\($0.standing.rawValue) \($0.days)" + ($0.until == nil ? " goes on" : "") } == row.stays)
    }

    @Test("a day on which the daemon did not run is unknown, and no day of a stay; a part of a day stands for it")
    func off() {
        // At work from noon of the second to noon of the third, and from noon of the sixth on.
        let watch = WatchLog(
            ([(0, 24), (96, 120)] as [(Int64, Int64)]).map { "\(Self.noon + .hours($0.0)) \(Self.noon + .hours($0.1))" }
                .joined(separator: "\n"))
        func stood(_ changes: [StandingChange]) -> Stood {
            Stood(
                changes, days: LocalDay("2026-03-02")!...LocalDay("2026-03-08")!, Self.shanghai,
                watch: watch, now: Self.noon + .days(5))
        }
        #expect(days(stood([change(0, .ok)])) == "ok ok unk unk ok ok –")
        let breach = stood([change(0, .breach), change(96, .ok)])
        #expect(days(breach) == "bre bre unk unk ok ok –" && breach.stays.map(\.days) == [2])
        // Before anybody wrote it down it is taken for at work.
        #expect(days(stood([change(-30, .warning), change(96, .ok)])) == "war war unk unk ok ok –")
        let noon = LocalDay("2026-03-04")!
        #expect(!watch.covers(Self.shanghai.range(of: noon), until: Self.noon + .days(5)))
        #expect(watch.covers(Self.shanghai.range(of: noon.advanced(by: -1)), until: Self.noon + .days(5)))
    }

    @Test("when it was at work is written down once a minute, and a pause begins a new stretch")
    func watchLog() {
        var log = WatchLog(nil)
        let written = ([0, 30, 90, 100, 900, 5000, 5100] as [Int64]).map { log.note(Self.noon + .seconds($0)) }
        #expect(written == [true, false, true, false, true, true, true])
        #expect(
            log.text == "2026-03-02T04:00:00Z 2026-03-02T04:15:00Z\n2026-03-02T05:23:20Z 2026-03-02T05:25:00Z")
        #expect(WatchLog(log.text) == log && WatchLog("no time\n").stretches.isEmpty)
    }

    @Test("of more pauses than it keeps, what it forgot counts as not watched, and never as watched")
    func forgets() {
        var log = WatchLog(nil)
        for hour in 0...1001 { _ = log.note(Self.noon + .hours(Int64(hour))) }
        #expect(log.stretches.count == 1000 && log.stretches[0].lowerBound == Self.noon)
        #expect(log.parts(of: Self.noon + .hours(1)..<Self.noon + .hours(2)).allSatisfy { !$0.isWatched })
        #expect(log.parts(of: Self.noon + .hours(1001)..<Self.noon + .hours(1001) + .minutes(5))[0].isWatched)
    }

    @Test("a stay bears the cause by which it came to be the worst")
    func cause() {
        let changes = [change(0, .warning, "near"), change(30, .breach, "over")]
        #expect(stood(changes).stays.map(\.because.en) == ["over"])
        #expect(stood(changes).stays[0].from == Self.noon)
    }
}
