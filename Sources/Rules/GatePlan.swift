package import Facts
import Language
package import Rollups

/// How a gate will stand on a day to come, and what is left to be done about it.
package struct GatePlan: Sendable {
    package let gate: Gate
    package let day: LocalDay
    package let state: State
    package let rules: [RulePlan]

    package enum State: String, Sendable {
        /// Also if what harms goes on as it did.
        case open
        /// As long as no more of what harms comes than the budget allows.
        case openIf = "open_if"
        /// Whatever is avoided; what comes of good may still open it.
        case shut
        /// Something in it cannot be foretold.
        case unknown
    }

    /// One of its rules on that day.
    package struct RulePlan: Sendable {
        package let rule: Rule
        package let now: Standing
        /// If nothing more harms, or as was supposed; nil: it cannot be foretold.
        package let quiet: Standing?
        /// If all goes on at its mean.
        package let going: Standing?
        /// How many more until then change it: those that would shut it, and those that would open it.
        package let headroom: [Headroom]
        /// What comes later than that no longer counts on the day.
        package let lastDay: LocalDay?
        /// The day on which it opens by itself.
        package let opens: LocalDay?
    }
}

extension Evaluation {
    /// - Parameters:
    ///   - sums: what was read for the `outlookNeeds` of all rules of the gate.
    ///   - orders: supposed until the day, in place of what means tell.
    ///   - harm: supposed facts that harm; nil: none.
    package static func plan(
        _ gate: Gate, on day: LocalDay, _ evaluation: StoreEvaluation, _ state: StoreState, sums: StoreSums,
        set: MetricSet, orders: Int64? = nil, harm: Int64? = nil
    ) -> GatePlan {
        let rules = gate.rules.compactMap { id in evaluation.rules.first { $0.rule.id == id } }.filter {
            $0.valued.isInForce(on: day)
        }
        .map { plan($0, on: day, state, sums, set, orders: orders, harm: harm) }
        func isShut(_ standing: Standing?) -> Bool { standing == .breach || standing == .unjudged }
        let planned: GatePlan.State =
            if rules.contains(where: { isShut($0.quiet) }) {
                .shut
            } else if rules.contains(where: { $0.quiet == nil }) {
                .unknown
            } else if rules.contains(where: { isShut($0.going) }) {
                .openIf
            } else {
                .open
            }
        return GatePlan(gate: gate, day: day, state: planned, rules: rules)
    }

    private static func plan(
        _ evaluation: RuleEvaluation, on day: LocalDay, _ state: StoreState, _ sums: StoreSums, _ set: MetricSet,
        orders: Int64?, harm: Int64?
    ) -> GatePlan.RulePlan {
        let (rule, at) = (evaluation.rule, evaluation.coveredMoment)
        guard evaluation.standing != .unknown, canForesee(rule, state, set, at: at) else {
            return GatePlan.RulePlan(
                rule: rule, now: evaluation.announced, quiet: nil, going: nil, headroom: [], lastDay: nil, opens: nil)
        }
        let isTame = isWarningAtMost(rule, state, on: day)
        func announced(_ standing: Standing) -> Standing {
            isTame && standing == .breach ? .warning : standing
        }
        // The day by whose first moment it stands on the day: the last look before it, where the platform looks on some.
        let seen = rule.assessed?.last(upTo: day) ?? day
        let today = state.calendar.day(of: at)
        if let assessment = evaluation.assessment, seen <= today {
            let standing = announced(assessment.standing)
            return GatePlan.RulePlan(
                rule: rule, now: evaluation.announced, quiet: standing, going: standing, headroom: [], lastDay: nil,
                opens: nil)
        }
        let (harming, scopes) = (harming(rule, set), evaluation.scopes(sums, state.calendar))
        func days(_ supposition: DaysToCome.Supposition) -> [DaysToCome] {
            scopes.map { DaysToCome(state, $0.sums, set, at: at, harm: harming, supposition) }
        }
        let quiet = days(.so(orders: orders, harm: harm, until: seen))
        func standings(_ days: [DaysToCome]) -> [Standing] {
            days.map { standing(of: rule, $0.reader(on: seen)).0 }
        }
        let planned = standings(quiet)
        let (then, if_) = (worst(planned), worst(standings(days(.allGoesOn))))
        let windows = rule.conditions.flatMap { set.readings(of: $0.expression) }
            .map { $0.span(at: state.calendar.startOfDay(seen), in: state.calendar).days }.filter { !$0.isEmpty }
        var opens: LocalDay?
        if announced(evaluation.standing) == .breach {
            let looks = looks(at: rule, after: today, within: max(1, today.distance(to: seen))).filter { $0 <= seen }
            if case .on(let found, _) = DaysToCome.turn(
                of: rule, days(.noMoreHarm), from: .breach, on: looks, isBetter: true)
            {
                opens = found
            }
        }
        // A warning shuts nothing.
        let foreseen = zip(scopes, planned).map { scope, standing in
            Scope(part: scope.part, sums: scope.sums, standing: standing == .ok ? .warning : standing)
        }
        func place(_ scope: Scope) -> DaysToCome { quiet[scopes.firstIndex { $0.part == scope.part } ?? 0] }
        return GatePlan.RulePlan(
            rule: rule, now: evaluation.announced, quiet: announced(then), going: announced(if_),
            headroom: headroom(
                foreseen, of: rule, state.pack, set, seen: nil, cell: { place($0).cell(of: $1, at: $2.at) }
            ) {
                place($0).reader(on: seen, supposing: $1)
            }.filter { then == .breach || then == .unjudged ? $0.then != .breach : $0.then == .breach && !isTame },
            lastDay: windows.map(\.upperBound).max()?.advanced(by: -1), opens: opens)
    }

    private static func worst(_ standings: [Standing]) -> Standing {
        standings.max { $0.rank < $1.rank } ?? .unjudged
    }
}
