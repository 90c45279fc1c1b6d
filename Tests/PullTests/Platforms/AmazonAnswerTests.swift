import Curl
import Facts
import HTTPTypes
import Rules
import Testing

@testable import Pull

@Suite("Amazon's answers")
struct AmazonAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("amazon") }

    private static func error(_ code: String) -> String {
        #"{"errors":[{"code":"\#(code)","message":"…","details":""}]}"#
    }

    static let verdicts: [VerdictRow] = [
        VerdictRow(.answer, #"{"orders":[]}"#), VerdictRow(.answer, #"{"orders":[],"errors":[]}"#),
        VerdictRow(.wait(nil), 429, error("QuotaExceeded")),
        VerdictRow(.wait(180), 429, error("QuotaExceeded"), retryAfter: "180"),
        VerdictRow(.permanent, 400, error("InvalidInput")), VerdictRow(.permanent, 404, error("NotFound")),
        // What is told with 403 of a token that is over, and of a right that is missing.
        VerdictRow(.refresh, 403, error("Unauthorized")), VerdictRow(.refresh, 401, error("Unauthorized")),
        VerdictRow(.configuration, 403, error("AccessDenied")), VerdictRow(.configuration, 403, error("SomethingElse")),
        VerdictRow(.retry, 500, error("InternalFailure")), VerdictRow(.retry, 503, error("ServiceUnavailable")),
        VerdictRow(.wait(9), 503, error("ServiceUnavailable"), retryAfter: "9"),
        VerdictRow(.retry, 500, error("Unheard")),
    ]

    @Test("each error is of its class", arguments: verdicts + VerdictRow.byStatus)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    @Test("what is said of a token that was got just now is that a role lacks, and for ten minutes only")
    func roles() throws {
        func page(_ code: String, after minutes: Int64) throws -> Page {
            try platform.source.trustingToken(at: ShippedPlatform.start).page(
                from: Reply(status: .init(code: 403), body: Array(Self.error(code).utf8)),
                after: platform.state(at: try platform.place(of: "orders")),
                at: ShippedPlatform.start + .minutes(minutes))
        }
        let lacking = try page("Unauthorized", after: 9)
        #expect(lacking.withheld == "orders" && lacking.refused?.contains("their rights") ?? false)
        #expect(try #require(throws: PullError.self) { try page("Unauthorized", after: 11) }.isExpiry)
        // What only a token that is over is told, by its code or in the details, is no matter of roles.
        let details =
            #"{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":"The access token you provided has expired."}]}"#
        let said = platform.words(VerdictRow(.refresh, 403, details))
        #expect(said.contains("the access token is over"), "\(said)")
        let source = platform.source.trustingToken(at: ShippedPlatform.start)
        let state = platform.state(at: try platform.place(of: "orders"))
        let over = Reply(status: .init(code: 403), body: Array(details.utf8))
        #expect(
            try #require(throws: PullError.self) {
                try source.page(from: over, after: state, at: ShippedPlatform.start)
            }
            .isExpiry)
        #expect(try #require(throws: PullError.self) { try page("ExpiredToken", after: 9) }.isExpiry)
    }

    @Test("orders of v0 tell what they tell")
    func older() throws {
        let order = try platform.fact(
            "orders_v0",
            #"{"payload":{"Orders":[{"AmazonOrderId":"1","PurchaseDate":"2026-02-01T00:00:00Z","LastUpdateDate":"2026-02-03T00:00:00Z","OrderStatus":"Canceled","FulfillmentChannel":"AFN","OrderTotal":{"CurrencyCode":"USD","Amount":"11.01"},"LatestShipDate":"2026-02-02T00:00:00Z"}]}}"#
        )
        #expect(
            order
                == #"{"kind":"order","store":"s","id":"1","placed_at":"2026-02-01T00:00:00Z","ship_by":"2026-02-02T00:00:00Z","canceled_at":"2026-02-03T00:00:00Z","status":"canceled","amount":"11.01","currency":"USD","fulfillment":"platform"}"#
        )
        let asked = query(try platform.request("orders_v0", page: "t2"))
        #expect(asked["LastUpdatedBefore"] == "2026-02-06T10:00:00Z" && asked["NextToken"] == "t2")
        #expect(try platform.next("orders_v0", #"{"payload":{"Orders":[],"NextToken":"t3"}}"#)?.page == "t3")
    }

    @Test("the items of a v0 order go on by a token of their own until there is none")
    func manyItems() throws {
        func item(_ number: Int) -> String { #"{"OrderItemId":"\#(number)","SellerSKU":"s","QuantityOrdered":1}"# }
        var place = try platform.place(of: "items_v0", item: "O-1")
        place.items.append(PlatformPlace.Item(asked: "O-2", known: "O-2"))
        func page(_ body: String) throws -> (facts: [String], next: PlatformPlace?) {
            let page = try platform.source.page(
                from: Reply(status: .ok, body: Array(body.utf8)), after: platform.state(at: place),
                at: ShippedPlatform.start)
            return (page.facts.map(\.id), page.next.flatMap { PlatformPlace(text: $0) })
        }
        let first = try page(#"{"payload":{"AmazonOrderId":"O-1","NextToken":"a b","OrderItems":[\#(item(1))]}}"#)
        #expect(first.facts == ["1"])
        place = try #require(first.next)
        #expect(place.items.map(\.asked) == ["O-1", "O-2"] && place.detailPage == "a b")
        let asked = platform.source.request(
            after: platform.state(at: place), at: Asking(now: ShippedPlatform.start, nonce: 1))
        #expect(query(asked)["NextToken"] == "a b" && asked.head.path?.hasPrefix("/orders/v0/orders/O-1/") == true)
        let second = try page(#"{"payload":{"AmazonOrderId":"O-1","OrderItems":[\#(item(2))]}}"#)
        #expect(second.facts == ["2"])
        place = try #require(second.next)
        #expect(place.items.map(\.asked) == ["O-2"] && place.detailPage == nil)
        #expect(try query(platform.request("items_v0", item: "O-1"))["NextToken"] == nil)
    }

    @Test("a token that is over in the middle of a list is no lack of a right, and a question is about a week")
    func overInTheMiddle() throws {
        func page(_ page: String?) throws -> Page {
            try platform.page("orders", Self.error("InvalidInput"), status: 400, page: page)
        }
        #expect(throws: PullError.self) { try page("token") }
        #expect(try page(nil).withheld == "orders")
        let asked = query(try platform.request("orders"))
        let (from, until) = (asked["lastUpdatedAfter"] ?? "", asked["lastUpdatedBefore"] ?? "")
        #expect(try #require(Timestamp(until)) - (try #require(Timestamp(from))) <= .days(7), "\(from) \(until)")
    }

    @Test("an order of which no items are told is an order all the same")
    func withoutItems() throws {
        let lines = try order(#""fulfillment":{"fulfillmentStatus":"UNSHIPPED"}"#)
        #expect(lines.count == 1 && lines[0].hasPrefix(#"{"kind":"order""#), "\(lines)")
    }

    private func order(_ members: String) throws -> [String] {
        try platform.lines(
            "orders",
            #"{"orders":[{"orderId":"1","createdTime":"2026-02-01T00:00:00Z","lastUpdatedTime":"2026-02-03T00:00:00Z",\#(members)}]}"#
        )
    }

    @Test("each documented status has its word; amounts are texts with their currency")
    func statuses() throws {
        let words = [
            ("PENDING_AVAILABILITY", "open"), ("PENDING", "open"), ("UNSHIPPED", "paid"), ("PARTIALLY_SHIPPED", "paid"),
            ("SHIPPED", "shipped"), ("CANCELLED", "canceled"), ("UNFULFILLABLE", "open"),
        ]
        for (status, word) in words {
            let line = try order(
                #""fulfillment":{"fulfillmentStatus":"\#(status)","fulfilledBy":"AMAZON"},"orderItems":[],"proceeds":{"grandTotal":{"amount":"0.10","currencyCode":"JPY"}}"#
            )[0]
            #expect(
                line.says(#""status":"\#(word)""#, #""fulfillment":"platform""#, #""amount":"0.1","currency":"JPY""#))
            #expect(line.contains("canceled_at") == (status == "CANCELLED"))
        }
        let odd = try order(#""fulfillment":{"fulfillmentStatus":"NEW"},"orderItems":[]"#)[0]
        #expect(odd.hasPrefix("no order: status"))
    }

    @Test("what the buyer asked for is the buyer's cancellation, whoever carries it out")
    func cancellations() throws {
        func canceled(_ cancellation: String) throws -> String {
            try order(
                #""fulfillment":{"fulfillmentStatus":"CANCELLED","fulfilledBy":"MERCHANT"},"orderItems":[{"orderItemId":"2","cancellation":\#(cancellation)}]"#
            )[0]
        }
        let asked =
            #"{"cancellationRequest":{"requester":"BUYER"},"cancellationExecution":{"cancelledBy":"MERCHANT"}}"#
        #expect(try canceled(asked).says(#""canceled_by":"buyer""#))
        #expect(try canceled(#"{"cancellationExecution":{"cancelledBy":"MERCHANT"}}"#).says(#""canceled_by":"seller""#))
        #expect(try canceled(#"{"cancellationExecution":{"cancelledBy":"AMAZON"}}"#).says(#""canceled_by":"platform""#))
        #expect(try !canceled("null").contains("canceled_by"))
    }

    @Test("parcels are only where the seller ships, and one that waits is not shipped")
    func parcels() throws {
        let none = try order(#""fulfillment":{"fulfillmentStatus":"SHIPPED","fulfilledBy":"AMAZON"},"orderItems":[]"#)
        #expect(none.count == 1)
        let waiting = try order(
            #""fulfillment":{"fulfillmentStatus":"UNSHIPPED","fulfilledBy":"MERCHANT"},"orderItems":[],"packages":[{"packageReferenceId":"p","shipTime":"2026-02-02T00:00:00Z","packageStatus":{"status":"PENDING"}}]"#
        )
        #expect(waiting.count == 2 && !waiting.joined().contains("shipped_at"), "\(waiting)")
        let package = { (id: Int, more: String) in
            #"{"packageReferenceId":"\#(id)","packageStatus":{"status":"SHIPPED"}\#(more)}"#
        }
        let last = package(4, #","shipTime":"2026-02-02T00:00:00Z","trackingNumber":"1Z""#)
        let many = try order(
            #""fulfillment":{"fulfillmentStatus":"SHIPPED","fulfilledBy":"MERCHANT"},"packages":[\#(package(1, "")),\#(package(2, "")),\#(package(3, "")),\#(last)]"#
        )
        #expect(many.count == 5 && many[4].says(#""id":"1-4""#, #""shipped_at":"2026-02-02T00:00:00Z""#), "\(many)")
        #expect(many[0].says(#""shipped_at":"2026-02-02T00:00:00Z""#, #""tracked":true"#))
    }

    @Test("it is asked with the token in its own header, by last change up to some minutes ago, and goes on by token")
    func questions() throws {
        let request = try platform.request("orders")
        #expect(request.head.headerFields[HTTPField.Name("x-amz-access-token")!] == "given-access_token")
        let asked = query(request)
        #expect(
            asked["lastUpdatedAfter"] == "2026-01-30T10:00:00Z" && asked["lastUpdatedBefore"] == "2026-02-06T10:00:00Z")
        #expect(asked["maxResultsPerPage"] == "100" && asked["paginationToken"] == nil)
        let late = query(try platform.request("orders", since: ShippedPlatform.start - .hours(1)))
        // At least two minutes in the past.
        #expect(late["lastUpdatedBefore"] == "2026-03-02T09:55:00Z")
        #expect(try platform.next("orders", #"{"orders":[],"pagination":{"nextToken":"t/2+"}}"#)?.page == "t/2+")
        #expect(try platform.next("orders", #"{"orders":[]}"#) == nil)
        // The same filters, and the token.
        let second = query(try platform.request("orders", page: "t/2+"))
        #expect(second["paginationToken"] == "t/2+" && second["lastUpdatedAfter"] == asked["lastUpdatedAfter"])
    }
}
