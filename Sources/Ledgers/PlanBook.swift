package import Facts
package import Rollups

/// What the ledger has to know about each watched store to keep its figures exact. Handed to every call that writes
/// facts; the ledger itself knows neither packs nor configuration.
package struct PlanBook: Sendable {
    private let entry: @Sendable (String) -> WatchedStore?

    /// `entry` gives nil for a store that no entry of the configuration matches: its facts are kept, and nothing is
    /// counted. Asked once for every store of a batch; the same answer every time while the book is in use.
    package init(_ entry: @escaping @Sendable (String) -> WatchedStore?) { self.entry = entry }

    /// The same for every store.
    package init(all store: WatchedStore) { self.init { _ in store } }

    package subscript(store: String) -> WatchedStore? { entry(store) }

    /// A book without stores: every fact is kept, none is counted.
    package static let empty = PlanBook { _ in nil }
}

/// One watched store, as far as the ledger needs it.
package struct WatchedStore: Sendable {
    /// Shared by stores of one pack, zone and parameters: then it is numbered once.
    package var plan: RollupPlan
    /// The members kept as first known.
    package var first: [FactKind: [Member]]
    package var sources: SourcePrecedence
    /// The times by which facts are looked up for aggregates that live in no bucket; `adopt` makes an index for each.
    package var indexed: Set<IndexedMember>

    package init(
        plan: RollupPlan, first: [FactKind: [Member]] = [:], sources: SourcePrecedence = SourcePrecedence(),
        indexed: Set<IndexedMember> = []
    ) {
        (self.plan, self.first, self.sources, self.indexed) = (plan, first, sources, indexed)
    }
}

/// A member by which facts of a kind are looked up within a store.
package struct IndexedMember: Sendable, Hashable {
    package let kind: FactKind
    package let member: String

    package init(_ kind: FactKind, _ member: String) { (self.kind, self.member) = (kind, member) }
}
