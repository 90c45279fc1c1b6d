import Facts
import Language

extension Aggregate {
    /// How long before the time by which it counts a fact may have happened: 48 h for `by opened_at + 48h`. Not
    /// negative; nil when that cannot be said.
    var lead: TimeSpan? {
        guard let anchors = time.expressions.first.flatMap({ FactNeed.Anchor.anchors(of: $0, shift: .zero) }) else {
            return nil
        }
        return max(anchors.map(\.shift).max() ?? .zero, .zero)
    }
}

extension FactNeed.Anchor {
    /// The members of which one has to lie, moved by its shift, where the time `expression` lies; nil when that cannot
    /// be said.
    static func anchors(of expression: TypedExpression, shift: TimeSpan) -> [FactNeed.Anchor]? {
        // Further than any window reaches; what is added up below stays far from overflowing.
        guard shift < furthest, TimeSpan.zero - furthest < shift else { return nil }
        switch expression.node {
        case .member(let member, let kind, let ofOrder):
            guard member.type == .time else { return nil }
            return [FactNeed.Anchor(kind: ofOrder ? .order : kind, member: member, shift: shift)]
        case .arithmetic(.add, let time, let span):
            if let length = constant(span) { return anchors(of: time, shift: shift + length) }
            guard let length = constant(time) else { return nil }
            return anchors(of: span, shift: shift + length)
        case .arithmetic(.subtract, let time, let span):
            guard let length = constant(span) else { return nil }
            return anchors(of: time, shift: shift - length)
        case .call(let function, let arguments):
            // The result of each is one of its arguments.
            let candidates: [TypedExpression]
            switch function {
            case .min, .max, .coalesce: candidates = arguments
            case .if: candidates = Array(arguments.dropFirst())
            case .abs, .round, .floor, .hour, .weekday, .day: return nil
            }
            var result: [FactNeed.Anchor] = []
            for candidate in candidates {
                guard let anchors = anchors(of: candidate, shift: shift) else { return nil }
                result += anchors.filter { !result.contains($0) }
            }
            return result
        case .aggregate(let aggregate):
            // The first of the order file's times is one of them.
            guard case .orderFile = aggregate.span, let value = aggregate.value else { return nil }
            switch aggregate.reducer {
            case .min, .max, .percentile, .latest: return anchors(of: value, shift: shift)
            case .count, .sum, .mean, .distinct: return nil
            }
        default: return nil
        }
    }

    private static let furthest = TimeSpan.days(73_000)

    private static func constant(_ expression: TypedExpression) -> TimeSpan? {
        guard case .literal(let literal) = expression.node, case .duration(let span) = literal.value,
            span.denominator == 1, let microseconds = Int64(exactly: span.numerator)
        else { return nil }
        return TimeSpan(microseconds: microseconds)
    }
}
