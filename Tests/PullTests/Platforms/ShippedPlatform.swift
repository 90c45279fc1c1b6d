import Curl
import Facts
import Foundation
import HTTPTypes
import Language
import Rules
import TestSupport
import Testing

@testable import Pull

/// A platform as its shipped pack describes it, read from `rules/`: what an answer to one of its questions becomes.
struct ShippedPlatform {
    let source: PlatformSource
    var plan: PullPlan { source.plan }

    /// 2026-03-02T10:00:00Z: when the pull began.
    static let start = PulledFeed.start

    /// - Parameter standards: what a pack says where nobody gives it is not given.
    init(
        _ pack: String, market: String? = nil, endpoint: String? = "https://platform.example", standards: Bool = false
    ) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../rules/\(pack).yaml")
        let text = SourceText(name: pack, text: try String(contentsOf: file, encoding: .utf8))
        let (read, diagnostics) = PackReader.read(text, isBuiltIn: true)
        try #require(diagnostics.filter { $0.severity == .error }.isEmpty, "\(diagnostics.map { $0.render() })")
        let plan = try #require(read?.pull, "\(pack) has no source")
        let store = Store(id: "s", pack: pack, timezone: read?.timezone ?? "UTC", market: market)
        let calendar = try #require(StoreCalendar(timezone: store.timezone))
        source = try #require(
            PlatformSource(
                store, calendar: calendar, plan: plan, endpoint: endpoint,
                credentials: Dictionary(
                    plan.credentials.filter { !standards || $0.standard == nil }
                        .map { ($0.name, Secret("given-\($0.name)")) }
                ) { $1 },
                reach: .days(31), decoding: decoding))
    }

    /// The place of a stream, or of what is asked for an item of one.
    func place(of stream: String, item: String = "ITEM", page: String? = nil) throws -> PlatformPlace {
        for (number, outer) in plan.streams.enumerated() {
            var place = PlatformPlace(stream: number)
            place.page = page
            if outer.name == stream { return place }
            if let detail = outer.details?.streams.firstIndex(where: { $0.name == stream }) {
                place.items = [PlatformPlace.Item(asked: item, known: item)]
                // An open case is asked for before what is asked for it.
                (place.detail, place.isLastPage) = (outer.open == nil ? detail : detail + 1, true)
                return place
            }
        }
        return try #require(nil as PlatformPlace?, "there is no stream \(stream)")
    }

    /// In the middle of a pull that began at `start`, at that place.
    func state(at place: PlatformPlace, since: Timestamp? = nil) -> PullState {
        var state = PullState()
        state.begin(at: Self.start, reach: .days(31))
        if let since {
            state.finishedRequestAt = since
            state.updatedAfter = since
        }
        state.cursor = place.text
        return state
    }

    /// What an answer to a question of that stream becomes.
    func page(
        _ stream: String, _ body: String, status: Int = 200, item: String = "ITEM", page: String? = nil
    ) throws -> Page {
        try source.page(
            from: Reply(status: .init(code: status), body: Array(body.utf8)),
            after: state(at: try place(of: stream, item: item, page: page)), at: Self.start)
    }

    /// The facts of an answer as they are exported, and why the others are none.
    func lines(_ stream: String, _ body: String, item: String = "ITEM", page number: String? = nil) throws -> [String] {
        let page = try page(stream, body, item: item, page: number)
        return page.facts.map(FactEncoder.line)
            + page.rejections.map { "no \($0.rejection.kind?.name ?? "fact"): \($0.rejection.reason)" }
    }

    /// What a fact that waits becomes with an answer that adds to it.
    func adding(_ stream: String, _ body: String, to line: String) throws -> [String] {
        var place = try place(of: stream)
        place.items[0].facts = [line]
        let page = try source.page(
            from: Reply(status: .ok, body: Array(body.utf8)), after: state(at: place), at: Self.start)
        return page.facts.map(FactEncoder.line) + page.rejections.map { "no fact: \($0.rejection.reason)" }
    }

    /// What one item of a list of that stream becomes: what stands around it in an answer is made by `around`.
    func fact(_ stream: String, _ body: String, item: String = "ITEM") throws -> String {
        try #require(try lines(stream, body, item: item).first)
    }

    /// Where an answer leads to: the next page of the same stream, or nil where another stream has its turn.
    func next(_ stream: String, _ body: String, page: String? = nil) throws -> PlatformPlace? {
        let place = try place(of: stream, page: page)
        let next = try source.page(
            from: Reply(status: .ok, body: Array(body.utf8)), after: state(at: place), at: Self.start
        ).next.flatMap { PlatformPlace(text: $0) }
        guard let next, (next.stream, next.value, next.window) == (place.stream, place.value, place.window) else {
            return nil
        }
        return next
    }

    /// What is sent for a question of that stream.
    func request(_ stream: String, item: String = "ITEM", page: String? = nil, since: Timestamp? = nil) throws
        -> Request
    {
        source.request(
            after: state(at: try place(of: stream, item: item, page: page), since: since),
            at: Asking(now: Self.start, nonce: 7))
    }
}
