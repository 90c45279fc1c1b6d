import Facts
import Language
import Rollups

/// Between what a figure can lie at all, as far as the pack says so: a mean of scores from 1 to 5, a share from 0 to 1, a
/// number of facts from 0 on. nil: nobody says.
struct FigureRange: Hashable, Sendable {
    var low: Fraction?
    var high: Fraction?

    static let open = FigureRange()

    private static func point(_ number: Fraction?) -> FigureRange { FigureRange(low: number, high: number) }

    /// Both may be.
    func united(_ other: FigureRange) -> FigureRange {
        func both(_ a: Fraction?, _ b: Fraction?, _ choose: (Fraction, Fraction) -> Fraction) -> Fraction? {
            a.flatMap { a in b.map { choose(a, $0) } }
        }
        return FigureRange(low: both(low, other.low, min), high: both(high, other.high, max))
    }

    private func combined(
        _ other: FigureRange, _ step: (Fraction) -> (Fraction) -> Fraction?
    ) -> FigureRange {
        func both(_ a: Fraction?, _ b: Fraction?) -> Fraction? { a.flatMap { a in b.flatMap { step(a)($0) } } }
        return FigureRange(low: both(low, other.low), high: both(high, other.high))
    }

    private var negated: FigureRange { FigureRange(low: high.flatMap(\.negated), high: low.flatMap(\.negated)) }

    init(low: Fraction? = nil, high: Fraction? = nil) { (self.low, self.high) = (low, high) }

    /// What an expression over metrics can come to.
    init(of expression: TypedExpression, in pack: Pack) {
        func range(_ part: TypedExpression) -> FigureRange { FigureRange(of: part, in: pack) }
        switch expression.node {
        case .literal(let literal):
            switch literal.value {
            case .number(let number), .duration(let number): self = .point(number)
            default: self = .open
            }
        case .metric(let name): self = pack.vocabulary.metrics[name].map(range) ?? .open
        case .aggregate(let aggregate): self.init(of: aggregate, expression, in: pack)
        case .offset(let a, _): self = range(a)
        case .call(.floor, let all), .call(.round, let all): self = all.first.map(range) ?? .open
        case .negate(let a): self = range(a).negated
        case .arithmetic(.add, let a, let b): self = range(a).combined(range(b)) { $0.adding }
        case .arithmetic(.subtract, let a, let b): self = range(a).combined(range(b).negated) { $0.adding }
        case .arithmetic(.divide, _, _) where PackLint.isShare(expression, in: pack):
            self.init(low: .zero, high: .one)
        case .call(.min, let all), .call(.max, let all), .call(.coalesce, let all):
            self = all.dropFirst().reduce(all.first.map(range) ?? .open) { $0.united(range($1)) }
        case .call(.if, let all) where all.count == 3: self = range(all[1]).united(range(all[2]))
        default: self = .open
        }
    }

    private init(of aggregate: AggregateExpression, _ expression: TypedExpression, in pack: Pack) {
        if let name = pack.reading(in: expression) {
            switch pack.scale(ofMeasure: name) {
            case .share?: self.init(low: .zero, high: .one)
            case .between(let scale)?: self.init(low: scale.lowerBound, high: scale.upperBound)
            case nil: self = .open
            }
            return
        }
        switch aggregate.reducer {
        case .count, .distinct: self.init(low: .zero)
        case .sum: self.init(low: aggregate.kind == .measure ? nil : .zero)
        case .mean, .min, .max, .percentile, .latest:
            let scale = Aggregate(aggregate)?.scale
            self.init(low: scale?.lowerBound, high: scale?.upperBound)
        }
    }
}
