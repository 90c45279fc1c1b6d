import Curl
import Facts
import HTTPTypes
import Pull
import Testing

@Suite("a feed's requests and pages")
struct FeedSourceTests {
    private func feed(
        _ url: String = "https://erp.example/facts", headers: [(name: HTTPField.Name, value: Secret)] = []
    ) throws -> FeedSource {
        try #require(FeedSource(id: "erp", url: url, headers: headers, decoding: decoding))
    }

    struct Row: Sendable {
        var url: String
        var updatedAfter: Timestamp?
        var cursor: String?
        var path: String
        init(_ url: String, _ updatedAfter: Timestamp?, _ cursor: String?, _ path: String) {
            (self.url, self.updatedAfter, self.cursor, self.path) = (url, updatedAfter, cursor, path)
        }
    }

    // 2026-03-02T10:00:00Z
    private static let moment = Timestamp(seconds: 1_772_445_600)

    @Test(
        "the address keeps its own query, and T and cursor are added",
        arguments: [
            Row("https://erp.example/facts", nil, nil, "/facts"),
            Row("https://erp.example/facts", moment, nil, "/facts?updated_after=2026-03-02T10%3A00%3A00Z"),
            Row("https://erp.example/facts", nil, "a+b/c=&d é", "/facts?cursor=a%2Bb%2Fc%3D%26d%20%C3%A9"),
            Row(
                "https://erp.example/facts?shop=1", moment, "x",
                "/facts?shop=1&updated_after=2026-03-02T10%3A00%3A00Z&cursor=x"),
            Row("https://erp.example/facts?shop=1&", nil, "x", "/facts?shop=1&cursor=x"),
            Row("https://erp.example/facts?", nil, "x", "/facts?cursor=x"),
            Row("https://erp.example/facts#top", nil, "x", "/facts?cursor=x"),
        ])
    func address(_ row: Row) throws {
        var state = PullState()
        (state.updatedAfter, state.cursor) = (row.updatedAfter, row.cursor)
        let request = try feed(row.url).request(after: state, at: Asking(now: PulledFeed.start, nonce: 1))
        #expect(request.head.method == .get)
        #expect(request.head.authority == "erp.example")
        #expect(request.head.path == row.path)
    }

    @Test("one fact nested beyond measure does not take the page with it")
    func deep() throws {
        let nest = String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000)
        let body =
            #"{"facts":[{"kind":"order","store":"s","id":"1"},{"kind":"order","store":"s","id":"2","x":\#(nest)},"#
            + #"{"kind":"order","store":"s","id":"3","x":[[[1]]]}],"next":"n"}"#
        let page = try feed().page(
            from: Reply(status: .ok, body: Array(body.utf8)), after: PullState(), at: PulledFeed.start)
        #expect(page.facts.map(\.id) == ["1", "3"] && page.next == "n")
        #expect(page.rejections.map(\.position) == ["page 1, fact 2"])
        #expect(page.rejections.map(\.rejection.reason) == ["nested more than 64 deep"])
        #expect(page.rejections.map(\.factsBefore) == [1])
    }

    @Test(
        "no feed is made from what is no address",
        arguments: ["", "erp.example/facts", "ftp://erp.example", "file:///etc"])
    func noAddress(_ url: String) {
        #expect(FeedSource(id: "erp", url: url, decoding: decoding) == nil)
    }

    @Test("headers go with every request, keep redirects at home, and are never printed")
    func headers() throws {
        let source = try feed(headers: [(.authorization, Secret("Bearer hush"))])
        let request = source.request(after: PullState(), at: Asking(now: PulledFeed.start, nonce: 1))
        #expect(request.head.headerFields[.authorization] == "Bearer hush")
        #expect(request.limits.redirects == .sameOrigin)
        #expect(
            try feed().request(after: PullState(), at: Asking(now: PulledFeed.start, nonce: 1)).limits.redirects
                == .any(max: 5))
    }

    @Test("the tag of the last pull is sent with a first page only")
    func tag() throws {
        var state = PullState()
        state.etag = "\"v1\""
        #expect(
            try feed().request(after: state, at: Asking(now: PulledFeed.start, nonce: 1)).head.headerFields[
                .ifNoneMatch] == "\"v1\"")
        state.cursor = "x"
        #expect(
            try feed().request(after: state, at: Asking(now: PulledFeed.start, nonce: 1)).head.headerFields[
                .ifNoneMatch] == nil)
    }

    @Test("a page gives its facts, and what is none of them with its place")
    func reads() throws {
        var state = PullState()
        _ = state.seen.insert("x")
        state.cursor = "x"
        let body =
            #"{"facts":[\#(line(1)),{"kind":"refund","store":"s","id":"b","amount":"-1"},\#(line(2))],"next":"y","more":1}"#
        let page = try feed().page(
            from: Reply(status: .ok, headers: [.eTag: "\"t\""], body: Array(body.utf8)), after: state,
            at: PulledFeed.start)
        #expect(page.facts.map(\.id) == ["1", "2"])
        #expect(page.rejections.map(\.position) == ["page 2, fact 2"])
        #expect(page.next == "y")
        #expect(page.etag == "\"t\"")
    }

    @Test("null and an empty text are the end", arguments: [#","next":null"#, #","next":"""#])
    func ends(_ end: String) throws {
        let page = try feed().page(
            from: Reply(status: .ok, body: Array(#"{"facts":[]\#(end)}"#.utf8)), after: PullState(),
            at: PulledFeed.start)
        #expect(page.next == nil && page.facts.isEmpty)
    }

    @Test(
        "what is no page is unreadable as a whole",
        arguments: [
            "", "<html></html>", "[]", "{}", #"{"facts":{}}"#, #"{"facts":[],"next":{}}"#, #"{"facts":[\#(line(1))"#,
            #"{"error":"busy"}"#, "null", "\u{0}", #"{"facts":[]}"#,
        ])
    func unreadable(_ body: String) throws {
        let source = try feed()
        do throws(PullError) {
            let page = try source.page(
                from: Reply(status: .ok, body: Array(body.utf8)), after: PullState(), at: PulledFeed.start)
            Issue.record("read as a page of \(page.facts.count) facts")
        } catch {
            guard case .unreadable = error else { Issue.record("\(error)"); return }
            #expect(error.isTransient)
        }
    }

    @Test("a feed of other kinds, or at another address, is another source, and its state begins anew")
    func fingerprint() throws {
        func source(_ url: String, _ kinds: FactKinds) throws -> String {
            try #require(FeedSource(id: "erp", url: url, kinds: kinds, decoding: decoding)).fingerprint
        }
        let all = try [
            source("https://erp.example/facts", .all), source("https://erp.example/other", .all),
            source("https://erp.example/facts", FactKinds([.order])),
            source("https://erp.example/facts", FactKinds([.order, .refund])),
        ]
        #expect(Set(all).count == all.count)
        #expect(try source("https://erp.example/facts", FactKinds([.order])) == all[2])
    }

    @Test("304 says that nothing changed, to one who asked so, and nothing to others")
    func unchanged() throws {
        let reply = Reply(status: .notModified)
        var state = PullState()
        #expect(throws: PullError.unexpected(status: 304)) {
            try feed().page(from: reply, after: state, at: PulledFeed.start)
        }
        state.etag = "\"v1\""
        let page = try feed().page(from: reply, after: state, at: PulledFeed.start)
        #expect(page.next == nil && page.facts.isEmpty && page.etag == "\"v1\"")
    }
}
