import Ledgers
import Rollups

/// What pulls of this process have committed and evaluation has not taken in yet: how the day buckets of stores moved.
///
/// It saves reading them back. What it does not hold, because another process wrote it or because there was too much of
/// it, is read from the ledger.
struct Arrivals: Sendable {
    /// By store, in the order of their commits.
    private(set) var changes: [String: [CommitReceipt.StoreChange]] = [:]
    private var byteCount = 0

    /// A first pull of a large marketplace brings more than is worth keeping.
    private static let limit = 8 << 20

    mutating func add(_ receipt: CommitReceipt) {
        byteCount += receipt.stores.values.reduce(0) { $0 + $1.change.byteCount }
        guard byteCount <= Arrivals.limit else {
            // Whoever lacks a change sees it by the revisions.
            self = Arrivals()
            return
        }
        for (store, change) in receipt.stores { changes[store, default: []].append(change) }
    }
}
