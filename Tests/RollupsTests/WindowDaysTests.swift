import Facts
import Language
import Rollups
import Testing

/// One row: a window, a moment on the wall of a zone, and the days it must cover, written out.
struct WindowCase: Sendable, CustomTestStringConvertible {
    let window: Window
    /// `2026-03-31 23:59`; noon when only the day is given.
    let at: String
    let zone: String
    /// First and last day, both included; nil is no day at all.
    let days: (first: String, last: String)?
    let partOfToday: Bool

    init(
        _ window: Window, at: String, in zone: String = "Asia/Shanghai", _ days: (String, String)?,
        partOfToday: Bool = false
    ) { (self.window, self.at, self.zone, self.days, self.partOfToday) = (window, at, zone, days, partOfToday) }

    var testDescription: String { "\(window) at \(at) in \(zone)" }

    /// The moment at which the wall shows `at`.
    func moment(in calendar: StoreCalendar) throws -> (day: LocalDay, moment: Timestamp) {
        let parts = at.split(separator: " ")
        let day = try #require(LocalDay(parts[0]))
        let clock = parts.count == 1 ? [12, 0] : parts[1].split(separator: ":").compactMap { Int64($0) }
        return (day, calendar.moment(day: day, microsecondsOfDay: (clock[0] * 60 + clock[1]) * 60_000_000))
    }
}

@Suite("Windows in days")
struct WindowDaysTests {
    static let cases: [WindowCase] = [
        // Complete days before the day of evaluation, today excluded.
        WindowCase(Window(30, .day), at: "2026-03-31", ("2026-03-01", "2026-03-30")),
        WindowCase(Window(1, .day), at: "2026-01-01", ("2025-12-31", "2025-12-31")),
        WindowCase(Window(30, .day), at: "2026-03-31 00:00", ("2026-03-01", "2026-03-30")),
        WindowCase(Window(30, .day), at: "2026-03-31 23:59", ("2026-03-01", "2026-03-30")),
        WindowCase(Window(30, .day, offset: CalendarOffset(5, .day)), at: "2026-03-31", ("2026-02-24", "2026-03-25")),
        // Including today: so many days of which today is the last.
        WindowCase(
            Window(30, .day, includesToday: true), at: "2026-03-31", ("2026-03-02", "2026-03-30"), partOfToday: true),
        WindowCase(Window(1, .day, includesToday: true), at: "2026-03-31", nil, partOfToday: true),
        // Leap years.
        WindowCase(Window(1, .day), at: "2028-03-01", ("2028-02-29", "2028-02-29")),
        WindowCase(Window(1, .day), at: "2027-03-01", ("2027-02-28", "2027-02-28")),
        WindowCase(Window(1, .month), at: "2028-03-15", ("2028-02-01", "2028-02-29")),
        WindowCase(Window(365, .day), at: "2029-01-01", ("2028-01-02", "2028-12-31")),
        // Whole weeks, Monday to Sunday, before the current one: 2026-03-30 is a Monday.
        WindowCase(Window(1, .week), at: "2026-03-30", ("2026-03-23", "2026-03-29")),
        WindowCase(Window(1, .week), at: "2026-03-29", ("2026-03-16", "2026-03-22")),
        WindowCase(Window(4, .week), at: "2026-04-01", ("2026-03-02", "2026-03-29")),
        WindowCase(Window(1, .week, offset: CalendarOffset(1, .week)), at: "2026-04-01", ("2026-03-16", "2026-03-22")),
        WindowCase(Window(1, .week, offset: CalendarOffset(1, .day)), at: "2026-03-30", ("2026-03-16", "2026-03-22")),
        // Whole calendar months.
        WindowCase(Window(1, .month), at: "2026-03-01", ("2026-02-01", "2026-02-28")),
        WindowCase(Window(3, .month), at: "2026-02-28", ("2025-11-01", "2026-01-31")),
        WindowCase(Window(12, .month), at: "2026-01-31", ("2025-01-01", "2025-12-31")),
        WindowCase(Window(14, .month), at: "2026-01-31", ("2024-11-01", "2025-12-31")),
        // A month before 31 March is 28 February; two before 31 May is 31 March.
        WindowCase(Window(1, .day, offset: CalendarOffset(1, .month)), at: "2026-03-31", ("2026-02-27", "2026-02-27")),
        WindowCase(Window(1, .day, offset: CalendarOffset(1, .month)), at: "2028-03-31", ("2028-02-28", "2028-02-28")),
        WindowCase(Window(1, .day, offset: CalendarOffset(2, .month)), at: "2026-05-31", ("2026-03-30", "2026-03-30")),
        WindowCase(
            Window(1, .month, offset: CalendarOffset(1, .month)), at: "2026-03-31", ("2026-01-01", "2026-01-31")),
        // To date: from the begin of the current one to yesterday, none on its first day.
        WindowCase(Window(1, .weekToDate), at: "2026-04-02", ("2026-03-30", "2026-04-01")),
        WindowCase(Window(1, .weekToDate), at: "2026-03-30", nil),
        WindowCase(Window(1, .weekToDate, includesToday: true), at: "2026-03-30", nil, partOfToday: true),
        WindowCase(Window(1, .monthToDate), at: "2026-03-31", ("2026-03-01", "2026-03-30")),
        WindowCase(Window(1, .monthToDate), at: "2026-04-01", nil),
        WindowCase(
            Window(1, .monthToDate, offset: CalendarOffset(1, .month)), at: "2026-03-31", ("2026-02-01", "2026-02-27")),
        WindowCase(Window(1, .quarterToDate), at: "2026-05-10", ("2026-04-01", "2026-05-09")),
        WindowCase(Window(1, .quarterToDate), at: "2026-12-31", ("2026-10-01", "2026-12-30")),
        WindowCase(Window(1, .yearToDate), at: "2026-12-31", ("2026-01-01", "2026-12-30")),
        WindowCase(
            Window(1, .yearToDate, includesToday: true), at: "2026-01-02", ("2026-01-01", "2026-01-01"),
            partOfToday: true),
        // Clock changes in New York: forward on 2026-03-08, back on 2026-11-01; days are days.
        WindowCase(Window(1, .day), at: "2026-03-09 00:00", in: "America/New_York", ("2026-03-08", "2026-03-08")),
        WindowCase(Window(7, .day), at: "2026-11-02 00:30", in: "America/New_York", ("2026-10-26", "2026-11-01")),
        WindowCase(
            Window(1, .day, offset: CalendarOffset(1, .day)), at: "2026-03-09 02:30", in: "America/New_York",
            ("2026-03-07", "2026-03-07")),
    ]

