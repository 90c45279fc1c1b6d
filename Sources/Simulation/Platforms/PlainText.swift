import Facts

/// Times and money as the platforms of the West write them.
enum PlainText {
    /// `2026-03-02T10:00:00Z`.
    static func time(_ seconds: Int64) -> String { Timestamp(seconds: seconds).description }

    /// `2026-03-02T10:00:00.000Z`.
    static func millis(_ seconds: Int64) -> String { time(seconds).dropLast() + ".000Z" }

    /// `2026-03-02`.
    static func day(_ seconds: Int64) -> String { String(time(seconds).prefix(10)) }

    /// Seconds since 1970, cut down; nil when it is no time with an offset.
    static func moment(_ text: String) -> Int64? {
        RFC3339Reading.moment(text).map { $0.microseconds / 1_000_000 }
    }

    /// A bare day is its first second in UTC.
    static func momentOrDay(_ text: String) -> Int64? { moment(text) ?? moment(text + "T00:00:00Z") }

    /// `12.50`.
    static func money(_ cents: Int) -> String {
        "\(cents / 100)." + (cents % 100 < 10 ? "0" : "") + "\(cents % 100)"
    }

    /// `12.5`, and `12` for whole ones, as numbers are written.
    static func number(_ cents: Int) -> String {
        if cents % 100 == 0 { return "\(cents / 100)" }
        return cents % 10 == 0 ? "\(cents / 100).\(cents % 100 / 10)" : money(cents)
    }

    /// With zeros in front.
    static func padded(_ number: Int, _ width: Int) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

extension PlainText {
    /// Percent-encoded but for what RFC 3986 reserves for nothing.
    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [45, 46, 95, 126].contains(byte)
            guard !isPlain else { return String(UnicodeScalar(byte)) }
            let hex = String(byte, radix: 16, uppercase: true)
            return "%" + (hex.count == 1 ? "0" : "") + hex
        }.joined()
    }
}
