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

    /// As JSON writes numbers: of those that begin with 0 none goes on with a digit.
    static func isJSONNumber(_ text: String) -> Bool {
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }.prefix(2)
        let isPadded = digits.count == 2 && digits.first == UInt8(ascii: "0") && digits.last != UInt8(ascii: ".")
        return !isPadded && isDecimal(text)
    }

    /// Exact; nil where one of them is no decimal number, or the sum is none that fits.
    static func sum(_ texts: [String]) -> String? {
        let places = texts.map { text in
            text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) - 1 } ?? 0
        }
        guard let most = places.max(), most <= 9 else { return nil }
        var total = 0
        for (text, count) in zip(texts, places) where !text.isEmpty {
            guard isDecimal(text),
                let number = Int(text.replacing(".", with: "") + String(repeating: "0", count: most - count))
            else { return nil }
            let (next, overflow) = total.addingReportingOverflow(number)
            if overflow { return nil }
            total = next
        }
        return shifted(String(total), by: most)
    }

    /// With the point so many places to the left: `1250` by 2 is `12.50`; nil for what is no decimal number.
    static func shifted(_ text: String, by places: Int) -> String? {
        guard isDecimal(text) else { return nil }
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".")
        var whole = String(parts[0])
        if whole.count <= places { whole = String(repeating: "0", count: places + 1 - whole.count) + whole }
        let point = whole.index(whole.endIndex, offsetBy: -places)
        var units = String(whole[..<point].drop { $0 == "0" })
        if units.isEmpty { units = "0" }
        let rest = whole[point...] + (parts.count > 1 ? parts[1] : "")
        return (isNegative ? "-" : "") + units + (rest.isEmpty ? "" : "." + rest)
    }
}
