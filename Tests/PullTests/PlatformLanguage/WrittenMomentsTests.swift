import Facts
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("Moments are read and written as each platform writes them")
struct WrittenMomentsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var form: PullPlan.Moments
        var text: String
        /// nil: not written so.
        var moment: String?
        var zone = "Asia/Shanghai"
        var testDescription: String { "\(form.rawValue) \(text)" }
    }

    static let rows: [Row] = [
        Row(form: .rfc3339, text: "2013-05-27T10:01:50.000-04:00", moment: "2013-05-27T14:01:50Z"),
        Row(form: .rfc3339, text: "2024-12-27T23:59:59Z", moment: "2024-12-27T23:59:59Z"),
        Row(form: .rfc3339, text: "2026-03-02 10:00:00 +0800", moment: "2026-03-02T02:00:00Z"),
        Row(form: .rfc3339, text: "2026-03-02 10:00:00 -03:30", moment: "2026-03-02T13:30:00Z"),
        Row(form: .rfc3339, text: "2026-03-02T10:00:00"), Row(form: .rfc3339, text: "1712726577"),
        Row(form: .rfc3339, text: "yesterday"),
        Row(form: .rfc3339Milliseconds, text: "2019-02-21T01:01:08.5Z", moment: "2019-02-21T01:01:08.5Z"),
        Row(form: .gmt, text: "2017-03-22T19:28:02", moment: "2017-03-22T19:28:02Z"),
        Row(form: .gmt, text: "2017-03-22T19:28:02Z", moment: "2017-03-22T19:28:02Z"),
        Row(form: .gmt, text: "2017-03-22"),
        Row(form: .china, text: "2018-04-10 17:18:03", moment: "2018-04-10T09:18:03Z"),
        // Whatever the store's own zone.
        Row(form: .china, text: "2018-04-10 00:00:00", moment: "2018-04-09T16:00:00Z", zone: "America/New_York"),
        Row(form: .china, text: "0000-00-00 00:00:00"), Row(form: .china, text: "1551612204"),
        Row(form: .local, text: "2026-03-02T10:00:00", moment: "2026-03-02T15:00:00Z", zone: "America/New_York"),
        Row(form: .local, text: "2026-07-01 10:00:00", moment: "2026-07-01T14:00:00Z", zone: "America/New_York"),
        Row(form: .unix, text: "1551612204", moment: "2019-03-03T11:23:24Z"),
        // Milliseconds are no seconds: it would be the year 53,000.
        Row(form: .unix, text: "1638792640659"), Row(form: .unix, text: "2018-04-10 17:18:03"),
        // As one of Amazon's samples has it.
        Row(form: .unix, text: "1.569521782042E9"), Row(form: .rfc3339, text: "1.569521782042E9"),
        Row(form: .unix, text: "-1"), Row(form: .unix, text: "99999999999999999999"),
        Row(form: .unixMilliseconds, text: "1638792640659", moment: "2021-12-06T12:10:40.659Z"),
        Row(form: .unixMilliseconds, text: "1551612204"),
        Row(form: .day, text: "2013-05-03", moment: "2013-05-03T00:00:00Z"),
        Row(form: .day, text: "2013-05-03T20:00:00-04:00", moment: "2013-05-03T00:00:00Z"),
        Row(form: .day, text: "May 3"),
    ]

    @Test("each form reads its own, and nothing else", arguments: rows)
    func reads(_ row: Row) throws {
        let calendar = try #require(StoreCalendar(timezone: row.zone))
        switch row.form.reading(row.text, calendar) {
        case .moment(let moment): #expect("\(moment)" == row.moment)
        case .none: Issue.record("none")
        case .otherwise: #expect(row.moment == nil)
        }
    }

    @Test("0 seconds stand for no moment", arguments: [PullPlan.Moments.unix, .unixMilliseconds])
    func zero(_ form: PullPlan.Moments) {
        for text in ["0", "00"] {
            guard case .none = form.reading(text, .utc) else {
                Issue.record("\(form) \(text)")
                continue
            }
        }
    }

    @Test("what is asked for is read back as the second it was, in every form and zone")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 47)
        for zone in ["UTC", "Asia/Shanghai", "America/Sao_Paulo", "Asia/Kolkata"] {
            let calendar = try #require(StoreCalendar(timezone: zone))
            for _ in 0..<300 {
                let second = Int64.random(in: 1_600_000_000...1_900_000_000, using: &generator)
                let moment = Timestamp(
                    microseconds: second * 1_000_000 + Int64.random(in: 0..<1_000_000, using: &generator))
                for form in PullPlan.Moments.allCases {
                    let text = form.text(moment, calendar)
                    guard case .moment(let read) = form.reading(text, calendar) else {
                        Issue.record("\(form) \(text)")
                        continue
                    }
                    let expected = form == .day ? second - second % 86_400 : second
                    #expect(read == Timestamp(seconds: expected), "\(form) \(zone) \(text)")
                }
            }
        }
    }

    @Test("what is asked for is written as documented")
    func writes() {
        let moment = Timestamp(microseconds: 1_772_445_600_999_999)
        let texts = PullPlan.Moments.allCases.map { "\($0.rawValue) \($0.text(moment, .utc))" }
        #expect(
            texts == [
                "rfc3339 2026-03-02T10:00:00Z", "rfc3339_ms 2026-03-02T10:00:00.000Z", "gmt 2026-03-02T10:00:00",
                "china 2026-03-02 18:00:00", "local 2026-03-02T10:00:00", "unix 1772445600", "unix_ms 1772445600000",
                "day 2026-03-02",
            ])
    }
}
