/// An exact quotient of two 128-bit integers, in lowest terms. What metrics and conditions are computed with: 1/3 stays
/// 1/3, and a rate is compared with its limit by cross-multiplication.
///
/// Arithmetic gives nil when the result does not fit or would divide by zero; the caller turns that into missing.
package struct Fraction: Sendable, Hashable {
    package let numerator: Int128
    /// Above zero.
    package let denominator: Int128

    package static let zero = Fraction(0)
    package static let one = Fraction(1)

    package init(_ integer: some BinaryInteger) { (numerator, denominator) = (Int128(integer), 1) }
    /// The same without a detour: the generic one converts by way of its words.
    package init(_ integer: Int128) { (numerator, denominator) = (integer, 1) }
    package init(_ integer: Int64) { (numerator, denominator) = (Int128(integer), 1) }
    package init(_ fixed: FixedPoint) { self = Fraction(reducing: Int128(fixed.millionths), 1_000_000) }

    /// nil when `denominator` is zero, or when the result cannot be represented.
    package init?(_ numerator: Int128, over denominator: Int128) {
        guard denominator != 0, numerator != .min, denominator != .min else { return nil }
        self =
            denominator < 0
            ? Fraction(reducing: -numerator, -denominator) : Fraction(reducing: numerator, denominator)
    }

    private init(reducing numerator: Int128, _ denominator: Int128) {
        guard denominator != 1 else { (self.numerator, self.denominator) = (numerator, 1); return }
        let divisor = Fraction.greatestCommonDivisor(numerator.magnitude, denominator.magnitude)
        (self.numerator, self.denominator) = (numerator / Int128(divisor), denominator / Int128(divisor))
    }

    private static func greatestCommonDivisor(_ a: UInt128, _ b: UInt128) -> UInt128 {
        var (a, b) = (a, b)
        // 128-bit division is a library call; once both fit, the machine's own divides.
        while b != 0 {
            if a <= UInt128(UInt64.max), b <= UInt128(UInt64.max) {
                var (x, y) = (UInt64(a), UInt64(b))
                while y != 0 { (x, y) = (y, x % y) }
                return UInt128(x)
            }
            (a, b) = (b, a % b)
        }
        return a
    }

    package func adding(_ other: Fraction) -> Fraction? {
        // Over the least common denominator, so that only a result too large overflows, not the way to it.
        let common = Int128(Fraction.greatestCommonDivisor(denominator.magnitude, other.denominator.magnitude))
        let (left, a) = numerator.multipliedReportingOverflow(by: other.denominator / common)
        let (right, b) = other.numerator.multipliedReportingOverflow(by: denominator / common)
        let (sum, c) = left.addingReportingOverflow(right)
        let (bottom, d) = denominator.multipliedReportingOverflow(by: other.denominator / common)
        return a || b || c || d ? nil : Fraction(sum, over: bottom)
    }

    package func subtracting(_ other: Fraction) -> Fraction? { other.negated.flatMap(adding) }

    package var negated: Fraction? { numerator == .min ? nil : Fraction(-numerator, over: denominator) }

    package func multiplied(by other: Fraction) -> Fraction? {
        // Cancelled crosswise first: the product is then in lowest terms.
        let p = Int128(Fraction.greatestCommonDivisor(numerator.magnitude, other.denominator.magnitude))
        let q = Int128(Fraction.greatestCommonDivisor(other.numerator.magnitude, denominator.magnitude))
        let (top, a) = (numerator / p).multipliedReportingOverflow(by: other.numerator / q)
        let (bottom, b) = (denominator / q).multipliedReportingOverflow(by: other.denominator / p)
        return a || b ? nil : Fraction(top, over: bottom)
    }

    /// nil when `other` is zero.
    package func divided(by other: Fraction) -> Fraction? {
        Fraction(other.denominator, over: other.numerator).flatMap(multiplied)
    }

    /// The nearest integer; a half goes to the even neighbour.
    package var roundedHalfEven: Int128 {
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
        // Compared as remainder > denominator - remainder: doubling could overflow.
        let rest = UInt128(denominator) - remainder.magnitude
        let away = remainder.magnitude > rest || (remainder.magnitude == rest && quotient % 2 != 0)
        return away ? quotient + (numerator < 0 ? -1 : 1) : quotient
    }
}

extension Fraction: Comparable {
    package static func < (a: Fraction, b: Fraction) -> Bool {
        let (left, over) = a.numerator.multipliedReportingOverflow(by: b.denominator)
        let (right, under) = b.numerator.multipliedReportingOverflow(by: a.denominator)
        if !over && !under { return left < right }
        // 256-bit products, by sign and then by magnitude.
        if a.numerator.signum() != b.numerator.signum() { return a.numerator < b.numerator }
        let x = a.numerator.magnitude.multipliedFullWidth(by: b.denominator.magnitude)
        let y = b.numerator.magnitude.multipliedFullWidth(by: a.denominator.magnitude)
        let isSmaller = x.high != y.high ? x.high < y.high : x.low < y.low
        let isEqual = x.high == y.high && x.low == y.low
        return a.numerator > 0 ? isSmaller : !isSmaller && !isEqual
    }
}
