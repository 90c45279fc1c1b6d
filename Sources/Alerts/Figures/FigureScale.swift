package import Facts
package import Language

/// How far the figures of one change are shown: so many digits behind the point, of one unit.
///
/// An effect is shown as the way between two figures as they are shown, so that what is printed adds up as what is
/// meant does.
package struct FigureScale {
    private let factor: Fraction
    private let digits: Int
    private let unit: String

    /// For a number: four digits behind the point, or in percent two.
    package static func number(isPercent: Bool) -> FigureScale {
        isPercent
            ? FigureScale(factor: Fraction(100), digits: 2, unit: "%") : FigureScale(factor: .one, digits: 4, unit: "")
    }

    /// For lengths of time: in the unit in which the longest of them is best read.
    package static func duration(_ microseconds: Fraction...) -> FigureScale {
        let longest = microseconds.map { abs($0.double) / 1_000_000 }.max() ?? 0
        let (seconds, digits, unit): (Int128, Int, String) =
            switch longest {
            case ..<120: (1, 0, " s")
            case ..<7200: (60, 0, " min")
            case ..<172_800: (3600, 1, " h")
            default: (86_400, 1, " d")
            }
        return FigureScale(factor: Fraction(1, over: seconds * 1_000_000) ?? .one, digits: digits, unit: unit)
    }

    /// For two figures beside each other; nil where neither is a number or a length of time.
    package static func common(_ a: Value, _ b: Value, isPercent: Bool) -> FigureScale? {
        switch (a, b) {
        case (.number, _), (_, .number): number(isPercent: isPercent)
        case (.duration(let first), .duration(let second)): duration(first, second)
        case (.duration(let length), _), (_, .duration(let length)): duration(length)
        default: nil
        }
    }

    package func text(_ figure: Fraction) -> String { text(rounded(figure)) }

    /// From one figure to another: `+1.5%`.
    package func text(from: Fraction, to: Fraction) -> String {
        let way = rounded(to) - rounded(from)
        return (way < 0 ? "" : "+") + text(way)
    }

    private var size: Int128 { (0..<digits).reduce(1) { size, _ in size * 10 } }

    private func rounded(_ figure: Fraction) -> Int128 {
        figure.multiplied(by: factor)?.multiplied(by: Fraction(size))?.roundedHalfEven ?? 0
    }

    private func text(_ rounded: Int128) -> String {
        let (whole, part) = rounded.magnitude.quotientAndRemainder(dividingBy: UInt128(size))
        var behind = "\(part)"
        behind = String(repeating: "0", count: digits - min(digits, behind.count)) + behind
        while behind.last == "0" { behind.removeLast() }
        return (rounded < 0 ? "-" : "") + "\(whole)" + (part == 0 ? "" : "." + behind) + unit
    }
}
