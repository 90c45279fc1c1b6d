import Curl
import Facts
import HTTPTypes

/// How long a receiver asks to wait: RFC 9110, 10.2.3.
enum RetryAfter {
    /// nil when the reply does not ask, or asks for nothing readable; zero when the date has passed.
    static func span(in reply: Reply, now: Timestamp) -> TimeSpan? {
        guard let field = reply.headers[.retryAfter] else { return nil }
        if let seconds = Int64(field), seconds >= 0 { return .seconds(min(seconds, 100_000_000)) }
        return date(field).map { max($0 - now, .zero) }
    }

    /// The one form of a date that may be sent today: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months[words[2]] else { return nil }
        let day = words[1].count == 1 ? "0\(words[1])" : String(words[1])
        return Timestamp("\(words[3])-\(month)-\(day)T\(words[4])Z")
    }

    private static let months: [Substring: String] = [
        "Jan": "01", "Feb": "02", "Mar": "03", "Apr": "04", "May": "05", "Jun": "06",
        "Jul": "07", "Aug": "08", "Sep": "09", "Oct": "10", "Nov": "11", "Dec": "12",
    ]
}
