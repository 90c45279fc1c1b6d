/// Which stores stand in the middle of a pull, and of whose: half of a correction is nothing to judge by.
struct PullsUnderWay {
    /// By feed: pulls of this process, and those that a former one left in their middle.
    private var stores: [String: Set<String>] = [:]
    /// By feed, stores of which anything was committed since the last pass began.
    private var touched: [String: Set<String>] = [:]

    /// To be told before pages are committed: who reads the ledger and asks afterwards cannot have missed it.
    mutating func touch(_ stores: Set<String>, by feed: String) {
        self.stores[feed, default: []].formUnion(stores)
        touched[feed, default: []].formUnion(stores)
    }

    /// It has finished or failed.
    mutating func end(_ feed: String) { stores[feed] = nil }

    /// Forgets feeds that are pulled no more.
    mutating func keep(_ feeds: Set<String>) { stores = stores.filter { feeds.contains($0.key) } }

    /// The stores in the middle of a pull, with their feeds, for the pass that begins now.
    mutating func beginPass() -> [String: Set<String>] {
        touched = [:]
        return PullsUnderWay.byStore(stores)
    }

    /// Those stores, and all of which something was committed since the pass began.
    var halfRead: [String: Set<String>] { PullsUnderWay.byStore(stores.merging(touched) { $0.union($1) }) }

    private static func byStore(_ byFeed: [String: Set<String>]) -> [String: Set<String>] {
        byFeed.reduce(into: [:]) { result, pull in
            for store in pull.value { result[store, default: []].insert(pull.key) }
        }
    }
}
