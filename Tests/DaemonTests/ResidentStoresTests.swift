import Facts
import Ledgers
import Rules
import Testing

@testable import Daemon

@Suite("Stores held in memory")
struct ResidentStoresTests {
    private static func assembly(in folder: Folder, settles: String = "0s", feed: String = "every: 5m") async throws
        -> Assembly
    {
        try folder.write(
            """
            pack: shop
            timezone: UTC
            settles: {refund: \(settles)}
            metrics: {refunds: count(refund by refunded_at over 30d)}
            rules: {refunds: {require: refunds < 3}}
            """, to: "shop.yaml")
        try folder.write(
            """
            database: sqlite:ledger.db
            packs: [shop.yaml]
            stores: [{id: a, pack: shop}, {id: b, pack: shop}]
            feeds: [{id: erp, url: "http://127.0.0.1:1/facts", \(feed)}]
            """,
            to: "goodstanding.yaml")
        let assembly = try Assembly.open(config: folder.path + "/goodstanding.yaml", log: "error", access: .serve)
        _ = try await assembly.adopt { _ in }
        return assembly
    }

    @Test("a store that moved stays due until it was judged, whether a pass failed or its pull was under way")
    func owed() async throws {
        let folder = try Folder()
        let assembly = try await Self.assembly(in: folder)
        let clock = assembly.clock.now
        var stores = ResidentStores()
        for _ in 1...2 {
            try await stores.refresh(by: Arrivals(), assembly, clock: clock, unfinished: ["b"]) {}
            #expect(stores.due(at: clock, unfinished: ["b"]) == ["a"])
        }
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        try await stores.refresh(by: Arrivals(), assembly, clock: clock, unfinished: []) {}
        #expect(stores.due(at: clock, unfinished: []) == ["a", "b"], "a was never judged, and the pull of b has ended")
        for judged in try await judge.judge(stores.screen(["a", "b"], clock: clock, unfinished: []), clock: clock) {
            stores.note(judged)
        }
        try await stores.refresh(by: Arrivals(), assembly, clock: clock, unfinished: []) {}
        #expect(stores.due(at: clock, unfinished: []).isEmpty, "nothing moved since they were judged")

        _ = try await assembly.ledger.commit(
            FactBatch(source: .file, facts: [Fact(.refund, store: "b", id: "r1")], readAt: clock),
            under: assembly.fleet.planBook(at: clock))
        for _ in 1...2 {
            try await stores.refresh(by: Arrivals(), assembly, clock: clock, unfinished: []) {}
            #expect(stores.due(at: clock, unfinished: []) == ["b"], "taken in, and not judged")
        }
        try await stores.refresh(by: Arrivals(), assembly, clock: clock, unfinished: ["b"]) {}
        #expect(stores.due(at: clock, unfinished: ["b"]).isEmpty, "a pull of it has begun")
    }

    @Test("what a feed sends and names no store makes every store look again, at once and not at every tick")
    func unattributed() async throws {
        let folder = try Folder()
        let assembly = try await Self.assembly(in: folder)
        let clock = assembly.clock.now
        var stores = ResidentStores()
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        func pass() async throws -> [String] {
            try await stores.refresh(by: Arrivals(), assembly, clock: clock, unfinished: []) {}
            let due = stores.due(at: clock, unfinished: [])
            for judged in try await judge.judge(stores.screen(due, clock: clock, unfinished: []), clock: clock) {
                stores.note(judged)
            }
            return due
        }
        #expect(try await pass() == ["a", "b"])
        #expect(try await pass().isEmpty)
        let rejection = Rejection(reason: "store is missing", text: "{}")
        _ = try await assembly.ledger.commit(
            FactBatch(
                source: .feed("erp"), rejections: [PlacedRejection(position: "page 1, fact 1", rejection: rejection)],
                readAt: clock), under: assembly.fleet.planBook(at: clock))
        #expect(try await pass() == ["a", "b"])
        #expect(try await pass().isEmpty)
    }

    @Test(
        "held at the start of a pull it is unknown; judged before, it is looked at when it grows stale, and no sooner")
    func held() async throws {
        let folder = try Folder()
        let assembly = try await Self.assembly(in: folder, settles: "2h", feed: "stale_after: 1h")
        let clock = assembly.clock.now
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        func commit(_ refunds: ClosedRange<Int>, finish: PullFinish? = nil) async throws {
            let member = try #require(Schema[.refund].member("refunded_at"))
            let facts = refunds.map {
                var fact = Fact(.refund, store: "a", id: "r\($0)")
                fact.numbers[member.slot] = (clock - .hours(48)).microseconds
                return fact
            }
            _ = try await assembly.ledger.commit(
                FactBatch(source: .feed("erp"), facts: facts, finish: finish, readAt: clock),
                under: assembly.fleet.planBook(at: clock))
        }
        var stores = ResidentStores()
        func pass(at clock: Timestamp, unfinished: Set<String>) async throws -> [String: [Standing]] {
            try await stores.refresh(by: Arrivals(), assembly, clock: clock, unfinished: unfinished) {}
            let due = stores.due(at: clock, unfinished: unfinished).filter { $0 == "a" }
            let wanting = stores.screen(due, clock: clock, unfinished: unfinished)
            for judged in try await judge.judge(wanting, clock: clock) {
                if unfinished.contains("a") { stores.noteUnknown(judged) } else { stores.note(judged) }
            }
            return Dictionary(
                uniqueKeysWithValues: due.map { ($0, stores.standings.keys.sorted { $0.rank > $1.rank }) })
        }
        try await commit(1...1)
        #expect(try await pass(at: clock, unfinished: ["a"]).isEmpty, "half of a first pull is not judged")
        #expect(stores.standings == [.unknown: 2], "nor is it passed over")

        try await commit(1...1, finish: PullFinish(stores: .all, kinds: .all, until: clock))
        #expect(try await pass(at: clock, unfinished: []) == ["a": [.unknown, .ok]], "b was never brought")

        try await commit(2...3)
        let last = clock + .hours(3)
        #expect(try await pass(at: last, unfinished: ["a"]).isEmpty, "it settles for two hours and may be one late")
        #expect(try await pass(at: last + .seconds(1), unfinished: ["a"]) == ["a": [.unknown]])
        #expect(try await pass(at: last + .seconds(2), unfinished: ["a"]).isEmpty, "once is enough")

        try await commit(1...3, finish: PullFinish(stores: .all, kinds: .all, until: last))
        #expect(try await pass(at: last + .seconds(3), unfinished: []) == ["a": [.breach, .unknown]])
    }

    @Test("what a feed brought that is configured no more is stale after a quarter of an hour, and not after a day")
    func feedGone() async throws {
        let assembly = try await Self.assembly(in: try Folder())
        let pack = try #require(assembly.fleet.watched("a")).pack
        let freshness = assembly.fleet.freshness(of: [.refund: .feed("gone"), .order: .file], in: pack)
        #expect(freshness[.refund]?.staleAfter == .minutes(15))
        #expect(freshness[.order]?.staleAfter == .hours(26))
    }
}
