package import Facts

/// What has to be complete for a figure to be proven.
package struct CoverageDemand: Sendable, Hashable {
    /// Complete over `range`; measures have no coverage and are passed over.
    package var kinds: FactKinds
    package var range: Range<Timestamp>
    /// Of these everything from the beginning: a fact of any age may move the figure.
    package var wholeKinds: FactKinds
    /// Of these everything from `Aggregate.longestWay` before `range`.
    package var followingKinds: FactKinds

    package init(
        kinds: FactKinds, range: Range<Timestamp>, wholeKinds: FactKinds = [], followingKinds: FactKinds = []
    ) {
        (self.kinds, self.range, self.wholeKinds) = (kinds, range, wholeKinds)
        self.followingKinds = followingKinds
    }

    /// One demand a kind that holds all of `demands`, so that each kind is looked at once. It may ask for a little more
    /// than they do: for the days between their windows.
    package static func byKind(_ demands: some Sequence<CoverageDemand>) -> [CoverageDemand] {
        var merged: [FactKind: CoverageDemand] = [:]
        for demand in demands {
            for kind in demand.kinds.kinds {
                var one = merged[kind] ?? CoverageDemand(kinds: FactKinds(kind), range: demand.range)
                one.range =
                    min(
                        one.range.lowerBound, demand.range.lowerBound)..<max(
                        one.range.upperBound, demand.range.upperBound)
                one.wholeKinds.formUnion(demand.wholeKinds.intersection(FactKinds(kind)))
                one.followingKinds.formUnion(demand.followingKinds.intersection(FactKinds(kind)))
                merged[kind] = one
            }
        }
        return merged.sorted { $0.key < $1.key }.map(\.value)
    }
}

/// Coverage of one store as two rows of integers: whether a stretch is complete is asked for every store and rule.
package struct CoverageBounds: Sendable, Hashable {
    /// By raw value of the kind; a kind never covered ends before it begins.
    private var from: [Int64]
    private var until: [Int64]

    /// When a kind is complete up to; nil when it was never covered.
    package func until(_ kind: FactKind) -> Timestamp? {
        let moment = until[Int(kind.rawValue)]
        return moment == .min ? nil : Timestamp(microseconds: moment)
    }

    package init(_ coverage: Coverage) {
        from = Array(repeating: .max, count: FactKind.allCases.count)
        until = Array(repeating: .min, count: FactKind.allCases.count)
        for kind in FactKind.allCases {
            guard let interval = coverage[kind] else { continue }
            from[Int(kind.rawValue)] = interval.from?.microseconds ?? .min
            until[Int(kind.rawValue)] = interval.until.microseconds
        }
    }

    package func meets(_ demand: CoverageDemand) -> Bool {
        var rest = demand.kinds.subtracting(FactKinds(.measure)).rawValue
        while rest != 0 {
            let kind = rest.trailingZeroBitCount
            if from[kind] > demand.range.lowerBound.microseconds || until[kind] < demand.range.upperBound.microseconds {
                return false
            }
            rest &= rest - 1
        }
        rest = demand.wholeKinds.subtracting(FactKinds(.measure)).rawValue
        while rest != 0 {
            if from[rest.trailingZeroBitCount] != .min { return false }
            rest &= rest - 1
        }
        rest = demand.followingKinds.subtracting(FactKinds(.measure)).rawValue
        let latest = (demand.range.lowerBound - Aggregate.longestWay).microseconds
        while rest != 0 {
            if from[rest.trailingZeroBitCount] > latest { return false }
            rest &= rest - 1
        }
        return true
    }
}
