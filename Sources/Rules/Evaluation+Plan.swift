package import Facts
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
        /// At the first moment of the last day on which the platform looked, and not at the covered one.
        let isAssessment: Bool

        var rule: Rule { valued.rule }
        /// Whether its figures are worth computing.
        var isJudged: Bool { valued.lacking.isEmpty && valued.isInForce(on: day) }
    }

    struct Plan {
        let clock: Timestamp
        /// The rules by their moment; those of one moment have one day and so one valuation.
        let groups: [Group]

        struct Group {
            let moment: Timestamp
            let day: LocalDay
            let valuation: PackValuation
            var rules: [Planned] = []
        }
    }

    static func plan(
        _ state: StoreState, at fixed: Timestamp?, clock: Timestamp, _ valuations: inout PackValuations
    ) -> Plan {
        let clock = fixed ?? clock
        // Mostly one of each, never many: looked for from end to end.
        var groups: [Plan.Group] = []
        let terms = state.terms
        func place(of moment: Timestamp) -> Int {
            if let found = groups.firstIndex(where: { $0.moment == moment }) { return found }
            let day = state.calendar.day(of: moment)
            let valuation =
                groups.first { $0.day == day }?.valuation
                ?? valuations.valuation(of: state.pack, for: state.store, on: day, terms)
            groups.append(Plan.Group(moment: moment, day: day, valuation: valuation))
            return groups.count - 1
        }
        func add(_ index: Int, at moment: Timestamp, isAssessment: Bool) {
            let place = place(of: moment)
            let valued = groups[place].valuation.rules[index]
            groups[place].rules.append(
                Planned(
                    index: index, valued: valued, moment: moment, day: groups[place].day, isAssessment: isAssessment))
        }
        for (index, rule) in state.pack.rules.enumerated() {
            let moment = fixed ?? coveredMoment(of: rule.reach.kinds, state.coverage, clock: clock)
            add(index, at: moment, isAssessment: false)
            if let assessed = rule.assessed {
                let day = assessed.last(upTo: state.calendar.day(of: moment))
                add(index, at: state.calendar.startOfDay(day), isAssessment: true)
            }
        }
        return Plan(clock: clock, groups: groups.sorted { $0.moment < $1.moment })
    }

    /// Up to when all that a rule reads is complete: the least of its kinds that were ever covered, never later than
    /// the clock. Of a rule that reads nothing but measures, or nothing that was ever covered, it is the clock.
    package static func coveredMoment(of kinds: FactKinds, _ coverage: Coverage, clock: Timestamp) -> Timestamp {
        var moment = clock
        for kind in kinds.kinds where kind != .measure {
            if let interval = coverage[kind] { moment = min(moment, interval.until) }
        }
        return moment
    }

    /// Why a rule cannot be judged whatever its figures are; nil when they decide.
    static func obstacle(of planned: Planned, _ state: StoreState, clock: Timestamp) -> (Standing, Cause)? {
        let rule = planned.rule
        if let from = rule.from, planned.day < from { return (.unjudged, .notYetInForce(from: from)) }
        if let until = rule.until, planned.day >= until { return (.unjudged, .noLongerInForce(until: until)) }
        if planned.valued.isStoodDown(on: planned.day) { return (.unjudged, .stoodDown(for: rule.standsInFor ?? "")) }
        if state.quarantined > state.quarantineLimit {
            return (.unknown, .quarantined(state.quarantined, limit: state.quarantineLimit))
        }
        if !planned.valued.lacking.isEmpty { return (.unjudged, .noParameter(planned.valued.lacking)) }

        let kinds = rule.reach.kinds.subtracting(FactKinds(.measure))
        let unsettled = kinds.intersection(state.unsettled)
        if !unsettled.isEmpty { return (.unknown, .unsettled(unsettled)) }
        let covered = kinds.intersection(state.coverage.kinds)
        if !kinds.isEmpty, covered.isEmpty, state.unbrought(for: rule).isEmpty {
            return (.unknown, .neverCovered(kinds))
        }
        if let why = state.withheld(from: rule.conditions.map(\.expression)) { return (.unknown, .withheld(why)) }
        var stale: [Cause.StaleInput] = []
        for kind in covered.kinds {
            guard let until = state.coverage[kind]?.until, (state.freshness[kind] ?? .file).isStale(until, at: clock)
            else { continue }
            stale.append(Cause.StaleInput(kind: kind, coveredUntil: until))
        }
        if !stale.isEmpty { return (.unknown, .stale(stale.sorted { $0.coveredUntil < $1.coveredUntil })) }
        let old = staleMeasures(of: rule, state, clock: clock)
        if old.contains(where: { isUsed($0, planned, state) }) { return (.unknown, cause(of: old)) }
        let halfTold = state.halfTold(of: rule)
        if !halfTold.isEmpty { return (.unknown, .halfTold(halfTold)) }
        return parting(of: rule, state, clock: clock).map { comparison in
            let metric = comparison.pair.metric
            return (
                .unknown,
                .reconcileFailed(metric: metric, title: state.pack.title(of: metric), at: comparison.at)
            )
        }
    }

    /// What a rule that trusts neither finds apart. A figure that is too old for the rule says nothing any more.
    private static func parting(of rule: Rule, _ state: StoreState, clock: Timestamp) -> Comparison? {
        for metric in rule.distrusted {
            guard let found = state.comparisons[metric], found.standing == .differs, clock - found.at <= rule.fresh
            else { continue }
            return found
        }
        return nil
    }

    /// A measure whose newest reading is too old. One never entered is not stale but missing.
    struct StaleMeasure: Sendable {
        /// nil: a rule that reads any measure.
        let name: String?
        let newest: Timestamp
    }

    static func staleMeasures(of rule: Rule, _ state: StoreState, clock: Timestamp) -> [StaleMeasure] {
        rule.reach.readings.compactMap { reading in
            let entered = state.newestMeasures.filter { reading.names?.contains($0.key) ?? true }
            guard let newest = entered.max(by: { ($0.value.at, $1.key) < ($1.value.at, $0.key) }),
                clock - newest.value.at > rule.fresh
            else { return nil }
            return StaleMeasure(name: reading.names == nil ? nil : newest.key, newest: newest.value.at)
        }
    }

    /// Of several the oldest.
    static func cause(of stale: [StaleMeasure]) -> Cause {
        let oldest = stale.min { $0.newest < $1.newest }
        return .staleMeasure(name: oldest?.name, newest: oldest?.newest ?? Timestamp(microseconds: 0))
    }

    /// Whether a window of the rule still reaches the reading. Where none does it says nothing, and what the rule takes
    /// in its place may decide.
    private static func isUsed(_ stale: StaleMeasure, _ planned: Planned, _ state: StoreState) -> Bool {
        planned.valued.readings.contains { reading in
            reading.aggregate.kind == .measure && reading.shifts.isEmpty
                && reading.span(at: planned.moment, in: state.calendar).extent(in: state.calendar)
                    .contains(stale.newest)
        }
    }
}
