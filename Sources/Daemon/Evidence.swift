import Alerts
import Facts
import Ledgers
import Rollups
import Rules

/// The facts behind a rule's figures, with the day each leaves its window.
enum Evidence {
    private struct Found {
        var fact: Fact
        var at: Timestamp
        var reading: Reading
    }

    /// Oldest first; each fact once, however many of the rule's aggregates count it.
    ///
    /// - Parameter limit: how many to tell of; all are counted.
    static func find(
        _ rule: RuleEvaluation, _ watched: Watched, in assembly: Assembly, limit: Int = .max
    ) async throws(LedgerError) -> (items: [EvidenceItem], total: Int) {
        let plan = assembly.fleet.plan(of: watched, on: watched.calendar.day(of: rule.figuresAt))
        var found: [FactKey: Found] = [:]
        for expression in rule.evidence {
            for reading in plan.set.readings(of: expression) {
                let extent = reading.span(at: rule.figuresAt, in: watched.calendar).extent(in: watched.calendar)
                guard !extent.isEmpty else { continue }
                let files = try await assembly.ledger.files(
                    of: watched.store.id, for: FactNeed(reading.aggregate, in: extent))
                for (fact, at) in Recount.facts(
                    of: reading.aggregate, files: files, in: extent, calendar: watched.calendar)
                {
                    found[fact.key] = Found(fact: fact, at: at, reading: reading)
                }
            }
        }
        guard limit > 0 else { return ([], found.count) }
        let oldest = found.values.sorted { ($0.at, $0.fact.id) < ($1.at, $1.fact.id) }.prefix(limit)
        let items = oldest.map { found in
            EvidenceItem(
                kind: found.fact.kind, id: found.fact.id, order: found.fact.order, at: found.at,
                leaves: found.reading.leaves(found.at, after: rule.figuresAt, in: watched.calendar))
        }
        return (items, found.count)
    }
}
