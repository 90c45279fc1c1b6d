import Curl
import Facts
import HTTPTypes
import Rules
import Synchronization
import TestSupport
import Testing

@testable import Pull

@Suite("What answers told of a limit outlives the process, and stores of one consent share theirs")
struct LearntLimitTests {
    private final class Disk: Sendable {
        private let all = Mutex<(kept: KeptLimits, writes: Int)>((KeptLimits(), 0))
        var kept: KeptLimits { all.withLock { $0.kept } }
        var writes: Int { all.withLock { $0.writes } }
        func keep(_ kept: KeptLimits) { all.withLock { $0 = (kept, $0.writes + 1) } }
    }

    private static func answer(_ size: Int, _ rate: Int, left: Int, asked: Int) -> CannedTransport.Answer {
        reply(
            200,
            """
            {"data":{"orders":{"nodes":[],"pageInfo":{"hasNextPage":false}},"shopifyPaymentsAccount":null},"extensions":{"cost":{"requestedQueryCost":\(asked),\
            "actualQueryCost":3,"throttleStatus":{"maximumAvailable":\(size),"currentlyAvailable":\(left),"restoreRate":\(rate)}}}}
            """)
    }

    private func pull(_ disk: Disk, _ clock: ManualClock, _ answers: [CannedTransport.Answer], flush: Bool = true)
        async throws
    {
        let source = try ShippedPlatform("shopify", standards: true).source
        let gate = RateGate(kept: disk.kept) { disk.keep($0) }
        var state = PullState()
        state.fingerprint = source.fingerprint
        (state.finishedRequestAt, state.updatedAfter) = (clock.now, clock.now)
        var generator = SeededGenerator(seed: 1)
        let outcome = try await Puller(transport: CannedTransport(answers), clock: clock, gate: gate).pull(
            source, from: state, using: &generator
        ) { _ in }
        try #require(outcome.failure == nil)
        if flush { await gate.flush(at: clock.now) }
    }

    @Test("a shop's plan and what its queries cost are there after a restart, and its rate is kept to at once")
    func shopify() async throws {
        let (disk, clock) = (Disk(), ManualClock())
        let plus = Self.answer(20_000, 1000, left: 19_000, asked: 900)
        try await pull(disk, clock, [plus, plus, plus])
        let learnt = try #require(disk.kept.learnt.values.first)
        #expect(disk.kept.learnt.count == 1 && learnt.size == 20_000 && learnt.each == .milliseconds(1))
        #expect(learnt.costs["orders"] == 900 && learnt.costs.count == 3)
        #expect(!disk.kept.learnt.keys.contains { $0.contains("given-access_token") }, "a token is no name")

        // Nothing new: nothing is written, but once a day that it is still so.
        let before = disk.writes
        clock.advance(by: .minutes(1))
        try await pull(disk, clock, [plus, plus, plus])
        #expect(disk.writes == before)
        clock.advance(by: .days(2))
        try await pull(disk, clock, [plus, plus, plus])
        #expect(disk.writes > before && disk.kept.learnt.values.first?.at == clock.now)

        // A smaller plan is learnt as soon as it is told.
        let basic = Self.answer(2000, 100, left: 1900, asked: 900)
        clock.advance(by: .minutes(1))
        try await pull(disk, clock, [basic, basic, basic])
        #expect(disk.kept.learnt.values.first?.size == 2000)
    }

    @Test("what nobody has told for three months is forgotten")
    func old() {
        let now = Timestamp(seconds: 1_772_445_600)
        let kept = KeptLimits(
            levels: ["full": now - .seconds(1), "used": now + .hours(1)],
            learnt: [
                "new": .init(size: 1, at: now - .days(89)), "old": .init(size: 1, at: now - .days(91)),
                "given": .init(size: 1),
            ]
        ).forgetting(at: now)
        #expect(Set(kept.levels.keys) == ["used"] && Set(kept.learnt.keys) == ["new", "given"])
    }

    // MARK: Accounts

    private func key(_ store: String, _ given: [String: String]) throws -> String {
        let plan = try ShippedPlatform("amazon").plan
        let source = try #require(
            PlatformSource(
                Store(id: store, pack: "amazon", timezone: "UTC"), calendar: .utc, plan: plan,
                endpoint: "https://amazon.example", credentials: given.mapValues { Secret($0) }, reach: .days(31),
                decoding: decoding))
        return try #require(source.limits.first { $0.limit.streams == ["orders"] }).key
    }

    @Test("Amazon's limits are those of an application and an account, whatever stores it has")
    func accounts() throws {
        let app = ["client_id": "app", "client_secret": "s"]
        func with(_ more: [String: String]) -> [String: String] { app.merging(more) { $1 } }
        let us = try key("us", with(["refresh_token": "one"]))
        #expect(try key("mx", with(["refresh_token": "one"])) == us)
        #expect(try key("us", with(["refresh_token": "two"])) != us)
        #expect(try key("us", ["client_id": "other", "refresh_token": "one"]) != us)
        // A consent that two stores share, by what its tokens are kept under.
        let grant = PlatformSource.grantCredential
        let shared = try key("us", with([grant: "k"]))
        #expect(try key("mx", with([grant: "k"])) == shared)
        #expect(try key("mx", with([grant: "l"])) != shared)
        // Who has but a token has it for himself.
        #expect(try key("us", with(["access_token": "a"])) != (try key("mx", with(["access_token": "a"]))))
        for text in [us, shared] { #expect(!text.contains("one") || text.contains("amazon"), "no secret is a name") }
    }

    @Test("a burst that takes long to come back is kept over a restart, and one of seconds is not")
    func kept() throws {
        let amazon = try ShippedPlatform("amazon")
        let orders = try #require(amazon.source.allowances(after: amazon.state(at: amazon.place(of: "orders"))).first)
        #expect(orders.isKept)
        let shopify = try ShippedPlatform("shopify")
        let points = try #require(
            shopify.source.allowances(after: shopify.state(at: shopify.place(of: "orders"))).first)
        #expect(!points.isKept)
    }
}
