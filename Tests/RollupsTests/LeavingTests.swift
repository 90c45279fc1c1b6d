import Facts
import Language
import Rollups
import Testing

private struct Row: CustomTestStringConvertible, Sendable {
    var window: Window
    var time: String
    var leaves: String?
    var testDescription: String { "\(window.length) \(window.unit.rawValue), \(time)" }
}

/// Evaluated on Monday 2026-03-02 at 18:00 in Shanghai.
private let rows: [Row] = [
    // 30 d of today hold 31 January to 1 March. The last day that holds 27 February is 29 March.
    Row(window: Window(30, .day), time: "2026-02-27T10:00:00Z", leaves: "2026-03-30"),
    // 16:00 in London is 28 February in Shanghai.
    Row(window: Window(30, .day), time: "2026-02-27T16:00:00Z", leaves: "2026-03-31"),
    // The oldest day of the window is gone tomorrow.
    Row(window: Window(30, .day), time: "2026-01-31T10:00:00Z", leaves: "2026-03-03"),
    Row(window: Window(30, .day, includesToday: true), time: "2026-03-02T09:00:00Z", leaves: "2026-04-01"),
    Row(window: Window(30, .day, offset: CalendarOffset(5, .day)), time: "2026-02-20T10:00:00Z", leaves: "2026-03-28"),
    // One whole month before: of February until the end of March.
    Row(window: Window(1, .month), time: "2026-02-27T10:00:00Z", leaves: "2026-04-01"),
    Row(window: Window(2, .week), time: "2026-02-16T10:00:00Z", leaves: "2026-03-09"),
    Row(window: Window(1, .monthToDate), time: "2026-03-01T10:00:00Z", leaves: "2026-04-01"),
    // 48 h later it is 18:00 on the 3rd: late on that day it no longer counts.
    Row(window: Window(48, .hour), time: "2026-03-01T10:00:00Z", leaves: "2026-03-03"),
    Row(window: Window(5000, .day), time: "2026-03-01T10:00:00Z", leaves: nil),
]

@Suite("when evidence leaves")
struct LeavingTests {
    @Test("is the first day whose window does not hold it", arguments: rows)
    fileprivate func leaves(_ row: Row) throws {
        let calendar = try #require(StoreCalendar(timezone: "Asia/Shanghai"))
        let moment = try #require(Timestamp("2026-03-02T10:00:00Z"))
        let time = try #require(Timestamp(row.time))
        let reading = Reading(
            Build.aggregate(.count, .refund, by: Build.member(.refund, "refunded_at")), over: row.window)
        #expect(reading.leaves(time, after: moment, in: calendar)?.description == row.leaves)
    }
}
