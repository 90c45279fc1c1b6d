import GRDB
import Rollups

/// Moves the buckets of a store by a change, whatever plan they were built for.
struct RollupMove {
    let plans: PlanNumbering
    let blocks: BlockRows
    let database: Database

    /// Moves the aggregates that the store keeps, and forgets that it keeps those that the change says nothing about:
    /// they are stale from now on, until `adopt` builds them.
    func apply(_ change: RollupChange, to row: StoreRow, _ watched: WatchedStore?, hasWritten: Bool) throws {
        guard hasWritten, let built = row.plan else { return }
        guard let watched else { return try StoreRow.setPlan(nil, of: row.number, database) }
        let plan = try plans.numbered(watched.plan)
        if plan.number == built {
            return try blocks.apply(change, store: row.number, numbers: plan.aggregates)
        }
        let kept = try plans.built(built)
        let common = kept.timezone == watched.plan.timezone ? kept.aggregates.intersection(plan.aggregates) : []
        if common != kept.aggregates {
            let rest = BuiltPlan(timezone: kept.timezone, aggregates: common)
            try StoreRow.setPlan(common.isEmpty ? nil : plans.number(of: rest), of: row.number, database)
        }
        try blocks.apply(change, store: row.number, numbers: plan.aggregates.map { common.contains($0) ? $0 : nil })
    }
}
