import Alerts
package import Facts
import Ledgers
import Rollups
package import Rules

/// What can still be contested, by deadline, and what it would be worth.
package struct AppealsTask: Sendable {
    private let config: String?
    private let glob: String?
    private let level: String

    package init(config: String?, glob: String?, log level: String) {
        (self.config, self.glob, self.level) = (config, glob, level)
    }

    /// A fact behind a rule outside ok whose appeal has not been decided and whose deadline has not passed.
    package struct Appeal: Sendable {
        package var kind: FactKind
        package var id: String
        package var order: String?
        package var reason: String?
        package var deadline: Timestamp
        /// It is under way.
        package var isOpen: Bool
    }

    /// One rule of one store with what can be contested of it.
    package struct Case: Sendable {
        package var store: Store
        package var calendar: StoreCalendar
        package var evaluation: RuleEvaluation
        /// The nearest deadline first.
        package var appeals: [Appeal]
        /// With so many of them won, the nearest deadline first, the rule stands better; nil: with none of the numbers tried.
        package var relief: (won: Int, then: Standing)?
        /// How many were tried.
        package var tried: Int
        /// The gates that the rule keeps closed.
        package var gates: [Gate]
    }

    /// The nearest deadline first.
    package func run() async throws -> [Case] {
        let assembly = try Assembly.open(config: config, log: level, access: .read)
        let clock = assembly.clock.now
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let stores = try await assembly.watchedStores(glob)
        if let glob, stores.isEmpty { throw TaskError("no watched store fits '\(glob)'", isUsage: true) }
        var (cases, valuations): ([Case], PackValuations) = ([], PackValuations())
        for watched in stores {
            let judged = try await judge.judge([watched], at: nil, clock: clock)[0]
            for rule in judged.evaluation.rules where rule.standing == .warning || rule.standing == .breach {
                let appeals = try await appeals(behind: rule, watched, in: assembly, now: clock)
                guard !appeals.isEmpty else { continue }
                let (relief, tried) = try await relief(of: rule, judged, winning: appeals, in: assembly, &valuations)
                cases.append(
                    Case(
                        store: watched.store, calendar: watched.calendar, evaluation: rule, appeals: appeals,
                        relief: relief, tried: tried,
                        gates: judged.evaluation.gates.filter { $0.because.contains(rule.rule.id) }.map(\.gate)))
            }
        }
        return cases.sorted { ($0.appeals[0].deadline, $0.store.id) < ($1.appeals[0].deadline, $1.store.id) }
    }

    /// More than so many are not tried.
    private static let most = 20

    /// Judges the store again with one appeal won after another: what the platform then no longer counts is excluded.
    private func relief(
        of rule: RuleEvaluation, _ judged: Judge.Judged, winning appeals: [Appeal], in assembly: Assembly,
        _ valuations: inout PackValuations
    ) async throws(LedgerError) -> ((won: Int, then: Standing)?, tried: Int) {
        let (state, calendar, clock) = (judged.prepared.state, judged.watched.calendar, judged.clock)
        let needs = Evaluation.needs(of: state, at: nil, clock: clock, &valuations)
        var wanted = needs.facts
        for (aggregate, days) in needs.cells { wanted.append(FactNeed(aggregate, in: calendar.range(of: days))) }
        var facts: [FactKey: Fact] = [:]
        for need in wanted {
            for file in try await assembly.ledger.files(of: judged.watched.store.id, for: need) {
                if let order = file.order { facts[order.key] = order }
                for child in file.children { facts[child.key] = child }
            }
        }
        let tried = appeals.prefix(Self.most)
        for (index, appeal) in tried.enumerated() {
            facts[FactKey(kind: appeal.kind, id: appeal.id)]?.exclude()
            let sums = StoreSums(reading: needs, from: OrderFile.files(of: Array(facts.values)), calendar: calendar)
            let found = Evaluation.evaluate(state, sums: sums, at: nil, clock: clock, &valuations).rules
            guard let standing = found.first(where: { $0.rule.id == rule.rule.id })?.standing else { continue }
            if standing == .ok || standing == .warning && rule.standing == .breach {
                return ((index + 1, standing), tried.count)
            }
        }
        return (nil, tried.count)
    }

    private func appeals(
        behind rule: RuleEvaluation, _ watched: Watched, in assembly: Assembly, now: Timestamp
    ) async throws(LedgerError) -> [Appeal] {
        let plan = assembly.fleet.plan(of: watched, on: watched.calendar.day(of: rule.coveredMoment))
        var found: [FactKey: Appeal] = [:]
        for reading in rule.evidence.flatMap({ plan.set.readings(of: $0) }) {
            let extent = reading.span(at: rule.coveredMoment, in: watched.calendar).extent(in: watched.calendar)
            guard !extent.isEmpty else { continue }
            let files = try await assembly.ledger.files(
                of: watched.store.id, for: FactNeed(reading.aggregate, in: extent))
            for (fact, _) in Recount.facts(of: reading.aggregate, files: files, in: extent, calendar: watched.calendar)
            {
                guard let deadline = fact.time("appeal_by"), deadline > now else { continue }
                let state = fact.word("appeal")
                guard state != "won", state != "lost" else { continue }
                found[fact.key] = Appeal(
                    kind: fact.kind, id: fact.id, order: fact.order, reason: fact.word("reason"), deadline: deadline,
                    isOpen: state == "open")
            }
        }
        return found.values.sorted { ($0.deadline, $0.id) < ($1.deadline, $1.id) }
    }
}
