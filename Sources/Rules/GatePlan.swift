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
        /// As long as no more of what harms comes than the budget allows, and readings stay as they are.
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
        /// If what harms goes on at its mean, and all else too or as was supposed.
        package let going: Standing?
        /// How many more until then change it: those that would shut it, and those that would open it.
        package let headroom: [Headroom]
        /// What comes later than that no longer counts on the day.
        package let lastDay: LocalDay?
        /// The day on which it opens by itself.
        package let opens: LocalDay?
        /// The day on which it is shut again after that, without one harmful fact more.
        package let shutsAgain: LocalDay?
        /// The day by whose first moment it stands so: the one planned for, or the platform's last look before it.
        package let seen: LocalDay
        /// It rests on what people enter, which nobody can foretell: it is supposed to stay as it is, and to be entered anew.
        package let restsOnReadings: Bool
    }
}

extension Evaluation {
    /// - Parameters:
    ///   - sums: what was read for the `outlookNeeds` of all rules of the gate.
    ///   - usual: of which the means are taken, where `sums` supposes something; nil: of `sums`.
    ///   - orders: supposed until the day, in place of what means tell.
    ///   - harm: supposed facts that harm; nil: none.
    package static func plan(
        _ gate: Gate, on day: LocalDay, _ evaluation: StoreEvaluation, _ state: StoreState, sums: StoreSums,
        usual: StoreSums? = nil, set: MetricSet, orders: Int64? = nil, harm: Int64? = nil
    ) -> GatePlan {
        let base = ordersOfMeanDays(gate, evaluation, state, usual ?? sums, set)
        let rules = gate.rules.compactMap { id in evaluation.rules.first { $0.rule.id == id } }.filter {
            $0.valued.isInForce(on: day)
        }
        .map { plan($0, on: day, state, sums, usual, set, orders: orders, base: base, harm: harm) }
        func isShut(_ standing: Standing?) -> Bool { standing == .breach || standing == .unjudged }
        // Nothing left to judge by if nothing more comes, and enough if all goes on: that is no reason to call it shut.
        func isSilent(_ rule: GatePlan.RulePlan) -> Bool { rule.quiet == .unjudged && !isShut(rule.going) }
        let planned: GatePlan.State =
            if rules.contains(where: { isShut($0.quiet) && !isSilent($0) }) {
                .shut
            } else if rules.contains(where: { $0.quiet == nil }) {
                .unknown
            } else if rules.contains(where: { isShut($0.going) || isSilent($0) || $0.restsOnReadings }) {
                .openIf
            } else {
                .open
            }
        return GatePlan(gate: gate, day: day, state: planned, rules: rules)
    }

