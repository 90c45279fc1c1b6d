import Curl
import Facts
import HTTPTypes
import Language
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("What is added to the facts of a list may be withheld by itself")
struct ExtraRightTests {
    private static let streams = """
            first-cases:
              only: first
              get: /first-cases
              query: {since: "{from}"}
              facts: [{kind: refund, id: id}]
              details:
                item: id
                streams:
                  first-look:
                    extra: true
                    optional: {right: look, spares: [], why: {en: it may not look, zh: 无权查看}}
                    get: /look/{item}
                    adds: [{kind: refund, intervened: stepped_in}]
            cases:
              only: later
              get: /cases
              query: {since: "{from}"}
              facts: [{kind: refund, id: id}]
              details:
                item: id
                streams:
                  look:
                    extra: true
                    optional: {right: look}
                    get: /look/{item}
                    adds: [{kind: refund, intervened: stepped_in}]
        """

    private static func read(_ streams: String) -> (Pack?, [Diagnostic]) {
        let text = """
            pack: small
            timezone: UTC
            source:
              credentials: [token]
              authorization: {header: Authorization, value: "Token {token}"}
              reach: 90d
              streams:
            \(streams)
            """
        return PackReader.read(SourceText(name: "small.yaml", text: text), isBuiltIn: false)
    }

    private let clock = ManualClock(PulledFeed.start)
    private let kept = Kept()

    private func source() throws -> PlatformSource {
        let (read, diagnostics) = Self.read(Self.streams)
        try #require(diagnostics.filter { $0.severity == .error }.isEmpty, "\(diagnostics.map { $0.render() })")
        let plan = try #require(read?.pull)
        return try #require(
            PlatformSource(
                Store(id: "s", pack: "small", timezone: "UTC"), calendar: .utc, plan: plan,
                endpoint: "https://shop.example", credentials: ["token": Secret("given")], reach: .days(31),
                decoding: decoding))
    }

    /// What was asked.
    private func pull(refused: Bool) async throws -> [String] {
        let transport = CannedTransport { request, _ in
            let path = request.head.path ?? ""
            if path.hasPrefix("/look") { return refused ? reply(403, "{}") : reply(200, #"{"stepped_in":true}"#) }
            return reply(200, path.hasPrefix("/first") ? #"[{"id":"1"},{"id":"2"}]"# : #"[{"id":"3"}]"#)
        }
        var generator = SeededGenerator(seed: 3)
        let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
            try source(), from: await kept.state, using: &generator
        ) { await kept.commit($0) }
        #expect(outcome.failure == nil)
        await kept.keep(try #require(PullState(text: outcome.state.text)))
        clock.advance(by: .days(1))
        return transport.requests.map { String(($0.head.path ?? "").prefix { $0 != "?" }) }
    }

    private func isWithheld() async -> Bool? {
        await kept.facts.values.first { $0.id == "withheld.look" }.map {
            FactEncoder.line($0).hasSuffix(#""value":1}"#)
        }
    }

    private func looked() async -> [String] {
        await kept.facts.values.filter { $0.kind == .refund && FactEncoder.line($0).contains(#""intervened":true"#) }
            .map(\.id).sorted()
    }

    @Test("refused once it is asked no more in that pull, and the facts stand as their list told them")
    func refused() async throws {
        #expect(try await pull(refused: true) == ["/first-cases", "/look/1"])
        #expect(await isWithheld() == true)
        let finish = try #require(await kept.pages.last?.finish)
        #expect(finish.kinds.contains(.refund) && finish.withheld == [])
        let ids = await kept.facts.values.filter { $0.kind == .refund }.map(\.id).sorted()
        #expect(ids == ["1", "2"])
        #expect(await looked() == [])
        #expect(try await pull(refused: true) == ["/cases", "/look/3"])
        #expect(await isWithheld() == true)
    }

    @Test("given again, the next pull reads all that was told without it, and only then it is known")
    func givenAgain() async throws {
        _ = try await pull(refused: true)
        #expect(try await pull(refused: false) == ["/cases", "/look/3"])
        #expect(await isWithheld() == true, "of the first two cases nobody knows yet")
        let anew = try await pull(refused: false)
        #expect(anew == ["/first-cases", "/look/1", "/look/2", "/cases", "/look/3"], "\(anew)")
        #expect(await isWithheld() == false)
        #expect(await looked() == ["1", "2", "3"])
        #expect(try await pull(refused: false) == ["/cases", "/look/3"])
        #expect(await isWithheld() == false)
    }

    @Test("refused again while it is read anew, all begins once more")
    func refusedAnew() async throws {
        _ = try await pull(refused: true)
        _ = try await pull(refused: false)
        let anew = try await pull(refused: true)
        #expect(anew == ["/first-cases", "/look/1", "/cases"], "\(anew)")
        #expect(await isWithheld() == true)
        _ = try await pull(refused: false)
        #expect(await isWithheld() == true)
        #expect(try await pull(refused: false).first == "/first-cases")
        #expect(await isWithheld() == false)
    }

    @Test("a pack says why, and in lists of the first pull and of later ones")
    func wrong() {
        func errors(_ streams: String) -> [String] {
            Self.read(streams).1.filter { $0.severity == .error }.map { $0.render() }
        }
        let silent = Self.streams.replacing(", spares: [], why: {en: it may not look, zh: 无权查看}", with: "")
        #expect(errors(silent).contains { $0.contains("what is unknown while 'look' is withheld") })
        let seldom = Self.streams.replacing("only: later", with: "only: first")
        #expect(errors(seldom).contains { $0.contains("asked in the first pull and later") })
        let whole = Self.streams.replacing("extra: true", with: "extra: false")
        #expect(errors(whole).contains { $0.contains("or its own where it is 'extra'") })
    }
}
