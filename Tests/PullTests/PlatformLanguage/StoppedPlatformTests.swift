import Curl
import Facts
import HTTPTypes
import Language
import Rules
import Synchronization
import TestSupport
import Testing

@testable import Pull

@Suite("A platform that holds all its callers back is left alone by all stores")
struct StoppedPlatformTests {
    private func source(_ store: String, whose: String, limits: String = "", host: String = "shop") throws
        -> PlatformSource
    {
        let pack = """
            pack: p
            timezone: UTC
            source:
              credentials: [app, key]
              authorization: {header: Authorization, value: "{key}"}
              errors: [{at: error, by: [error.code], throttled: ["9", "8"], whose: \(whose)}]
              limits: [\(limits)]
              streams:
                orders: {get: /o, items: list, facts: [{kind: order, id: id}]}
            """
        let (read, found) = PackReader.read(SourceText(name: "p.yaml", text: pack), isBuiltIn: false)
        try #require(!found.contains { $0.severity == .error }, "\(found.map { $0.render() })")
        let plan = try #require(read?.pull)
        return try #require(
            PlatformSource(
                Store(id: store, pack: "p", timezone: "UTC"), calendar: .utc, plan: plan,
                endpoint: "https://\(host).example",
                credentials: ["app": Secret("app-\(store.prefix(1))"), "key": Secret("key-\(store)")],
                reach: .days(1), decoding: decoding))
    }

    /// One attempt at the store's page, with this answer; after how long it was asked.
    private func ask(
        _ source: PlatformSource, _ gate: RateGate, _ clock: ManualClock, _ body: String = #"{"list":[]}"#
    ) async throws -> TimeSpan {
        let asked = Mutex<Timestamp?>(nil)
        let transport = CannedTransport { _, _ in
            asked.withLock { $0 = clock.now }
            return reply(200, body)
        }
        var state = PullState()
        state.fingerprint = source.fingerprint
        (state.finishedRequestAt, state.updatedAfter) = (clock.now, clock.now)
        var generator = SeededGenerator(seed: 1)
        let once = Backoff(first: .seconds(1), longest: .seconds(1), attempts: 1)
        let before = clock.now
        _ = try await Puller(transport: transport, clock: clock, backoff: once, gate: gate).pull(
            source, from: state, using: &generator
        ) { _ in }
        return try #require(asked.withLock { $0 }) - before
    }

    private let all = #"{"error": {"code": 9}}"#

    @Test("of the platform, so of every application; and longer each time, until it has been quiet")
    func platform() async throws {
        let (gate, clock) = (RateGate(), ManualClock())
        let stores = try ["a1", "a2", "b1"].map { try source($0, whose: "{platform: [\"9\"]}") }
        let elsewhere = try source("c1", whose: "{platform: [\"9\"]}", host: "other")
        #expect(try await ask(stores[0], gate, clock, all) == .zero)
        #expect(try await ask(elsewhere, gate, clock) == .zero, "another platform")
        #expect(try await ask(stores[2], gate, clock, all) == .seconds(10))
        #expect(try await ask(stores[1], gate, clock, all) == .seconds(20))
        #expect(try await ask(stores[0], gate, clock) == .seconds(40))
        #expect(try await ask(stores[1], gate, clock) < .seconds(1))
        clock.advance(by: .hours(1))
        #expect(try await ask(stores[0], gate, clock, all) == .zero)
        #expect(try await ask(stores[1], gate, clock) == .seconds(10))
    }

    @Test("of the application, whose other stores wait, and those of another do not")
    func application() async throws {
        let (gate, clock) = (RateGate(), ManualClock())
        let stores = try ["a1", "a2", "b1"].map { try source($0, whose: "{application: [\"9\"]}") }
        #expect(try await ask(stores[0], gate, clock, all) == .zero)
        #expect(try await ask(stores[2], gate, clock) == .zero)
        #expect(try await ask(stores[1], gate, clock) == .seconds(10))
    }

    @Test("any other code is the store's own affair")
    func own() async throws {
        let (gate, clock) = (RateGate(), ManualClock())
        let stores = try ["a1", "a2"].map { try source($0, whose: "{platform: [\"9\"]}") }
        #expect(try await ask(stores[0], gate, clock, #"{"error": {"code": 8}}"#) == .zero)
        #expect(try await ask(stores[1], gate, clock) == .zero)
    }

    @Test("where a limit of all counts the list, the others go on")
    func list() async throws {
        let (gate, clock) = (RateGate(), ManualClock())
        let limited = try ["a1", "b1"].map {
            try source(
                $0, whose: "{platform: [\"9\"]}", limits: "{calls: 100, per: 1s, of: platform, streams: [orders]}")
        }
        let other = try source("d1", whose: "{platform: [\"9\"]}")
        #expect(try await ask(limited[0], gate, clock, all) == .zero)
        #expect(try await ask(other, gate, clock) == .zero)
        #expect(try await ask(limited[1], gate, clock) == .seconds(10))
    }

    @Test("Pinduoduo's third level: what it answers in all, and the code by which it holds a call back for everybody")
    func pinduoduo() throws {
        let shipped = try ShippedPlatform("pinduoduo")
        func limits(_ stream: String) throws -> [RateLimit] {
            let state = shipped.state(at: try shipped.place(of: stream))
            return shipped.source.allowances(after: state).filter { $0.scope == .platform }.map(\.limit)
        }
        for stream in ["refunds", "cases", "refunds-again", "open-cases", "exchanges", "cases-of-order"] {
            #expect(try limits(stream) == [RateLimit(calls: 5500, per: .seconds(1))], "\(stream)")
        }
        #expect(try limits("first-orders") == [RateLimit(calls: 17_500, per: .seconds(10))])
        #expect(try limits("orders") == [.open] && limits("order") == [.open])
        func whose(_ code: Int) throws -> PullPlan.Limit.Scope? {
            let body = #"{"error_response": {"error_code": \#(code), "error_msg": "当前接口被限流，请稍后重试"}}"#
            let document = Array(body.utf8).withUnsafeBytes { try? JSONDocument($0) }
            let verdict = PlatformVerdict(plan: shipped.plan, credentials: shipped.source.credentials)
            guard case .said(let saying)? = verdict.error(in: Reply(status: .ok), document, now: ShippedPlatform.start)
            else { return nil }
            #expect(saying.meaning == .throttled)
            return saying.whose
        }
        #expect(try whose(52101) == .platform && whose(70031) == nil)
    }
}
