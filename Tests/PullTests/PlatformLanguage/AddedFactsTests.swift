import Curl
import Facts
import HTTPTypes
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("Several answers make one fact")
struct AddedFactsTests {
    private static let orders = """
        items: list
        facts:
          - {kind: order, id: id, updated_at: changed, placed_at: placed, amount: total, buyer: who}
          - {kind: line, id: line, order: id}
        details:
          item: parcel
          known_as: id
          unless: {parcel: [""]}
          streams:
            parcel:
              get: /parcels/{item}
              adds:
                - {kind: order, where: {state: [gone, there]}, updated_at: changed, shipped_at: gone, amount: paid}
            note:
              get: /notes/{item}
              adds:
                - {kind: order, updated_at: changed, excluded: test}
        """

    private static let list = """
        {"list":[
          {"id":"1","line":"a","parcel":"p1","changed":"2026-03-01T00:00:00Z","placed":"2026-02-01T00:00:00Z","total":5,"who":"John"},
          {"id":"2","line":"b","parcel":null,"changed":"2026-03-01T00:00:00Z","placed":"2026-02-02T00:00:00Z","total":7,"who":"Jane"}]}
        """

    private struct Pulled {
        var kept: Kept
        var asked: [String]
        var failure: PullFailure?

        /// As exported, those of a kind.
        func lines(_ kind: String) async -> [String] {
            await kept.facts.values.map(FactEncoder.line).filter { $0.hasPrefix("{\"kind\":\"\(kind)\"") }.sorted()
        }
    }

    private func pull(
        _ answers: [String: String], stream: String = orders, from state: PullState = PullState()
    ) async throws -> Pulled {
        let kept = Kept()
        let transport = CannedTransport { request, _ in
            let path = String((request.head.path ?? "").prefix { $0 != "?" })
            return answers[path].map { reply(200, $0) } ?? reply(404)
        }
        var generator = SeededGenerator(seed: 3)
        let outcome = try await Puller(transport: transport, clock: ManualClock(PulledFeed.start), together: 1).pull(
            try MadeUpPack.source(stream), from: state, using: &generator
        ) { await kept.commit($0) }
        return Pulled(
            kept: kept, asked: transport.requests.map { $0.head.path ?? "" }, failure: outcome.failure)
    }

    private static let parcel = #"{"state":"gone","gone":"2026-02-03T00:00:00Z","changed":"2026-03-01T05:00:00Z"}"#
    private static let note = #"{"test":true,"changed":"2026-02-20T00:00:00Z"}"#

