package import Facts
import Language
package import Rollups

/// How many further facts of one class change where a rule stands: how far a store is from a limit, or from being well
/// again.
package struct Headroom: Sendable, Hashable {
    /// What there would be more of: the metric that counts just that, else the text of the aggregate.
    package let subject: String
    package internal(set) var title: Words
    /// What each of the further facts has, for a mean: the lowest or the highest of its scale. nil: it only has to count.
    package let value: Fraction?
    /// What has that value, for a mean; nil else.
    package var facts: Words?
    /// The mean of a condition: for those of value 1 it holds, for those of 0 it does not.
    package var isShare = false
    /// The least number with which the rule stands elsewhere; at least 1. 0 where it is a distance.
    package let more: Int64
    /// By how much the figure itself would be another, where that is no number of facts.
    package var by: Shift?
    /// Where it then stands.
    package let then: Standing
    /// Of which value of a member, where each is judged by itself.
    package var part: String?
    /// When the platform will see it, where it looks on certain days only.
    package var seen: LocalDay?

    package init(
        subject: String, title: Words, value: Fraction?, more: Int64, then: Standing, part: String? = nil,
        seen: LocalDay? = nil
    ) {
        (self.subject, self.title, self.value, self.more, self.then) = (subject, title, value, more, then)
        (self.part, self.seen) = (part, seen)
    }

    package init(subject: String, title: Words, by: Shift, then: Standing) {
        (self.subject, self.title, self.by, self.then) = (subject, title, by, then)
        (value, more) = (nil, 0)
    }

    /// A distance in the figure's own unit.
    package struct Shift: Sendable, Hashable {
        /// Below zero: less. Of a length of time in microseconds.
        package let by: Fraction
        package let isDuration: Bool
        package let isPercent: Bool

        package init(by: Fraction, isDuration: Bool, isPercent: Bool) {
            (self.by, self.isDuration, self.isPercent) = (by, isDuration, isPercent)
        }
    }

    /// More than this many nobody waits for.
    package static let limit: Int64 = 1_000_000
}

extension Evaluation {
    /// Asks the rule itself, for every class of facts that it counts: with how many more of them it stands worse, and,
    /// where it is in breach or warned of, with how many it stands better. Exact whatever the condition says: ranges of
    /// numbers are ruled out as a whole by what they prove, and halved until they prove something.
    ///
    /// Of a rule that the platform looks at on certain days, on the next of them, if nothing else harms until then. A
    /// breach that counts as a warning only is no other standing than a warning.
    ///
    /// Empty where nothing is judged, where figures are not known exactly, and where no number of facts changes anything.
    /// What is a least, a greatest, a latest or a percentile has no such number.
    package static func headroom(
        of evaluation: RuleEvaluation, _ state: StoreState, sums: StoreSums, set: MetricSet
    ) -> [Headroom] {
        let (rule, moment) = (evaluation.rule, evaluation.coveredMoment)
        guard [.ok, .warning, .breach].contains(evaluation.standing),
            isWhollyKnown(rule, state, sums, set, at: moment)
        else { return [] }
        let scopes = scopes(of: evaluation, state, sums: sums, set: set)
        if let next = evaluation.assessment?.next {
            guard canForesee(rule, state, set, at: moment) else { return [] }
            let quiet = scopes.map {
                DaysToCome(state, $0.sums, set, at: moment, harm: harming(rule, set), .noMoreHarm)
            }
            return ScopesToCome(scopes, of: rule, quiet, on: next)
                .headroom(of: evaluation.valued, state.pack, set, asWarned: false, cap: evaluation.cap, seen: next)
        }
        return headroom(
            scopes, of: rule, state.pack, set, percentages: evaluation.valued.percentages, cap: evaluation.cap,
            seen: nil
        ) { scope, supposing in
            MetricReader(
                sums: scope.sums, set: set, calendar: state.calendar, at: moment, coverage: nil,
                parameter: { state.parameter($0, on: $1) }, supposing: supposing)
        }
    }

