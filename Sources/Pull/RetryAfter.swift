import Curl
package import Facts
import HTTPTypes

/// How long the other side asks to wait (RFC 9110, 10.2.3): seconds, or a date.
package enum RetryAfter {
    static func wait(of reply: Reply, now: Timestamp) -> TimeSpan? {
        reply.headers[.retryAfter].flatMap { wait(of: $0, now: now) }
    }

    /// Nil when it is neither; zero when the date has passed.
    package static func wait(of text: String, now: Timestamp) -> TimeSpan? {
        let text = text.drop { $0 == " " }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, text.dropFirst(digits.count).allSatisfy({ $0 == " " }) {
            // A century of seconds is as good as any more.
            return .seconds(min(Int64(digits) ?? .max, 3_155_760_000))
        }
        return date(text).map { max($0 - now, .zero) }
    }

    /// The one form that is to be sent: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: some StringProtocol) -> Timestamp? {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == ":" })
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 8, parts[7] == "GMT", let month = months.firstIndex(of: String(parts[2])),
            let day = Int(parts[1]), (1...31).contains(day), let year = Int(parts[3]), (1970...9999).contains(year),
            let hour = Int(parts[4]), (0...23).contains(hour), let minute = Int(parts[5]), (0...59).contains(minute),
            let second = Int(parts[6]), (0...60).contains(second)
        else { return nil }
        let days = Int64(LocalDay(year: year, month: month + 1, day: day).number)
        return Timestamp(seconds: days * 86_400 + Int64(hour * 3600 + minute * 60 + second))
    }
}
