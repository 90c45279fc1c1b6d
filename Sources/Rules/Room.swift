package import Facts
import Language

extension RuleEvaluation {
    /// How much of the way from the best figure there can be to the limit is left: all of it at a dispute rate of 0 or a
    /// score of 5, 1/4 where three quarters of it are gone, 0 at the limit, less beyond it. By it stores are ordered; what
    /// it takes to get there is `Headroom`.
    ///
    /// What has to stay below a limit is at its best at 0, or at the least of its scale. What has to stay above one is at
    /// its best at the greatest of its scale, such as 5 for scores and 1 for shares; where it has none, as numbers of
    /// orders have none, the limit itself is the measure: at twice the limit all of it is left.
    ///
    /// Of `or` the farthest counts, of `and` the nearest. nil: a figure or the limit is not known, or the condition holds
    /// no figure against a limit.
    package var room: Fraction? {
        guard standing != .unknown, standing != .unjudged, let required = valued.required else { return nil }
        var figures: [String: Fraction] = [:]
        for value in values {
            switch value.estimate {
            case .exact(.number(let number)), .exact(.duration(let number)): figures[value.metric] = number
            default: break
            }
        }
        return Room(figures: figures, ranges: valued.ranges).room(of: required)
    }
}

/// Walks a condition with the figures of its metrics.
private struct Room {
    var figures: [String: Fraction]
    /// Of what is held against limits.
    var ranges: [TypedExpression: FigureRange]

    func room(of condition: TypedExpression) -> Fraction? {
        switch condition.node {
        case .compare(let sign, let a, let b):
            switch sign {
            case .less, .lessOrEqual: below(a, b)
            case .greater, .greaterOrEqual: below(b, a)
            case .equal, .notEqual: nil
            }
        case .and(let a, let b): chosen(room(of: a), room(of: b), min)
        case .or(let a, let b): chosen(room(of: a), room(of: b), max)
        case .not(let a): room(of: a).flatMap(\.negated)
        default: nil
        }
    }

    private func chosen(
        _ a: Fraction?, _ b: Fraction?, _ choose: (Fraction, Fraction) -> Fraction
    ) -> Fraction? {
        guard let a, let b else { return a ?? b }
        return choose(a, b)
    }

    /// Of `low` that has to stay below `high`: that is the limit, unless it is `high` alone that is a figure.
    private func below(_ low: TypedExpression, _ high: TypedExpression) -> Fraction? {
        guard let a = number(low), let b = number(high), let left = b.subtracting(a) else { return nil }
        let limit = low.isOfMetrics ? b : a
        if let whole = whole(low, high, limit), whole > .zero { return left.divided(by: whole) }
        // Of nothing there is no share: at it, or a whole limit beyond.
        if limit == .zero { return left == .zero ? .zero : left < .zero ? Fraction(-1) : .one }
        return left.divided(by: limit < .zero ? limit.negated ?? limit : limit)
    }

    /// From the best that the figure can be to its limit; nil where nobody says what is best.
    private func whole(_ low: TypedExpression, _ high: TypedExpression, _ limit: Fraction) -> Fraction? {
        if low.isOfMetrics { return high.isOfMetrics ? nil : limit.subtracting(ranges[low]?.low ?? .zero) }
        return ranges[high]?.high?.subtracting(limit)
    }

    private func number(_ expression: TypedExpression) -> Fraction? {
        switch expression.node {
        case .literal(let literal):
            switch literal.value {
            case .number(let number), .duration(let number): number
            default: nil
            }
        case .metric(let name): figures[name]
        case .negate(let a): number(a)?.negated
        case .arithmetic(let sign, let a, let b):
            number(a).flatMap { a in
                number(b).flatMap { b in
                    switch sign {
                    case .add: a.adding(b)
                    case .subtract: a.subtracting(b)
                    case .multiply: a.multiplied(by: b)
                    case .divide: a.divided(by: b)
                    }
                }
            }
        case .call(.min, let arguments): least(arguments, by: min)
        case .call(.max, let arguments): least(arguments, by: max)
        case .call(.coalesce, let arguments): arguments.lazy.compactMap(number).first
        default: nil
        }
    }

    private func least(_ arguments: [TypedExpression], by choose: (Fraction, Fraction) -> Fraction) -> Fraction? {
        let numbers = arguments.compactMap(number)
        guard numbers.count == arguments.count, let first = numbers.first else { return nil }
        return numbers.dropFirst().reduce(first, choose)
    }
}

extension TypedExpression {
    fileprivate var isOfMetrics: Bool {
        if case .metric = node { return true }
        return children.contains(where: \.isOfMetrics)
    }

    /// The sides of its comparisons that are figures.
    var figures: Set<TypedExpression> {
        switch node {
        case .compare(_, let a, let b): Set([a, b].filter(\.isOfMetrics))
        case .and(let a, let b), .or(let a, let b): a.figures.union(b.figures)
        case .not(let a): a.figures
        default: []
        }
    }
}