    /// So many of the worst parts are told how they would be well again: one of them alone does not help the rule.
    private static let partsToMend = 5

    /// The rule is as bad as its worst scope. What makes any of them worse than that worsens it: of each class the least
    /// number. What makes one better is told of those that are as bad.
    ///
    /// - Parameters:
    ///   - cap: the worst standing that the rule can have.
    ///   - cell: what a kept figure of a scope holds.
    static func headroom(
        _ scopes: [Scope], of rule: Rule, _ pack: Pack, _ set: MetricSet, percentages: Set<String>, cap: Standing,
        seen: LocalDay?,
        cell: @escaping (Scope, Reading, MetricReader) -> SupposedCell = { SupposedCell($2.cell(of: $1)) },
        reader: (Scope, @escaping (Reading, MetricReader) -> Estimate?) -> MetricReader
    ) -> [Headroom] {
        func capped(_ standing: Standing) -> Standing { standing.rank > cap.rank ? cap : standing }
        let now = scopes.map { capped($0.standing).rank }.max() ?? Standing.unjudged.rank
        let worst = scopes.filter { capped($0.standing).rank == now }
        var (better, worse): ([Headroom], [Headroom]) = ([], [])
        for scope in scopes where scope.standing != .unknown {
            let standing = capped(scope.standing)
            let lines =
                headroom(
                    of: rule, now: standing, pack, set, cap: cap, cell: { cell(scope, $0, $1) },
                    reader: { reader(scope, $0) })
                + distances(
                    of: rule, now: standing, pack, set, percentages: percentages, cap: cap,
                    reader: { reader(scope, $0) })
            for var line in lines {
                (line.part, line.seen) = (scope.part, seen)
                if line.then.rank < standing.rank {
                    if standing.rank == now, worst.count <= partsToMend { better.append(line) }
                } else if line.then.rank > now {
                    let place = worse.firstIndex { $0.isNext(to: line) }
                    if let place {
                        if line.isNearer(than: worse[place]) { worse[place] = line }
                    } else {
                        worse.append(line)
                    }
                }
            }
        }
        return worse + better
    }

    /// Of one scope.
    ///
    /// - Parameters:
    ///   - cell: what a kept figure holds.
    ///   - reader: of the figures, but for those that are supposed to be more.
    static func headroom(
        of rule: Rule, now standing: Standing, _ pack: Pack, _ set: MetricSet, cap: Standing,
        cell: @escaping (Reading, MetricReader) -> SupposedCell,
        reader: (@escaping (Reading, MetricReader) -> Estimate?) -> MetricReader
    ) -> [Headroom] {
        var result: [Headroom] = []
        let readings = rule.conditions.flatMap { set.readings(of: $0.expression) }
        for found in classes(of: readings) {
            for value in Supposed.values(of: found.aggregate) {
                let supposed = Supposed(FactClass(found.reading, value: value), among: readings, cell: cell)
                func ranks(_ more: ClosedRange<Int64>) -> ClosedRange<Int> {
                    possible(rule, cap: cap, reader { supposed.estimate(of: $0, $1, more: more) })
                }
                for isWorse in standing == .ok ? [true] : [true, false] {
                    guard let (more, then) = first(where: ranks, now: standing.rank, isWorse: isWorse) else { continue }
                    let metric = pack.metric(of: found.reading, in: set)
                    var line = Headroom(
                        subject: metric ?? found.aggregate.text,
                        title: found.aggregate.title(metric.map(pack.title)), value: value, more: more, then: then)
                    if value != nil {
                        line.title = metric.map(pack.title) ?? Words(found.aggregate.text)
                        (line.facts, line.isShare) = (found.aggregate.facts, found.aggregate.value?.type == .bool)
                    }
                    result.append(line)
                }
            }
        }
        return result
    }

