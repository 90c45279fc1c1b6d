package import Facts
package import Language
package import Rollups

/// A pack with the values that its parameters have at one store on one day: what can be counted.
///
/// What counts may depend on parameters, so the set of aggregates does too. Stores whose values agree share one.
package final class PackValuation: Sendable {
    package let values: [String: ParameterValue]
    package let metrics: MetricSet
    /// For each rule of the pack, in its order: what it lacks, or its conditions with the values in place.
    package let rules: [RuleValuation]

    package init(_ pack: Pack, _ values: [String: ParameterValue]) {
        self.values = values
        let parts = pack.rules.map { (rule: $0, lacking: $0.needed.filter { values[$0] == nil }) }
        let metrics = MetricSet(
            vocabulary: pack.vocabulary,
            conditions: parts.filter(\.lacking.isEmpty).flatMap { $0.rule.conditions.map(\.expression) },
            parameters: values.mapValues(\.value),
            windows: values.compactMapValues { if case .window(let window) = $0 { window } else { nil } })
        self.metrics = metrics
        rules = parts.map { rule, lacking in
            let other = rule.standsInFor.flatMap { id in parts.first { $0.rule.id == id } }
            return RuleValuation(
                rule, values, lacking: lacking, inPlaceOf: other.flatMap { $0.lacking.isEmpty ? $0.rule : nil },
                metrics, pack)
        }
    }
}

/// A rule with the values that its parameters have.
package final class RuleValuation: Sendable {
    package let rule: Rule
    /// The parameters that have no value; while there are any the rule cannot be judged.
    package let lacking: [String]
    /// The rule that it stands in for, if that one lacks nothing.
    private let inPlaceOf: Rule?
    /// What its conditions read; nothing while it lacks a value.
    package let readings: [Reading]
    /// `require` with parameters replaced by their values; nil while one that it needs has none.
    let required: TypedExpression?
    /// `prefer`, likewise.
    let preferred: TypedExpression?
    /// The same as text; a parameter without a value stays as its name.
    package let limit: String
    /// `prefer`, likewise.
    package let preference: String?
    /// `given`, likewise.
    package let premise: String?
    /// The facts behind it: those of `evidence`, else of the aggregates of its conditions; parameters replaced.
    package let evidence: [AggregateExpression]
    /// The metrics that its conditions hold against a percentage: people read them as one.
    package let percentages: Set<String>
    /// The metrics that are amounts of money.
    package let money: Set<String>
    /// Between what the figures can lie that `require` holds against limits.
    let ranges: [TypedExpression: FigureRange]

    package func isInForce(on day: LocalDay) -> Bool { !isStoodDown(on: day) && rule.isInForce(on: day) }

    /// The rule that it stands in for can be judged itself on the day.
    func isStoodDown(on day: LocalDay) -> Bool { inPlaceOf?.isInForce(on: day) ?? false }

    init(
        _ rule: Rule, _ values: [String: ParameterValue], lacking: [String], inPlaceOf: Rule?, _ metrics: MetricSet,
        _ pack: Pack
    ) {
        (self.rule, self.lacking, self.inPlaceOf) = (rule, lacking, inPlaceOf)
        readings = lacking.isEmpty ? rule.conditions.flatMap { metrics.readings(of: $0.expression) } : []
        let required = rule.require.expression.writing(values)
        let preferred = rule.prefer?.expression.writing(values)
        self.required = lacking.isEmpty ? required : nil
        self.preferred = preferred
        limit = Printer.text(of: required)
        preference = preferred.map(Printer.text)
        premise = rule.given.map { Printer.text(of: $0.expression.writing(values)) }
        percentages = required.percentages.union(preferred?.percentages ?? [])
        money = Set(rule.reach.metrics.filter { pack.vocabulary.metrics[$0]?.isMoney(in: pack.vocabulary) ?? false })
        ranges = required.figures.reduce(into: [:]) { $0[$1] = FigureRange(of: $1, in: pack) }
        if let own = rule.evidence {
            // Without a span it is over the days that the rule itself looks at.
            let same = rule.harm.filter { $0.kind == own.kind }
            let spans =
                own.span.map { [$0] }
                ?? (same.isEmpty ? rule.reach.aggregates.filter { $0.kind == own.kind } : same).map(\.span)
            var distinct: [AggregateExpression] = []
            for span in spans {
                let facts = AggregateExpression(.count, own.kind, where: own.filter, span).writing(values)
                if !distinct.contains(facts) { distinct.append(facts) }
            }
            evidence = distinct
        } else {
            evidence = rule.harm.map { $0.writing(values) }
        }
    }
}

/// The valuations made so far, to be kept between evaluations: one for each pack and set of values, not for each store.
package struct PackValuations: Sendable {
    private struct Key: Hashable, Sendable {
        let pack: SourceText
        let values: [String: ParameterValue]

        /// Without the text, which is long; equal texts are almost always one and the same.
        func hash(into hasher: inout Hasher) {
            hasher.combine(pack.name)
            hasher.combine(values)
        }
    }

    private var known: [Key: PackValuation] = [:]

    package init() {}

    package mutating func valuation(of pack: Pack, for store: Store, on day: LocalDay, _ overrides: StoreOverrides)
        -> PackValuation
    {
        let key = Key(pack: pack.source, values: pack.parameterValues(for: store, on: day, overrides))
        if let found = known[key] { return found }
        let made = PackValuation(pack, key.values)
        known[key] = made
        return made
    }
}
