import Facts
import Foundation

/// `2026-03-02 18:00:00`: eight hours ahead of UTC, all year, as the Chinese platforms write times.
enum BeijingTime {
    static func text(_ seconds: Int64) -> String {
        String(Timestamp(seconds: seconds + 28_800).description.dropLast().map { $0 == "T" ? " " : $0 })
    }

    /// Seconds since 1970; nil when it is not in this form.
    static func seconds(_ text: String) -> Int64? {
        guard text.utf8.count == 19 else { return nil }
        return moment(text, offset: "+08:00")
    }

    /// As `seconds`, where a fraction and an offset (`+0800`) may follow.
    static func secondsWithOffset(_ text: String) -> Int64? {
        let tail = text.suffix(5)
        guard text.utf8.count > 19, tail.first == "+" || tail.first == "-" else {
            return moment(text, offset: "+08:00")
        }
        return moment(String(text.dropLast(5)), offset: tail.prefix(3) + ":" + tail.suffix(2))
    }

    private static func moment(_ text: String, offset: some StringProtocol) -> Int64? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        return RFC3339Reading.moment("\(parts[0])T\(parts[1])\(offset)").map { $0.microseconds / 1_000_000 }
    }

    /// The same time of day so many months earlier; on the last day of a month that has no such day.
    static func months(_ count: Int, before seconds: Int64) -> Int64 {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 28_800) ?? .gmt
        let date = Date(timeIntervalSince1970: Double(seconds))
        let earlier = calendar.date(byAdding: .month, value: -count, to: date) ?? date
        return Int64(earlier.timeIntervalSince1970)
    }
}
