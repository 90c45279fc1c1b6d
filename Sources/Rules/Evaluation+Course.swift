package import Facts
package import Language
package import Rollups

extension Evaluation {
    /// The figures of a rule on days to come, if no more of what harms comes, or if all goes on as in the last 28 days; empty
    /// where nothing can be foretold, and for a rule that is judged for each value of a member.
    ///
    /// - Parameters:
    ///   - sums: what was read for `outlookNeeds`.
    ///   - count: so many days after that of the evaluation.
    ///   - goesOn: what harms goes on too.
    /// - Returns: by day, the metrics of its conditions in their order.
    package static func course(
        of evaluation: RuleEvaluation, _ state: StoreState, sums: StoreSums, set: MetricSet, days count: Int,
        goesOn: Bool
    ) -> [(day: LocalDay, values: [Estimate])] {
        let rule = evaluation.rule
        guard rule.each == nil, [.ok, .warning, .breach].contains(evaluation.standing),
            canForesee(rule, state, set, at: evaluation.coveredMoment),
            isWhollyKnown(rule, state, sums, set, at: evaluation.coveredMoment), !goesOn || canGoOn(rule, set)
        else { return [] }
        let days = DaysToCome(
            state, sums, set, at: evaluation.coveredMoment, harm: harming(rule, set), goesOn ? .allGoesOn : .noMoreHarm)
        let today = state.calendar.day(of: evaluation.coveredMoment)
        return (0..<max(0, count)).map { step in
            let day = today.advanced(by: step + 1)
            let reader = days.reader(on: day)
            return (day, rule.reach.metrics.map { reader.value(of: $0) })
        }
    }
}
