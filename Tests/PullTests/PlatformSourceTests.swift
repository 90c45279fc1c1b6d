import Curl
import Facts
import Foundation
import HTTPTypes
import Language
import Pull
import Rules
import TestSupport
import Testing

@Suite("A platform is asked as its pack says, and its answers become facts")
struct PlatformSourceTests {
    /// A shop with links from page to page, moments in seconds, and returns that are asked for one by one.
    private static let pack = """
        pack: linked
        timezone: UTC
        source:
          credentials: [token]
          authorization: {header: Authorization, value: "Token {token}"}
          lag: 1m
          overlap: 1h
          streams:
            orders:
              get: /orders
              query: {changed_since: "{from}", size: "2"}
              moments: unix
              pages: {link: next}
              items: results
              facts:
                - kind: order
                  where: {test: ["false"]}
                  id: number
                  placed_at: {path: created, moments: unix}
                  canceled_at: {path: changed, moments: unix_ms, where: {state: [gone]}}
                  status: {path: state, words: {new: open, gone: canceled}}
                  amount: {path: sums.total, absolute: true}
                - {kind: line, each: lines, id: id, order: ^number, units: count}
              details:
                of: returns
                item: number
                streams:
                  returns:
                    get: "/orders/{item}/returns"
                    facts: [{kind: refund, id: id, order: {item: true}, type: {value: return}}]
            stars:
              get: /stars
              pages: {cursor: more}
              query: {cursor: "{cursor}"}
              items: list
              facts: [{kind: rating, id: id, score: score}]
        """

