import Facts
import Language
import Rollups

extension Evaluation {
    /// A rule, the moment it is judged at, and the parameters in force then.
    struct Planned {
        /// In the pack.
        let index: Int
        let valued: RuleValuation
        let moment: Timestamp
        let day: LocalDay
        let metrics: MetricSet

        var rule: Rule { valued.rule }
        /// Whether its figures are worth computing.
        var isJudged: Bool { valued.lacking.isEmpty && rule.isInForce(on: day) }
    }

    struct Plan {
        let clock: Timestamp
        /// The rules by their moment; those of one moment have one day and so one valuation.
        let groups: [(moment: Timestamp, rules: [Planned])]
    }

    static func plan(
        _ state: StoreState, at fixed: Timestamp?, clock: Timestamp, _ valuations: inout PackValuations
    ) -> Plan {
        let clock = fixed ?? clock
        var groups: [Timestamp: [Planned]] = [:]
        var byDay: [LocalDay: PackValuation] = [:]
        for (index, rule) in state.pack.rules.enumerated() {
            let moment = fixed ?? coveredMoment(of: rule.reach.kinds, state.coverage, clock: clock)
            let day = state.calendar.day(of: moment)
            let valuation =
                byDay[day] ?? valuations.valuation(of: state.pack, for: state.store, on: day, state.overrides)
            byDay[day] = valuation
            groups[moment, default: []].append(
                Planned(
                    index: index, valued: valuation.rules[index], moment: moment, day: day, metrics: valuation.metrics))
        }
        return Plan(clock: clock, groups: groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    /// Up to when all that a rule reads is complete: the least of its kinds that were ever covered, never later than
    /// the clock. Of a rule that reads nothing but measures, or nothing that was ever covered, it is the clock.
    static func coveredMoment(of kinds: FactKinds, _ coverage: Coverage, clock: Timestamp) -> Timestamp {
        kinds.kinds.filter { $0 != .measure }.compactMap { coverage[$0]?.until }.reduce(clock) { min($0, $1) }
    }

    /// Why a rule cannot be judged whatever its figures are; nil when they decide.
    static func obstacle(of planned: Planned, _ state: StoreState, clock: Timestamp) -> (Standing, Cause)? {
        let rule = planned.rule
        if let from = rule.from, planned.day < from { return (.unjudged, .notYetInForce(from: from)) }
        if let until = rule.until, planned.day >= until { return (.unjudged, .noLongerInForce(until: until)) }
        if state.quarantined > state.quarantineLimit {
            return (.unknown, .quarantined(state.quarantined, limit: state.quarantineLimit))
        }
        if !planned.valued.lacking.isEmpty { return (.unjudged, .noParameter(planned.valued.lacking)) }

        let kinds = rule.reach.kinds.kinds.filter { $0 != .measure }
        let covered = kinds.compactMap { kind in
            state.coverage[kind].map { Cause.StaleInput(kind: kind, coveredUntil: $0.until) }
        }
        let unsettled = kinds.filter(state.unsettled.contains)
        if !unsettled.isEmpty { return (.unknown, .unsettled(FactKinds(unsettled))) }
        if !kinds.isEmpty, covered.isEmpty { return (.unknown, .neverCovered(FactKinds(kinds))) }
        let stale = covered.filter {
            (state.freshness[$0.kind] ?? .file).isStale($0.coveredUntil, at: clock)
        }
        if !stale.isEmpty { return (.unknown, .stale(stale.sorted { $0.coveredUntil < $1.coveredUntil })) }
        if let cause = staleMeasure(of: rule, state, clock: clock) { return (.unknown, cause) }
        let halfTold = state.halfTold(of: rule)
        return halfTold.isEmpty ? nil : (.unknown, .halfTold(halfTold))
    }

    /// The oldest of the readings a rule uses, if it is too old. A reading never entered is not stale but missing.
    private static func staleMeasure(of rule: Rule, _ state: StoreState, clock: Timestamp) -> Cause? {
        var oldest: (name: String?, newest: Timestamp)?
        for reading in rule.reach.readings {
            let entered = state.newestMeasures.filter { reading.names?.contains($0.key) ?? true }
            guard let newest = entered.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { continue }
            guard clock - newest.value > rule.fresh, newest.value < oldest?.newest ?? clock else { continue }
            oldest = (reading.names == nil ? nil : newest.key, newest.value)
        }
        return oldest.map { .staleMeasure(name: $0.name, newest: $0.newest) }
    }
}
