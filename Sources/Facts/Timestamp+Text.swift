extension Timestamp {
    /// Why a text is not a moment that facts may carry.
    package enum TextError: Error, Sendable, Hashable {
        case notATime
        case withoutOffset
        /// Outside `Timestamp.plausible`.
        case implausible

        /// What is wrong, to follow the name of a member.
        package var words: String {
            switch self {
            case .notATime: "is not an RFC 3339 time such as 2026-03-02T10:00:00Z"
            case .withoutOffset: "is a time without an offset"
            case .implausible: "lies outside 1995 to 2100"
            }
        }
    }

    /// Reads RFC 3339: date, `T` (or `t`, or a blank), time with seconds, an offset. Of a fraction of a second six
    /// digits are read and further ones dropped. A leap second (23:59:60 UTC) is the first instant of the next day.
    package init(rfc3339 bytes: UnsafeBufferPointer<UInt8>) throws(TextError) {
        guard bytes.count >= 19,
            let year = bytes.digits(at: 0, count: 4), bytes[4] == UInt8(ascii: "-"),
            let month = bytes.digits(at: 5, count: 2), bytes[7] == UInt8(ascii: "-"),
            let day = bytes.digits(at: 8, count: 2),
            bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == UInt8(ascii: " "),
            let hour = bytes.digits(at: 11, count: 2), bytes[13] == UInt8(ascii: ":"),
            let minute = bytes.digits(at: 14, count: 2), bytes[16] == UInt8(ascii: ":"),
            let second = bytes.digits(at: 17, count: 2),
            month >= 1, month <= 12, day >= 1, hour <= 23, minute <= 59, second <= 60,
            day <= 28 || day <= LocalDay.days(inMonth: month, of: year)
        else { throw .notATime }

        var position = 19
        var fraction: Int64 = 0
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            let start = position
            var unit: Int64 = 100_000
            while position < bytes.count, bytes[position] &- 48 <= 9 {
                fraction += Int64(bytes[position] &- 48) * unit
                unit /= 10
                position += 1
            }
            guard position > start else { throw .notATime }
        }

        guard position < bytes.count else { throw .withoutOffset }
        var offsetMinutes = 0
        let sign = bytes[position]
        if sign | 0x20 == UInt8(ascii: "z") {
            position += 1
        } else {
            guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes.count >= position + 6,
                let hours = bytes.digits(at: position + 1, count: 2), bytes[position + 3] == UInt8(ascii: ":"),
                let minutes = bytes.digits(at: position + 4, count: 2), hours <= 23, minutes <= 59
            else { throw .notATime }
            offsetMinutes = (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
            position += 6
        }
        guard position == bytes.count else { throw .notATime }

        let days = Int64(LocalDay(year: year, month: month, day: day).number)
        let minutes = days * 1440 + Int64(hour * 60 + minute - offsetMinutes)
        // Leap seconds were only ever put at the end of a UTC day.
        if second == 60, (minutes + 1) % 1440 != 0 { throw .notATime }
        let moment = Timestamp(microseconds: (minutes * 60 + Int64(second)) * 1_000_000 + (second == 60 ? 0 : fraction))
        guard Timestamp.plausible.contains(moment) else { throw .implausible }
        self = moment
    }

    /// nil when the text is not an RFC 3339 time with an offset from 1995 to 2100.
    package init?(_ text: some StringProtocol) {
        var text = String(text)
        let read = text.withUTF8 { try? Timestamp(rfc3339: $0) }
        guard let read else { return nil }
        self = read
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC; a fraction of a second only when there is one, without trailing zeros: `2026-03-02T10:00:00Z`.
    package var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(27)
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    package func write(to bytes: inout [UInt8]) {
        let perDay: Int64 = 86_400_000_000
        var days = microseconds / perDay
        if days * perDay > microseconds { days -= 1 }
        let rest = microseconds - days * perDay
        LocalDay(number: Int32(truncatingIfNeeded: days)).write(to: &bytes)
        let seconds = Int(rest / 1_000_000)
        bytes.append(UInt8(ascii: "T"))
        bytes.append(decimal: seconds / 3600, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(decimal: seconds / 60 % 60, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(decimal: seconds % 60, width: 2)
        bytes.append(fraction: Int(rest % 1_000_000))
        bytes.append(UInt8(ascii: "Z"))
    }
}

extension TimeSpan: CustomStringConvertible {
    /// In seconds, as durations are printed: `3600`, `0.25`.
    package var description: String { FixedPoint(millionths: microseconds).description }
}
