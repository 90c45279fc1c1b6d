import Facts

extension Fraction {
    /// The number that digits with perhaps a decimal point say, exactly; nil beyond 30 digits or when it is no number.
    init?(decimalDigits text: String) {
        var (mantissa, scale, isAfterPoint) = (Int128(0), Int128(1), false)
        for byte in text.utf8 {
            if byte == UInt8(ascii: "."), !isAfterPoint {
                isAfterPoint = true
                continue
            }
            guard Lexer.isDigit(byte), mantissa < Fraction.largest, scale < Fraction.largest else { return nil }
            mantissa = mantissa * 10 + Int128(byte - UInt8(ascii: "0"))
            if isAfterPoint { scale *= 10 }
        }
        self.init(mantissa, over: scale)
    }

    /// 10^30.
    private static let largest: Int128 = 1_000_000_000_000_000 * 1_000_000_000_000_000

    /// Its decimal digits, exactly; nil when there is no end to them or they are too many.
    var decimalText: String? {
        var (top, scale, digits) = (numerator.magnitude, UInt128(denominator), 0)
        while scale != 1 {
            // By ten when that cancels, else by what is lacking to a ten.
            if scale % 10 == 0 {
                scale /= 10
            } else if scale % 2 == 0 {
                scale /= 2
                let (times, isOver) = top.multipliedReportingOverflow(by: 5)
                guard !isOver else { return nil }
                top = times
            } else if scale % 5 == 0 {
                scale /= 5
                let (times, isOver) = top.multipliedReportingOverflow(by: 2)
                guard !isOver else { return nil }
                top = times
            } else {
                return nil
            }
            digits += 1
        }
        var text = String(top)
        if digits > 0 {
            if text.utf8.count <= digits { text = String(repeating: "0", count: digits + 1 - text.utf8.count) + text }
            text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return numerator < 0 ? "-" + text : text
    }
}
