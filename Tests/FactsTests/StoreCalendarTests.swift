import Facts
import Foundation
import TestSupport
import Testing

@Suite struct StoreCalendarTests {
    // Worked out with Python's zoneinfo: the first minute whose local date is that day.
    @Test(
        "a moment is written as the store's clock shows it",
        arguments: [
            ("Asia/Shanghai", "2026-03-02T10:00:00Z", "2026-03-02T18:00:00+08:00"),
            // People read no fractions of a second.
            ("America/New_York", "2026-03-08T06:59:59.5Z", "2026-03-08T01:59:59-05:00"),
            ("America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00-04:00"),
            ("Asia/Kolkata", "2026-12-31T18:30:00Z", "2027-01-01T00:00:00+05:30"),
            ("UTC", "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z"),
        ])
    func text(_ zone: String, _ moment: String, _ expected: String) throws {
        let calendar = try #require(StoreCalendar(timezone: zone))
        let moment = try #require(Timestamp(moment))
        #expect(calendar.text(of: moment) == expected)
        let read = try #require(Timestamp(expected))
        #expect(read <= moment && moment - read < .seconds(1), "and is read back as the same")
    }

    @Test("a moment that ends something is written as the end of a day where it is one")
    func ends() throws {
        let calendar = try #require(StoreCalendar(timezone: "Asia/Shanghai"))
        let midnight = try #require(Timestamp("2026-02-28T16:00:00Z"))
        #expect(calendar.endText(of: midnight) == "2026-02-28T24:00:00+08:00")
        #expect(calendar.endText(of: midnight + .seconds(1)) == "2026-03-01T00:00:01+08:00")
    }

