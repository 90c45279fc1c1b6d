/// Which stores stand in the middle of a pull: half of a correction is nothing to judge by.
///
/// Time goes on meanwhile: what was complete grows stale, and that is said of them in their middle too.
struct PullsUnderWay {
    /// By feed: pulls of this process, and those that a former one left in their middle.
    private var stores: [String: Set<String>] = [:]
    /// Stores of which anything was committed since the last pass began.
    private var touched: Set<String> = []

    /// To be told before pages are committed: who reads the ledger and asks afterwards cannot have missed it.
    mutating func touch(_ stores: some Sequence<String>, by feed: String) {
        self.stores[feed, default: []].formUnion(stores)
        touched.formUnion(stores)
    }

    /// It has finished or failed.
    mutating func end(_ feed: String) { stores[feed] = nil }

    /// Forgets feeds that are pulled no more.
    mutating func keep(_ feeds: Set<String>) { stores = stores.filter { feeds.contains($0.key) } }

    /// The stores in the middle of a pull, for the pass that begins now.
    mutating func beginPass() -> Set<String> {
        touched = []
        return unfinished
    }

    /// Those stores, and all of which something was committed since the pass began.
    var unsettled: Set<String> { touched.union(unfinished) }

    private var unfinished: Set<String> { stores.values.reduce(into: []) { $0.formUnion($1) } }
}
