import Alerts
import Facts
import Ledgers
import Rules
import TestSupport
import Testing

@testable import Daemon

/// Two stores, a and b, a ledger, and the daemon's passes over them, one at a time.
final class PassBench {
    let assembly: Assembly
    let start: Timestamp
    private let folder: Folder
    private var stores = ResidentStores()
    private var isFirst = true

    /// - Parameters:
    ///   - settles: of refunds.
    ///   - more: further rules, each on a line of its own.
    ///   - marks: of both stores, `shown` or `counted`.
    init(
        settles: String = "0s", staleAfter: String = "1h", more rules: [String] = [], marks: String = "shown"
    ) async throws {
        folder = try Folder()
        try folder.write(
            """
            pack: shop
            timezone: UTC
            settles: {refund: \(settles)}
            metrics:
              refunds: count(refund where not excluded by refunded_at over 30d)
              bad_scores: count(rating where score <= 2 by rated_at over 30d)
            rules:
              refunds: {require: refunds < 3}
            """ + rules.map { "\n  \($0)" }.joined() + "\n", to: "shop.yaml")
        let feeds = ["one", "two"].map {
            "{id: \($0), url: \"http://127.0.0.1:1/facts\", stale_after: \(staleAfter)}"
        }
        try folder.write(
            """
            database: sqlite:ledger.db
            packs: [shop.yaml]
            stores: [{id: a, pack: shop, marks: \(marks)}, {id: b, pack: shop, marks: \(marks)}]
            feeds: [\(feeds.joined(separator: ", "))]
            """, to: "goodstanding.yaml")
        var assembly = try Assembly.open(config: folder.path + "/goodstanding.yaml", log: "critical", access: .serve)
        // At noon: a day that begins between two passes would have both stores judged anew.
        start = Timestamp(seconds: 1_780_315_200)
        assembly.clock = ManualClock(start)
        _ = try await assembly.adopt { _ in }
        self.assembly = assembly
    }

    var ledger: String { folder.path + "/ledger.db" }
    var standings: [Standing: Int] { stores.standings(at: shownAt ?? start) }
    private var shownAt: Timestamp?

    func commit(_ facts: [Fact], by feed: String, finishing kinds: FactKinds? = nil, until: Timestamp? = nil)
        async throws
    {
        let finish = kinds.map { PullFinish(stores: .all, kinds: $0, until: until ?? start) }
        _ = try await assembly.ledger.commit(
            FactBatch(
                source: .feed(feed), facts: facts, finish: finish,
                part: finish == nil ? .more(of: .pull) : .last(of: .pull), readAt: start),
            under: assembly.fleet.planBook(at: start))
    }

    /// Of two days ago.
    func refunds(_ ids: ClosedRange<Int>, at store: String) throws -> [Fact] {
        let member = try #require(Schema[.refund].member("refunded_at"))
        return ids.map {
            var fact = Fact(.refund, store: store, id: "r\($0)")
            fact.numbers[member.slot] = (start - .hours(48)).microseconds
            return fact
        }
    }

    func ratings(_ ids: ClosedRange<Int>, at store: String) throws -> [Fact] {
        let (at, score) = (
            try #require(Schema[.rating].member("rated_at")), try #require(Schema[.rating].member("score"))
        )
        return ids.map {
            var fact = Fact(.rating, store: store, id: "s\($0)")
            fact.numbers[at.slot] = (start - .hours(48)).microseconds
            fact.numbers[score.slot] = 1_000_000
            return fact
        }
    }

    /// Forgets all that is held in memory.
    func restart() { (stores, isFirst) = (ResidentStores(), true) }

    /// One pass. Returns how many stores were looked at.
    @discardableResult
    func pass(at clock: Timestamp? = nil) async throws -> Int {
        let clock = clock ?? start
        shownAt = clock
        _ = try await stores.refresh(by: Arrivals(), assembly, clock: clock) {}
        let outcome = try await EvaluatePass(assembly: assembly, clock: clock, beat: {}).run(
            over: &stores, isFirst: isFirst)
        isFirst = false
        return outcome.evaluated.count
    }

    /// The state of every alert that there ever was: `a/refunds firing`.
    func alerts() async throws -> [String] {
        try await assembly.ledger.alerts(of: ["a", "b"]).map { "\($0.key.store)/\($0.key.rule) \($0.state.rawValue)" }
            .sorted()
    }
}
