import Facts
import Language
import Rollups

/// How far a figure that is no number of facts is from a limit: a newest reading, a least, a greatest, a percentile, a
/// mean length of time.
struct Distance {
    let reading: Reading
    /// In what it is told: a minute, a hundredth of a percent, a hundredth.
    let step: Fraction
    let isDuration: Bool

    /// nil for what is told in numbers of facts.
    init?(_ reading: Reading, isPercent: Bool) {
        let aggregate = reading.aggregate
        let isOfFacts = [.count, .sum, .distinct].contains(aggregate.reducer) || aggregate.scale != nil
        let isPlain = aggregate.kind == .measure || ![.min, .max, .percentile, .latest].contains(aggregate.reducer)
        guard aggregate.kind == .measure || !isOfFacts || !isPlain else { return nil }
        let type = aggregate.reducer == .count ? ValueType.number : aggregate.value?.type
        guard type == .number || type == .duration, let hundredth = Fraction(1, over: 100),
            let fine = Fraction(1, over: 10_000)
        else { return nil }
        (self.reading, isDuration) = (reading, type == .duration)
        step = isDuration ? Fraction(60_000_000) : isPercent ? fine : hundredth
    }

    /// More steps than that nobody waits for.
    static let limit: Int64 = 100_000

    /// The figure, that many steps away: from the least to the greatest of them.
    func estimate(_ known: Value, _ steps: ClosedRange<Int64>, isUp: Bool) -> Estimate? {
        guard case .number(let value) = known.magnitude else { return nil }
        func away(_ count: Int64) -> Fraction? {
            step.multiplied(by: Fraction(isUp ? count : -count))?.adding(value)
        }
        guard let a = away(steps.lowerBound), let b = away(steps.upperBound) else { return nil }
        if a == b { return .exact(isDuration ? .duration(a) : .number(a)) }
        return .range(low: min(a, b), high: max(a, b), mayBeMissing: false, isDuration: isDuration)
    }
}

extension Value {
    /// A number, or a length of time as the number of its microseconds; of all else missing.
    fileprivate var magnitude: Value {
        switch self {
        case .number, .missing: self
        case .duration(let microseconds): .number(microseconds)
        default: .missing
        }
    }
}

extension Evaluation {
    /// With how much less, and how much more, of each such figure the rule stands elsewhere.
    static func distances(
        of rule: Rule, now standing: Standing, _ pack: Pack, _ set: MetricSet, percentages: Set<String>, cap: Standing,
        reader: (@escaping (Reading, MetricReader) -> Estimate?) -> MetricReader
    ) -> [Headroom] {
        var (result, seen): ([Headroom], Set<Reading>) = ([], [])
        for reading in rule.conditions.flatMap({ set.readings(of: $0.expression) }) where seen.insert(reading).inserted
        {
            let metric = pack.metric(of: reading, in: set)
            guard let distance = Distance(reading, isPercent: metric.map(percentages.contains) ?? false) else {
                continue
            }
            let known = reader { _, _ in nil }.known(reading)
            for isUp in [false, true] {
                func ranks(_ steps: ClosedRange<Int64>) -> ClosedRange<Int> {
                    let supposed = distance.estimate(known, steps, isUp: isUp)
                    return possible(rule, cap: cap, reader { found, _ in found == reading ? supposed : nil })
                }
                guard distance.estimate(known, 1...1, isUp: isUp) != nil else { continue }
                for isWorse in standing == .ok ? [true] : [true, false] {
                    guard
                        let (steps, then) = first(
                            where: ranks, now: standing.rank, isWorse: isWorse, limit: Distance.limit),
                        let by = distance.step.multiplied(by: Fraction(isUp ? steps : -steps))
                    else { continue }
                    result.append(
                        Headroom(
                            subject: metric ?? reading.aggregate.text,
                            title: metric.map(pack.title)
                                ?? Words(en: reading.aggregate.text, zh: reading.aggregate.text),
                            by: Headroom.Shift(
                                by: by, isDuration: distance.isDuration,
                                isPercent: metric.map(percentages.contains) ?? false), then: then))
                }
            }
        }
        return result
    }
}