    private static func plan(
        _ evaluation: RuleEvaluation, on day: LocalDay, _ state: StoreState, _ sums: StoreSums, _ usual: StoreSums?,
        _ set: MetricSet, orders: Int64?, base: Int64, harm: Int64?
    ) -> GatePlan.RulePlan {
        let (rule, at) = (evaluation.rule, evaluation.coveredMoment)
        // The day by whose first moment it stands on the day: the last look before it, where the platform looks on some.
        let seen = rule.assessed?.last(upTo: day) ?? day
        let restsOnReadings = !rule.reach.readings.isEmpty
        func told(_ quiet: Standing?, _ going: Standing?) -> GatePlan.RulePlan {
            GatePlan.RulePlan(
                rule: rule, now: evaluation.announced, quiet: quiet, going: going, headroom: [], lastDay: nil,
                opens: nil, shutsAgain: nil, seen: seen, restsOnReadings: restsOnReadings)
        }
        // Nobody says how supposed orders fall to the values of a member.
        let isDivided = rule.each != nil && orders != nil && rule.reach.kinds.contains(.order)
        // Nor how large a refund is where there has been none.
        let isUnsized =
            harm ?? 0 > 0
            && rule.conditions.flatMap { set.readings(of: $0.expression) }.contains { reading in
                reading.aggregate.countsRefunds && reading.aggregate.reducer != .count
                    && (usual ?? sums).cells[reading.aggregate].map { $0.sum(over: $0.days).count == 0 } ?? true
            }
        guard evaluation.standing != .unknown, !isDivided, !isUnsized, canForesee(rule, state, set, at: at) else {
            return told(nil, nil)
        }
        let cap: Standing = isWarningAtMost(rule, state, on: day) ? .warning : .breach
        func announced(_ standing: Standing) -> Standing { standing.rank > cap.rank ? cap : standing }
        let today = state.calendar.day(of: at)
        if let assessment = evaluation.assessment, seen <= today {
            // As it stands by these figures: what is won counts where the platform looked, too.
            guard rule.each == nil else {
                return told(announced(assessment.standing), announced(assessment.standing))
            }
            let reader = MetricReader(
                sums: sums, set: set, calendar: state.calendar, at: assessment.moment, coverage: nil,
                parameter: { state.parameter($0, on: $1) })
            let then = announced(standing(of: rule, reader).0)
            return told(then, then)
        }
        let scopes = scopes(of: evaluation, state, sums: sums, set: set)
        let harming = harming(rule, set)
        /// What is supposed to harm is supposed of every scope: nobody says which it falls to.
        func days(_ supposition: DaysToCome.Supposition) -> [DaysToCome] {
            scopes.map { scope in
                // Of parts nobody has the means of what is not won.
                DaysToCome(
                    state, scope.sums, usual: scope.part == nil ? usual : nil, set, at: at, harm: harming, supposition)
            }
        }
        let quiet = ScopesToCome(
            scopes, of: rule, days(.so(orders: orders, base: base, harm: harm, until: day)), on: seen)
        // Whoever says how much harm comes is not asked what would be if it were another.
        let goes = orders.map { DaysToCome.Supposition.harmGoesOn(orders: $0, base: base, until: day) } ?? .allGoesOn
        let going = harm == nil ? ScopesToCome(scopes, of: rule, days(goes), on: seen).standing : quiet.standing
        var (opens, shutsAgain): (LocalDay?, LocalDay?) = (nil, nil)
        // By itself: where nothing else is supposed.
        if announced(evaluation.standing) == .breach, orders == nil, harm ?? 0 == 0 {
            let looks = looks(at: rule, after: today, within: max(1, today.distance(to: seen))).filter { $0 <= seen }
            if case .on(let found, _) = DaysToCome.turn(
                of: rule, days(.noMoreHarm), from: .breach, on: looks, isBetter: true, cap: cap)
            {
                opens = found
                let after = looks.filter { $0 > found }
                if announced(quiet.standing) == .breach,
                    case .on(let again, .breach) = DaysToCome.turn(
                        of: rule, days(.noMoreHarm), from: .warning, on: after, isBetter: false, cap: cap)
                {
                    shutsAgain = again
                }
            }
        }
        let isShut = announced(quiet.standing) == .breach || quiet.standing == .unjudged
        let windows = rule.conditions.flatMap { set.readings(of: $0.expression) }
            .map { $0.span(at: state.calendar.startOfDay(seen), in: state.calendar).days }.filter { !$0.isEmpty }
        return GatePlan.RulePlan(
            rule: rule, now: evaluation.announced, quiet: announced(quiet.standing), going: announced(going),
            headroom: quiet.headroom(of: evaluation.valued, state.pack, set, asWarned: true, cap: cap, seen: nil)
                .filter { isShut == ($0.then != .breach) },
            lastDay: windows.map(\.upperBound).max()?.advanced(by: -1), opens: opens, shutsAgain: shutsAgain,
            seen: seen,
            restsOnReadings: restsOnReadings)
    }

    /// How many orders came in the days of the mean, as far as the gate's rules count them: the most that any does.
    private static func ordersOfMeanDays(
        _ gate: Gate, _ evaluation: StoreEvaluation, _ state: StoreState, _ sums: StoreSums, _ set: MetricSet
    ) -> Int64 {
        let rules = evaluation.rules.filter { gate.rules.contains($0.rule.id) }
        return rules.map { evaluation -> Int64 in
            let today = state.calendar.day(of: evaluation.coveredMoment)
            let days = today.advanced(by: -Outlook.meanDays)..<today
            return sums.cells.filter { $0.key.kind == .order }.map { $0.value.sum(over: days).count }.max() ?? 0
        }.max() ?? 0
    }
}
