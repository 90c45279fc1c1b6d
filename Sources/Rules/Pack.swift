package import Facts
package import Language
package import Rollups

/// One platform as one YAML file says it: parameters, metrics, rules and gates, without an error in it.
///
/// A class because it is large and never changes: all stores of a platform hold the same one.
package final class Pack: Sendable {
    package let name: String
    package let title: Words
    /// Of its stores, where the configuration gives none; an IANA name.
    package let timezone: String?
    /// Of its stores, where the configuration gives none; ISO 4217.
    package let currency: String?
    /// The labels that facts may carry; all others are dropped.
    package let labels: [String]
    /// In the order written.
    package let parameters: [Parameter]
    /// Windows, kinds and metrics, understood.
    package let vocabulary: Vocabulary
    /// The names of the metrics in the order written, which is the order in which people see them.
    package let metrics: [String]
    /// What people call a metric; of those that have such a name.
    package let titles: [String: Words]
    package let rules: [Rule]
    package let gates: [Gate]
    /// The metrics of which the platform shows a figure too, in the order written.
    package let reconcile: [ReconcilePair]
    /// Those that some rule trusts only while ours and theirs agree.
    package let distrusted: [ReconcilePair]
    /// The members of which the first known value stands.
    package let first: [FactKind: [Member]]
    /// How late the platform itself publishes a kind; a kind not listed is published at once.
    package let settles: [FactKind: TimeSpan]
    /// Kinds that no API of the platform gives, or not every store has: as long as nobody has brought one, the rules that
    /// read it are unjudged, and not unknown.
    package let optional: FactKinds
    /// Where in the back end a person finds readings.
    package let places: [Place]
    package let origin: Origin
    /// The built-in pack that it goes on from; what that suggests has to be confirmed here too.
    package let extends: String?
    /// How the platform itself is pulled; nil: its facts come by feeds and files.
    package let pull: PullPlan?
    package let source: SourceText

    init(
        name: String, title: Words, timezone: String?, currency: String?, labels: [String], parameters: [Parameter],
        vocabulary: Vocabulary, metrics: [String], titles: [String: Words] = [:], rules: [Rule], gates: [Gate],
        reconcile: [ReconcilePair] = [], first: [FactKind: [Member]],
        settles: [FactKind: TimeSpan], optional: FactKinds = [], places: [Place] = [],
        origin: Origin, extends: String? = nil,
        pull: PullPlan? = nil, source: SourceText
    ) {
        (self.name, self.title, self.timezone, self.currency) = (name, title, timezone, currency)
        (self.labels, self.parameters, self.vocabulary) = (labels, parameters, vocabulary)
        (self.metrics, self.titles, self.rules, self.gates) = (metrics, titles, rules, gates)
        (self.first, self.settles, self.origin, self.source) = (first, settles, origin, source)
        (self.optional, self.extends, self.pull) = (optional, extends, pull)
        self.places = places
        self.reconcile = reconcile
        distrusted = reconcile.filter { pair in rules.contains { $0.distrusted.contains(pair.metric) } }
        hasShownParameters = parameters.contains { $0.measure != nil }
    }

    package enum Origin: Sendable, Hashable {
        /// Ours: its limits say who states them, and suggested ones have to be confirmed.
        case builtIn
        /// The user's: its limits are its owner's.
        case user
    }

    /// Where some readings stand.
    package struct Place: Sendable, Hashable {
        /// Empty: all that no other place names.
        package let names: Set<String>
        package let place: Words
        /// Between what they lie; nil: nobody says.
        package let range: ClosedRange<Fraction>?

        init(names: [String], place: Words, range: ClosedRange<Fraction>? = nil) {
            (self.names, self.place, self.range) = (Set(names), place, range)
        }
    }

    package var isBuiltIn: Bool { origin == .builtIn }
    /// Some of its limits may be only suggested, by us and not by its owner.
    package var mayOnlySuggest: Bool { isBuiltIn || extends != nil }
    /// Some parameter has the value that the platform shows the store.
    package let hasShownParameters: Bool

    /// A metric as people read it; without a title its name in words.
    package func title(of metric: String) -> Words {
        titles[metric] ?? Words(en: metric.replacing("_", with: " "), zh: metric)
    }

    /// The metric that is just this figure; the first in the order written.
    package func metric(of reading: Reading, in set: MetricSet) -> String? {
        metrics.first { name in
            // A window that is chosen by a condition reads that condition's figures too.
            set.aggregate(ofMetric: name) == reading.aggregate && set.readings(ofMetric: name).contains(reading)
        }
    }

    package func rule(_ id: String) -> Rule? { rules.first { $0.id == id } }
    /// Also by what it was called before.
    package func rule(everCalled id: String) -> Rule? {
        rule(id) ?? rules.first { $0.previousIDs.contains(id) }
    }
    package func parameter(_ name: String) -> Parameter? { parameters.first { $0.name == name } }

    /// What the configuration says, with what the platform shows the store.
    package func terms(_ overrides: StoreOverrides, _ newest: [String: MeasureReading]) -> StoreOverrides {
        guard hasShownParameters else { return overrides }
        var terms = overrides
        for parameter in parameters {
            if let measure = parameter.measure { terms.shown[measure] = newest[measure]?.value }
        }
        return terms
    }

    /// A parameter's value in force at a store on one of its local days; nil when none is known.
    package func parameter(_ name: String, for store: Store, on day: LocalDay, _ overrides: StoreOverrides)
        -> ResolvedParameter?
    {
        guard let parameter = parameter(name) else { return nil }
        return value(
            of: parameter, for: store, on: day, overrides, shown: parameter.measure.flatMap { overrides.shown[$0] })
    }

    /// - Parameters:
    ///   - overrides: of which only the values count, not what they have as `shown`.
    ///   - shown: what the platform shows the store of it.
    func value(
        of parameter: Parameter, for store: Store, on day: LocalDay, _ overrides: StoreOverrides, shown: FixedPoint?
    ) -> ResolvedParameter? {
        if let value = overrides.parameters[parameter.name] {
            return ResolvedParameter(value: value, basis: nil, source: nil, isOverridden: true)
        }
        if let shown {
            let isRate = parameter.type == .rate
            let number = isRate ? Fraction(Int128(shown.millionths), over: 10_000) : Fraction(shown)
            let value = ParameterValue.literal(.number(number ?? Fraction(shown), isPercent: isRate && number != nil))
            return ResolvedParameter(value: value, basis: .shown, source: nil, isOverridden: false)
        }
        return parameter.rows.first { $0.fits(store, on: day) }.map {
            ResolvedParameter(value: $0.value, basis: $0.basis, source: $0.source, isOverridden: false)
        }
    }

    /// The values of all parameters that have one.
    package func parameterValues(for store: Store, on day: LocalDay, _ overrides: StoreOverrides)
        -> [String: ParameterValue]
    {
        var values: [String: ParameterValue] = [:]
        for parameter in parameters {
            values[parameter.name] = self.parameter(parameter.name, for: store, on: day, overrides)?.value
        }
        return values
    }
}
