package import Facts
import Language
import Ledgers
import Rollups
package import Rules

/// A gate of every store that has it, on a day to come.
package struct PlanTask: Sendable {
    private let config: String?
    private let glob: String?
    private let gate: String
    private let day: LocalDay
    private let orders: Int64?
    private let harm: Int64?
    private let level: String

    /// - Parameters:
    ///   - orders: so many come until the day; nil: as means tell.
    ///   - harm: so many facts that harm come; nil: none.
    package init(
        config: String?, glob: String?, gate: String, day: LocalDay, orders: Int64?, harm: Int64?, log level: String
    ) {
        (self.config, self.glob, self.gate, self.day) = (config, glob, gate, day)
        (self.orders, self.harm, self.level) = (orders, harm, level)
    }

    package struct Planned: Sendable {
        package var store: Store
        package var plan: GatePlan
    }

    /// By store.
    package func run() async throws -> [Planned] {
        let assembly = try Assembly.open(config: config, log: level, access: .read)
        let clock = assembly.clock.now
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let stores = try await assembly.watchedStores(glob)
        guard stores.contains(where: { $0.pack.gates.contains { $0.id == gate } }) else {
            let known = Set(stores.flatMap { $0.pack.gates.map(\.id) }).sorted()
            throw TaskError(
                known.isEmpty
                    ? "no store has a gate"
                    : "no store has a gate '\(gate)'\(NearestName.hint(for: gate, among: known))",
                isUsage: true)
        }
        var planned: [Planned] = []
        var valuations = PackValuations()
        for watched in stores {
            guard let gate = watched.pack.gates.first(where: { $0.id == gate }) else { continue }
            let today = watched.calendar.day(of: clock)
            guard day > today else {
                throw TaskError("\(day) is not after today, \(today) at store '\(watched.store.id)'", isUsage: true)
            }
            let judged = try await judge.judge([watched], at: nil, clock: clock)[0]
            let state = judged.prepared.state
            let set = valuations.valuation(of: state.pack, for: state.store, on: today, state.terms).metrics
            var needs = Needs()
            for rule in judged.evaluation.rules where gate.rules.contains(rule.rule.id) {
                needs.add(Evaluation.outlookNeeds(of: rule, state, set: set))
            }
            let reading = try await assembly.ledger.readings(
                [judge.request(watched, needs, at: nil, clock: clock)], now: clock)[0]
            planned.append(
                Planned(
                    store: watched.store,
                    plan: Evaluation.plan(
                        gate, on: day, judged.evaluation, state, sums: reading.sums, set: set, orders: orders,
                        harm: harm)))
        }
        return planned
    }
}
