package import Facts
import Language

/// Readings that a pack looks at and no event carries: of one figure, mostly one measure.
package struct MeasureNeed: Sendable, Hashable {
    /// Of several, any one will do: the figure is taken from what is there.
    package let names: [String]
    /// The metrics that read them, in the order of the pack.
    package internal(set) var metrics: [String] = []
    /// The parameters whose value the platform shows by them.
    package internal(set) var parameters: [String] = []
    /// The rules in force that rest on them.
    package internal(set) var rules: [String] = []
    /// How old the newest reading may be: the least that a rule asks for.
    package internal(set) var fresh: TimeSpan?

    /// As long as no rule says otherwise.
    package var freshFor: TimeSpan { fresh ?? Rule.defaultFresh }

    /// What is wrong with the newest reading; nil where it serves.
    package enum Lack: Sendable, Hashable {
        case neverEntered
        case old(MeasureReading)
    }

    /// - Parameter newest: the newest reading of every measure of the store.
    package func lack(_ newest: [String: MeasureReading], at now: Timestamp) -> Lack? {
        guard let last = last(newest) else { return .neverEntered }
        return now - last.at > freshFor ? .old(last) : nil
    }

    /// The first moment at which one is wanted.
    package func lacksFrom(_ newest: [String: MeasureReading]) -> Timestamp {
        guard let last = last(newest) else { return Timestamp(microseconds: .min) }
        return last.at + freshFor + TimeSpan(microseconds: 1)
    }

    /// The newest of its readings; nil: there is none.
    package func last(_ newest: [String: MeasureReading]) -> MeasureReading? {
        names.compactMap { newest[$0] }.max { $0.at < $1.at }
    }
}

extension Pack {
    /// What a store's readings have to be on one of its local days: those that metrics and rules read, then those of
    /// limits that the platform shows. What only rules read that are not in force that day is left out, and so is a limit
    /// that the configuration sets: a reading of it would change nothing.
    package func measureNeeds(on day: LocalDay, _ overrides: StoreOverrides) -> [MeasureNeed] {
        var needs = MeasureNeeds()
        let inForce = rules.filter { $0.isInForce(on: day) }
        let idle = rules.filter { !$0.isInForce(on: day) }
        for metric in metrics {
            guard let expression = vocabulary.metrics[metric] else { continue }
            let reads = inForce.filter { $0.reach.everyMetric.contains(metric) }
            if reads.isEmpty, idle.contains(where: { $0.reach.everyMetric.contains(metric) }) { continue }
            for names in Reach(of: [expression], in: vocabulary).readings.compactMap(\.names) {
                needs.add(names, metric: metric, rules: reads)
            }
        }
        for rule in inForce {
            for names in rule.reach.readings.compactMap(\.names) { needs.add(names, rules: [rule]) }
        }
        for parameter in parameters where overrides.parameters[parameter.name] == nil {
            guard let measure = parameter.measure else { continue }
            let uses = inForce.filter { $0.reach.parameters.contains(parameter.name) }
            if uses.isEmpty, idle.contains(where: { $0.reach.parameters.contains(parameter.name) }) { continue }
            needs.add([measure], parameter: parameter.name, rules: uses)
        }
        return needs.inOrder
    }

    /// Every measure that something of the pack reads, whatever the day, or holds its own figures against.
    package var measureNames: Set<String> {
        let expressions = metrics.compactMap { vocabulary.metrics[$0] }
        let read = Reach(of: expressions, in: vocabulary).readings + rules.flatMap(\.reach.readings)
        return Set(read.compactMap(\.names).joined()).union(parameters.compactMap(\.measure))
            .union(reconcile.map(\.theirs))
    }

    /// Some metric or rule takes readings of whatever name.
    package var readsAnyMeasure: Bool {
        let expressions = metrics.compactMap { vocabulary.metrics[$0] }
        return (Reach(of: expressions, in: vocabulary).readings + rules.flatMap(\.reach.readings))
            .contains { $0.names == nil }
    }

    /// Where in the back end a person finds a reading; nil where the pack does not say.
    package func place(ofMeasure name: String) -> Words? {
        parameters.first { $0.measure == name && $0.place != nil }?.place
            ?? places.first { $0.names.contains(name) }?.place ?? places.first { $0.names.isEmpty }?.place
    }

    /// What people call a reading: the limit that it shows, else the first figure that is made of it.
    package func title(of need: MeasureNeed) -> Words? {
        guard let name = need.parameters.first else { return need.metrics.first.map(title(of:)) }
        return parameter(name)?.title ?? Words(en: name.replacing("_", with: " "), zh: name)
    }
}

/// Needs by their names, in the order in which they came.
private struct MeasureNeeds {
    private(set) var inOrder: [MeasureNeed] = []

    mutating func add(_ names: Set<String>, metric: String? = nil, parameter: String? = nil, rules: [Rule]) {
        let names = names.sorted()
        guard !names.isEmpty else { return }
        let place = inOrder.firstIndex { $0.names == names } ?? inOrder.count
        if place == inOrder.count { inOrder.append(MeasureNeed(names: names)) }
        if let metric, !inOrder[place].metrics.contains(metric) { inOrder[place].metrics.append(metric) }
        if let parameter { inOrder[place].parameters.append(parameter) }
        for rule in rules where !inOrder[place].rules.contains(rule.id) {
            inOrder[place].rules.append(rule.id)
            inOrder[place].fresh = min(inOrder[place].fresh ?? rule.fresh, rule.fresh)
        }
    }
}
