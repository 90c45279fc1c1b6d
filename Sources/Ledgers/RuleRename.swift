/// A rule at a store, and what it was called before.
package struct RuleRename: Sendable, Hashable {
    package var store: String
    package var from: String
    package var to: String

    package init(store: String, from: String, to: String) { (self.store, self.from, self.to) = (store, from, to) }
}
