/// A decimal number as it is written, to its last digit: exports are counted in, and no binary fraction is.
package struct ExactDecimal: Sendable, Hashable {
    /// The number is `digits` × 10^`exponent`.
    private var digits: Int128
    private var exponent: Int

    private init(digits: Int128, exponent: Int) { (self.digits, self.exponent) = (digits, exponent) }

    /// `-12.5`, `1.99E-2`, `+3`; nil for all else, and for more than thirty digits.
    package init?(_ text: some StringProtocol) {
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        var exponent = 0
        if let sign = rest.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            guard let written = Int(rest[rest.index(after: sign)...]), abs(written) <= 60 else { return nil }
            exponent = written
            rest = rest[..<sign]
        }
        let parts = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, parts.count == 1 || !parts[1].isEmpty else { return nil }
        let written = whole + (parts.count == 2 ? parts[1] : "")
        guard written.utf8.allSatisfy({ (0x30...0x39).contains($0) }), written.drop(while: { $0 == "0" }).count <= 30,
            let digits = Int128(written)
        else { return nil }
        self.init(digits: isNegative ? -digits : digits, exponent: exponent - (parts.count == 2 ? parts[1].count : 0))
    }

    /// Ten to that power times as much.
    package func shifted(by places: Int) -> ExactDecimal { ExactDecimal(digits: digits, exponent: exponent + places) }

    /// nil when it becomes too large to be exact.
    package func times(_ factor: Int) -> ExactDecimal? {
        let (product, overflow) = digits.multipliedReportingOverflow(by: Int128(factor))
        return overflow ? nil : ExactDecimal(digits: product, exponent: exponent)
    }

    /// To so many decimals more than are needed, a half to the even one; `divisor` is above 0.
    package func divided(by divisor: Int) -> ExactDecimal? {
        guard divisor != 1 else { return self }
        // Twelve decimals: facts keep six, and the one rounding that counts is theirs where the quotient is finite.
        let places = max(0, 12 + exponent)
        guard places <= 30, let power = Self.power(places) else { return nil }
        let (scaled, overflow) = digits.multipliedReportingOverflow(by: power)
        guard !overflow else { return nil }
        return ExactDecimal(digits: Self.quotient(scaled, Int128(divisor)), exponent: exponent - places)
    }

    /// The nearest with so many digits that count, a half away from zero, as spreadsheets show it.
    func rounded(toDigits count: Int) -> ExactDecimal {
        let excess = digits.magnitude.description.count - count
        guard excess > 0, let power = Self.power(excess) else { return self }
        let half = digits < 0 ? -power / 2 : power / 2
        return ExactDecimal(digits: (digits + half) / power, exponent: exponent + excess)
    }

    /// The nearest whole number; nil when it does not fit.
    var roundedInteger: Int128? {
        if exponent >= 0 {
            guard let power = Self.power(exponent) else { return nil }
            let (product, overflow) = digits.multipliedReportingOverflow(by: power)
            return overflow ? nil : product
        }
        guard let power = Self.power(-exponent) else { return 0 }
        return Self.quotient(digits, power)
    }

    /// How many digits stand before the point.
    var integerDigits: Int { digits == 0 ? 1 : max(1, digits.magnitude.description.count + exponent) }

    /// Written out, without an exponent and without zeros at its end: `-0.0134`, `1200`.
    package var text: String {
        var (rest, places) = (digits, -exponent)
        while places > 0, rest % 10 == 0 { (rest, places) = (rest / 10, places - 1) }
        var text = rest.magnitude.description
        if places < 0 {
            text += rest == 0 ? "" : String(repeating: "0", count: -places)
        } else if places > 0 {
            text = String(repeating: "0", count: max(0, places + 1 - text.count)) + text
            text.insert(".", at: text.index(text.endIndex, offsetBy: -places))
        }
        return rest < 0 ? "-" + text : text
    }

    /// Half to even.
    private static func quotient(_ number: Int128, _ divisor: Int128) -> Int128 {
        let (whole, remainder) = number.magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
        let rest = divisor.magnitude - remainder
        let isUp = remainder > rest || (remainder == rest && whole % 2 == 1)
        let result = Int128(isUp ? whole + 1 : whole)
        return number < 0 ? -result : result
    }

    private static func power(_ exponent: Int) -> Int128? {
        guard exponent <= 37 else { return nil }
        return (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
}
