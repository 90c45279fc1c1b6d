import Crypto
import Facts

/// Times on a wall away from Greenwich, and the code that several platforms sign with.
enum PlatformFormats {
    /// `2026-03-02T06:00:00`, as the wall shows it so many minutes east of Greenwich.
    static func wall(_ seconds: Int64, offset minutes: Int = 0, between: String = "T") -> String {
        let local = seconds + Int64(minutes) * 60
        let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
        let (rest, civil) = (Int(local - days * 86_400), LocalDay(number: Int32(days)).civil)
        let date = "\(civil.year)-\(two(civil.month))-\(two(civil.day))"
        return "\(date)\(between)\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
    }

    /// `Mon, 02 Mar 2026 00:00:00 GMT`, as servers tell their clock.
    static func httpDate(_ seconds: Int64) -> String {
        let (text, days) = (wall(seconds), seconds / 86_400)
        let month = Int(text.dropFirst(5).prefix(2)) ?? 1
        // The first of January 1970 was a Thursday.
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int(days % 7)]
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekday), \(text.dropFirst(8).prefix(2)) \(names[month - 1]) \(text.prefix(4)) \(text.suffix(8)) GMT"
    }

    private static func two(_ number: Int) -> String { PlainText.padded(number, 2) }

    /// Nil when it is not a date, a time and an offset, which may lack its colon.
    static func moment(_ text: String) -> Int64? {
        var text = text
        let tail = text.suffix(5)
        if let sign = tail.first, "+-".contains(sign), tail.dropFirst().allSatisfy(\.isNumber) {
            text.insert(":", at: text.index(text.endIndex, offsetBy: -2))
        }
        return RFC3339Reading.moment(text).map { moment in
            let micros = moment.microseconds
            return micros >= 0 ? micros / 1_000_000 : (micros - 999_999) / 1_000_000
        }
    }

    static func hexHMAC(_ bytes: some Sequence<UInt8>, key: String) -> String {
        var code = HMAC<SHA256>(key: SymmetricKey(data: Array(key.utf8)))
        code.update(data: Array(bytes))
        return code.finalize().map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }.joined()
    }
}
