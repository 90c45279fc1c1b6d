package import Facts
package import Language
package import Rollups

/// Why a metric is another than it was: the difference, part by part, adding up to the last digit.
package struct FigureChange {
    package let metric: String
    package let then: Value
    package let now: Value
    /// One a figure that the metric reads, in the order in which it reads them; also of one that is the same, for what
    /// came may have made up for what left.
    package let parts: [Part]

    package struct Part {
        package let reading: Reading
        package let then: Value
        package let now: Value
        /// What it does to the metric, with all parts before it as they are now and all after it as they were; nil where
        /// the metric was or is missing, or is no number.
        package let effect: Fraction?
        /// The metric with this figure as given, and with all the others as they are for `effect`.
        package let metric: (Value) -> Value
    }

    package init(metric: String, then: Value, now: Value, parts: [Part]) {
        (self.metric, self.then, self.now, self.parts) = (metric, then, now, parts)
    }
}

extension Evaluation {
    /// The changes of the metrics that a rule names, between two readers of the same store: as of then, and as of now.
    package static func changes(
        of rule: Rule, from then: MetricReader, to now: MetricReader, parameter: @escaping (String, LocalDay) -> Value
    ) -> [FigureChange] {
        rule.reach.metrics.map { metric in
            let readings = now.set.readings(ofMetric: metric).reduce(into: [Reading]()) {
                if !$0.contains($1) { $0.append($1) }
            }
            let values = readings.map { (then: then.known($0), now: now.known($0)) }
            /// With the first so many figures as they are now, and the one after them as given.
            func value(_ count: Int, _ own: Value? = nil) -> Value {
                let mixed = MetricReader(
                    sums: now.sums, set: now.set, calendar: now.calendar, at: now.at, coverage: nil,
                    parameter: parameter,
                    supposing: { reading, _ in
                        guard let place = readings.firstIndex(of: reading) else { return nil }
                        if place == count, let own { return .exact(own) }
                        return .exact(place < count ? values[place].now : values[place].then)
                    })
                guard case .exact(let value) = mixed.value(of: metric) else { return .missing }
                return value
            }
            var (parts, before): ([FigureChange.Part], Value) = ([], value(0))
            for (place, reading) in readings.enumerated() {
                let after = value(place + 1)
                parts.append(
                    FigureChange.Part(
                        reading: reading, then: values[place].then, now: values[place].now,
                        effect: FigureChange.difference(before, after), metric: { value(place, $0) }))
                before = after
            }
            return FigureChange(metric: metric, then: value(0), now: value(readings.count), parts: parts)
        }
    }
}

extension FigureChange {
    package static func difference(_ before: Value, _ after: Value) -> Fraction? {
        switch (before, after) {
        case (.number(let a), .number(let b)), (.duration(let a), .duration(let b)): b.subtracting(a)
        default: nil
        }
    }
}
