package import Facts

/// Which source a store's facts of a kind come from, as the configuration and the pack say it.
///
/// The rule: what `sources:` names; else the first candidate that declares the kind or has brought it; else, of those
/// that brought it and are candidates no more (a feed taken out of the configuration), the most trusted.
package struct SourcePrecedence: Sendable, Hashable {
    /// The entry's `sources:`. Such a source holds its kind alone, even before it has brought anything.
    package var fixed: [FactKind: SourceName]
    /// The same for single measures, by name; it wins over `fixed[.measure]`.
    package var fixedMeasures: [String: SourceName]
    /// The platform first, then the feeds in the order of the configuration, file, hand.
    package var candidates: [SourceName]
    /// The kinds that the platform's pull plan brings, and the `kinds:` of feeds that state them.
    package var declared: [SourceName: FactKinds]

    package init(
        fixed: [FactKind: SourceName] = [:], fixedMeasures: [String: SourceName] = [:],
        candidates: [SourceName] = [.platform, .file, .hand], declared: [SourceName: FactKinds] = [:]
    ) {
        (self.fixed, self.fixedMeasures) = (fixed, fixedMeasures)
        (self.candidates, self.declared) = (candidates, declared)
    }

    /// What holds for a store that no entry watches: the most trusted of those that brought a kind.
    package static let unwatched = SourcePrecedence(candidates: [.platform])

    /// The source whose facts of the kind stand.
    ///
    /// - Parameters:
    ///   - measure: the name of the measure, for `kind == .measure`; each name has a source of its own.
    ///   - brought: the sources that have brought facts of this kind (and name) for the store, in any order.
    /// - Returns: nil when nobody brought or declares it.
    package func source(of kind: FactKind, measure: String? = nil, brought: some Collection<SourceName>) -> SourceName?
    {
        if kind == .measure, let measure, let source = fixedMeasures[measure] { return source }
        if let source = fixed[kind] { return source }
        for candidate in candidates
        where declared[candidate, default: []].contains(kind) || brought.contains(candidate) {
            return candidate
        }
        return brought.min()
    }
}
