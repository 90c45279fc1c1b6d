import Curl
import Facts
import HTTPTypes
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("A list that is withheld")
struct WithheldTests {
    private static let streams = """
        items: list
        query: {since: "{from}"}
        moments: unix
        optional: {spares: [n], why: {en: the right is lacking, zh: 缺少权限}}
        facts: [{kind: refund, id: id}]
        """
    private static let others = "others:\n  get: /others\n  items: list\n  facts: [{kind: order, id: id}]"

    private func pull(_ source: PlatformSource, _ status: Int, from state: PullState, _ clock: ManualClock) async throws
        -> (PullOutcome, Kept, [String])
    {
        let kept = Kept()
        let transport = CannedTransport { request, _ in
            (request.head.path ?? "").hasPrefix("/things")
                ? reply(status, #"{"list":[]}"#) : reply(200, #"{"list":[]}"#)
        }
        var generator = SeededGenerator(seed: 3)
        let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
            source, from: state, using: &generator
        ) { await kept.commit($0) }
        return (outcome, kept, transport.requests.map { $0.head.path ?? "" })
    }

    private func readings(_ kept: Kept) async -> [String] {
        await kept.facts.values.filter { $0.kind == .measure }.map(FactEncoder.line)
    }

    private func reading(_ value: Int) -> String {
        #"{"kind":"measure","store":"s","id":"withheld.things","name":"withheld.things","at":"2026-01-30T10:00:00Z","value":\#(value)}"#
    }

