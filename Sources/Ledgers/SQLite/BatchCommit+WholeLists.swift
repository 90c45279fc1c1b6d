import Facts

/// What a source deleted without saying so.
extension BatchCommit {
    /// Takes back what the source had of an order and names no longer.
    ///
    /// The tombstone has no moment of its own: whatever brings the fact again, be it as old as before, brings it back.
    ///
    /// - Returns: whether there was any.
    func takeBack(what list: WholeList, in store: inout StoreCommit) throws -> Bool {
        let order = try store.standing(FactKey(kind: .order, id: list.order))?.fact.updatedAt
        if let known = order, let told = list.orderUpdatedAt, known > told { return false }
        var isAny = false
        for known in try store.children(list.kind, of: list.order)
        where known.source == source && !list.names(known.fact.id) {
            let gone = Fact(list.kind, store: store.id, id: known.fact.id, isDeleted: true)
            count(try store.arrive(gone, source: source))
            isAny = true
        }
        return isAny
    }
}
