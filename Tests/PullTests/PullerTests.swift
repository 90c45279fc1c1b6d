import Curl
import Facts
import HTTPTypes
import Pull
import TestSupport
import Testing

@Suite("pulling until caught up")
struct PullerTests {
    private static func at(_ text: String) -> Timestamp { Timestamp(text) ?? Timestamp(seconds: 0) }
    private let feed = PulledFeed()

    @Test("the first pull asks for everything, page after page, and covers up to its first request")
    func first() async throws {
        let kept = Kept()
        let pulled = try await feed.pull(
            [page([line(1)], next: "a"), page([line(2)], next: "b"), page([line(3)])], from: kept,
            kinds: FactKinds([.rating, .refund]))
        #expect(pulled.failure == nil)
        #expect(pulled.requests.map(query) == [[:], ["cursor": "a"], ["cursor": "b"]])
        let pages = await kept.pages
        #expect(pages.map(\.number) == [1, 2, 3])
        #expect(pages.map { $0.facts.map(\.id) } == [["1"], ["2"], ["3"]])
        #expect(pages.map { $0.state.cursor } == ["a", "b", nil])
        #expect(
            pages.map { $0.finish } == [
                nil, nil, .init(kinds: FactKinds([.rating, .refund]), until: PulledFeed.start),
            ])
        #expect(pulled.state.firstRequestAt == nil)
    }

    struct TRow: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// The `updated_at` of the facts of the first pull.
        var updated: [String?]
        /// T of the second, which follows an hour later.
        var expected: String?
    }

    @Test(
        "the next T is the greatest updated_at, not later than the last pull's first request, less ten minutes",
        arguments: [
            TRow(
                testDescription: "the greatest of all pages",
                updated: ["2026-03-02T09:00:00Z", "2026-03-02T08:00:00Z"], expected: "2026-03-02T08:50:00Z"),
            TRow(
                testDescription: "found on a later page",
                updated: ["2026-03-02T07:00:00Z", "2026-03-02T09:30:00+00:00"], expected: "2026-03-02T09:20:00Z"),
            TRow(
                testDescription: "a feed.clock that runs ahead", updated: ["2026-03-02T11:00:00Z"],
                expected: "2026-03-02T09:50:00Z"),
            TRow(
                testDescription: "a far future", updated: ["2099-01-01T00:00:00Z", "2026-03-02T08:00:00Z"],
                expected: "2026-03-02T09:50:00Z"),
            TRow(
                testDescription: "some without", updated: [nil, "2026-03-02T08:00:00Z", nil],
                expected: "2026-03-02T07:50:00Z"),
            TRow(testDescription: "none with", updated: [nil, nil], expected: nil),
            TRow(testDescription: "no facts", updated: [], expected: nil),
        ])
    func nextT(_ row: TRow) async throws {
        let kept = Kept()
        var pages = row.updated.enumerated().map { index, updated in
            page([line(index, updated: updated)], next: "c\(index)")
        }
        pages.append(page([]))
        #expect(try await feed.pull(pages, from: kept).failure == nil)
        feed.clock.advance(by: .hours(1))
        let second = try await feed.pull([page([])], from: kept)
        #expect(second.requests.map { query($0)["updated_after"] } == [row.expected])
    }

    @Test("T stays through all pages, over a resume, and over a pull that found nothing")
    func sameT() async throws {
        let kept = Kept()
        _ = try await feed.pull([page([line(1, updated: "2026-03-02T09:00:00Z")])], from: kept)
        feed.clock.advance(by: .hours(1))
        // Its second page fails for good; newer facts are already committed.
        let broken = try await feed.pull(
            [page([line(2, updated: "2026-03-02T10:30:00Z")], next: "a"), reply(403)], from: kept)
        #expect(broken.failure?.error == .refused(status: 403))
        #expect(broken.failure?.page == 2)
        feed.clock.advance(by: .hours(1))
        let resumed = try await feed.pull(
            [page([line(3, updated: "2026-03-02T10:40:00Z")], next: "b"), page([])], from: kept)
        let t = "2026-03-02T08:50:00Z"
        #expect(
            (broken.requests + resumed.requests).map(query) == [
                ["updated_after": t], ["updated_after": t, "cursor": "a"], ["updated_after": t, "cursor": "a"],
                ["updated_after": t, "cursor": "b"],
            ])
        // The pull was begun at 11:00, before the resume: it covers until then, and T is bounded by it.
        #expect(await kept.pages.last?.finish?.until == Self.at("2026-03-02T11:00:00Z"))
        #expect(resumed.state.updatedAfter == Self.at("2026-03-02T10:30:00Z"))
        feed.clock.advance(by: .hours(1))
        let empty = try await feed.pull([page([])], from: kept)
        #expect(query(empty.requests[0])["updated_after"] == "2026-03-02T10:30:00Z")
        #expect(empty.state.updatedAfter == Self.at("2026-03-02T10:30:00Z"))
    }

    @Test("a first pull that was never finished still has no T")
    func unfinishedFirst() async throws {
        let kept = Kept()
        _ = try await feed.pull([page([line(1, updated: "2026-03-02T09:00:00Z")], next: "a"), reply(401)], from: kept)
        let second = try await feed.pull([page([])], from: kept)
        #expect(second.requests.map(query) == [["cursor": "a"]])
    }

    @Test("304 finishes the pull, and only the tag of a pull of one page is sent")
    func notModified() async throws {
        let kept = Kept()
        _ = try await feed.pull([page([line(1, updated: "2026-03-02T09:00:00Z")], etag: "\"v1\"")], from: kept)
        feed.clock.advance(by: .hours(1))
        let second = try await feed.pull([reply(304)], from: kept)
        #expect(second.failure == nil)
        #expect(second.requests[0].head.headerFields[.ifNoneMatch] == "\"v1\"")
        #expect(await kept.pages.last?.finish?.until == PulledFeed.start + .hours(1))
        #expect(await kept.pages.last?.facts.isEmpty == true)
        let third = try await feed.pull([page([], next: "a", etag: "\"v2\""), page([], etag: "\"v2\"")], from: kept)
        #expect(third.requests[0].head.headerFields[.ifNoneMatch] == "\"v1\"", "a 304 keeps the tag")
        let fourth = try await feed.pull([page([])], from: kept)
        #expect(fourth.requests[0].head.headerFields[.ifNoneMatch] == nil)
    }

    @Test("another address under the same name is pulled from the beginning")
    func otherAddress() async throws {
        let kept = Kept()
        _ = try await feed.pull([page([line(1, updated: "2026-03-02T09:00:00Z")], etag: "\"v1\"")], from: kept)
        let transport = CannedTransport([page([])])
        var generator = SeededGenerator(seed: 5)
        let other = try #require(FeedSource(id: "erp", url: "https://erp.example/facts?all=1", decoding: decoding))
        _ = try await Puller(transport: transport, clock: feed.clock, together: 1).pull(
            other, from: await kept.state, using: &generator
        ) { await kept.commit($0) }
        #expect(transport.requests.map(query) == [["all": "1"]])
        #expect(transport.requests[0].head.headerFields[.ifNoneMatch] == nil)
    }

    @Test("a cursor met before is an error, keeps the page's facts, and the next pull begins anew with the same T")
    func loop() async throws {
        let kept = Kept()
        _ = try await feed.pull([page([line(0, updated: "2026-03-02T09:00:00Z")])], from: kept)
        let looped = try await feed.pull(
            [page([line(1)], next: "a"), page([line(2)], next: "b"), page([line(3)], next: "a")], from: kept)
        #expect(looped.failure?.error == .loop)
        #expect(looped.requests.count == 3)
        #expect(Set(await kept.all.map(\.id)) == ["0", "1", "2", "3"])
        #expect(await kept.pages.filter { $0.finish != nil }.count == 1, "the looping pull covers nothing")
        let again = try await feed.pull([page([])], from: kept)
        #expect(again.requests.map(query) == [["updated_after": "2026-03-02T08:50:00Z"]])
        #expect(again.failure == nil)
    }

    @Test(
        "cursors that are ever new, over pages that bring nothing new, end the pull and cover nothing",
        arguments: [
            (round: 1, pages: 101), (round: 3, pages: 103), (round: 500, pages: 5000), (round: 0, pages: 100_000),
        ])
    func endless(_ row: (round: Int, pages: Int)) async throws {
        let transport = CannedTransport { _, index in
            page(row.round == 0 ? [] : [line("a\(index % row.round)"), line("b")], next: "cursor-\(index)")
        }
        var generator = SeededGenerator(seed: 5)
        let source = try #require(FeedSource(id: "erp", url: "https://erp.example/facts", decoding: decoding))
        var finished = 0
        let outcome = try await Puller(transport: transport, clock: feed.clock, together: 1).pull(
            source, from: PullState(), using: &generator
        ) { if $0.finish != nil { finished += 1 } }
        #expect(outcome.failure?.error == .endless)
        #expect(finished == 0)
        #expect(outcome.state.cursor == nil)
        // One page is fetched ahead.
        #expect(transport.requests.count <= row.pages + 1)
    }

    @Test("a long pull of pages that overlap, with empty ones among them, is not taken for an endless one")
    func overlapping() async throws {
        let kept = Kept()
        let answers = (0..<2000).flatMap { index in
            let facts = index % 2 == 0 ? [] : [line(index), line(index + 1)]
            // Now and then a page comes twice, as it does when facts are added to a list that is paged by number.
            let twice = index % 50 == 1 ? [page(facts, next: "again-\(index)")] : []
            return twice + [page(facts, next: index == 1999 ? nil : "cursor-\(index)")]
        }
        let pulled = try await feed.pull(answers, from: kept)
        #expect(pulled.failure == nil)
        #expect(pulled.requests.count == 2040)
        #expect(await kept.all.count == 2000)
    }

    @Test("a cursor that is no longer taken is given up after it failed twice in a row")
    func lostCursor() async throws {
        let kept = Kept()
        _ = try await feed.pull([page([line(1)], next: "a"), reply(410)], from: kept)
        #expect(await kept.state.cursor == "a")
        let second = try await feed.pull([reply(410)], from: kept)
        #expect(second.requests.map(query) == [["cursor": "a"]])
        #expect(second.failure?.error == .rejected(status: 410))
        let third = try await feed.pull([page([])], from: kept)
        #expect(third.requests.map(query) == [[:]])
    }

    @Test("who asks to wait for years, by a slip in a date, is asked again after a day")
    func slippedDate() async throws {
        let kept = Kept()
        let first = try await feed.pull([reply(429, "", [.retryAfter: "Fri, 31 Dec 2126 23:59:59 GMT"])], from: kept)
        #expect(first.failure?.notBefore == PulledFeed.start + .days(1))
        feed.clock.advance(by: .days(1))
        #expect(try await feed.pull([page([line(1)])], from: kept).failure == nil)
    }
}
