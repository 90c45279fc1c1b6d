package import Facts
import Language

extension RuleValuation {
    /// What a metric is held against by `require`: the first number, or length of time in microseconds, that it is compared
    /// with; nil where it is compared with none.
    package func limit(of metric: String) -> Fraction? { required?.bound(of: metric) }

    /// The same by `prefer`.
    package func preferredLimit(of metric: String) -> Fraction? { preferred?.bound(of: metric) }
}

extension TypedExpression {
    fileprivate func bound(of metric: String) -> Fraction? {
        switch node {
        case .compare(_, let a, let b):
            if a.isMetric(metric) { return b.plainNumber }
            return b.isMetric(metric) ? a.plainNumber : nil
        case .and(let a, let b), .or(let a, let b): return a.bound(of: metric) ?? b.bound(of: metric)
        case .not(let a): return a.bound(of: metric)
        default: return nil
        }
    }

    private func isMetric(_ name: String) -> Bool {
        switch node {
        case .metric(name): true
        case .call(.coalesce, let arguments): arguments.contains { $0.isMetric(name) }
        default: false
        }
    }

    private var plainNumber: Fraction? {
        switch node {
        case .literal(let literal):
            switch literal.value {
            case .number(let number), .duration(let number): number
            default: nil
            }
        case .negate(let a): a.plainNumber?.negated
        default: nil
        }
    }
}