    @Test("a fact waits until all of it is told; what is added stands, and the newest version counts")
    func whole() async throws {
        let pulled = try await pull(["/things": Self.list, "/parcels/p1": Self.parcel, "/notes/p1": Self.note])
        #expect(pulled.failure == nil)
        #expect(pulled.asked == ["/things", "/parcels/p1", "/notes/p1"])
        let orders = await pulled.lines("order")
        try #require(orders.count == 2)
        #expect(
            orders[0].says(
                #""id":"1""#, #""updated_at":"2026-03-01T05:00:00Z""#, #""placed_at":"2026-02-01T00:00:00Z""#,
                #""shipped_at":"2026-02-03T00:00:00Z""#, #""amount":"5""#, #""excluded":true"#), "\(orders[0])")
        // That of which nothing more is asked is a fact at once, and so is a kind that nothing is added to.
        #expect(orders[1].says(#""id":"2""#, #""updated_at":"2026-03-01T00:00:00Z""#), "\(orders[1])")
        #expect(await pulled.lines("line").count == 2)
        let first = try #require(await pulled.kept.pages.first)
        #expect(first.facts.map(\.id).sorted() == ["2", "a", "b"])
        #expect(await pulled.kept.facts.values.allSatisfy { $0.id != "1" || $0.kind == .line || $0.updatedAt != nil })
    }

    @Test("meanwhile nothing that identifies a person is kept")
    func waiting() async throws {
        let pulled = try await pull(["/things": Self.list])
        #expect(pulled.failure != nil, "the parcel is not told")
        let text = await pulled.kept.state.text
        #expect(!text.contains("John") && text.contains("h%3A"), "\(text)")
        // What was read stands when it goes on in another process.
        let again = try await pull(
            ["/parcels/p1": Self.parcel, "/notes/p1": Self.note],
            from: try #require(PullState(text: await pulled.kept.state.text)))
        #expect(again.failure == nil && again.asked == ["/parcels/p1", "/notes/p1"])
        #expect(await again.lines("order").first?.says(#""shipped_at""#, #""amount":"5""#, "h:") ?? false)
    }

    @Test("where nothing is to be added the fact is as it was listed")
    func nothing() async throws {
        let pulled = try await pull(
            ["/things": Self.list, "/parcels/p1": #"{"state":"here"}"#, "/notes/p1": Self.note])
        let order = try #require(await pulled.lines("order").first)
        #expect(order.says(#""updated_at":"2026-03-01T00:00:00Z""#, #""excluded":true"#), "\(order)")
        #expect(!order.contains("shipped_at"))
    }

    @Test("what says nothing of when it changed makes a fact of which the last answer stands")
    func undated() async throws {
        let undated = Self.orders.replacing("updated_at: changed, excluded: test", with: "excluded: test")
        let pulled = try await pull(
            ["/things": Self.list, "/parcels/p1": Self.parcel, "/notes/p1": Self.note], stream: undated)
        let order = try #require(await pulled.lines("order").first)
        #expect(!order.contains("updated_at") && order.contains(#""excluded":true"#), "\(order)")
    }

    @Test("a part that cannot be read leaves the whole unread")
    func unread() async throws {
        let pulled = try await pull(
            ["/things": Self.list, "/parcels/p1": #"{"state":"gone","gone":"yesterday"}"#, "/notes/p1": Self.note])
        #expect(pulled.failure == nil)
        let lines = await pulled.lines("order")
        #expect(lines.count == 1 && lines[0].says(#""id":"2""#))
        let rejections = await pulled.kept.rejections
        #expect(rejections.count == 1 && rejections[0].contains("parcel, item 1"), "\(rejections)")
    }

    @Test("what may be done without and cannot be read leaves the fact as it was listed, and the pull says so")
    func unreadExtra() async throws {
        let extra = Self.orders.replacing("get: /parcels/{item}", with: "get: /parcels/{item}\n      extra: true")
        let pulled = try await pull(
            ["/things": Self.list, "/parcels/p1": #"{"state":"gone","gone":"yesterday"}"#, "/notes/p1": Self.note],
            stream: extra)
        #expect(pulled.failure == nil)
        let order = try #require(await pulled.lines("order").first)
        #expect(order.says(#""id":"1""#, #""excluded":true"#) && !order.contains("shipped_at"), "\(order)")
        #expect(await pulled.kept.rejections == [])
        let told = await pulled.kept.pages.flatMap(\.refused)
        #expect(told.count == 1 && told[0].hasPrefix("parcel: shipped_at"), "\(told)")
    }

    @Test("what waited and can no longer be read is set aside, and never passed over without a word")
    func waited() throws {
        let source = try MadeUpPack.source(Self.orders)
        var state = PullState()
        state.begin(at: PulledFeed.start)
        func page(_ waiting: String) throws -> Page {
            var place = PlatformPlace(stream: 0)
            place.items = [PlatformPlace.Item(asked: "p1", known: "1", facts: [waiting])]
            (place.detail, place.isLastPage) = (1, true)
            state.cursor = place.text
            return try source.page(
                from: Reply(status: .ok, body: Array(Self.note.utf8)), after: state, at: PulledFeed.start)
        }
        let good = try page(#"{"kind":"order","store":"s","id":"1"}"#)
        #expect(good.facts.count == 1 && good.rejections.isEmpty)
        let bad = try page(#"{"kind":"order","store":"s","id":"1","placed_at":"yesterday"}"#)
        #expect(bad.facts.isEmpty && bad.rejections.count == 1)
        #expect(bad.rejections.first?.position.contains("note, item 1") ?? false)
        let coverage = #"{"kind":"coverage","store":"s","of":"order","until":"2026-02-01T00:00:00Z"}"#
        #expect(throws: PullError.self) { try page(coverage) }
    }

    @Test("an open case is asked for, and then what is asked for it", arguments: [true, false])
    func open(_ isThere: Bool) async throws {
        let open = """
            open-things:
              open: {by: case}
              get: /cases/{item}
              facts: [{kind: refund, id: id, opened_at: opened}]
              details:
                item: id
                streams:
                  effect: {get: "/effects/{item}", adds: [{kind: refund, excluded: out}]}
            """
        let source = try MadeUpPack.source(
            "items: list\nfacts: [{kind: refund, id: id}]", others: open,
            openCases: ["7", "8"].map { OpenCase(id: $0, order: nil, openedAt: nil) })
        let kept = Kept()
        let transport = CannedTransport { request, _ in
            switch request.head.path {
            case "/things": reply(200, #"{"list":[]}"#)
            case "/cases/7": isThere ? reply(200, #"{"id":"7","opened":"2026-02-01T00:00:00Z"}"#) : reply(204)
            case "/cases/8": reply(200, #"{"id":"8","opened":"2026-02-02T00:00:00Z"}"#)
            case "/effects/7", "/effects/8": reply(200, #"{"out":true}"#)
            default: reply(404)
            }
        }
        var generator = SeededGenerator(seed: 3)
        let outcome = try await Puller(transport: transport, clock: ManualClock(PulledFeed.start), together: 1).pull(
            source, from: PullState(), using: &generator
        ) { await kept.commit($0) }
        #expect(outcome.failure == nil)
        let asked = transport.requests.map { $0.head.path ?? "" }
        #expect(
            asked == (isThere ? ["/things", "/cases/7", "/effects/7"] : ["/things", "/cases/7"]) + [
                "/cases/8", "/effects/8",
            ])
        let lines = await kept.facts.values.map(FactEncoder.line).sorted()
        #expect(lines.count == (isThere ? 2 : 1))
        #expect(lines.allSatisfy { $0.says(#""opened_at":"2026-02-0"#, #""excluded":true"#) }, "\(lines)")
    }

    static let wrong: [(String, String)] = [
        (
            "details: {item: id, batch: 5, streams: {more: {get: /m, query: {ids: \"{items}\"}, adds: [{kind: order, amount: a}]}}}",
            "not with 'batch'"
        ),
        (
            "details: {item: id, streams: {more: {get: \"/m/{item}\", adds: [{kind: parcel, shipped_at: a}]}}}",
            "no parcel among the facts of 'things'"
        ),
        (
            "details: {item: id, streams: {more: {get: \"/m/{item}\", adds: [{kind: order, id: a}]}}}",
            "'id'"
        ),
    ]

    @Test("what cannot be added is said where it is written", arguments: wrong)
    func faults(_ details: String, _ words: String) {
        let found = MadeUpPack.errors("items: list\nfacts: [{kind: order, id: id}]\n" + details)
        #expect(found.count == 1 && found[0].contains(words), "\(found)")
    }
}
