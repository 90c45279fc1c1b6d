import Facts
import Ledgers
package import Rules

/// How far a rule is from standing elsewhere, and what days to come will bring.
package struct Prospects: Sendable {
    package var headroom: [Headroom]
    /// nil where nothing can be foretold.
    package var outlook: Outlook?

    static func find(
        _ evaluation: RuleEvaluation, _ prepared: Judge.Prepared, in assembly: Assembly, clock: Timestamp
    ) async throws(LedgerError) -> Prospects {
        let state = prepared.state
        guard evaluation.isInForce, [.ok, .warning, .breach].contains(evaluation.standing) else {
            return Prospects(headroom: [])
        }
        var valuations = PackValuations()
        let day = state.calendar.day(of: evaluation.coveredMoment)
        let set = valuations.valuation(of: state.pack, for: state.store, on: day, state.terms).metrics
        let needs = Evaluation.outlookNeeds(of: evaluation, state, set: set)
        let sums = try await Judge(fleet: assembly.fleet, ledger: assembly.ledger)
            .readings([(prepared.watched, needs)], at: evaluation.coveredMoment, clock: clock, marksAt: clock)[0].sums
        return Prospects(
            headroom: Evaluation.headroom(of: evaluation, state, sums: sums, set: set),
            outlook: Evaluation.outlook(of: evaluation, state, sums: sums, set: set))
    }
}
