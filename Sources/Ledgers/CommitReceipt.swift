package import Facts
package import Rollups

/// What a committed batch did.
package struct CommitReceipt: Sendable {
    /// Facts not known before, tombstones of unknown facts included.
    package var inserted = 0
    /// Facts of which a newer version arrived, deletions not included.
    package var updated = 0
    /// Facts that were known in this version or a newer one.
    package var unchanged = 0
    /// Of `unchanged`, those with the same `updated_at` and other members: the first to arrive stays.
    package var conflicts = 0
    /// Known facts that were taken back.
    package var deleted = 0
    /// Facts of the batch that are kept and not counted, because another source holds their kind at their store.
    package var setAside: [FactKind: Int] = [:]
    /// Facts of other sources that are counted no more, because this source took their kind over at their store.
    package var displaced: [FactKind: Int] = [:]
    /// Rejections that count against their store.
    package var quarantined = 0
    /// Of what is new or changed though the source had told everything until `FactBatch.toldUntil`, the earliest
    /// `updated_at`; nil: nothing is.
    package var lateSince: Timestamp?
    /// By store id, for every store that the batch touched in any way.
    package var stores: [String: StoreChange] = [:]
    /// The ledger's revision after the batch.
    package var revision: Int64 = 0

    package init() {}

    /// What a batch did to one store.
    package struct StoreChange: Sendable {
        /// The store's revision before; 0 for a store not seen before. One who holds figures of another revision has
        /// missed something that another process wrote, and reads them again.
        package var before: Int64
        package var revision: Int64
        /// By which the store was counted; nil for a store that is not watched.
        package var plan: RollupPlan?
        /// How the day buckets of that plan moved, by the index of the aggregate in it.
        package var change: RollupChange

        package init(before: Int64, revision: Int64, plan: RollupPlan?, change: RollupChange) {
            (self.before, self.revision, self.plan, self.change) = (before, revision, plan, change)
        }
    }
}
