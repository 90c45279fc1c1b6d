package import Facts
package import Language
package import Rules

/// The limits of the rules that watch each store: those without a value, with our figures beside them.
package struct ParametersTask: Sendable {
    private let config: String?
    private let glob: String?
    private let level: String

    package init(config: String?, glob: String?, log level: String) {
        (self.config, self.glob, self.level) = (config, glob, level)
    }

    package struct Missing: Sendable {
        package var store: Store
        package var parameter: Parameter
        /// The rules that hold their figures against it.
        package var rules: [Rule]
        /// The figures that those hold against it.
        package var figures: [(metric: Words, value: Value)]
    }

    /// By store, in the order of the pack.
    package func missing() async throws -> [Missing] {
        let assembly = try Assembly.open(config: config, log: level, access: .read)
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let clock = assembly.clock.now
        var figures: [String: StoreFigures] = [:]
        try await MetricsTask(.running(assembly), glob: glob, at: nil).run { group in
            for store in group { figures[store.store.id] = store }
        }
        var missing: [Missing] = []
        for watched in try await assembly.fittingStores(glob) {
            let state = try await judge.prepare([watched], at: nil, clock: clock)[0].state
            let today = watched.calendar.day(of: clock)
            for parameter in watched.pack.parameters
            where watched.pack.parameter(parameter.name, for: watched.store, on: today, state.terms) == nil {
                let rules = watched.pack.rules.filter { $0.reach.parameters.contains(parameter.name) }
                guard !rules.isEmpty else { continue }
                let names = rules.flatMap(\.reach.metrics).reduce(into: [String]()) {
                    if !$0.contains($1) { $0.append($1) }
                }
                let known = figures[watched.store.id]?.figures ?? []
                missing.append(
                    Missing(
                        store: watched.store, parameter: parameter, rules: rules,
                        figures: names.compactMap { name in
                            known.first { $0.metric == name }.map { (watched.pack.title(of: name), $0.value) }
                        }))
            }
        }
        return missing
    }
}
