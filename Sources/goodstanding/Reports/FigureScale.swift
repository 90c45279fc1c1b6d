import Facts
import Language

/// How far the figures of one change are shown: so many digits behind the point, of one unit.
///
/// An effect is shown as the way between two figures as they are shown, so that what is printed adds up as what is
/// meant does.
struct FigureScale {
    private let factor: Fraction
    private let digits: Int
    private let unit: String

    /// - Returns: nil where neither is a number or a length of time.
    init?(_ a: Value, _ b: Value, isPercent: Bool) {
        switch (a, b) {
        case (.number, _), (_, .number): (factor, digits, unit) = isPercent ? (Fraction(100), 2, "%") : (.one, 4, "")
        case (.duration(let length), .duration), (.duration(let length), _), (_, .duration(let length)):
            var longest = length.double
            if case .duration(let other) = b { longest = max(longest, other.double) }
            let seconds: Int64
            switch longest / 1_000_000 {
            case ..<120: (seconds, digits, unit) = (1, 0, " s")
            case ..<7200: (seconds, digits, unit) = (60, 0, " min")
            case ..<172_800: (seconds, digits, unit) = (3600, 1, " h")
            default: (seconds, digits, unit) = (86_400, 1, " d")
            }
            factor = Fraction(1, over: Int128(seconds) * 1_000_000) ?? .one
        default: return nil
        }
    }

    func text(_ figure: Fraction) -> String { text(rounded(figure)) }

    /// From one figure to another: `+1.5%`.
    func text(from: Fraction, to: Fraction) -> String {
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