    private func source(
        _ pack: String = pack, endpoint: String = "https://shop.example/api/", openCases: [OpenCase] = []
    ) throws -> PlatformSource {
        let (read, diagnostics) = PackReader.read(SourceText(name: "p.yaml", text: pack), isBuiltIn: false)
        try #require(diagnostics.filter { $0.severity == .error }.isEmpty, "\(diagnostics.map { $0.render() })")
        let plan = try #require(read?.pull)
        let store = Store(id: "s", pack: "linked", timezone: "UTC")
        return try #require(
            PlatformSource(
                store, calendar: .utc, plan: plan, endpoint: endpoint,
                credentials: Dictionary(plan.credentials.map { ($0.name, Secret("s3cret-\($0.name)")) }) { $1 },
                openCases: openCases, reach: .days(31),
                decoding: decoding))
    }

    private func pull(
        _ answers: [CannedTransport.Answer], _ source: PlatformSource, into kept: Kept,
        at now: Timestamp = PulledFeed.start
    ) async throws
        -> (requests: [Request], failure: PullFailure?)
    {
        let transport = CannedTransport(answers)
        var generator = SeededGenerator(seed: 3)
        let outcome = try await Puller(transport: transport, clock: ManualClock(now), together: 1).pull(
            source, from: await kept.state, using: &generator
        ) { await kept.commit($0) }
        await kept.keep(outcome.state)
        return (transport.requests, outcome.failure)
    }

    @Test("links are followed, items asked for, and every stream has its turn")
    func whole() async throws {
        let kept = Kept()
        let first =
            #"{"number":1,"test":false,"created":1772400000,"changed":1772400000000,"state":"gone","sums":{"total":"-12.50"},"lines":[{"id":"l1","count":2}],"returns":[7]}"#
        let (requests, failure) = try await pull(
            [
                reply(200, #"{"next":"https://shop.example/api/orders?page=2","results":[\#(first)]}"#),
                reply(200, #"[{"id":"r1"},{"id":"r2"}]"#),
                reply(
                    200,
                    #"{"next":null,"results":[{"number":2,"test":false,"state":"new","returns":[],"lines":[]},{"number":3,"test":true,"state":"new","returns":[],"lines":[]},{"number":4,"test":false,"state":"odd","returns":[],"lines":[]}]}"#
                ),
                reply(200, #"{"list":[{"id":"a","score":5}],"more":"c1"}"#), reply(200, #"{"list":[],"more":""}"#),
            ], try source(), into: kept)
        #expect(failure == nil)
        #expect(
            requests.map { $0.head.path } == [
                // 31 days before 2026-03-02T10:00:00Z.
                "/api/orders?changed_since=1769767200&size=2", "/api/orders/1/returns", "/api/orders?page=2",
                "/api/stars", "/api/stars?cursor=c1",
            ])
        #expect(requests.allSatisfy { $0.head.headerFields[.authorization] == "Token s3cret-token" })
        #expect(requests.allSatisfy { $0.limits.redirects == .sameOrigin })
        let facts = await kept.facts
        #expect(facts.count == 6, "\(facts.keys)")
        let order = try #require(facts.values.first { $0.kind == .order && $0.id == "1" })
        #expect(
            FactEncoder.line(order)
                == #"{"kind":"order","store":"s","id":"1","placed_at":"2026-03-01T21:20:00Z","canceled_at":"2026-03-01T21:20:00Z","status":"canceled","amount":"12.5"}"#
        )
        #expect(facts.values.count { $0.kind == .refund && $0.order == "1" } == 2)
        // A word that the pack does not know is no status of ours; the rest of the page stands.
        #expect(await kept.rejections.count == 1)
        let finish = try #require(await kept.pages.last?.finish)
        #expect(finish.until == PulledFeed.start - .minutes(1) && finish.from == PulledFeed.start - .days(31))
        #expect(finish.kinds == FactKinds([.order, .line, .refund, .rating]))
        // The next pull begins an hour before this one began.
        #expect(await kept.state.updatedAfter == PulledFeed.start - .hours(1))
    }

    @Test("ids are what they are, and what is not there or not as expected is set aside")
    func odd() async throws {
        let kept = Kept()
        let items = [
            #"{"number":"a\r\nb","test":false,"state":"new","returns":[1],"lines":[]}"#,
            #"{"number":"2","state":"new","returns":[],"lines":null}"#,
            #"{"number":"3","test":false,"state":"new","returns":[],"lines":{"0":{}}}"#,
            #"{"number":"4","test":false,"state":"new","returns":[],"lines":[{"id":"l","count":"01"}]}"#,
        ]
        let (requests, failure) = try await pull(
            [
                reply(200, #"{"next":null,"results":[\#(items.joined(separator: ","))]}"#),
                reply(200, #"[{"id":"r"}]"#),
                reply(200, #"{"list":[],"more":null}"#),
            ], try source(), into: kept)
        #expect(
            failure == nil && requests[1].head.path == "/api/orders/a%0D%0Ab/returns",
            "\(requests.map { $0.head.path })")
        #expect(await kept.facts.values.first { $0.kind == .refund }?.order == "a\r\nb")
        // Without `test`, no list of lines, and a count that is no number.
        let rejections = await kept.rejections
        #expect(rejections.count == 3, "\(rejections)")
    }

    @Test("each case that is known and open is asked for, once a day, by its order and when it is old enough")
    func openCases() async throws {
        let pack = """
            pack: open
            timezone: UTC
            source:
              authorization: {header: X-Key, value: key}
              streams:
                cases:
                  get: /cases
                  query: {since: "{from}"}
                  items: list
                  facts: [{kind: refund, id: id, order: order, status: status}]
                open-cases:
                  only: later
                  every: 1d
                  open: {by: order, after: 2d}
                  get: "/orders/{item}/cases"
                  items: list
                  facts: [{kind: refund, id: id, order: {item: true}, status: status}]
            """
        let start = PulledFeed.start
        let known = [
            OpenCase(id: "1", order: "a b", openedAt: start - .days(9)),
            OpenCase(id: "2", order: "a b", openedAt: start - .days(8)),
            OpenCase(id: "3", order: "young", openedAt: start - .hours(23)),
            OpenCase(id: "4", order: nil, openedAt: start - .days(9)), OpenCase(id: "5", order: "c", openedAt: nil),
        ]
        let source = try source(pack, openCases: known)
        let kept = Kept()
        let none = reply(200, #"{"list": []}"#)
        var asked = try await pull([none], source, into: kept)
        #expect(asked.requests.map { $0.head.path } == ["/api/cases?since=2026-01-30T10%3A00%3A00Z"])
        let closed = reply(200, #"{"list": [{"id": "1", "status": "refunded"}]}"#)
        asked = try await pull([none, closed, none], source, into: kept, at: start + .days(1))
        #expect(
            asked.requests.dropFirst().map { $0.head.path } == [
                "/api/orders/a%20b/cases", "/api/orders/c/cases",
            ])
        #expect(await kept.all.map(\.order) == ["a b"])
        // Not again on the same day.
        asked = try await pull([none], source, into: kept, at: start + .days(1) + .hours(1))
        #expect(asked.requests.count == 1)
    }

    @Test("a pull that was broken off goes on where it stood, in the middle of the items too")
    func goesOn() async throws {
        let kept = Kept()
        let broken = try await pull(
            [
                reply(
                    200,
                    #"{"next":null,"results":[{"number":1,"test":false,"state":"new","returns":[1],"lines":[]},{"number":2,"test":false,"state":"new","returns":[1],"lines":[]}]}"#
                ),
                reply(200, #"[{"id":"r1"}]"#), reply(404),
            ], try source(), into: kept)
        #expect(broken.failure != nil)
        let (requests, failure) = try await pull(
            [reply(200, #"[{"id":"r2"}]"#), reply(200, #"{"list":[],"more":null}"#)], try source(), into: kept)
        #expect(failure == nil && requests.map { $0.head.path } == ["/api/orders/2/returns", "/api/stars"])
    }

    @Test(
        "what is no answer of the platform's is refused, and nothing is said to be complete",
        arguments: [
            "", "[1", "{}", #"{"next":null,"results":[{"number":1,"test":false,"state":"new"}]}"#,
            #"{"next":"https://shop.example/other/orders","results":[]}"#, #"{"results":{}}"#, #"{"results":null}"#,
            #"{"next":"https://elsewhere.example/orders","results":[]}"#,
            #"{"next":"http://shop.example/api/orders","results":[]}"#,
        ])
    func refused(_ body: String) async throws {
        let kept = Kept()
        let (requests, failure) = try await pull(
            Array(repeating: reply(200, body), count: 8), try source(), into: kept)
        #expect(failure != nil && !requests.contains { $0.head.authority != "shop.example" })
        #expect(await kept.pages.allSatisfy { $0.finish == nil })
    }

    /// A shop whose answers name things by their addresses, and orders by two ids.
    private static let addressed = """
        pack: linked
        timezone: UTC
        source:
          authorization: {header: X-Key, value: none}
          streams:
            orders:
              get: /orders
              facts: [{kind: order, id: number}]
              details:
                item: {path: url, between: [/orders/, /]}
                known_as: number
                streams:
                  lines:
                    get: "/orders/{item}/lines"
                    items: results
                    total: count
                    facts:
                      - kind: line
                        id: {path: url, between: [/lines/, ""]}
                        order: {item: true}
                        product: {path: product, between: ["", "-"]}
        """

    @Test("what is asked by one id is known by another, and ids are cut out of addresses")
    func addressed() async throws {
        let (kept, shop) = (Kept(), try source(Self.addressed))
        let orders =
            #"[{"number":"T 1","url":"https://x.example/orders/api/orders/17/"},{"number":"18","url":"/orders/18/"}]"#
        let first = #"{"count":1,"results":[{"url":"/orders/17/lines/5","product":"mug-blue-1"}]}"#
        let broken = try await pull([reply(200, orders), reply(200, first), reply(404)], shop, into: kept)
        #expect(
            broken.requests.map { $0.head.path } == ["/api/orders", "/api/orders/17/lines", "/api/orders/18/lines"])
        let second =
            #"{"count":2,"results":[{"url":"/orders/18/lines/6","product":"lamp"},{"url":"/l/7","product":"a-b"}]}"#
        let (requests, failure) = try await pull([reply(200, second)], shop, into: kept)
        #expect(failure == nil && requests.map { $0.head.path } == ["/api/orders/18/lines"])
        // Nothing asks about a time: all is known from the beginning.
        let finish = try #require(await kept.pages.last?.finish)
        #expect(finish.from == nil && finish.kinds == FactKinds([.order, .line]))
        let lines = await kept.facts.values.filter { $0.kind == .line }.map(FactEncoder.line)
        #expect(lines == [#"{"kind":"line","store":"s","id":"5","order":"T 1","product":"mug"}"#])
        // A product without the hyphen, and an address without /lines/.
        let reasons = await kept.rejections
        #expect(reasons.count == 2 && reasons.allSatisfy { $0.contains("behind what is meant") }, "\(reasons)")
    }

    @Test(
        "an answer that holds a part of an order's lines is refused, and so is an item that cannot be asked for",
        arguments: [
            [#"[{"number":"1","url":"/orders/1/"}]"#, #"{"count":3,"results":[{"url":"/orders/1/lines/5"}]}"#],
            [#"[{"number":"1","url":"/orders/1/"}]"#, #"{"results":[{"url":"/orders/1/lines/5"}]}"#],
            [#"[{"number":"1","url":"/order/1/"}]"#], [#"[{"number":"","url":"/orders/1/"}]"#],
        ])
    func partial(_ answers: [String]) async throws {
        let kept = Kept()
        let last = Array(repeating: reply(200, answers[answers.count - 1]), count: 8)
        let (_, failure) = try await pull(
            answers.dropLast().map { reply(200, $0) } + last, try source(Self.addressed), into: kept)
        #expect(failure != nil)
        #expect(await kept.pages.allSatisfy { $0.finish == nil })
    }

    @Test(
        "the documents' own samples become facts",
        .enabled(if: SharedData.isThere, Comment(rawValue: SharedData.absence)))
    func samples() throws {
        let folder = "../fixtures/international/woocommerce/"
        let pack = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../../rules/woocommerce.yaml"), encoding: .utf8)
        let shop = try source(pack)
        var state = PullState()
        func facts(_ name: String) throws -> [String] {
            let body = Array(try SharedData.text(folder + name).utf8)
            let page = try shop.page(from: Reply(status: .ok, body: body), after: state, at: PulledFeed.start)
            #expect(page.rejections.isEmpty)
            return page.facts.map(FactEncoder.line)
        }
        let orders = try facts("orders-list-all-orders.json")
        #expect(orders.count == 6)
        #expect(
            orders.contains(
                #"{"kind":"order","store":"s","id":"727","updated_at":"2017-03-22T19:28:08Z","placed_at":"2017-03-22T19:28:02Z","paid_at":"2017-03-22T19:28:08Z","status":"paid","amount":"29.35","currency":"USD","fulfillment":"seller"}"#
            ), "\(orders)")
        #expect(
            orders.contains(
                #"{"kind":"line","store":"s","id":"316","updated_at":"2017-03-22T19:28:08Z","order":"727","product":"22","units":1,"amount":"12","currency":"USD"}"#
            ), "\(orders)")
        // As asked for order 723, whose refunds the list names.
        state.cursor = "0 0 0\n0\nlast\n\n723"
        let refunds = try facts("order-refunds-list-all-refunds.json")
        #expect(
            refunds.contains(
                #"{"kind":"refund","store":"s","id":"726","updated_at":"2017-03-21T20:07:11Z","order":"723","opened_at":"2017-03-21T20:07:11Z","refunded_at":"2017-03-21T20:07:11Z","type":"refund","status":"refunded","amount":"10"}"#
            ), "\(refunds)")
        state.cursor = "2 0 0\n0\n\n"  // The third stream.
        let reviews = try facts("product-reviews-list-all-product-reviews.json")
        #expect(
            reviews.count == 2 && reviews.contains { $0.contains(#""score":1"#) && $0.contains(#""product":"31""#) })
        #expect(!(orders + refunds + reviews).joined().contains("John"))
    }
}
