import Alerts
import Facts
import Ledgers
import Rollups
import Rules

/// The facts behind a rule's figures, with the day each leaves its window.
enum Evidence {
    /// Oldest first; each fact once, however many of the rule's aggregates count it.
    static func find(_ rule: RuleEvaluation, _ watched: Watched, in assembly: Assembly) async throws(LedgerError)
        -> [EvidenceItem]
    {
        let plan = assembly.fleet.plan(of: watched, on: watched.calendar.day(of: rule.coveredMoment))
        var found: [FactKey: EvidenceItem] = [:]
        for expression in rule.evidence {
            for reading in plan.set.readings(of: expression) {
                let extent = reading.span(at: rule.coveredMoment, in: watched.calendar).extent(in: watched.calendar)
                guard !extent.isEmpty else { continue }
                let files = try await assembly.ledger.files(
                    of: watched.store.id, for: FactNeed(reading.aggregate, in: extent))
                for (fact, at) in Recount.facts(
                    of: reading.aggregate, files: files, in: extent, calendar: watched.calendar)
                {
                    let leaves = reading.leaves(at, after: rule.coveredMoment, in: watched.calendar)
                    found[fact.key] = EvidenceItem(
                        kind: fact.kind, id: fact.id, order: fact.order, at: at, leaves: leaves)
                }
            }
        }
        return found.values.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    }
}
