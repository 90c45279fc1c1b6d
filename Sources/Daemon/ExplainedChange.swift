package import Facts
package import Language
import Ledgers
import Rollups
import Rules

/// Why a metric is another than on an earlier day: which facts came into its windows and which left them.
package struct ExplainedChange: Sendable {
    package var metric: String
    package var then: Value
    package var now: Value
    package var parts: [Part]
    /// Both are proven: their windows were wholly known.
    package var isCovered: Bool

    /// One figure below the metric.
    package struct Part: Sendable {
        package var title: Words
        package var then: Value
        package var now: Value
        /// What it does to the metric; all parts add up to the difference.
        package var effect: Fraction?
        package var came: [Group]
        package var left: [Group]
    }

    /// Facts of one reason and product.
    package struct Group: Sendable, Hashable {
        package var reason: String?
        package var product: String?
        package var count: Int
    }

    static func find(
        _ evaluation: RuleEvaluation, _ judged: Judge.Judged, since: LocalDay, in assembly: Assembly, clock: Timestamp
    ) async throws -> [ExplainedChange] {
        let (watched, state) = (judged.watched, judged.prepared.state)
        let (calendar, now) = (watched.calendar, evaluation.coveredMoment)
        let then = calendar.startOfDay(since)
        guard then < now else {
            throw TaskError("\(since) is not before \(calendar.day(of: now)), the day that is judged", isUsage: true)
        }
        let set = assembly.fleet.plan(of: watched, on: calendar.day(of: now)).set
        let names = evaluation.rule.reach.metrics.map { TypedExpression(.metric($0), .number) }
        var needs = set.needs(of: names, at: now, calendar: calendar)
        needs.add(set.needs(of: names, at: then, calendar: calendar))
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let sums = try await judge.readings([(watched, needs)], at: now, clock: clock)[0].sums
        func reader(_ moment: Timestamp, _ coverage: Coverage? = nil) -> MetricReader {
            MetricReader(
                sums: sums, set: set, calendar: calendar, at: moment, coverage: coverage,
                parameter: { state.parameter($0, on: $1) })
        }
        var changes: [ExplainedChange] = []
        for change in Evaluation.changes(
            of: evaluation.rule, from: reader(then), to: reader(now), parameter: { state.parameter($0, on: $1) })
        {
            var parts: [Part] = []
            for part in change.parts {
                let (came, left) = try await moved(part.reading, from: then, to: now, watched, in: assembly)
                let metric = watched.pack.metric(of: part.reading, in: set)
                parts.append(
                    Part(
                        title: metric.map(watched.pack.title)
                            ?? Words(en: part.reading.aggregate.text, zh: part.reading.aggregate.text),
                        then: part.then, now: part.now, effect: part.effect, came: came, left: left))
            }
            let proven = [then, now].allSatisfy { moment in
                if case .exact = reader(moment, state.coverage).value(of: change.metric) { true } else { false }
            }
            changes.append(
                ExplainedChange(
                    metric: change.metric, then: change.then, now: change.now, parts: parts, isCovered: proven))
        }
        return changes
    }

    /// The facts that a figure counts now and did not count then, and the other way round.
    private static func moved(
        _ reading: Reading, from then: Timestamp, to now: Timestamp, _ watched: Watched, in assembly: Assembly
    ) async throws(LedgerError) -> (came: [Group], left: [Group]) {
        func facts(_ moment: Timestamp) async throws(LedgerError) -> [FactKey: Fact] {
            let extent = reading.span(at: moment, in: watched.calendar).extent(in: watched.calendar)
            guard !extent.isEmpty else { return [:] }
            let files = try await assembly.ledger.files(
                of: watched.store.id, for: FactNeed(reading.aggregate, in: extent))
            let found = Recount.facts(of: reading.aggregate, files: files, in: extent, calendar: watched.calendar)
            return Dictionary(found.map { ($0.fact.key, $0.fact) }, uniquingKeysWith: { first, _ in first })
        }
        let (before, after) = (try await facts(then), try await facts(now))
        return (
            groups(after.filter { before[$0.key] == nil }.values), groups(before.filter { after[$0.key] == nil }.values)
        )
    }

    private static func groups(_ facts: some Collection<Fact>) -> [Group] {
        var counts: [Group: Int] = [:]
        for fact in facts {
            counts[Group(reason: fact.word("reason"), product: fact.word("product"), count: 0), default: 0] += 1
        }
        return counts.map { Group(reason: $0.key.reason, product: $0.key.product, count: $0.value) }
            .sorted { ($1.count, $0.reason ?? "", $0.product ?? "") < ($0.count, $1.reason ?? "", $1.product ?? "") }
    }
}
