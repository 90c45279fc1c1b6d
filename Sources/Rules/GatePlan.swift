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
        guard evaluation.standing != .unknown, evaluation.assessment == nil, evaluation.rule.each == nil,
            canForesee(rule, state, set, at: at)
        else {
            return GatePlan.RulePlan(
                rule: rule, now: evaluation.announced, quiet: nil, going: nil, headroom: [], lastDay: nil, opens: nil)
        }
        let harming = harming(rule, set)
        let quiet = DaysToCome(state, sums, set, at: at, harm: harming, .so(orders: orders, harm: harm, until: day))
        let going = DaysToCome(state, sums, set, at: at, harm: harming, .allGoesOn)
        let isTame = isWarningAtMost(rule, state, on: day)
        func announced(_ standing: Standing) -> Standing {
            isTame && standing == .breach ? .warning : standing
        }
        let (then, if_) = (standing(of: rule, quiet.reader(on: day)).0, standing(of: rule, going.reader(on: day)).0)
        let windows = rule.conditions.flatMap { set.readings(of: $0.expression) }
            .map { $0.span(at: state.calendar.startOfDay(day), in: state.calendar).days }.filter { !$0.isEmpty }
        var opens: LocalDay?
        if announced(evaluation.standing) == .breach {
            let days = max(1, state.calendar.day(of: at).distance(to: day))
            let waiting = DaysToCome(state, sums, set, at: at, harm: harming, .noMoreHarm)
            if case .on(let found, _) = waiting.turn(of: rule, from: .breach, within: days, isBetter: true) {
                opens = found
            }
        }
        return GatePlan.RulePlan(
            rule: rule, now: evaluation.announced, quiet: announced(then), going: announced(if_),
            // A warning shuts nothing.
            headroom: headroom(
                of: rule, now: then == .ok ? .warning : then, state.pack, set, cell: { quiet.cell(of: $0, at: $1.at) }
            ) {
                quiet.reader(on: day, supposing: $0)
            }.filter { then == .breach || then == .unjudged ? $0.then != .breach : $0.then == .breach && !isTame },
            lastDay: windows.map(\.upperBound).max()?.advanced(by: -1), opens: opens)
    }
}