    @Test("cover the days written beside them", arguments: cases)
    func days(_ row: WindowCase) throws {
        let calendar = StoreCalendar.zone(row.zone)
        let (day, moment) = try row.moment(in: calendar)
        let span = row.window.span(at: moment, in: calendar)
        if let days = row.days {
            #expect(span.days.lowerBound.description == days.first)
            #expect(span.days.upperBound.advanced(by: -1).description == days.last)
        } else {
            #expect(span.days.isEmpty)
        }
        #expect((span.moments != nil) == row.partOfToday)
        if let moments = span.moments {
            #expect(moments.lowerBound == calendar.startOfDay(day))
            #expect(moments.contains(moment))
            #expect(!moments.contains(moment + TimeSpan(microseconds: 1)))
        }
    }

    @Test("hours are elapsed time that ends with the moment, whatever the clocks do")
    func hours() throws {
        // 2026-03-08 02:00 EST becomes 03:00 EDT: 2026-03-08 12:00 EDT is 16:00 UTC.
        let calendar = StoreCalendar.zone("America/New_York")
        let day = try #require(LocalDay("2026-03-08"))
        let noon = calendar.moment(day: day, microsecondsOfDay: 12 * 3_600_000_000)
        let sixteen = Timestamp(seconds: Int64(day.number) * 86_400 + 16 * 3600)
        #expect(noon == sixteen)
        let span = Window(24, .hour).span(at: noon, in: calendar)
        #expect(span.days.isEmpty)
        let moments = try #require(span.moments)
        #expect(!moments.contains(sixteen - .hours(24)))
        #expect(moments.contains(sixteen - .hours(24) + TimeSpan(microseconds: 1)))
        #expect(moments.contains(sixteen))
        #expect(!moments.contains(sixteen + TimeSpan(microseconds: 1)))
        // A day earlier at the same wall time is 23 hours before, for it is 12:00 EST, 17:00 UTC.
        let moved = try #require(
            Window(24, .hour, offset: CalendarOffset(1, .day)).span(at: noon, in: calendar).moments)
        #expect(moved.contains(sixteen - .hours(23)))
        #expect(!moved.contains(sixteen - .hours(23) + TimeSpan(microseconds: 1)))
    }

    @Test(
        "are shown as days before T with their dates",
        arguments: [
            (Window(30, .day), "T-30…T-1, 2026-03-01…2026-03-30"),
            (Window(30, .day, offset: CalendarOffset(5, .day)), "T-35…T-6, 2026-02-24…2026-03-25"),
            (Window(1, .day), "T-1, 2026-03-30"),
            (Window(2, .day, includesToday: true), "T-1…T, 2026-03-30…2026-03-31"),
            (Window(1, .weekToDate), "T-1, 2026-03-30"),
            (Window(1, .month), "T-58…T-31, 2026-02-01…2026-02-28"),
            (Window(24, .hour), "24 h in T-1…T, 2026-03-30…2026-03-31"),
        ])
    func shown(_ window: Window, _ text: String) throws {
        let calendar = StoreCalendar.zone("Asia/Shanghai")
        let day = try #require(LocalDay("2026-03-31"))
        let noon = calendar.moment(day: day, microsecondsOfDay: 12 * 3_600_000_000)
        #expect(window.describe(at: noon, calendar: calendar) == text)
    }

    @Test("a window without days says so")
    func empty() throws {
        let calendar = StoreCalendar.utc
        let monday = calendar.startOfDay(try #require(LocalDay("2026-03-30")))
        #expect(Window(1, .weekToDate).describe(at: monday, calendar: calendar) == "no day yet")
    }
}
