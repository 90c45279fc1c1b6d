import Facts
package import Language

extension MetricReader {
    /// The figures that an expression reads under the windows that are in force at the moment, each once. Figures that
    /// only decide which window that is are not among them; where that is open, every window that it may be is.
    package func readingsInForce(of expression: TypedExpression) -> [Reading] {
        var seen: Set<Reading> = []
        return readingsInForce(of: expression, shifted: []).filter { seen.insert($0).inserted }
    }

    private func readingsInForce(of expression: TypedExpression, shifted shifts: [CalendarOffset]) -> [Reading] {
        switch expression.node {
        case .metric(let name):
            return set.vocabulary.metrics[name].map { readingsInForce(of: $0, shifted: shifts) } ?? []
        case .offset(let inner, let offset): return readingsInForce(of: inner, shifted: shifts + [offset])
        case .aggregate(let aggregate):
            guard let found = set.aggregate(for: aggregate) else { return [] }
            guard case .window(_, let over) = aggregate.span else {
                return [Reading(found, over: nil, shifted: shifts)]
            }
            return Evaluator.windows(over, in: set.vocabulary, from: self, shifted: shifts)
                .compactMap { window in window.map { Reading(found, over: $0, shifted: shifts) } }
        default: return expression.children.flatMap { readingsInForce(of: $0, shifted: shifts) }
        }
    }
}
