package import Facts
package import Language

/// A metric whose figure the platform shows too: an entry of `reconcile:`, known by the metric.
///
/// A class because it never changes: every comparison of every store holds the same one.
package final class ReconcilePair: Sendable {
    /// What we count.
    package let metric: String
    /// The measure that holds what the platform shows.
    package let theirs: String
    /// The least by which the platform's figure can move as it is shown: 0.0001 for a share shown as 0.22 %. nil: not
    /// said.
    package let step: Fraction?
    /// How far ours may lie from theirs whatever theirs is; nil: no further than the step allows.
    package let absolute: Fraction?
    /// The same as a share of theirs.
    package let relative: Fraction?
    /// People read it in percent.
    package let isPercent: Bool
    /// So many days after a day the platform shows the figure whose last day that is.
    package let shownAfter: Int
    /// What the platform leaves open about its definition; nil: nothing.
    package let open: Words?
    /// What it may mean as well, in the order written.
    package let variants: [MetricVariant]

    init(
        metric: String, theirs: String, step: Fraction?, absolute: Fraction?, relative: Fraction?, isPercent: Bool,
        shownAfter: Int = 1, open: Words?, variants: [MetricVariant]
    ) {
        (self.metric, self.theirs, self.step) = (metric, theirs, step)
        (self.absolute, self.relative, self.isPercent) = (absolute, relative, isPercent)
        (self.shownAfter, self.open, self.variants) = (shownAfter, open, variants)
    }

    /// The moment as of which ours has to be counted for a figure of theirs. One that names a day and no time of day (the
    /// first moment of it) is of a page whose last day that is, and which is shown so many days later.
    package func asOf(_ at: Timestamp, in calendar: StoreCalendar) -> Timestamp {
        let day = calendar.day(of: at)
        return at == calendar.startOfDay(day) ? calendar.startOfDay(day.advanced(by: shownAfter)) : at
    }

    /// The metric itself, as an expression.
    package var ours: TypedExpression { TypedExpression(.metric(metric), .number) }

    /// How far ours may lie from this figure and still be it: the widest of what was said. What is shown was rounded, so
    /// that half a step is always allowed.
    package func allowance(for theirs: Fraction) -> Fraction {
        let size = theirs < .zero ? theirs.negated : theirs
        let part = relative.flatMap { relative in size.flatMap { relative.multiplied(by: $0) } }
        return [halfStep, absolute, part].compactMap { $0 }.max() ?? .zero
    }

    /// How far what is meant may lie from what is shown: half a step, both ends included; without a step all that is
    /// tolerated.
    package func rounding(of theirs: Fraction) -> Fraction { halfStep ?? allowance(for: theirs) }

    private var halfStep: Fraction? { step.flatMap { $0.divided(by: Fraction(2)) } }

    /// As the pack says it, for documents.
    package var toleranceText: String {
        func text(_ fraction: Fraction, isPercent: Bool) -> String {
            let number = isPercent ? fraction.multiplied(by: Fraction(100)) ?? fraction : fraction
            return Printer.text(of: Literal.number(number, isPercent: isPercent))
        }
        let parts = [
            halfStep.map { text($0, isPercent: isPercent) },
            absolute.map { text($0, isPercent: isPercent) }, relative.map { text($0, isPercent: true) + " of theirs" },
        ].compactMap { $0 }
        return parts.joined(separator: " or ")
    }
}

/// What a metric may mean as well where the platform leaves its definition open.
package struct MetricVariant: Sendable {
    /// Unique in its pair.
    package let id: String
    /// How it counts, to follow "would be 1.2% if counted".
    package let title: Words
    /// Over metrics and aggregates, like a metric.
    package let expression: TypedExpression
}

extension Reach {
    /// Whether it reads either side of a pair: what we count, or what the platform shows.
    package func rests(on pair: ReconcilePair) -> Bool {
        everyMetric.contains(pair.metric) || readings.contains { $0.names?.contains(pair.theirs) ?? false }
    }
}