    /// Each once. Where the facts of a class are averaged too, it is their values that matter and not their number alone.
    private static func classes(of readings: [Reading]) -> [FactClass] {
        var classes: [FactClass] = []
        for reading in readings where reading.aggregate.kind != .measure {
            guard [.count, .sum, .mean, .distinct].contains(reading.aggregate.reducer) else { continue }
            guard let place = classes.firstIndex(where: { $0.aggregate == reading.aggregate }) else {
                classes.append(FactClass(reading))
                continue
            }
            // What is as of an earlier day too (`x offset 30d`) is what it is held against.
            if reading.shifts.count < classes[place].reading.shifts.count { classes[place] = FactClass(reading) }
        }
        let averaged = classes.filter { $0.aggregate.reducer == .mean && $0.aggregate.scale != nil }
        var distinct: [FactClass] = []
        for found in classes {
            if found.aggregate.reducer != .mean,
                distinct.contains(where: { $0.isSame(as: found) }) || averaged.contains(where: { $0.isSame(as: found) })
            {
                continue
            }
            distinct.append(found)
        }
        return distinct
    }

    /// The ranks between which the standing must lie.
    ///
    /// - Parameter cap: the worst standing that the rule can have.
    static func possible(_ rule: Rule, cap: Standing, _ reader: MetricReader) -> ClosedRange<Int> {
        func outcome(_ condition: Condition?) -> Outcome {
            condition.map { Outcome(Evaluator.estimate($0.expression, from: reader)) } ?? .holds
        }
        var ranks: [Int] = []
        let given = outcome(rule.given)
        if given.mayFail || given.mayBeMissing { ranks.append(Standing.unjudged.rank) }
        if given.mayHold {
            let require = outcome(rule.require)
            if require.mayBeMissing { ranks.append(Standing.unjudged.rank) }
            if require.mayFail { ranks.append(Standing.breach.rank) }
            if require.mayHold {
                let prefer = outcome(rule.prefer)
                if prefer.mayFail { ranks.append(Standing.warning.rank) }
                if prefer.mayHold || prefer.mayBeMissing { ranks.append(Standing.ok.rank) }
            }
        }
        return min(ranks.min() ?? 0, cap.rank)...min(ranks.max() ?? 0, cap.rank)
    }

    /// The least number of further facts with which the standing is worse, or better, than now; unjudged is neither.
    static func first(
        where standing: (ClosedRange<Int64>) -> ClosedRange<Int>, now: Int, isWorse: Bool, limit: Int64 = Headroom.limit
    ) -> (Int64, Standing)? {
        let judged = Standing.ok.rank
        func isRuledOut(_ ranks: ClosedRange<Int>) -> Bool {
            isWorse ? ranks.upperBound <= now : ranks.lowerBound >= now || ranks.upperBound < judged
        }
        func search(_ range: ClosedRange<Int64>) -> (Int64, Standing)? {
            let ranks = standing(range)
            if isRuledOut(ranks) { return nil }
            if range.lowerBound == range.upperBound {
                guard isWorse || ranks.lowerBound >= judged else { return nil }
                let rank = isWorse ? ranks.upperBound : ranks.lowerBound
                return Standing.allCases.first { $0.rank == rank }.map { (range.lowerBound, $0) }
            }
            let middle = range.lowerBound + (range.upperBound - range.lowerBound) / 2
            return search(range.lowerBound...middle) ?? search(middle + 1...range.upperBound)
        }
        // Mostly no number of them does: asked of all at once.
        guard !isRuledOut(standing(1...limit)) else { return nil }
        // Near first: most that matters is near, and wide ranges prove little.
        var low: Int64 = 1
        while low <= limit {
            let high = min(low * 2 - 1, limit)
            if let found = search(low...high) { return found }
            low = high + 1
        }
        return nil
    }
}

extension Headroom {
    /// Of the same figure, the same way.
    fileprivate func isNext(to other: Headroom) -> Bool {
        subject == other.subject && value == other.value && by.map { $0.by < .zero } == other.by.map { $0.by < .zero }
    }

    fileprivate func isNearer(than other: Headroom) -> Bool {
        guard let by, let far = other.by else { return more < other.more }
        return by.by < .zero ? by.by > far.by : by.by < far.by
    }
}
