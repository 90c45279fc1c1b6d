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
    /// - Parameters:
    ///   - moment: at which the marks of a store that counts them are in force.
    ///   - limit: how many to tell of; all are counted.
    static func find(
        _ rule: RuleEvaluation, _ watched: Watched, in assembly: Assembly, at moment: Timestamp, limit: Int = .max
    ) async throws(LedgerError) -> (items: [EvidenceItem], total: Int) {
        let plan = assembly.fleet.plan(of: watched, on: watched.calendar.day(of: rule.figuresAt))
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        // Where each value of a member is judged by itself, the facts of those that stand as badly as the rule.
        let values = rule.rule.each.map { member in
            (member, Set(rule.parts.filter { $0.standing == rule.standing }.map(\.value)))
        }
        var found: [FactKey: Found] = [:]
        for expression in rule.evidence {
            for reading in plan.set.readings(of: expression) {
                let extent = reading.span(at: rule.figuresAt, in: watched.calendar).extent(in: watched.calendar)
                guard !extent.isEmpty else { continue }
                let files = try await judge.files(
                    of: watched, for: FactNeed(reading.aggregate, in: extent), at: moment)
                for (fact, at) in Recount.facts(
                    of: reading.aggregate, files: files, in: extent, calendar: watched.calendar)
                {
                    if let (member, wanted) = values, !(member.value(of: fact).map(wanted.contains) ?? false) {
                        continue
                    }
                    found[fact.key] = Found(fact: fact, at: at, reading: reading)
                }
            }
        }
        guard limit > 0 else { return ([], found.count) }
        // What our own people know of an appeal counts here whatever the figures follow.
        let marks = try await assembly.ledger.markedFiles(of: watched.store.id, at: moment)?.marks
        let oldest = found.values.sorted { ($0.at, $0.fact.id) < ($1.at, $1.fact.id) }.prefix(limit)
        let items = oldest.map { found in
            EvidenceItem(
                kind: found.fact.kind, id: found.fact.id, order: found.fact.order, at: found.at,
                leaves: found.reading.leaves(found.at, after: rule.figuresAt, in: watched.calendar),
                contestableUntil: (marks?.applied(to: found.fact) ?? found.fact).contestableUntil(after: moment))
        }
        return (items, found.count)
    }
}
