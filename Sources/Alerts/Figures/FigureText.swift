package import Facts
package import Language
package import Rules

/// A figure for people: shares and means to four digits behind the point, or in percent where they are held against a
/// percentage; whole numbers whole and in groups of three digits, lengths of time in words.
package enum FigureText {
    /// The figure of a metric as the rule looks at it.
    package static func text(_ estimate: Estimate, of metric: String, in rule: RuleEvaluation) -> String {
        text(estimate, isPercent: rule.valued.percentages.contains(metric))
    }

    /// The same in both languages: money with its currency.
    package static func words(
        _ estimate: Estimate, of metric: String, in rule: RuleEvaluation, _ currency: String?
    ) -> Words {
        guard rule.valued.money.contains(metric), case .exact(.number(let amount)) = estimate,
            let millionths = amount.multiplied(by: Fraction(1_000_000))?.roundedHalfEven
        else { return Words(text(estimate, of: metric, in: rule)) }
        let money = Money(currency: currency, millionths: millionths)
        return Words(en: money.shown(.english), zh: money.shown(.chinese))
    }

    /// - Parameter isGrouped: false for what programs read.
    package static func text(_ estimate: Estimate, isPercent: Bool = false, isGrouped: Bool = true) -> String {
        switch estimate {
        case .exact(let value): return text(value, isPercent: isPercent, isGrouped: isGrouped)
        case .range(let low, let high, _, let isDuration):
            func side(_ bound: Fraction?) -> String? {
                bound.map {
                    text(isDuration ? .duration($0) : .number($0), isPercent: isPercent, isGrouped: isGrouped)
                }
            }
            switch (side(low), side(high)) {
            case (let low?, let high?): return "\(low)…\(high)"
            case (let low?, nil): return "≥ \(low)"
            case (nil, let high?): return "≤ \(high)"
            case (nil, nil): return "?"
            }
        case .undecided, .anything: return "?"
        }
    }

    package static func text(_ value: Value, isPercent: Bool = false, isGrouped: Bool = true) -> String {
        func grouped(_ text: String) -> String { isGrouped ? text.grouped : text }
        return switch value {
        case .missing: "–"
        case .number(let number): grouped(FigureScale.number(isPercent: isPercent).text(number))
        case .duration(let microseconds): grouped(FigureScale.duration(microseconds).text(microseconds))
        case .time(let moment): moment.description
        case .bool(let truth): truth ? "true" : "false"
        case .word(let text), .string(let text): text
        }
    }
}