    @Test("the others are pulled, it is said what is not known, and all of it is read once it is given")
    func again() async throws {
        let source = try MadeUpPack.source(
            Self.streams, others: Self.others, metrics: "n: count(refund by opened_at over 30d)")
        let clock = ManualClock(PulledFeed.start)
        let first = try await pull(source, 403, from: PullState(), clock)
        #expect(first.0.failure == nil && first.2 == ["/things?since=1769767200", "/others"])
        #expect(await readings(first.1) == [reading(1)])
        #expect(await first.1.pages.flatMap(\.refused).first?.hasPrefix("things: ") ?? false)
        clock.advance(by: .hours(6))
        // The same once more changes nothing.
        let second = try await pull(source, 403, from: first.0.state, clock)
        #expect(second.0.failure == nil)
        #expect(await readings(second.1) == [reading(1)])
        clock.advance(by: .hours(6))
        let third = try await pull(source, 200, from: second.0.state, clock)
        // From the beginning of what the first pull looked at.
        #expect(third.0.failure == nil && third.2 == ["/things?since=1769767200", "/others"])
        #expect(await readings(third.1) == [reading(0)])
        clock.advance(by: .hours(6))
        let fourth = try await pull(source, 200, from: try #require(PullState(text: third.0.state.text)), clock)
        #expect(fourth.2.first != "/things?since=1769767200")
        // Said again, as nobody knows what is remembered; it changes nothing.
        #expect(await readings(fourth.1) == [reading(0)])
    }

    @Test("given under another address or way of asking it is withheld no longer")
    func askedOtherwise() async throws {
        let metrics = "n: count(refund by opened_at over 30d)"
        let clock = ManualClock(PulledFeed.start)
        let first = try await pull(
            try MadeUpPack.source(Self.streams, others: Self.others, metrics: metrics), 403, from: PullState(), clock)
        #expect(await readings(first.1) == [reading(1)])
        // Another question is another source: the pull begins anew.
        let changed = Self.streams.replacing("since:", with: "after:")
        let second = try await pull(
            try MadeUpPack.source(changed, others: Self.others, metrics: metrics), 200, from: first.0.state, clock)
        #expect(second.0.failure == nil && second.2.first == "/things?after=1769767200")
        #expect(await readings(second.1) == [reading(0)])
    }

    @Test("what was withheld stays so until all of the list is read")
    func halfway() async throws {
        let paged = Self.streams.replacing(#"{since: "{from}"}"#, with: #"{since: "{from}", page: "{page}"}"#)
        let source = try MadeUpPack.source(
            paged + "\npages: {number: 1, more: more}", others: Self.others,
            metrics: "n: count(refund by opened_at over 30d)")
        let clock = ManualClock(PulledFeed.start)
        let withheld = try await pull(source, 403, from: PullState(), clock)
        #expect(await readings(withheld.1) == [reading(1)])
        clock.advance(by: .hours(6))
        func given(_ second: Int, from state: PullState) async throws -> (PullOutcome, Kept) {
            let kept = Kept()
            let transport = CannedTransport { request, _ in
                let path = request.head.path ?? ""
                if !path.hasPrefix("/things") { return reply(200, #"{"list":[]}"#) }
                return path.hasSuffix("page=1")
                    ? reply(200, #"{"list":[{"id":"1"}],"more":true}"#)
                    : reply(second, #"{"list":[{"id":"2"}],"more":false}"#)
            }
            var generator = SeededGenerator(seed: 3)
            let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
                source, from: state, using: &generator
            ) { await kept.commit($0) }
            return (outcome, kept)
        }
        let broken = try await given(503, from: withheld.0.state)
        #expect(broken.0.failure != nil)
        #expect(await broken.1.facts.count == 1, "the first page is kept")
        #expect(await readings(broken.1) == [])
        clock.advance(by: .hours(1))
        let whole = try await given(200, from: broken.0.state)
        #expect(whole.0.failure == nil)
        #expect(await readings(whole.1) == [reading(0)])
    }

    @Test("what stands in for a list is asked while that is withheld, and only then")
    func instead() async throws {
        let others =
            "old:\n  get: /old\n  instead: things\n  items: list\n  facts: [{kind: refund, id: id}]\n" + Self.others
        let source = try MadeUpPack.source(
            Self.streams, others: others, metrics: "n: count(refund by opened_at over 30d)")
        let clock = ManualClock(PulledFeed.start)
        func asked(_ status: Int, from state: PullState) async throws -> (paths: [String], state: PullState) {
            let pulled = try await pull(source, status, from: state, clock)
            #expect(pulled.0.failure == nil)
            clock.advance(by: .hours(6))
            let paths = pulled.2.map { String($0.prefix { $0 != "?" }) }
            return (paths, try #require(PullState(text: pulled.0.state.text)))
        }
        let given = try await asked(200, from: PullState())
        #expect(given.paths == ["/things", "/others"])
        let withheld = try await asked(404, from: given.state)
        #expect(withheld.paths == ["/things", "/old", "/others"])
        let again = try await asked(404, from: withheld.state)
        #expect(again.paths == ["/things", "/old", "/others"])
        #expect(try await asked(200, from: again.state).paths == ["/things", "/others"])
        #expect(source.needs(every: .hours(1), paces: [:]).map(\.stream) == ["things", "others"])
    }

    @Test("what stands in for what nobody withholds is an error", arguments: ["nothing", "others", "old"])
    func insteadOfNothing(_ name: String) {
        let others =
            Self.others + "\nold:\n  get: /old\n  instead: \(name)\n  items: list\n  facts: [{kind: order, id: id}]"
        let found = MadeUpPack.errors("items: list\nfacts: [{kind: order, id: id}]", others: others)
        #expect(found.count == 1 && found[0].contains("'old' stands in for '\(name)'"), "\(found)")
    }

    @Test("what is read the first time only and was withheld then is asked for until it is given")
    func first() async throws {
        let streams = """
            items: list
            only: first
            query: {since: "{from}"}
            moments: unix
            optional: true
            facts: [{kind: refund, id: id}]
            """
        let source = try MadeUpPack.source(streams, others: Self.others)
        let clock = ManualClock(PulledFeed.start)
        let withheld = try await pull(source, 403, from: PullState(), clock)
        #expect(withheld.0.failure == nil && withheld.2 == ["/things?since=1769767200", "/others"])
        #expect(await withheld.1.pages.last?.finish?.kinds.contains(.refund) == false)
        clock.advance(by: .hours(6))
        let state = try #require(PullState(text: withheld.0.state.text))
        let again = try await pull(source, 403, from: state, clock)
        #expect(again.2 == ["/things?since=1769767200", "/others"])
        clock.advance(by: .hours(6))
        let given = try await pull(source, 200, from: again.0.state, clock)
        #expect(given.2 == ["/things?since=1769767200", "/others"])
        #expect(await given.1.pages.last?.finish?.kinds.contains(.refund) == true)
        clock.advance(by: .hours(6))
        #expect(try await pull(source, 200, from: given.0.state, clock).2 == ["/others"])
    }

    @Test("what may pass ends the pull as ever", arguments: [429, 500, 503])
    func others(_ status: Int) async throws {
        let source = try MadeUpPack.source(
            Self.streams, others: Self.others, metrics: "n: count(refund by opened_at over 30d)")
        let pulled = try await pull(source, status, from: PullState(), ManualClock(PulledFeed.start))
        #expect(pulled.0.failure != nil)
        #expect(await readings(pulled.1) == [])
    }

    @Test("a metric that there is not is an error")
    func unknown() {
        let found = MadeUpPack.errors(Self.streams, others: Self.others)
        #expect(found.count == 1 && found[0].contains("no metric 'n'"), "\(found)")
    }
}
