/// All facts of a kind that a source has of one order: one that is known from it, names the order and is not here was
/// deleted there.
package struct WholeList: Sendable, Hashable {
    package let store: String
    package let kind: FactKind
    package let order: String
    /// Of that kind; empty: the order has none any more.
    package let ids: [String]
    /// Of the version of the order that it was read from: where a newer one is known, an old page was read, and it says
    /// nothing.
    package let orderUpdatedAt: Timestamp?
    /// How many facts of the same page or batch stood before it: what comes behind it came later.
    package var factsBefore: Int

    package init(
        store: String, kind: FactKind, order: String, ids: [String], orderUpdatedAt: Timestamp?, factsBefore: Int
    ) {
        (self.store, self.kind, self.order, self.ids) = (store, kind, order, ids)
        (self.orderUpdatedAt, self.factsBefore) = (orderUpdatedAt, factsBefore)
    }

    package func names(_ id: String) -> Bool { ids.contains { $0.isSameBytes(as: id) } }
}
