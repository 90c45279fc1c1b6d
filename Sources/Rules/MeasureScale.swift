package import Facts
import Language
import Rollups

/// Between what the readings of a measure can lie, where the pack shows it.
package enum MeasureScale: Sendable, Hashable {
    /// A part of a whole, which people also write in percent. Orders may have several refunds: it may pass 1.
    case share
    /// A mean of scores, or what the pack says of its place: no reading lies outside.
    case between(ClosedRange<Fraction>)
}

extension Pack {
    /// Its place may say it; else what a measure is held against, or is the limit of, says what it is; nil where nothing does.
    package func scale(ofMeasure name: String) -> MeasureScale? {
        if let range = places.first(where: { $0.names.contains(name) })?.range { return .between(range) }
        if let parameter = parameters.first(where: { $0.measure == name }), parameter.type == .rate { return .share }
        if let pair = reconcile.first(where: { $0.theirs == name }), let scale = scale(of: pair) { return scale }
        for rule in rules {
            for condition in rule.conditions {
                if let scale = scale(ofMeasure: name, in: condition.expression) { return scale }
            }
        }
        return nil
    }

    private func scale(of pair: ReconcilePair) -> MeasureScale? {
        scale(of: pair.ours) ?? (pair.isPercent ? .share : nil)
    }

    /// By the other side of a comparison.
    private func scale(ofMeasure name: String, in condition: TypedExpression) -> MeasureScale? {
        if case .compare(_, let a, let b) = condition.node {
            for (side, other) in [(a, b), (b, a)] where isReading(side, of: name) {
                if let scale = scale(of: other) { return scale }
            }
        }
        return condition.children.lazy.compactMap { self.scale(ofMeasure: name, in: $0) }.first
    }

    /// The measure itself, or the limit that it shows; not what is worked out of it.
    private func isReading(_ expression: TypedExpression, of name: String) -> Bool {
        switch expression.node {
        case .parameter(let parameter): self.parameter(parameter)?.measure == name
        case .call(.coalesce, let all): all.contains { isReading($0, of: name) }
        default: reading(in: expression) == name
        }
    }

    /// The measure of which an expression is one reading.
    func reading(in expression: TypedExpression) -> String? {
        switch expression.node {
        case .metric(let metric): vocabulary.metrics[metric].flatMap { self.reading(in: $0) }
        case .aggregate(let aggregate): plainReading(aggregate, expression)
        default: nil
        }
    }

    private func plainReading(_ aggregate: AggregateExpression, _ expression: TypedExpression) -> String? {
        guard [.latest, .min, .max].contains(aggregate.reducer),
            case .member(let member, .measure, false)? = aggregate.value?.node, member.name == "value",
            let names = Reach(of: [expression], in: vocabulary).readings.first?.names
        else { return nil }
        return names.count == 1 ? names.first : nil
    }

    /// What an expression's own form says of it.
    private func scale(of expression: TypedExpression) -> MeasureScale? {
        switch expression.node {
        case .literal(.number(_, isPercent: true)): return .share
        case .parameter(let name): return parameter(name)?.type == .rate ? .share : nil
        case .metric(let name): return vocabulary.metrics[name].flatMap { self.scale(of: $0) }
        case .aggregate(let aggregate):
            guard aggregate.reducer == .mean, let scale = Aggregate(aggregate)?.scale else {
                let theirs = reading(in: expression)
                return theirs.flatMap { name in reconcile.first { $0.theirs == name } }.flatMap { self.scale(of: $0) }
            }
            return aggregate.value?.type == .bool ? .share : .between(scale)
        case .call(.coalesce, let all), .call(.min, let all), .call(.max, let all):
            let scales = all.map { self.scale(of: $0) }
            return scales.allSatisfy { $0 == scales[0] } ? scales[0] : nil
        default: return nil
        }
    }
}
