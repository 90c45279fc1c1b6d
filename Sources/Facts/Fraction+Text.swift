extension Fraction {
    /// The nearest double, a half to even. For output only.
    package var double: Double {
        guard numerator != 0 else { return 0 }
        // Divide so that the quotient has more bits than a double; what is cut off leaves its trace in the lowest bit,
        // and the one rounding happens on conversion.
        let (top, bottom) = (numerator.magnitude, denominator.magnitude)
        let shift = max(0, 64 - (top.leadingZeroBitCount.distance(to: bottom.leadingZeroBitCount)))
        let high = shift == 0 ? 0 : shift >= 128 ? top << (shift - 128) : top >> (128 - shift)
        let low = shift >= 128 ? 0 : top << shift
        var (quotient, remainder) = bottom.dividingFullWidth((high, low))
        var exponent = -shift
        while quotient > UInt128(UInt64.max) {
            remainder |= quotient & 1
            quotient >>= 1
            exponent += 1
        }
        let significand = Double(UInt64(quotient) | (remainder != 0 ? 1 : 0))
        let magnitude = Double(sign: .plus, exponent: exponent, significand: significand)
        return numerator < 0 ? -magnitude : magnitude
    }
}

extension Fraction: CustomStringConvertible {
    /// As results are printed: an integer as its digits, all else in the shortest form that reads back as the same
    /// double (`0.013`, `5e-07`).
    package var description: String {
        if denominator == 1 { return "\(numerator)" }
        let text = "\(double)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
