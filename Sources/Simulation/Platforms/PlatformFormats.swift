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
