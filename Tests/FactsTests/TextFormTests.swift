import Facts
import TestSupport
import Testing

@Suite struct TextFormTests {
    @Test(
        "RFC 3339 is read, and printed in UTC",
        arguments: [
            ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z"),
            ("2026-03-02T10:00:00+08:00", "2026-03-02T02:00:00Z"),
            ("2026-03-02t10:00:00z", "2026-03-02T10:00:00Z"),
            ("2026-03-02 10:00:00-05:30", "2026-03-02T15:30:00Z"),
            ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"),
            ("2026-03-02T10:00:00.5Z", "2026-03-02T10:00:00.5Z"),
            ("2026-03-02T10:00:00.000Z", "2026-03-02T10:00:00Z"),
            ("2026-03-02T10:00:00.1234569Z", "2026-03-02T10:00:00.123456Z"),
            ("2026-03-02T10:00:00.000001Z", "2026-03-02T10:00:00.000001Z"),
            ("2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00Z"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
            ("2017-01-01T08:59:60.7+09:00", "2017-01-01T00:00:00Z"),
            ("1995-01-01T00:00:00Z", "1995-01-01T00:00:00Z"),
            ("2099-12-31T23:59:59.999999Z", "2099-12-31T23:59:59.999999Z"),
        ] as [(String, String)])
    func timestamps(text: String, printed: String) throws {
        let moment = try #require(Timestamp(text))
        #expect(moment.description == printed)
        #expect(Timestamp(printed) == moment)
    }

    @Test("2026-03-02T10:00:00Z is 1772445600 seconds after 1970")  // date -u -d 2026-03-02T10:00:00Z +%s
    func epoch() { #expect(Timestamp("2026-03-02T10:00:00Z") == Timestamp(seconds: 1_772_445_600)) }

    @Test(
        "what is no moment of a fact is refused with its reason",
        arguments: [
            ("2026-03-02T10:00:00", .withoutOffset),
            ("2026-03-02T10:00:00.25", .withoutOffset),
            ("2026-03-02", .notATime), ("", .notATime), ("2026-03-02T10:00Z", .notATime),
            ("2026-02-29T10:00:00Z", .notATime), ("2026-13-02T10:00:00Z", .notATime),
            ("2026-00-02T10:00:00Z", .notATime), ("2026-03-00T10:00:00Z", .notATime),
            ("2026-03-02T24:00:00Z", .notATime), ("2026-03-02T10:60:00Z", .notATime),
            ("2026-03-02T10:00:61Z", .notATime), ("2026-03-02T10:00:60Z", .notATime),
            ("2026-03-02T10:00:00+0800", .notATime), ("2026-03-02T10:00:00+24:00", .notATime),
            ("2026-03-02T10:00:00.Z", .notATime), ("2026-03-02T10:00:00Z ", .notATime),
            ("２026-03-02T10:00:00Z", .notATime), ("2026-03-02T10:00:00+08:0", .notATime),
            ("1994-12-31T23:59:59Z", .implausible), ("2100-01-01T00:00:00Z", .implausible),
            ("0000-01-01T00:00:00Z", .implausible), ("1995-01-01T00:30:00+01:00", .implausible),
        ] as [(String, Timestamp.TextError)])
    func refusedTimestamps(text: String, reason: Timestamp.TextError) {
        var text = text
        #expect(throws: reason) { try text.withUTF8 { try Timestamp(rfc3339: $0) } }
    }

    @Test(
        "decimals are exact, the seventh place rounded half to even",
        arguments: [
            ("0", 0, "0"), ("-0", 0, "0"), ("12", 12_000_000, "12"), ("-12.50", -12_500_000, "-12.5"),
            ("0.000001", 1, "0.000001"), ("0.1234565", 123_456, "0.123456"), ("0.1234575", 123_458, "0.123458"),
            ("0.12345650000000000000000000000000000000000000001", 123_457, "0.123457"),
            ("-0.0000005", 0, "0"), ("-0.0000015", -2, "-0.000002"), ("0.0000004999", 0, "0"),
            ("1e3", 1_000_000_000, "1000"), ("1E-6", 1, "0.000001"), ("12.5e+1", 125_000_000, "125"),
            ("1e-999999999999999999999", 0, "0"), ("0e999999999", 0, "0"), ("007.50", 7_500_000, "7.5"),
            ("9223372036854.775807", .max, "9223372036854.775807"),
            ("-9223372036854.775807", -.max, "-9223372036854.775807"),
            ("0.00000000000000000000000000000000000000000001e44", 1_000_000, "1"),
            ("123456789012345678901234567890123456789012345e-39", 123_456_789_012, "123456.789012"),
        ] as [(String, Int64, String)])
    func decimals(text: String, millionths: Int64, printed: String) throws {
        let number = try #require(FixedPoint(text))
        #expect(number.millionths == millionths)
        #expect(number.description == printed)
    }

    @Test(
        "what is no decimal, or does not fit, is refused",
        arguments: [
            ("", .notANumber), ("-", .notANumber), (".5", .notANumber), ("5.", .notANumber),
            ("+5", .notANumber), ("1,000", .notANumber), ("1e", .notANumber), ("1e+", .notANumber),
            ("NaN", .notANumber),
            (" 1", .notANumber), ("1 ", .notANumber), ("0x10", .notANumber), ("--1", .notANumber),
            ("1.2.3", .notANumber),
            ("9223372036854.775808", .tooLarge), ("9223372036854.7758075", .tooLarge), ("1e13", .tooLarge),
            ("1e999999999999", .tooLarge), ("99999999999999999999999999999999999999999999999999", .tooLarge),
        ] as [(String, FixedPoint.TextError)])
    func refusedDecimals(text: String, reason: FixedPoint.TextError) {
        var text = text
        #expect(throws: reason) { try text.withUTF8 { try FixedPoint(decimal: $0) } }
    }

    @Test("a decimal printed reads back, whatever it is")
    func decimalsRoundTrip() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let shift = Int64.random(in: 0..<63, using: &generator)
            let number = FixedPoint(millionths: Int64.random(in: -Int64.max...Int64.max, using: &generator) >> shift)
            #expect(FixedPoint(number.description) == number)
        }
    }

    @Test(
        "days are read and printed",
        arguments: [
            ("2026-03-02", 20_514), ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016),
            ("0001-01-01", -719_162),
        ] as [(String, Int32)])
    func days(text: String, number: Int32) throws {
        let day = try #require(LocalDay(text))
        #expect(day.number == number)
        #expect(day.description == text)
    }

    @Test(
        "what is no day is refused",
        arguments: [
            "2026-02-29", "1900-02-29", "2026-04-31", "2026-3-02", "2026-03-2", "20260302", "0000-01-01", "2026-00-10",
            "",
            "2026-03-02T00:00:00Z",
        ])
    func refusedDays(text: String) { #expect(LocalDay(text) == nil) }

    @Test("spans are printed in seconds")
    func spans() {
        #expect(TimeSpan.hours(1).description == "3600")
        #expect(TimeSpan(microseconds: -1_500_000).description == "-1.5")
    }
}
