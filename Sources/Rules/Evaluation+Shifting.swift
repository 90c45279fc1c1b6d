import Facts
import Language
import Rollups

/// What makes a rule stand worse on a day though nothing more of what harms it comes.
extension Evaluation {
    /// What the window of a reading loses, or gains, with the day.
    private struct Shift {
        var reading: Reading
        var day: LocalDay
        var cell: Cell
        /// Of what is in the window already.
        var share: Fraction
    }

    /// Of the figures that do not harm the one that loses most of itself with the day, with the first of the rule's metrics
    /// that this moves. Nil where the rule would stand worse though nothing had left: another fact decides then.
    static func leaving(
        on day: LocalDay, _ evaluation: RuleEvaluation, _ days: DaysToCome, _ state: StoreState, _ set: MetricSet
    ) -> Outlook.Leaving? {
        let harm = harming(evaluation.rule, set).aggregates
        let (before, after) = (days.reader(on: day.advanced(by: -1)), days.reader(on: day))
        let shifts = outlookReadings(evaluation.rule, set).compactMap { reading -> Shift? in
            let aggregate = reading.aggregate
            guard aggregate.isKept, !harm.contains(aggregate), aggregate.reducer == .count else { return nil }
            let (old, new) = spans(of: reading, before, after, state)
            guard old.lowerBound < new.lowerBound else { return nil }
            return shift(reading, old.lowerBound..<min(new.lowerBound, old.upperBound), old.lowerBound, before)
        }
        guard !shifts.isEmpty else { return nil }
        let kept = days.reader(on: day) { reading, reader in
            shifts.first { $0.reading == reading }.flatMap { shift in
                guard case .number(let number) = days.cell(of: reading, at: reader.at).value(of: reading.aggregate)
                else { return nil }
                return number.adding(Fraction(shift.cell.count)).map { .exact(.number($0)) }
            }
        }
        guard isWorse(evaluation.rule, after, than: kept, evaluation.cap) else { return nil }
        return named(shifts, before, after, evaluation, state, set)
    }

    /// Of the figures that harm the one that gains most with the day: what happened today, and counts from tomorrow on.
    /// Nil where the rule would stand as bad without it.
    static func coming(
        on day: LocalDay, _ evaluation: RuleEvaluation, _ days: DaysToCome, _ state: StoreState, _ set: MetricSet
    ) -> Outlook.Leaving? {
        let harm = harming(evaluation.rule, set).aggregates
        let (before, after) = (days.reader(on: day.advanced(by: -1)), days.reader(on: day))
        let today = state.calendar.day(of: evaluation.coveredMoment)
        let shifts = outlookReadings(evaluation.rule, set).compactMap { reading -> Shift? in
            guard reading.aggregate.isKept, harm.contains(reading.aggregate), reading.aggregate.reducer == .count else {
                return nil
            }
            let (old, new) = spans(of: reading, before, after, state)
            let end = min(new.upperBound, today.advanced(by: 1))
            guard old.upperBound < end else { return nil }
            return shift(reading, old.upperBound..<end, old.upperBound, before)
        }
        guard !shifts.isEmpty else { return nil }
        let without = days.reader(on: day) { reading, reader in
            shifts.first { $0.reading == reading }.flatMap { shift in
                guard case .number(let number) = days.cell(of: reading, at: reader.at).value(of: reading.aggregate)
                else { return nil }
                return number.subtracting(Fraction(shift.cell.count)).map { .exact(.number($0)) }
            }
        }
        guard isWorse(evaluation.rule, after, than: without, evaluation.cap) else { return nil }
        return named(shifts, before, after, evaluation, state, set)
    }

    private static func spans(
        of reading: Reading, _ before: MetricReader, _ after: MetricReader, _ state: StoreState
    ) -> (Range<LocalDay>, Range<LocalDay>) {
        (
            reading.span(at: before.at, in: state.calendar).days, reading.span(at: after.at, in: state.calendar).days
        )
    }

    private static func shift(
        _ reading: Reading, _ range: Range<LocalDay>, _ day: LocalDay, _ before: MetricReader
    ) -> Shift? {
        guard let cell = before.sums.cells[reading.aggregate]?.sum(over: range), cell.count > 0 else { return nil }
        var share = Fraction.one
        if case .exact(.number(let all)) = before.estimate(of: reading),
            let part = Fraction(cell.count).divided(by: all)
        {
            share = part
        }
        return Shift(reading: reading, day: day, cell: cell, share: share)
    }

    private static func isWorse(
        _ rule: Rule, _ reader: MetricReader, than other: MetricReader, _ cap: Standing
    ) -> Bool {
        possible(rule, cap: cap, reader).lowerBound > possible(rule, cap: cap, other).upperBound
    }

    /// The largest of them with the first of the rule's metrics that it moves.
    private static func named(
        _ shifts: [Shift], _ before: MetricReader, _ after: MetricReader, _ evaluation: RuleEvaluation,
        _ state: StoreState, _ set: MetricSet
    ) -> Outlook.Leaving? {
        for shift in shifts.sorted(by: { $0.share > $1.share }) {
            let counted = state.pack.metric(of: shift.reading, in: set)
            let metrics = evaluation.rule.reach.metrics.filter { set.readings(ofMetric: $0).contains(shift.reading) }
            // What it is itself is said already, unless it is all there is.
            for metric in metrics.filter({ $0 != counted }) + metrics.filter({ $0 == counted }) {
                guard case .exact(.number(let was)) = before.value(of: metric),
                    case .exact(.number(let becomes)) = after.value(of: metric), was != becomes
                else { continue }
                return Outlook.Leaving(
                    day: shift.day, facts: shift.cell.count,
                    title: counted.map(state.pack.title) ?? Words(shift.reading.aggregate.text),
                    figure: state.pack.title(of: metric), before: was, after: becomes,
                    isPercent: evaluation.valued.percentages.contains(metric))
            }
        }
        return nil
    }
}
