package import Facts

/// Which facts an export wants.
package struct FactSelection: Sendable, Hashable {
    /// nil: of every store.
    package var stores: [String]?
    package var kinds: FactKinds

    package init(stores: [String]? = nil, kinds: FactKinds = .all) { (self.stores, self.kinds) = (stores, kinds) }
}

/// The last fact of a page: the next page begins after it.
package struct FactPosition: Sendable, Hashable {
    package let store: String
    package let kind: FactKind
    package let id: String

    package init(store: String, kind: FactKind, id: String) { (self.store, self.kind, self.id) = (store, kind, id) }
}

/// A stretch of an export.
package struct FactPage: Sendable {
    package var facts: [Fact]
    /// nil: there is nothing more.
    package var next: FactPosition?

    package init(facts: [Fact], next: FactPosition?) { (self.facts, self.next) = (facts, next) }
}
