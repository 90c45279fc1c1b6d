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
