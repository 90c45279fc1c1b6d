package import Facts

extension Pack {
    /// What a rule rests on, as the pack tells it, with the day on which it was read: the rule's own source, then those
    /// of the limits that it reads, each once. Empty where the pack names none, as a user's own may.
    package func sources(of rule: Rule) -> [String] {
        let limits = rule.reach.parameters.compactMap { parameter($0) }.flatMap(\.rows).compactMap(\.source)
        return distinct([rule.source].compactMap { $0 } + limits)
    }

    /// The same at one store on one of its local days: the rule's own, then those of the values in force there. A value
    /// that the configuration sets has none.
    package func sources(of rule: Rule, for store: Store, on day: LocalDay, _ overrides: StoreOverrides) -> [String] {
        let limits = rule.reach.parameters.compactMap { parameter($0, for: store, on: day, overrides)?.source }
        return distinct([rule.source].compactMap { $0 } + limits)
    }

    /// Those of every rule that reads a metric, by itself or through another one. Empty if none does.
    package func sources(ofMetric name: String) -> [String] {
        distinct(rules.filter { $0.reach.everyMetric.contains(name) }.flatMap(sources))
    }

    private func distinct(_ texts: [String]) -> [String] {
        texts.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
