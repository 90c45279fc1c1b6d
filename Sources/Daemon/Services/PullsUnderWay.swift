import Facts

/// Which stores stand in the middle of a pull: half of a correction is nothing to judge by.
///
/// A pull holds its stores back until it ends, but no longer than their figures may be trusted without it: from then on
/// they are stale, or were never complete, and that is to be seen.
struct PullsUnderWay {
    private struct Pull {
        /// When it holds nothing back any more, unless it ended before.
        var until: Timestamp
        var stores: Set<String> = []
    }

    /// By feed: pulls of this process, and those that a former one left in their middle.
    private var pulls: [String: Pull] = [:]
    /// Stores of which anything was committed since the last pass began, by pulls that hold.
    private var touched: Set<String> = []

    /// To be told before pages are committed: who reads the ledger and asks afterwards cannot have missed it.
    mutating func touch(_ stores: some Sequence<String>, by feed: String, at clock: Timestamp, until: Timestamp) {
        pulls[feed, default: Pull(until: until)].stores.formUnion(stores)
        if clock < until { touched.formUnion(stores) }
    }

    /// It has finished or failed.
    mutating func end(_ feed: String) { pulls[feed] = nil }

    /// Forgets feeds that are pulled no more.
    mutating func keep(_ feeds: Set<String>) { pulls = pulls.filter { feeds.contains($0.key) } }

    /// The stores that the pass which begins now is to leave as they are.
    mutating func beginPass(at clock: Timestamp) -> Set<String> {
        touched = []
        return held(at: clock)
    }

    /// Those stores, and all of which something was committed since the pass began.
    func unsettled(at clock: Timestamp) -> Set<String> { touched.union(held(at: clock)) }

    private func held(at clock: Timestamp) -> Set<String> {
        pulls.values.reduce(into: []) { if clock < $1.until { $0.formUnion($1.stores) } }
    }
}
