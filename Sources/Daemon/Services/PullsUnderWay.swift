import Facts

/// Which stores stand in the middle of a pull: half of a correction is nothing to judge by.
///
/// A pull that goes on for longer than its figures may grow old holds nothing back any more, for stale is never ok. The
/// first pull of a feed holds its stores to its end: until then they are unknown.
struct PullsUnderWay {
    private struct Pull {
        /// When it holds nothing back any more; nil: when it ends.
        var until: Timestamp?
        var stores: Set<String> = []

        func holds(at clock: Timestamp) -> Bool { until.map { clock < $0 } ?? true }
    }

    /// By feed, those of this process.
    private var pulls: [String: Pull] = [:]
    /// By feed, those that a former process left unfinished, and of which nobody knows which stores they had moved.
    private var leftOver: [String: Timestamp] = [:]
    /// Stores of which anything was committed since the last pass began.
    private var touched: Set<String> = []

    /// To be told before the page is committed: who reads the ledger and asks afterwards cannot have missed it.
    mutating func touch(_ stores: some Sequence<String>, by feed: String, until: Timestamp?) {
        touched.formUnion(stores)
        pulls[feed, default: Pull(until: until)].stores.formUnion(stores)
    }

    mutating func leaveOver(_ feed: String, until: Timestamp) { leftOver[feed] = until }

    /// It has finished or failed.
    mutating func end(_ feed: String) {
        pulls[feed] = nil
        leftOver[feed] = nil
    }

    /// Forgets feeds that are pulled no more.
    mutating func keep(_ feeds: Set<String>) {
        pulls = pulls.filter { feeds.contains($0.key) }
        leftOver = leftOver.filter { feeds.contains($0.key) }
    }

    /// Whether no store at all is to be judged.
    func holdsAll(at clock: Timestamp) -> Bool { leftOver.values.contains { clock < $0 } }

    /// The stores that the pass which begins now is to leave as they are.
    mutating func beginPass(at clock: Timestamp) -> Set<String> {
        touched = []
        return held(at: clock)
    }

    /// Those stores, and all of which something was committed since the pass began.
    func unsettled(at clock: Timestamp) -> Set<String> { touched.union(held(at: clock)) }

    private func held(at clock: Timestamp) -> Set<String> {
        pulls.values.reduce(into: []) { if $1.holds(at: clock) { $0.formUnion($1.stores) } }
    }
}
