import Curl
import Facts
import HTTPTypes
import Language
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("An optional stream that is not given leaves the rest good")
struct OptionalStreamTests {
    private static let pack = """
        pack: small
        timezone: UTC
        source:
          credentials: [token]
          authorization: {header: Authorization, value: "Token {token}"}
          reach: 90d
          streams:
            orders: {get: /orders, query: {since: "{from}"}, facts: [{kind: order, id: id}]}
            reviews:
              optional: true
              get: /reviews
              query: {since: "{from}"}
              window: 10d
              facts: [{kind: rating, id: id, score: stars}]
            cases: {get: /cases, query: {since: "{from}"}, facts: [{kind: refund, id: id}]}
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

    /// What was asked, and how it ended.
    private func pull(
        reviews: Int, answer: String = "[]"
    ) async throws -> (asked: [String], outcome: PullOutcome, last: PulledPages?) {
        let transport = CannedTransport { request, _ in
            let isReviews = request.head.path?.hasPrefix("/reviews") ?? false
            return reply(isReviews ? reviews : 200, isReviews ? reviews != 200 ? "{}" : answer : "[]")
        }
        var generator = SeededGenerator(seed: 3)
        let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
            try source(), from: await kept.state, using: &generator
        ) { await kept.commit($0) }
        // Through its text, as a ledger keeps it.
        await kept.keep(try #require(PullState(text: outcome.state.text)))
        return (transport.requests.map { $0.head.path ?? "" }, outcome, await kept.pages.last)
    }

    /// What the pulls said last of the list.
    private func reading() async -> String? {
        await kept.facts.values.first { $0.id == "withheld.reviews" }.map(FactEncoder.line)
    }

    @Test("one that cannot be read is withheld too, and the others are good")
    func unreadable() async throws {
        let source = try source()
        let transport = CannedTransport { request, _ in
            reply(200, request.head.path?.hasPrefix("/reviews") == true ? #"{"comments":{}}"# : "[]")
        }
        var generator = SeededGenerator(seed: 3)
        let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
            source, from: PullState(), using: &generator
        ) { await kept.commit($0) }
        #expect(outcome.failure == nil)
        #expect(await reading()?.hasSuffix(#""value":1}"#) == true)
        let finish = try #require(await kept.pages.last?.finish)
        #expect(finish.kinds.contains(.order) && !finish.kinds.contains(.rating))
    }

    @Test("a page behind the first that is refused ends the pull: the list was given, and something else is wrong")
    func midway() async throws {
        let paged = Self.pack.replacing(
            "query: {since: \"{from}\"}\n      window: 10d",
            with: "query: {cursor: \"{cursor}\"}\n      pages: {cursor: next}\n      items: list")
        let (read, _) = PackReader.read(SourceText(name: "small.yaml", text: paged), isBuiltIn: false)
        let plan = try #require(read?.pull)
        let source = try #require(
            PlatformSource(
                Store(id: "s", pack: "small", timezone: "UTC"), calendar: .utc, plan: plan,
                endpoint: "https://shop.example", credentials: ["token": Secret("given")], reach: .days(31),
                decoding: decoding))
        func refused(with status: Int) async throws -> PullOutcome {
            let transport = CannedTransport { request, _ in
                let path = request.head.path ?? ""
                guard path.hasPrefix("/reviews") else { return reply(200, "[]") }
                return path.contains("cursor=")
                    ? reply(status, "{}") : reply(200, #"{"list":[{"id":"1","stars":5}],"next":"x"}"#)
            }
            var generator = SeededGenerator(seed: 3)
            return try await Puller(transport: transport, clock: clock, together: 1).pull(
                source, from: PullState(), using: &generator
            ) { await kept.commit($0) }
        }
        #expect(try await refused(with: 400).failure != nil)
        #expect(await reading()?.hasSuffix(#""value":1}"#) != true)
        // The right was taken away meanwhile.
        #expect(try await refused(with: 403).failure == nil)
        #expect(await reading()?.hasSuffix(#""value":1}"#) == true)
    }

    @Test("it is asked for once a pull, its kind is not vouched for, and the pull says so")
    func withheld() async throws {
        let (asked, outcome, last) = try await pull(reviews: 403)
        #expect(outcome.failure == nil)
        #expect(asked.count == 3, "not for each stretch of time: \(asked)")
        let finish = try #require(last?.finish)
        #expect(finish.kinds.contains(.order) && finish.kinds.contains(.refund) && !finish.kinds.contains(.rating))
        #expect(finish.withheld == FactKinds(.rating))
        #expect(await reading()?.hasSuffix(#""value":1}"#) ?? false)
        let told = await kept.pages.flatMap(\.refused)
        #expect(told.count == 1 && told[0].hasPrefix("reviews: the server answered 403"), "\(told)")
    }

    @Test(
        "one that cannot be read however often it is asked for leaves the rest good too",
        arguments: ["7", "<html>", ""])
    func unreadable(_ answer: String) async throws {
        let (asked, outcome, last) = try await pull(reviews: 200, answer: answer)
        #expect(outcome.failure == nil)
        #expect(asked.filter { $0.hasPrefix("/reviews") }.count == 5 && asked.last?.hasPrefix("/cases") == true)
        let finish = try #require(last?.finish)
        #expect(finish.kinds.contains(.refund) && !finish.kinds.contains(.rating))
        let told = await kept.pages.flatMap(\.refused)
        #expect(told.count == 1 && told[0].hasPrefix("reviews: "), "\(told)")
        clock.advance(by: .days(3))
        #expect(try await pull(reviews: 200).last?.finish?.kinds.contains(.rating) == true)
    }

    @Test("once it is given all of it is asked for, and vouched for")
    func given() async throws {
        let first = clock.now - .days(31)
        _ = try await pull(reviews: 403)
        clock.advance(by: .days(3))
        _ = try await pull(reviews: 401)
        clock.advance(by: .days(3))
        let (asked, outcome, last) = try await pull(reviews: 200)
        let reviews = asked.filter { $0.hasPrefix("/reviews") }
        #expect(reviews.count == 4, "37 days by ten: \(reviews)")
        #expect(reviews.first?.contains(first.description.replacing(":", with: "%3A")) == true, "\(reviews)")
        #expect(outcome.failure == nil && last?.finish?.kinds.contains(.rating) == true)
        #expect(last?.finish?.withheld == [])
        #expect(await reading()?.hasSuffix(#""value":0}"#) ?? false)
        // From then on like any other.
        clock.advance(by: .hours(1))
        #expect(try await pull(reviews: 200).asked.count == 3)
    }

    @Test("what passes is waited out and ends the pull as ever")
    func passing() async throws {
        let (_, outcome, _) = try await pull(reviews: 503)
        #expect(outcome.failure != nil)
    }
}
