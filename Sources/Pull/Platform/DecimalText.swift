/// Decimal numbers as texts: what a platform writes in hundredths becomes whole units without any rounding.
enum DecimalText {
    /// `-12.50`: digits, and digits behind a point.
    static func isDecimal(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var (at, digits) = (bytes.first == UInt8(ascii: "-") ? 1 : 0, 0)
            func count() {
                digits = 0
                while at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) {
                    (at, digits) = (at + 1, digits + 1)
                }
            }
            count()
            if digits > 0, at < bytes.count, bytes[at] == UInt8(ascii: ".") {
                at += 1
                count()
            }
            return digits > 0 && at == bytes.count
        }
    }

    /// Exact; nil where one of them is no decimal number, or the sum is none that fits.
    static func sum(_ texts: [String]) -> String? {
        let point = UInt8(ascii: ".")
        let places = texts.map { text in text.utf8.firstIndex(of: point).map { text.utf8[$0...].count - 1 } ?? 0 }
        guard let most = places.max(), most <= 9 else { return nil }
        var total = 0
        for (text, count) in zip(texts, places) where !text.isEmpty {
            let digits = text.utf8.filter { $0 != point } + repeatElement(UInt8(ascii: "0"), count: most - count)
            guard isDecimal(text), let number = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
            let (next, overflow) = total.addingReportingOverflow(number)
            if overflow { return nil }
            total = next
        }
        return shifted(String(total), by: most)
    }

    /// Divided by a whole number, to six places, rounded half to even; nil for what is no decimal number, or a longer one
    /// than any figure is.
    static func quotient(_ text: String, by divisor: Int) -> String? {
        let parts = text.split(separator: ".")
        let places = parts.count > 1 ? parts[1].count : 0
        guard isDecimal(text), text.count <= 24, places <= 12, let digits = Int128(parts.joined()) else { return nil }
        let whole = (0..<places).reduce(Int128(divisor)) { power, _ in power * 10 }
        let (quotient, rest) = (digits * 1_000_000).quotientAndRemainder(dividingBy: whole)
        let twice = 2 * rest.magnitude
        let isUp = twice > whole.magnitude || twice == whole.magnitude && quotient % 2 != 0
        return shifted("\(quotient + (isUp ? digits.signum() : 0))", by: 6)
    }

    /// `5e-05` without its exponent, `0.00005`; nil for what is no such number, or too great or small for any figure.
    static func plain(_ text: String) -> String? {
        let parts = text.split(whereSeparator: { $0 == "e" || $0 == "E" })
        guard parts.count == 2, let exponent = Int(parts[1]), abs(exponent) <= 30 else { return nil }
        let whole = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard exponent > 0, isDecimal(String(parts[0])) else { return shifted(String(parts[0]), by: -exponent) }
        let digits = whole[0] + (whole.count > 1 ? whole[1] : "")
        let places = exponent - (whole.count > 1 ? whole[1].count : 0)
        // Places that are left behind the point, or zeros that are lacking before it.
        return shifted(digits + String(repeating: "0", count: max(0, places)), by: max(0, -places))
    }

    /// With the point so many places to the left: `1250` by 2 is `12.50`; nil for what is no decimal number.
    static func shifted(_ text: String, by places: Int) -> String? {
        guard isDecimal(text) else { return nil }
        let (zero, point) = (UInt8(ascii: "0"), UInt8(ascii: "."))
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let parts = text.utf8.dropFirst(isNegative ? 1 : 0).split(separator: point)
        let padding = max(0, places + 1 - parts[0].count)
        let whole = Array(repeating: zero, count: padding) + parts[0]
        let units = whole.dropLast(places).drop { $0 == zero }
        let rest = whole.suffix(places) + (parts.count > 1 ? Array(parts[1]) : [])
        var bytes: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        bytes += units.isEmpty ? [zero] : Array(units)
        if !rest.isEmpty { bytes += [point] + rest }
        return String(decoding: bytes, as: UTF8.self)
    }
}
