import Curl
import Facts
import HTTPTypes
import Language
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("Lists that need the same right are withheld together")
struct RightTests {
    private static let pack = """
        pack: small
        timezone: UTC
        source:
          credentials: [token]
          authorization: {header: Authorization, value: "Token {token}"}
          reach: 90d
          streams:
            first-cases:
              only: first
              optional: {right: cases}
              get: /first-cases
              query: {since: "{from}"}
              facts: [{kind: refund, id: id}]
            first-orders:
              only: first
              get: /first-orders
              query: {since: "{from}"}
              facts: [{kind: order, id: id}]
              details:
                item: id
                streams:
                  order-cases:
                    optional: {right: cases}
                    get: /order-cases/{item}
                    facts: [{kind: refund, id: id}]
            orders: {only: later, get: /orders, query: {since: "{from}"}, facts: [{kind: order, id: id}]}
            cases:
              only: later
              optional: {right: cases}
              get: /cases
              query: {since: "{from}"}
              facts: [{kind: refund, id: id}]
            seldom-cases:
              only: later
              every: 7d
              optional: {right: cases}
              get: /seldom-cases
              query: {since: "{from}"}
              facts: [{kind: refund, id: id}]
        """

    private let clock = ManualClock(PulledFeed.start)
    private let kept = Kept()

    private func source() throws -> PlatformSource {
        let (read, diagnostics) = PackReader.read(SourceText(name: "small.yaml", text: Self.pack), isBuiltIn: false)
        try #require(diagnostics.filter { $0.severity == .error }.isEmpty, "\(diagnostics.map { $0.render() })")
        let plan = try #require(read?.pull)
        return try #require(
            PlatformSource(
                Store(id: "s", pack: "small", timezone: "UTC"), calendar: .utc, plan: plan,
                endpoint: "https://shop.example", credentials: ["token": Secret("given")], reach: .days(31),
                decoding: decoding))
    }

    /// What was asked, without the moments, and the last page.
    ///
    /// - Parameter refused: the beginnings of paths that are refused.
    private func pull(refused: String...) async throws -> (asked: [String], last: PulledPages?) {
        let transport = CannedTransport { request, _ in
            let path = request.head.path ?? ""
            if refused.contains(where: path.hasPrefix) { return reply(403, "{}") }
            return reply(200, path.contains("orders?") ? #"[{"id":"1"},{"id":"2"}]"# : #"[{"id":"\#(path.count)"}]"#)
        }
        var generator = SeededGenerator(seed: 3)
        let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
            try source(), from: await kept.state, using: &generator
        ) { await kept.commit($0) }
        #expect(outcome.failure == nil)
        await kept.keep(try #require(PullState(text: outcome.state.text)))
        return (transport.requests.map { $0.head.path ?? "" }, await kept.pages.last)
    }

    private func paths(_ asked: [String]) -> [String] { asked.map { String($0.prefix { $0 != "?" }) } }

    private func reading() async -> String? {
        await kept.facts.values.first { $0.id == "withheld.cases" }.map { String(FactEncoder.line($0).suffix(10)) }
    }

    @Test("after one is refused no other is asked in that pull; once given, they begin as in a first pull")
    func together() async throws {
        let first = clock.now - .days(31)
        let begins = "since=" + first.description.replacing(":", with: "%3A")
        let (begin, refused) = try await pull(refused: "/first-cases", "/order-cases", "/cases", "/seldom")
        #expect(paths(begin) == ["/first-cases", "/first-orders"])
        #expect(refused?.finish?.kinds.contains(.order) == true && refused?.finish?.kinds.contains(.refund) == false)
        #expect(await reading() == #""value":1}"#)

        clock.advance(by: .days(1))
        let (second, still) = try await pull(refused: "/first-cases", "/order-cases", "/cases", "/seldom")
        #expect(paths(second) == ["/first-cases", "/orders"])
        #expect(still?.finish?.withheld == FactKinds(.refund))
        #expect(await reading() == #""value":1}"#)

        clock.advance(by: .days(1))
        let (third, given) = try await pull()
        #expect(paths(third) == ["/first-cases", "/first-orders", "/order-cases/1", "/order-cases/2", "/orders"])
        #expect(third.prefix(2).allSatisfy { $0.hasSuffix(begins) } && !third[4].hasSuffix(begins), "\(third)")
        #expect(given?.finish?.kinds.contains(.refund) == true && given?.finish?.withheld == [])
        #expect(await reading() == #""value":0}"#)

        clock.advance(by: .days(1))
        let (fourth, _) = try await pull()
        #expect(paths(fourth) == ["/orders", "/cases"])
        #expect(!fourth.contains { $0.hasSuffix(begins) })
        clock.advance(by: .days(7))
        #expect(paths(try await pull().asked) == ["/orders", "/cases", "/seldom-cases"])
    }

    @Test("what was withheld for a while is asked for since it was given last, and not from the beginning")
    func interlude() async throws {
        _ = try await pull()
        clock.advance(by: .days(1))
        let given = clock.now
        #expect(paths(try await pull().asked) == ["/orders", "/cases"])
        for _ in 1...2 {
            clock.advance(by: .days(1))
            let (asked, last) = try await pull(refused: "/cases")
            #expect(paths(asked) == ["/orders", "/cases"] && last?.finish?.withheld == FactKinds(.refund))
            #expect(await reading() == #""value":1}"#)
        }
        clock.advance(by: .days(1))
        let (asked, last) = try await pull()
        #expect(paths(asked) == ["/orders", "/cases"])
        let since = (given - .minutes(10)).description.replacing(":", with: "%3A")
        #expect(asked[1].hasSuffix("since=" + since) && !asked[0].hasSuffix(since), "\(asked)")
        #expect(last?.finish?.withheld == [] && last?.finish?.kinds.contains(.refund) == true)
        #expect(await reading() == #""value":0}"#)
    }

    @Test("what is asked for an item may be refused alone: no other item is asked for it, and the list goes on")
    func detail() async throws {
        let (asked, last) = try await pull(refused: "/order-cases")
        #expect(paths(asked) == ["/first-cases", "/first-orders", "/order-cases/1"])
        #expect(await kept.facts.values.filter { $0.kind == .order }.count == 2)
        #expect(last?.finish?.kinds.contains(.refund) == false)
        #expect(await reading() == #""value":1}"#)
    }

    @Test("a list that is never asked again, or asked for one item without a right, is refused by the reader")
    func holes() {
        func errors(_ old: String, _ new: String) -> [String] {
            let text = SourceText(name: "small.yaml", text: Self.pack.replacing(old, with: new))
            return PackReader.read(text, isBuiltIn: false).1.filter { $0.severity == .error }.map(\.message)
        }
        let orphan = errors("only: first\n      optional: {right: cases}", "only: first\n      optional: {right: old}")
        #expect(orphan.contains { $0.contains("needs lists that are asked in the first pull and later") }, "\(orphan)")
        let late = errors("only: first\n      get: /first-orders", "get: /first-orders")
        #expect(late.contains { $0.contains("only in a list with 'only: first'") }, "\(late)")
        let bare = errors(
            "order-cases:\n            optional: {right: cases}", "order-cases:\n            optional: true")
        #expect(bare.contains { $0.contains("is optional only with a 'right'") }, "\(bare)")
    }
}
