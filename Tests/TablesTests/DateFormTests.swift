import Facts
import Testing

@testable import Tables

@Suite("Dates are read as the map says, and never guessed")
struct DateFormTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        /// Empty: the map names none.
        var forms: [String] = []
        /// A moment of Shanghai's clock, or what is wrong.
        var expected: String
        var testDescription: String { "\(text) by \(forms)" }
    }

    static let cases = [
        Case(text: "2026-03-02 10:00:00", expected: "2026-03-02T02:00:00Z"),
        Case(text: "2026/3/2 9:05", expected: "2026-03-02T01:05:00Z"),
        Case(text: "2026年3月2日", expected: "2026-03-01T16:00:00Z"),
        Case(text: "20260302", expected: "2026-03-01T16:00:00Z"),
        Case(text: "20260302100000", expected: "2026-03-02T02:00:00Z"),
        Case(text: "2026-03-02T10:00:00+09:00", expected: "2026-03-02T01:00:00Z"),
        Case(text: "2026-03-02 10:00:00.25", expected: "2026-03-02T02:00:00.25Z"),
        Case(text: "2026-02-30", expected: "is no date"), Case(text: "2026-03-02 25:00", expected: "is no date"),
        Case(text: "03/04/2026", expected: "may be day 3 of month 4 or day 4 of month 3"),
        Case(text: "25/12/2026", expected: "does not begin with its year"),
        Case(text: "03/04/26", expected: "has a year of two digits"),
        Case(text: "26-03-04", expected: "has a year of two digits"), Case(text: "soon", expected: "is no date"),
        Case(text: "03/04/2026", forms: ["dd/MM/yyyy"], expected: "2026-04-02T16:00:00Z"),
        Case(text: "03/04/2026", forms: ["MM/dd/yyyy"], expected: "2026-03-03T16:00:00Z"),
        Case(text: "03/04/2026", forms: ["MM/dd/yyyy", "dd/MM/yyyy"], expected: "may be read in two ways"),
        Case(text: "03/03/2026", forms: ["MM/dd/yyyy", "dd/MM/yyyy"], expected: "2026-03-02T16:00:00Z"),
        Case(text: "3/4/26", forms: ["M/d/yy", "M/d/yyyy"], expected: "2026-03-03T16:00:00Z"),
        Case(text: "3/4/2026", forms: ["M/d/yy", "M/d/yyyy"], expected: "2026-03-03T16:00:00Z"),
        Case(text: "14-Aug-2026", forms: ["dd-MMM-yyyy"], expected: "2026-08-13T16:00:00Z"),
        Case(text: "August 4, 2026 1:05 PM", forms: ["MMMM d, yyyy h:mm a"], expected: "2026-08-04T05:05:00Z"),
        Case(text: "2026-08-04 12:05 AM", forms: ["yyyy-MM-dd hh:mm a"], expected: "2026-08-03T16:05:00Z"),
        Case(text: "2026-08-04 10:00:00 UTC", forms: ["yyyy-MM-dd HH:mm:ss z"], expected: "2026-08-04T10:00:00Z"),
        Case(text: "2026-08-04 10:00:00 PST", forms: ["yyyy-MM-dd HH:mm:ss z"], expected: "is not written as"),
        Case(text: "2026-08-04T10:00-0700", forms: ["yyyy-MM-dd'T'HH:mmZ"], expected: "2026-08-04T17:00:00Z"),
        Case(text: "1772416800", forms: ["unix"], expected: "2026-03-02T02:00:00Z"),
        Case(text: "1772416800123", forms: ["unix_ms"], expected: "2026-03-02T02:00:00.123Z"),
        Case(text: "2026-03-02", forms: ["dd/MM/yyyy"], expected: "is not written as the map's `dates:` say"),
    ]

    @Test("one text, one moment or the reason why none", arguments: cases)
    func reading(_ row: Case) throws {
        let forms = try row.forms.map { try DateForm($0) }
        let shanghai = try #require(StoreCalendar(timezone: "Asia/Shanghai"))
        do {
            let moment = try CellDate.moment(Cell(row.text), forms.isEmpty ? nil : forms, shanghai)
            #expect(moment.description == row.expected)
        } catch {
            #expect(error.words.contains(row.expected), "\(error.words)")
        }
    }

    @Test(
        "a form that says too little or too much is none",
        arguments: [
            "yyyy-MM", "MM/dd", "yyyy-MM-dd hh:mm", "yyyy-MM-dd HH:mm a", "yyyy-yy-MM-dd", "dd.MM.yyyyT", "yyy-MM-dd",
        ])
    func noForm(_ text: String) { #expect(throws: DateForm.Fault.self) { try DateForm(text) } }

    @Test("on a page a date ends where it ends")
    func openEnded() throws {
        let form = try DateForm("yyyy-MM-dd HH:mm:ss")
        let cell = Cell("2026-09-09 11:00:37（今日已更新） 我的总分 82", isOpenEnded: true)
        #expect(try CellDate.moment(cell, [form], .utc).description == "2026-09-09T11:00:37Z")
        #expect(
            try CellDate.moment(Cell("2026-08-01）纠纷", isOpenEnded: true), nil, .utc).description
                == "2026-08-01T00:00:00Z")
    }
}
