package import Facts
import Ledgers
import Rollups
package import Rules

/// What can still be contested, by deadline, and what it would be worth.
package struct AppealsTask: Sendable {
    private let opening: Opening
    private let glob: String?

    package init(_ opening: Opening, glob: String?) {
        (self.opening, self.glob) = (opening, glob)
    }

    /// One rule of one store with what can be contested of it.
    package struct Case: Sendable {
        package var store: Store
        package var calendar: StoreCalendar
        package var evaluation: RuleEvaluation
        /// Sorted; of what is kept the first so many; none where all are `undated`.
        package var appeals: [Appeal]
        /// How many there are in all.
        package var count: Int
        /// How many other facts behind it have no known deadline.
        package var undated: Int
        /// With so many of them won the rule stands better; nil: with none of the numbers tried.
        package var relief: (won: Relief, then: Standing)?
        /// How many were tried.
        package var tried: Int
        /// The gates that are closed now and open with those won.
        package var gates: [Gate]
    }

    /// The nearest deadline first; those of which none is known last.
    package func run() async throws -> [Case] {
        let assembly = try opening.assembly(.read)
        let clock = assembly.clock.now
        var (cases, valuations): ([Case], PackValuations) = ([], PackValuations())
        for watched in try await assembly.fittingStores(glob) {
            cases += try await self.cases(of: watched, assembly, at: clock, &valuations).cases
        }
        return Self.sorted(cases, at: clock)
    }

    /// Of one store, and of which of its revisions.
    func cases(of watched: Watched) async throws -> (cases: [Case], revision: Int64) {
        let assembly = try opening.assembly(.read)
        var valuations = PackValuations()
        var found = try await cases(of: watched, assembly, at: assembly.clock.now, &valuations)
        // They are kept.
        for index in found.cases.indices {
            found.cases[index].appeals.removeLast(max(0, found.cases[index].appeals.count - Self.kept))
        }
        return found
    }

    /// More of one rule nobody reads on a page.
    private static let kept = 100

    static func sorted(_ cases: [Case], at now: Timestamp) -> [Case] {
        let never = Timestamp(microseconds: .max)
        func due(_ item: Case) -> Timestamp { item.appeals.compactMap(\.deadline).first { $0 > now } ?? never }
        return cases.map { (due($0), $0) }.sorted { ($0.0, $0.1.store.id) < ($1.0, $1.1.store.id) }.map(\.1)
    }

    private func cases(
        of watched: Watched, _ assembly: Assembly, at clock: Timestamp, _ valuations: inout PackValuations
    ) async throws -> (cases: [Case], revision: Int64) {
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let judged = try await judge.judge([watched], at: nil, clock: clock)[0]
        let contest = Appeals(watched, in: assembly, now: clock)
        var cases: [Case] = []
        for rule in judged.evaluation.rules where rule.standing == .warning || rule.standing == .breach {
            let found = try await contest.contestable(behind: rule)
            guard !found.appeals.isEmpty || found.undated > 0 else { continue }
            cases.append(try await self.case(rule, judged, found, contest, judge, &valuations))
        }
        return (cases, judged.prepared.revision)
    }

    /// Judges the store again with one appeal won after another: what the platform then no longer counts is excluded.
    private func `case`(
        _ rule: RuleEvaluation, _ judged: Judge.Judged, _ contestable: Contestable, _ contest: Appeals, _ judge: Judge,
        _ valuations: inout PackValuations
    ) async throws -> Case {
        let appeals = contestable.appeals
        let (state, watched, clock) = (judged.prepared.state, judged.watched, judged.clock)
        let needs = Evaluation.needs(of: state, at: nil, clock: clock, &valuations)
        let sums = try await judge.readings([(watched, needs)], at: nil, clock: clock)[0].sums
        var (found, better): (PackValuations, StoreEvaluation?) = (valuations, nil)
        func standing(_ evaluation: StoreEvaluation) -> Standing {
            evaluation.rules.first { $0.rule.id == rule.rule.id }?.announced ?? .unknown
        }
        let closed = judged.evaluation.gates.filter { $0.state == .closed }.map(\.gate.id)
        // The gates that all choices which do it would open.
        var all: [Gate]?
        func opened(_ tried: StoreEvaluation) -> [Gate] {
            tried.gates.filter { $0.state == .open && closed.contains($0.gate.id) }.map(\.gate)
        }
        let won = try await contest.fewest(of: appeals, in: sums, for: needs) { sums in
            let tried = Evaluation.evaluate(state, sums: sums, at: nil, clock: clock, &found)
            let then = standing(tried)
            guard then == .ok || then == .warning && rule.announced == .breach else { return false }
            let opened = opened(tried)
            all = all.map { $0.filter { gate in opened.contains { $0.id == gate.id } } } ?? opened
            return true
        }
        if let won {
            let sums = try await contest.winning(won.those, in: sums, for: needs)
            better = Evaluation.evaluate(state, sums: sums, at: nil, clock: clock, &found)
        }
        return Case(
            store: watched.store, calendar: watched.calendar, evaluation: rule, appeals: appeals, count: appeals.count,
            undated: contestable.undated, relief: won.flatMap { won in better.map { (won, standing($0)) } },
            tried: min(appeals.count, Appeals.most),
            gates: won?.isAny == true ? all ?? [] : better.map(opened) ?? [])
    }
}
