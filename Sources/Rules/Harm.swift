package import Language

/// Which aggregates of a condition break it: those that do so by growing, and those whose values do.
///
/// It follows the signs: in `a < 3 or b / c < 1%` a and b harm, and c, which only divides, does not. What is read both
/// ways harms. Of a mean, a least, a greatest or a latest value it is the values that harm, whichever way they go; of the
/// share for which a condition holds, it is the facts for which it does, or for which it does not. What is as of an
/// earlier day (`x offset 30d`) does not harm.
package enum Harm {
    /// Each once, in the order of the condition. A share is given as the count of what harms it.
    package static func aggregates(of condition: TypedExpression, in vocabulary: Vocabulary) -> [AggregateExpression] {
        var search = Search(vocabulary: vocabulary)
        search.visit(condition: condition, isWanted: true)
        return search.found
    }

    private struct Search {
        let vocabulary: Vocabulary
        var found: [AggregateExpression] = []
        /// Metrics and the way they were looked at, so that a tangle of them is walked once.
        private var seen: Set<String> = []

        init(vocabulary: Vocabulary) { self.vocabulary = vocabulary }

        /// - Parameter isWanted: the condition is wanted true.
        mutating func visit(condition: TypedExpression, isWanted: Bool) {
            switch condition.node {
            case .and(let a, let b), .or(let a, let b):
                visit(condition: a, isWanted: isWanted)
                visit(condition: b, isWanted: isWanted)
            case .not(let a): visit(condition: a, isWanted: !isWanted)
            // What was is what it is held against: no fact to come makes it worse.
            case .offset: break
            case .metric(let name): into(name, "\(isWanted)") { $0.visit(condition: $1, isWanted: isWanted) }
            case .compare(let sign, let a, let b):
                switch sign {
                case .less, .lessOrEqual:
                    visit(a, harmsByGrowing: isWanted)
                    visit(b, harmsByGrowing: !isWanted)
                case .greater, .greaterOrEqual:
                    visit(a, harmsByGrowing: !isWanted)
                    visit(b, harmsByGrowing: isWanted)
                case .equal, .notEqual:
                    visit(a, harmsByGrowing: nil)
                    visit(b, harmsByGrowing: nil)
                }
            case .isMissing(let a), .isOneOf(let a, _): visit(a, harmsByGrowing: nil)
            case .call(_, let arguments):
                for argument in arguments {
                    if argument.type == .bool {
                        visit(condition: argument, isWanted: isWanted)
                    } else {
                        visit(argument, harmsByGrowing: nil)
                    }
                }
            default: break
            }
        }

        /// - Parameter growing: it harms by growing, by shrinking, or (nil) either way.
        mutating func visit(_ expression: TypedExpression, harmsByGrowing growing: Bool?) {
            switch expression.node {
            case .aggregate(let aggregate): note(aggregate, growing)
            case .metric(let name):
                into(name, "\(growing.map(String.init) ?? "either")") { $0.visit($1, harmsByGrowing: growing) }
            case .negate(let a): visit(a, harmsByGrowing: growing.map { !$0 })
            case .offset: break
            case .arithmetic(let sign, let a, let b):
                visit(a, harmsByGrowing: growing)
                visit(b, harmsByGrowing: sign == .subtract || sign == .divide ? growing.map { !$0 } : growing)
            case .call(let function, let arguments):
                let keepsSign = [.min, .max, .round, .floor, .coalesce, .if].contains(function)
                for argument in arguments where argument.type != .bool {
                    visit(argument, harmsByGrowing: keepsSign ? growing : nil)
                }
            default: break
            }
        }

        private mutating func note(_ aggregate: AggregateExpression, _ growing: Bool?) {
            let harms: Bool
            switch aggregate.reducer {
            case .count, .sum, .distinct: harms = growing != false
            case .mean, .min, .max, .percentile, .latest: harms = true
            }
            let harming = growing.flatMap { aggregate.counting(holds: $0) } ?? aggregate
            if harms, !found.contains(harming) { found.append(harming) }
        }

        private mutating func into(
            _ metric: String, _ way: String, _ visit: (inout Search, TypedExpression) -> Void
        ) {
            guard seen.insert("\(metric) \(way)").inserted, let expression = vocabulary.metrics[metric] else { return }
            visit(&self, expression)
        }
    }
}

extension AggregateExpression {
    /// The count of the facts for which the condition under `mean` holds, or does not hold; where it is missing it does
    /// neither. Nil for everything but the mean of a condition.
    func counting(holds: Bool) -> AggregateExpression? {
        guard reducer == .mean, let condition = value, condition.type == .bool else { return nil }
        let wanted = holds ? condition : TypedExpression(.not(condition), .bool)
        return AggregateExpression(
            .count, kind, where: filter.map { TypedExpression(.and($0, wanted), .bool) } ?? wanted, span)
    }
}
