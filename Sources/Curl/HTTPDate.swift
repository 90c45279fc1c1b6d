import CCurl
import HTTPTypes

extension Reply {
    /// When it was sent, by the other side's clock, in seconds since 1970 (RFC 9110, 6.6.1); nil when it does not say.
    package var date: Int64? { headers[.date].flatMap(HTTPDate.seconds) }

    /// How many seconds the other side asks to wait (RFC 9110, 10.2.3), which it says in seconds or by a date.
    ///
    /// - Parameter now: our clock, in seconds since 1970.
    /// - Returns: nil when it does not ask, or asks for nothing readable; zero when the date has passed; a century at
    ///   most.
    package func retryAfter(now: Int64) -> Int64? {
        guard let text = headers[.retryAfter] else { return nil }
        let century: Int64 = 3_155_760_000
        if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return Int64(text).map { min($0, century) }
        }
        return HTTPDate.seconds(text).map { min(max($0 - now, 0), century) }
    }
}

/// The dates of HTTP (RFC 9110, 5.6.7), as libcurl reads them.
enum HTTPDate {
    /// In seconds since 1970; nil when it is no such date.
    static func seconds(_ text: String) -> Int64? {
        // libcurl reads much that is no date of HTTP, a bare number among it; all three forms have a time of day.
        guard text.utf8.contains(UInt8(ascii: ":")) else { return nil }
        let seconds = Int64(curl_getdate(text, nil))
        return seconds == -1 ? nil : seconds
    }
}
