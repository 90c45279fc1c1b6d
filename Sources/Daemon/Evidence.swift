import Alerts
import Facts
import Language
import Ledgers
import Rollups
import Rules

/// The facts behind a rule's figures, with the day each leaves its window.
enum Evidence {
    struct Found {
        var fact: Fact
        /// What the figure reads of the fact's order file.
        var file: OrderFile
        var at: Timestamp
        var leaves: LocalDay?
        var reading: Reading
    }

    /// Oldest first; each fact once, however many of the rule's aggregates count it. Of a rule that is judged for each
    /// value of a member, those of the values that stand worst.
    ///
    /// - Parameter moment: at which the marks of a store that counts them are in force.
    static func facts(
        behind rule: RuleEvaluation, _ watched: Watched, in assembly: Assembly, at moment: Timestamp
    ) async throws(LedgerError) -> [Found] {
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let (calendar, at) = (watched.calendar, rule.figuresAt)
        let worst = rule.parts.map(\.standing.rank).max()
        let values = rule.rule.each.map { member in
            (member, Set(rule.parts.filter { $0.standing.rank == worst }.map(\.value)))
        }
        var found: [FactKey: Found] = [:]
        for reading in try await readings(behind: rule, watched, judge, at: moment) {
            let extent = reading.span(at: at, in: calendar).extent(in: calendar)
            guard !extent.isEmpty else { continue }
            let files = try await judge.files(of: watched, for: FactNeed(reading.aggregate, in: extent), at: moment)
            for file in files {
                for counted in Recount.facts(
                    of: reading.aggregate, files: CollectionOfOne(file), in: extent, calendar: calendar)
                {
                    let fact = counted.fact
                    if let (member, wanted) = values, !(member.value(of: fact).map(wanted.contains) ?? false) {
                        continue
                    }
                    let leaves =
                        reading.leaves(counted.at, after: at, in: calendar)
                        ?? Recount.end(of: fact, in: file, of: reading.aggregate, calendar: calendar)
                        .map(calendar.day)
                    found[fact.key] = Found(fact: fact, file: file, at: counted.at, leaves: leaves, reading: reading)
                }
            }
        }
        return found.values.sorted { ($0.at, $0.fact.id) < ($1.at, $1.fact.id) }
    }

    /// Under the windows in force.
    private static func readings(
        behind rule: RuleEvaluation, _ watched: Watched, _ judge: Judge, at moment: Timestamp
    ) async throws(LedgerError) -> [Reading] {
        let (calendar, at) = (watched.calendar, rule.figuresAt)
        let set = judge.fleet.plan(of: watched, on: calendar.day(of: at)).set
        let expressions = rule.evidence.map { TypedExpression(.aggregate($0), .number) }
        let needs = set.needs(of: expressions, at: at, calendar: calendar)
        // Most windows are fixed, and then nothing has to be read to know them.
        let isChosen = expressions.contains { set.readings(of: $0).count > 1 }
        let sums =
            try await isChosen
            ? judge.readings([(watched, needs)], at: at, clock: moment, marksAt: moment)[0].sums : StoreSums()
        let reader = MetricReader(sums: sums, set: set, calendar: calendar, at: at, coverage: nil)
        var seen: Set<Reading> = []
        return expressions.flatMap(reader.readingsInForce).filter { seen.insert($0).inserted }
    }

    /// As they are shown.
    ///
    /// - Parameter limit: how many to tell of; all are counted.
    static func find(
        _ rule: RuleEvaluation, _ watched: Watched, in assembly: Assembly, at moment: Timestamp, limit: Int = .max
    ) async throws(LedgerError) -> (items: [EvidenceItem], total: Int) {
        let found = try await facts(behind: rule, watched, in: assembly, at: moment)
        guard limit > 0, !found.isEmpty else { return ([], found.count) }
        let marks = try await Judge(fleet: assembly.fleet, ledger: assembly.ledger).marks(of: watched, at: moment)
        let items = found.prefix(limit).map { found in
            EvidenceItem(
                kind: found.fact.kind, id: found.fact.id, order: found.fact.order, at: found.at, leaves: found.leaves,
                contestableUntil: found.contestable(marks, after: moment).map(\.until).min())
        }
        return (items, found.count)
    }
}

extension Evidence.Found {
    /// What of it can still be contested, by its source or by a mark: the fact itself, and of an order that counts by
    /// what names it, those facts. What our own people know of an appeal counts whatever the figures follow.
    func contestable(_ marks: MarksInForce, after moment: Timestamp) -> [(fact: Fact, until: Timestamp)] {
        parts(marks).compactMap { fact in fact.contestableUntil(after: moment).map { (fact, $0) } }
    }

    /// What may still be won: what can be contested, and what is contested already, however long that takes.
    func appealable(_ marks: MarksInForce, after moment: Timestamp) -> [(fact: Fact, until: Timestamp?)] {
        parts(marks).compactMap { fact in
            if fact.word("appeal") == "open" { return (fact, fact.time("appeal_by")) }
            return fact.contestableUntil(after: moment).map { (fact, $0) }
        }
    }

    /// Whether nobody has said until when any of it can be contested, or how that stands. Orders are contested by what
    /// happened to them.
    func isUndated(_ marks: MarksInForce) -> Bool {
        let parts = parts(marks).filter { $0.kind != .order }
        return !parts.isEmpty
            && parts.allSatisfy { fact in
                fact.time("appeal_by") == nil && !["open", "won", "lost"].contains(fact.word("appeal"))
            }
    }

    private func parts(_ marks: MarksInForce) -> [Fact] {
        let read = file.children.filter { reading.aggregate.fileKinds.contains($0.kind) && $0.key != fact.key }
        return ([fact] + (fact.kind == .order ? read : [])).map(marks.applied)
    }
}
