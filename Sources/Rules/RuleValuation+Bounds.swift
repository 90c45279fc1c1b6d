package import Facts
import Language

extension RuleValuation {
    /// What a metric is held against by `require`: the first number, or length of time in microseconds, that it is compared
    /// with; nil where it is compared with none.
    package func limit(of metric: String) -> Fraction? { required?.bound(of: metric)?.plainNumber }

    /// Whether the metric has to stay below what it is held against by `require`, and not above it; nil where it is held
    /// against no number, or has to be just that.
    package func limitIsGreatest(of metric: String) -> Bool? { required?.isBelowBound(metric) }

    /// The same by `prefer`.
    package func preferredLimit(of metric: String) -> Fraction? { preferred?.bound(of: metric)?.plainNumber }

    /// For output: a length of time in seconds.
    package func nearestLimit(of metric: String) -> Double? { required?.bound(of: metric)?.nearest }

    /// Likewise.
    package func nearestPreference(of metric: String) -> Double? { preferred?.bound(of: metric)?.nearest }
}

extension TypedExpression {
    fileprivate func bound(of metric: String) -> TypedExpression? {
        switch node {
        case .compare(_, let a, let b):
            let other = a.isMetric(metric) ? b : b.isMetric(metric) ? a : nil
            return other?.plainNumber == nil ? nil : other
        case .and(let a, let b), .or(let a, let b): return a.bound(of: metric) ?? b.bound(of: metric)
        case .not(let a): return a.bound(of: metric)
        default: return nil
        }
    }

    fileprivate func isBelowBound(_ metric: String) -> Bool? {
        switch node {
        case .compare(let sign, let a, let b):
            guard let isLeft = a.isMetric(metric) ? true : b.isMetric(metric) ? false : nil,
                (isLeft ? b : a).plainNumber != nil
            else { return nil }
            return switch sign {
            case .less, .lessOrEqual: isLeft
            case .greater, .greaterOrEqual: !isLeft
            case .equal, .notEqual: nil
            }
        case .and(let a, let b), .or(let a, let b): return a.isBelowBound(metric) ?? b.isBelowBound(metric)
        case .not(let a): return a.isBelowBound(metric).map { !$0 }
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

    fileprivate var nearest: Double? {
        plainNumber.map { type == .duration ? $0.double / 1_000_000 : $0.double }
    }

    fileprivate var plainNumber: Fraction? {
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
