import Facts
package import Language
package import Rules

/// A figure for people: shares and means to four digits behind the point, or in percent where they are held against a
/// percentage; whole numbers whole, lengths of time in words.
package enum FigureText {
    /// The figure of a metric as the rule looks at it.
    package static func text(_ estimate: Estimate, of metric: String, in rule: RuleEvaluation) -> String {
        text(estimate, isPercent: rule.valued.percentages.contains(metric))
    }

    package static func text(_ estimate: Estimate, isPercent: Bool = false) -> String {
        switch estimate {
        case .exact(let value): return text(value, isPercent: isPercent)
        case .range(let low, let high, _, let isDuration):
            func side(_ bound: Fraction?) -> String? {
                bound.map { text(isDuration ? .duration($0) : .number($0), isPercent: isPercent) }
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

    package static func text(_ value: Value, isPercent: Bool = false) -> String {
        switch value {
        case .missing: "–"
        case .number(let number): FigureScale.number(isPercent: isPercent).text(number)
        case .duration(let microseconds): FigureScale.duration(microseconds).text(microseconds)
        case .time(let moment): moment.description
        case .bool(let truth): truth ? "true" : "false"
        case .word(let text), .string(let text): text
        }
    }
}
