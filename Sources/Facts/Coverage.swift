/// From when until when the facts of one kind of one store are known to be complete: [from, until).
package struct CoverageInterval: Sendable, Hashable {
    /// nil: from the beginning.
    package var from: Timestamp?
    package var until: Timestamp

    package init(from: Timestamp? = nil, until: Timestamp) { (self.from, self.until) = (from, until) }
}

/// What is known to be complete at one store. A kind without an interval was never covered.
///
/// `measure` facts have no coverage; nothing here speaks of them.
package struct Coverage: Sendable, Hashable {
    package var intervals: [FactKind: CoverageInterval]

    package init(_ intervals: [FactKind: CoverageInterval] = [:]) { self.intervals = intervals }

    package subscript(kind: FactKind) -> CoverageInterval? {
        get { intervals[kind] }
        set { intervals[kind] = newValue }
    }

    /// What is complete for all of `kinds` at once: the latest beginning, the earliest end. Nil when one of them was
    /// never covered. Measures are passed over; of nothing but measures it is nil.
    package func common(to kinds: FactKinds) -> CoverageInterval? {
        var result: CoverageInterval?
        for kind in kinds.kinds where kind != .measure {
            guard let interval = intervals[kind] else { return nil }
            guard let known = result else {
                result = interval
                continue
            }
            let from = [known.from, interval.from].compactMap { $0 }.max()
            result = CoverageInterval(from: from, until: min(known.until, interval.until))
        }
        return result
    }
}
