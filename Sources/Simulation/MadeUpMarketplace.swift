package import Facts

/// A made-up marketplace that tells what happens at its stores as a feed does: `GET …?updated_after=T&cursor=C`.
///
/// Everything follows from the seed and the stores; only `now` moves, and only when told to. A fact is shown as it
/// stood at `now`, ordered by when it last changed, so that one that changes between two pages is met again later.
package actor MadeUpMarketplace {
    package nonisolated let stores: [MadeUpStore]
    package nonisolated let pageSize: Int
    package private(set) var now: Timestamp
    /// What it was asked, in order.
    package private(set) var requests: [SeenRequest] = []

    private let facts: [MadeUpFact]
    private var current: [Entry] = []
    private var faults: [Fault?] = []
    private var lastPage: FeedPage?
    let gate = StallGate()

    /// One request as it arrived.
    package struct SeenRequest: Sendable, Hashable {
        package var path: String
        package var query: [String: String]
        package var headers: [String: String]
        package var fault: Fault?
    }

    /// A fact as it stands now, and its place in the feed.
    private struct Entry {
        var place: Place
        var json: String
    }

    /// The order of the feed: by last change, then by identity.
    struct Place: Hashable, Comparable {
        var updatedAt: Timestamp
        var key: String
        static func < (a: Place, b: Place) -> Bool { (a.updatedAt, a.key) < (b.updatedAt, b.key) }
    }

    struct FeedPage {
        var facts: [String]
        var next: String?
    }

    /// - Parameter days: those on which orders are placed; what becomes of them may come later.
    package init(seed: UInt64, stores: [MadeUpStore], days: Range<LocalDay>, now: Timestamp, pageSize: Int = 500) {
        (self.stores, self.pageSize, self.now) = (stores, pageSize, now)
        facts = stores.flatMap { $0.history(over: days, seed: seed) }
        current = MadeUpMarketplace.entries(of: facts, at: now)
    }

    /// Moves time on; what has happened since is in the feed from then on.
    package func advance(to moment: Timestamp) {
        guard moment > now else { return }
        now = moment
        current = MadeUpMarketplace.entries(of: facts, at: moment)
    }

    /// What goes wrong with the next requests, one after the other; nil lets one pass.
    package func plan(_ faults: [Fault?]) { self.faults += faults }

    /// Every fact as it stands now, one JSON object each, in the order of the feed.
    package var history: [String] { current.map(\.json) }

    private static func entries(of facts: [MadeUpFact], at now: Timestamp) -> [Entry] {
        facts.compactMap { fact in
            fact.version(at: now).map {
                Entry(
                    place: Place(updatedAt: $0.updatedAt, key: "\(fact.kind.name)/\(fact.store)/\(fact.id)"),
                    json: $0.json)
            }
        }
        .sorted { $0.place < $1.place }
    }

    // MARK: - Answering

    /// Notes a request and says what is to go wrong with it.
    func note(path: String, query: [String: String], headers: [String: String]) -> Fault? {
        let fault = faults.isEmpty ? nil : faults.removeFirst()
        requests.append(SeenRequest(path: path, query: query, headers: headers, fault: fault))
        return fault
    }

    /// The page after a cursor; nil when the cursor is none of ours.
    func page(updatedAfter: Timestamp?, cursor: String?) -> FeedPage? {
        var start = 0
        if let cursor {
            guard let place = MadeUpMarketplace.place(of: cursor) else { return nil }
            start = firstIndex { $0 > place }
        }
        if let updatedAfter { start = max(start, firstIndex { $0.updatedAt > updatedAfter }) }
        let end = min(current.count, start + pageSize)
        let page = FeedPage(
            facts: current[start..<end].map(\.json),
            next: end < current.count ? MadeUpMarketplace.cursor(of: current[end - 1].place) : nil)
        return page
    }

    /// The page with the one before it in it, for those who get everything twice.
    func repeating(_ page: FeedPage) -> FeedPage {
        FeedPage(facts: (lastPage?.facts ?? []) + page.facts, next: page.next)
    }

    func remember(_ page: FeedPage) { lastPage = page }

    /// Changes when anything a feed shows has changed.
    var tag: String { "\"\(now.microseconds)\"" }

    private func firstIndex(where isBeyond: (Place) -> Bool) -> Int {
        var (low, high) = (0, current.count)
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(current[middle].place) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    static func cursor(of place: Place) -> String {
        var text = String(place.updatedAt.microseconds) + "."
        for byte in place.key.utf8 { text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return text
    }

    static func place(of cursor: String) -> Place? {
        let parts = cursor.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let moment = Int64(parts[0]), parts[1].utf8.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        var rest = parts[1]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return Place(updatedAt: Timestamp(microseconds: moment), key: String(decoding: bytes, as: UTF8.self))
    }
}