    @Test(
        "a local day begins at its first instant",
        arguments: [
            ("Europe/Berlin", "2026-03-28", "2026-03-27T23:00:00Z"),
            ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"),
            ("Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"),
            ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z"),
            ("Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z"),
            ("America/New_York", "2024-03-10", "2024-03-10T05:00:00Z"),
            ("America/New_York", "2024-03-11", "2024-03-11T04:00:00Z"),
            ("America/New_York", "2024-11-03", "2024-11-03T04:00:00Z"),
            ("America/New_York", "2024-11-04", "2024-11-04T05:00:00Z"),
            ("America/Sao_Paulo", "2017-10-14", "2017-10-14T03:00:00Z"),
            ("America/Sao_Paulo", "2017-10-15", "2017-10-15T03:00:00Z"),  // midnight did not exist
            ("America/Sao_Paulo", "2017-10-16", "2017-10-16T02:00:00Z"),
            ("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z"),  // 23:00 to midnight came twice
            ("America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"),
            ("Asia/Shanghai", "2026-03-02", "2026-03-01T16:00:00Z"),
            ("Asia/Shanghai", "1991-09-16", "1991-09-15T16:00:00Z"),
            ("Australia/Lord_Howe", "2023-10-01", "2023-09-30T13:30:00Z"),  // summer time is half an hour
            ("Australia/Lord_Howe", "2023-10-02", "2023-10-01T13:00:00Z"),
            ("Australia/Lord_Howe", "2024-04-07", "2024-04-06T13:00:00Z"),
            ("Australia/Lord_Howe", "2024-04-08", "2024-04-07T13:30:00Z"),
            ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z"),
            ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),  // skipped whole
            ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
            ("Pacific/Apia", "2012-01-01", "2011-12-31T10:00:00Z"),
            ("Asia/Kathmandu", "1986-01-01", "1985-12-31T18:30:00Z"),  // moved from +05:30 to +05:45
            ("Asia/Kathmandu", "1986-01-02", "1986-01-01T18:15:00Z"),
            ("Asia/Kathmandu", "2026-06-01", "2026-05-31T18:15:00Z"),
            ("Africa/Casablanca", "2019-05-05", "2019-05-04T23:00:00Z"),  // Ramadan
            ("Africa/Casablanca", "2019-05-06", "2019-05-06T00:00:00Z"),
            ("Africa/Casablanca", "2019-06-09", "2019-06-09T00:00:00Z"),
            ("Africa/Casablanca", "2019-06-10", "2019-06-09T23:00:00Z"),
            ("America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z"),  // a minute later the clocks went back to 23:01
            ("America/St_Johns", "2010-11-08", "2010-11-08T03:30:00Z"),
            ("UTC", "2000-02-29", "2000-02-29T00:00:00Z"),
        ] as [(String, String, String)])
    func startOfDay(zone: String, text: String, start: String) throws {
        let calendar = try #require(StoreCalendar(timezone: zone))
        let day = try #require(LocalDay(text))
        let instant = calendar.startOfDay(day)
        #expect(instant.description == start)
        let isSkipped = calendar.range(of: day).isEmpty
        #expect(isSkipped == (zone == "Pacific/Apia" && text == "2011-12-30"))
        #expect(calendar.day(of: instant) == (isSkipped ? day.advanced(by: 1) : day))
        let before = day.advanced(by: zone == "Pacific/Apia" && text == "2011-12-31" ? -2 : -1)
        #expect(calendar.day(of: instant - TimeSpan(microseconds: 1)) == before)
    }

    @Test("an hour that is repeated across midnight belongs to the day already begun")
    func dayIsNotLeftAgain() throws {
        let calendar = try #require(StoreCalendar(timezone: "America/St_Johns"))
        let repeated = try #require(Timestamp("2010-11-07T03:00:00Z"))  // 23:30 on the 6th, for the second time
        #expect(calendar.wallTime(of: repeated).day.description == "2010-11-06")
        #expect(calendar.day(of: repeated).description == "2010-11-07")
    }

    // Python: datetime(…, fold=0, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    @Test(
        "a wall time is a moment; the first of two, and moved on when skipped",
        arguments: [
            ("Europe/Berlin", "2026-03-29", 2 * 60 + 30, "2026-03-29T01:30:00Z"),
            ("Europe/Berlin", "2026-03-29", 3 * 60, "2026-03-29T01:00:00Z"),
            ("Europe/Berlin", "2026-10-25", 2 * 60 + 30, "2026-10-25T00:30:00Z"),
            ("Europe/Berlin", "2026-10-25", 3 * 60, "2026-10-25T02:00:00Z"),
            ("America/Sao_Paulo", "2017-10-15", 0, "2017-10-15T03:00:00Z"),
            ("America/Sao_Paulo", "2018-02-17", 23 * 60 + 30, "2018-02-18T01:30:00Z"),
            ("Australia/Lord_Howe", "2024-04-07", 105, "2024-04-06T14:45:00Z"),
            ("Pacific/Apia", "2011-12-30", 720, "2011-12-30T22:00:00Z"),
            ("Asia/Shanghai", "2026-03-02", 600, "2026-03-02T02:00:00Z"),
        ] as [(String, String, Int64, String)])
    func moment(zone: String, day: String, minute: Int64, expected: String) throws {
        let calendar = try #require(StoreCalendar(timezone: zone))
        let day = try #require(LocalDay(day))
        #expect(calendar.moment(day: day, microsecondsOfDay: minute * 60_000_000).description == expected)
    }

    @Test(
        "moving back keeps the wall time and clamps the day of month",
        arguments: [
            ("Europe/Berlin", "2026-03-30T10:00:00Z", 1, .days, "2026-03-29T10:00:00Z"),
            ("Europe/Berlin", "2026-03-30T10:00:00Z", 2, .days, "2026-03-28T11:00:00Z"),
            ("Europe/Berlin", "2026-03-30T00:30:00Z", 1, .days, "2026-03-29T01:30:00Z"),  // 02:30 did not exist
            ("Europe/Berlin", "2026-11-01T10:00:00Z", 1, .weeks, "2026-10-25T10:00:00Z"),
            ("Asia/Shanghai", "2026-03-31T04:00:00Z", 1, .months, "2026-02-28T04:00:00Z"),
            ("Asia/Shanghai", "2024-03-31T04:00:00Z", 1, .months, "2024-02-29T04:00:00Z"),
            ("Asia/Shanghai", "2026-01-15T04:00:00Z", 13, .months, "2024-12-15T04:00:00Z"),
            ("Asia/Shanghai", "2026-01-31T04:00:00.5Z", -1, .months, "2026-02-28T04:00:00.5Z"),
            ("UTC", "2026-01-31T04:00:00Z", 0, .months, "2026-01-31T04:00:00Z"),
        ] as [(String, String, Int, CalendarUnit, String)])
    func moving(zone: String, from: String, count: Int, unit: CalendarUnit, to: String) throws {
        let calendar = try #require(StoreCalendar(timezone: zone))
        let moment = try #require(Timestamp(from))
        #expect(calendar.moving(moment, back: count, unit).description == to)
    }

    @Test("what is no zone is refused", arguments: ["", "GMT+8", "CST", "Nowhere/Land", "utc", "Asia/", "/"])
    func refused(zone: String) { #expect(StoreCalendar(timezone: zone) == nil) }

    @Test(
        "days and wall times agree with Foundation's calendar on random moments",
        arguments: [
            "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Shanghai", "Australia/Lord_Howe",
            "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca", "Europe/Dublin", "Asia/Tehran", "America/Caracas",
            "Asia/Pyongyang", "Pacific/Kiritimati", "Antarctica/Troll", "Etc/UTC",
        ])
    func agreesWithFoundation(name: String) throws {
        let calendar = try #require(StoreCalendar(timezone: name))
        var oracle = Calendar(identifier: .gregorian)
        oracle.timeZone = try #require(TimeZone(identifier: name))
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<4000 {
            let second = Int64.random(in: 788_918_400..<4_102_444_800, using: &generator)
            let parts = oracle.dateComponents(
                [.year, .month, .day, .hour, .minute, .second],
                from: Date(timeIntervalSince1970: Double(second)))
            let moment = Timestamp(seconds: second)
            let wall = calendar.wallTime(of: moment)
            let day = LocalDay(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
            let clock = ((parts.hour ?? 0) * 60 + (parts.minute ?? 0)) * 60 + (parts.second ?? 0)
            #expect(calendar.day(of: moment) == day, "\(name) \(moment)")
            #expect(wall.day == day && wall.microsecondsOfDay == Int64(clock) * 1_000_000, "\(name) \(moment)")
            #expect(calendar.hour(of: moment) == parts.hour)
            #expect(calendar.range(of: day).contains(moment), "\(name) \(moment)")
        }
    }

    @Test(
        "days part time without gap or overlap, over every day of every zone's table",
        arguments: [
            "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "America/Sao_Paulo", "Pacific/Kwajalein",
        ])
    func partition(name: String) throws {
        let calendar = try #require(StoreCalendar(timezone: name))
        var start = calendar.startOfDay(LocalDay(number: 0))
        for number in Int32(0)..<48_000 {
            let next = calendar.startOfDay(LocalDay(number: number + 1))
            #expect(start <= next && next - start <= .hours(26), "\(name) \(LocalDay(number: number))")
            if start < next {
                #expect(calendar.day(of: start).number == number)
                #expect(calendar.day(of: next - TimeSpan(microseconds: 1)).number == number)
            }
            start = next
        }
    }

    @Test("weeks, months, quarters and years begin where they should")
    func beginnings() throws {
        let day = try #require(LocalDay("2026-08-19"))  // a Wednesday
        #expect(day.weekday == 3)
        #expect(day.startOfWeek.description == "2026-08-17")
        #expect(day.startOfMonth.description == "2026-08-01")
        #expect(day.startOfQuarter.description == "2026-07-01")
        #expect(day.startOfYear.description == "2026-01-01")
        #expect(LocalDay(number: -1).weekday == 3)  // 1969-12-31
    }
}
