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
    /// By the raw value of the kind.
    private var byKind: [CoverageInterval?]

    package init(_ intervals: [FactKind: CoverageInterval] = [:]) {
        byKind = FactKind.allCases.map { intervals[$0] }
    }

    package subscript(kind: FactKind) -> CoverageInterval? {
        get { byKind[Int(kind.rawValue)] }
        set { byKind[Int(kind.rawValue)] = newValue }
    }

    /// Kinds that were ever covered.
    package var kinds: FactKinds { FactKinds(FactKind.allCases.lazy.filter { self[$0] != nil }) }

    /// What is complete for all of `kinds` at once: the latest beginning, the earliest end. Nil when one of them was
    /// never covered. Measures are passed over; of nothing but measures it is nil.
    package func common(to kinds: FactKinds) -> CoverageInterval? {
        var result: CoverageInterval?
        for kind in kinds.kinds where kind != .measure {
            guard let interval = self[kind] else { return nil }
            guard let known = result else {
                result = interval
                continue
            }
            let from = known.from.flatMap { known in interval.from.map { max(known, $0) } ?? known } ?? interval.from
            result = CoverageInterval(from: from, until: min(known.until, interval.until))
        }
        return result
    }
}
