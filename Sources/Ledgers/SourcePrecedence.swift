package import Facts

/// Which source a store's facts of a kind come from, as the configuration and the pack say it.
///
/// The rule: what `sources:` names; else the first candidate that declares the kind or has brought it; else, of those
/// that brought it and are candidates no more (a feed taken out of the configuration), the most trusted.
package struct SourcePrecedence: Sendable, Hashable {
    /// The entry's `sources:`. Such a source holds its kind alone, even before it has brought anything.
    package var fixed: [FactKind: SourceName]
    /// The platform first, then the feeds in the order of the configuration, file, hand.
    package var candidates: [SourceName]
    /// The kinds that the platform's pull plan brings, and the `kinds:` of feeds that state them.
    package var declared: [SourceName: FactKinds]

    package init(
        fixed: [FactKind: SourceName] = [:], candidates: [SourceName] = [.platform, .file, .hand],
        declared: [SourceName: FactKinds] = [:]
    ) {
        (self.fixed, self.candidates, self.declared) = (fixed, candidates, declared)
    }

    /// What holds for a store that no entry watches: the most trusted of those that brought a kind.
    package static let unwatched = SourcePrecedence(candidates: [.platform])

    /// The source whose facts of the kind stand.
    ///
    /// - Parameter brought: the sources that have brought facts of this kind for the store, in any order; of measures,
    ///   those of one name.
    /// - Returns: nil when nobody brought or declares it.
    package func source(of kind: FactKind, brought: some Collection<SourceName>) -> SourceName? {
        if let source = fixed[kind] { return source }
        for candidate in candidates
        where declared[candidate, default: []].contains(kind) || brought.contains(candidate) {
            return candidate
        }
        return brought.min()
    }
}
