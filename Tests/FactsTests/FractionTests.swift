import Facts
import TestSupport
import Testing

@Suite struct FractionTests {
    static func fraction(_ numerator: Int, _ denominator: Int) throws -> Fraction {
        try #require(Fraction(Int128(numerator), over: Int128(denominator)))
    }

    @Test("small quotients calculate as their cross products say")
    func smallQuotients() throws {
        for a in -6...6 {
            for b in [-4, -3, -1, 1, 2, 3, 5] {
                for c in -6...6 {
                    for d in [-5, -2, 1, 3, 4] {
                        let (x, y) = (try FractionTests.fraction(a, b), try FractionTests.fraction(c, d))
                        #expect(x.adding(y) == (try FractionTests.fraction(a * d + c * b, b * d)))
                        #expect(x.subtracting(y) == (try FractionTests.fraction(a * d - c * b, b * d)))
                        #expect(x.multiplied(by: y) == (try FractionTests.fraction(a * c, b * d)))
                        #expect(x.divided(by: y) == (c == 0 ? nil : try FractionTests.fraction(a * d, b * c)))
                        let sign = (b * d).signum()
                        #expect((x < y) == (a * d * sign < c * b * sign))
                        #expect((x == y) == (a * d == c * b))
                        #expect(x.denominator > 0)
                    }
                }
            }
        }
    }

    @Test("equal quotients are the same value, in lowest terms")
    func lowestTerms() throws {
        let third = try FractionTests.fraction(-7, -21)
        #expect(third.numerator == 1 && third.denominator == 3)
        #expect(try FractionTests.fraction(0, -5) == .zero)
        #expect(Fraction(FixedPoint(millionths: 500_000)) == (try FractionTests.fraction(1, 2)))
    }

    @Test("what does not fit is nil, and what fits in the end is not")
    func overflow() throws {
        let most = Fraction(Int128.max)
        #expect(most.adding(.one) == nil)
        #expect(most.subtracting(Fraction(-1)) == nil)
        #expect(most.multiplied(by: Fraction(2)) == nil)
        #expect(Fraction(1, over: 0) == nil)
        #expect(Fraction(.min, over: 1) == nil)
        #expect(Fraction(1, over: .min) == nil)
        #expect(Fraction.one.divided(by: .zero) == nil)
        #expect(Fraction(Int128.min).negated == nil)
        // Only the way there would overflow.
        let half = try #require(Fraction(1, over: 2))
        #expect(most.multiplied(by: half)?.multiplied(by: Fraction(2)) == most)
        #expect(most.divided(by: most) == .one)
        let fine = try #require(Fraction(1, over: Int128.max))
        #expect(fine.adding(fine)?.numerator == 2)
        #expect(fine.multiplied(by: fine) == nil)
    }

    @Test("comparison is exact where doubles would be equal")
    func comparison() throws {
        let (a, b) = (Int128.max - 1, Int128.max)
        let (x, y) = (try #require(Fraction(a, over: b)), try #require(Fraction(a - 1, over: b - 1)))
        #expect(y < x && !(x < y) && x < .one)
        let (minusX, minusY) = (try #require(x.negated), try #require(y.negated))
        #expect(minusX < minusY && minusX < y && !(y < minusX))
        // 3 of 300 orders are 1 %, not less than it.
        #expect(!(try FractionTests.fraction(3, 300) < (try FractionTests.fraction(1, 100))))
    }

    @Test(
        "halves round to the even neighbour",
        arguments: [
            (5, 2, 2), (7, 2, 4), (-5, 2, -2), (-7, 2, -4), (1, 2, 0), (-1, 2, 0), (3, 2, 2), (8, 3, 3), (7, 3, 2),
            (-8, 3, -3),
            (6, 2, 3), (0, 1, 0),
        ] as [(Int, Int, Int128)])
    func rounding(numerator: Int, denominator: Int, rounded: Int128) throws {
        #expect(try FractionTests.fraction(numerator, denominator).roundedHalfEven == rounded)
    }

    @Test(
        "results are printed in the shortest form that reads back",
        arguments: [
            (4, 1, "4"), (-12, 3, "-4"), (1, 2, "0.5"), (1, 3, "0.3333333333333333"), (2, 3, "0.6666666666666666"),
            (13, 1000, "0.013"), (-1, 8, "-0.125"), (1, 2_000_000, "5e-07"), (0, 7, "0"),
            (9_007_199_254_740_993, 1, "9007199254740993"), (100_000_000_000_000_001, 10, "1e+16"),
        ] as [(Int, Int, String)])
    func printed(numerator: Int, denominator: Int, text: String) throws {
        let fraction = try FractionTests.fraction(numerator, denominator)
        #expect(fraction.description == text)
    }

    @Test("the double is the nearest one")
    func nearestDouble() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let shifts = (Int128.random(in: 0..<126, using: &generator), Int128.random(in: 0..<126, using: &generator))
            let numerator = Int128.random(in: -Int128.max...Int128.max, using: &generator) >> shifts.0
            let denominator = (Int128.random(in: 1...Int128.max, using: &generator) >> shifts.1) + 1
            guard let fraction = Fraction(numerator, over: denominator) else { continue }
            let double = fraction.double
            // Where both fit a double exactly, the machine's division is correctly rounded.
            if numerator.magnitude < 1 << 53, denominator < 1 << 53 {
                #expect(double == Double(numerator) / Double(denominator))
            } else {
                // Else within two units of the twice rounded quotient.
                let rough = Double(numerator) / Double(denominator)
                #expect(abs(double - rough) <= 2 * rough.ulp, "\(numerator)/\(denominator)")
            }
        }
        // 2^53 + 1 over 1, times 3, over 3: a tie, to even; a hair above it, up.
        #expect(try #require(Fraction(9_007_199_254_740_993, over: 1)).double == 9_007_199_254_740_992)
        #expect(try #require(Fraction(27_021_597_764_222_980, over: 3)).double == 9_007_199_254_740_994)
    }
}
