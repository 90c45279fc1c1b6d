import Curl
import Facts
import HTTPTypes
import Rules
import Testing

@testable import Pull

@Suite("eBay's answers")
struct EbayAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("ebay") }

    private static func error(_ id: Int) -> String {
        #"{"errors":[{"errorId":\#(id),"domain":"API_FULFILLMENT","category":"REQUEST","message":"short","longMessage":"long","parameters":[]}]}"#
    }

    private static let others: [VerdictRow] = [
        VerdictRow(.answer, #"{"total":0,"orders":[]}"#), VerdictRow(.refresh, 401, error(1001)),
        VerdictRow(.configuration, 403, error(1100)), VerdictRow(.wait(nil), 429, error(2001)),
        VerdictRow(.wait(3600), 429, error(2001), retryAfter: "3600"), VerdictRow(.retry, 500, error(30500)),
        VerdictRow(.permanent, 404, error(30840)), VerdictRow(.permanent, 200, error(30830)),
        VerdictRow(.retry, 500, #"{"errorMessage":{"error":[{"errorId":1001,"message":"…"}]}}"#),
        VerdictRow(.permanent, 400, #"{"errorMessage":{"error":[{"errorId":1401,"message":"…"}]}}"#),
    ]

    private static let rejected: [VerdictRow] = [30700, 30800, 30810, 30820, 30830, 30840].map {
        VerdictRow(.permanent, 400, error($0))
    }
    static let verdicts: [VerdictRow] = rejected + others

    @Test("each error is of its class", arguments: verdicts + VerdictRow.byStatus)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    @Test("eBay's own number and words are told")
    func words() {
        #expect(
            platform.words(VerdictRow(.permanent, 400, Self.error(30830)))
                == "the platform says 30830 (long): it does not take the request")
    }

    private func orders(_ members: String) -> String {
        #"{"total":1,"orders":[{"orderId":"1","creationDate":"2026-02-01T00:00:00.000Z","lastModifiedDate":"2026-02-02T00:00:00.500Z","lineItems":[],\#(members)}]}"#
    }

    @Test("another one in place of the money is an exchange")
    func requests() throws {
        func type(_ members: String) throws -> String {
            try platform.fact("returns", #"{"members":[{"returnId":"5","state":"CLOSED",\#(members)}]}"#)
        }
        #expect(
            try type(#""currentType":"REPLACEMENT","creationInfo":{"type":"MONEY_BACK"}"#).says(#""type":"exchange""#))
        #expect(try type(#""creationInfo":{"type":"REPLACEMENT"}"#).says(#""type":"exchange""#))
        #expect(try type(#""currentType":"MONEY_BACK""#).says(#""type":"return""#))
        #expect(try type(#""creationInfo":{}"#).says(#""type":"return""#))
    }

    @Test("a service metric is one rating for each category or region; without data there is none")
    func serviceMetrics() throws {
        func metric(_ dimension: String, _ rating: String) -> String {
            #"{"dimension":\#(dimension),"metrics":[{"metricKey":"COUNT","value":"3"},{"metricKey":"RATE","value":"0.91","benchmark":{"rating":"\#(rating)"}}]}"#
        }
        func body(_ metrics: String) -> String {
            #"{"evaluationCycle":{"evaluationDate":"2026-02-20T00:00:00.000Z"},"dimensionMetrics":[\#(metrics)]}"#
        }
        let two = [metric(#"{"name":"Shoes","value":"1"}"#, "LOW"), metric(#"{"value":"2"}"#, "VERY_HIGH")]
        let lines = try platform.lines("not-as-described", body(two.joined(separator: ",")))
        try #require(lines.count == 2, "\(lines)")
        #expect(
            lines[0].says(
                #""id":"ebay.not_as_described_rating-1-2026-02-20T00:00:00.000Z""#, #""at":"2026-02-20T00:00:00Z""#,
                #""value":1"#), "\(lines[0])")
        // Labels are dropped here: this decoding allows none.
        #expect(lines[1].says(#""id":"ebay.not_as_described_rating-2-"#, #""value":4"#), "\(lines)")
        let region = try platform.lines("not-received", body(metric(#"{"name":"Domestic","value":"D"}"#, "AVERAGE")))
        #expect(region.count == 1 && region[0].says(#""name":"ebay.not_received_rating""#, #""value":2"#), "\(region)")
        #expect(try platform.lines("not-received", body(metric(#"{"value":"D"}"#, "NOT_RATED"))) == [])
        #expect(try platform.lines("not-received", body("")) == [] && platform.lines("not-received", "{}") == [])
    }

    @Test("lists do not tell who canceled: canceled orders are asked for one by one, refunded or not")
    func canceled() throws {
        func asked(_ members: String) throws -> [String] {
            try platform.next("orders", orders(members))?.items.map(\.asked) ?? []
        }
        #expect(try asked(#""cancelStatus":{"cancelState":"CANCELED"},"paymentSummary":{"refunds":[]}"#) == ["1"])
        #expect(try asked(#""cancelStatus":{"cancelState":"CANCELED"}"#) == ["1"])
        #expect(try asked(#""cancelStatus":{"cancelState":"NONE_REQUESTED"},"paymentSummary":{}"#) == [])
        #expect(try asked(#""cancelStatus":{"cancelState":"IN_PROGRESS"},"paymentSummary":{"refunds":[]}"#) == [])
        let refund = #"{"refundId":"5","refundDate":"2026-02-02T00:00:00.000Z","refundStatus":"REFUNDED"}"#
        #expect(
            try asked(
                #""cancelStatus":{"cancelState":"NONE_REQUESTED"},"paymentSummary":{"refunds":[\#(refund)]}"#) == ["1"])
    }

    @Test("lists do not tell who canceled: orders with refunds are asked for one by one")
    func details() throws {
        let refunded = orders(
            #""cancelStatus":{"cancelState":"CANCELED","cancelRequests":[]},"paymentSummary":{"refunds":[{"refundId":"5","refundDate":"2026-02-02T00:00:00.000Z","amount":{"value":"9.90","currency":"EUR"},"refundStatus":"REFUNDED"}]}"#
        )
        let lines = try platform.lines("orders", refunded)
        #expect(
            lines == [
                #"{"kind":"refund","store":"s","id":"5","updated_at":"2026-02-02T00:00:00.5Z","order":"1","opened_at":"2026-02-02T00:00:00Z","refunded_at":"2026-02-02T00:00:00Z","type":"refund","status":"refunded","amount":"9.9","currency":"EUR"}"#
            ])
        #expect(try platform.next("orders", refunded)?.items.map(\.asked) == ["1"])
        #expect(try platform.request("order", item: "1").head.path == "/sell/fulfillment/v1/order/1")
        let listed = #"{"kind":"order","store":"s","id":"1","updated_at":"2026-02-02T00:00:00.5Z","status":"canceled"}"#
        let added = try platform.adding(
            "order",
            #"{"orderId":"1","cancelStatus":{"cancelState":"CANCELED","cancelRequests":[{"cancelReason":"BUYER_ASKED_CANCEL","cancelInitiator":"SELLER","cancelCompletedDate":"2026-02-02T00:00:00.000Z"}]},"paymentSummary":{"payments":[]},"lineItems":[]}"#,
            to: listed)
        let detail = try #require(added.first)
        #expect(
            detail.says(#""canceled_by":"buyer""#, #""canceled_at":"2026-02-02T00:00:00Z""#, #""status":"canceled""#))
    }

    @Test("an order without refund comes from the list, and what is only asked for is not canceled")
    func listed() throws {
        let open = try platform.fact(
            "orders",
            orders(
                #""cancelStatus":{"cancelState":"IN_PROGRESS"},"orderPaymentStatus":"PAID","orderFulfillmentStatus":"NOT_STARTED","paymentSummary":{"refunds":[],"payments":[{"paymentDate":"2026-02-01T00:00:01.000Z","paymentStatus":"PENDING"}]}"#
            ))
        #expect(open.says(#""status":"paid""#) && !open.contains("canceled_at") && !open.contains("paid_at"), "\(open)")
        #expect(try platform.next("orders", orders(#""paymentSummary":{"refunds":[]}"#)) == nil)
    }

    @Test("pages go on by their offset until the total, with milliseconds in the filter")
    func pages() throws {
        let asked = query(try platform.request("orders"))
        #expect(asked["filter"] == "lastmodifieddate:[2026-01-30T10:00:00.000Z..2026-02-06T10:00:00.000Z]")
        #expect(asked["limit"] == "200" && asked["offset"] == "0")
        let one = orders(#""paymentSummary":{"refunds":[]}"#)
        #expect(try platform.next("orders", one.replacing(#""total":1"#, with: #""total":3"#))?.page == "1")
        #expect(try platform.next("orders", one.replacing(#""total":1"#, with: #""total":3"#), page: "2") == nil)
        #expect(try platform.next("orders", #"{"total":0,"orders":[]}"#) == nil)
    }

    @Test("a metric is a number or an object with percent as text; no metrics are no readings")
    func standards() throws {
        func profile(_ metrics: String) throws -> [String] {
            try platform.lines(
                "standards",
                #"{"standardsLevel":"BELOW_STANDARD","cycle":{"evaluationDate":"2026-02-20T00:00:00.000Z"},"metrics":[\#(metrics)]}"#
            )
        }
        let level =
            #"{"kind":"measure","store":"s","id":"ebay.seller_level@2026-02-20T00:00:00Z","updated_at":"2026-03-02T10:00:00Z","name":"ebay.seller_level","at":"2026-02-20T00:00:00Z","value":1}"#
        #expect(try profile("") == [level])
        let some = try profile(
            #"{"metricKey":"MIN_DAYS_ON_SITE","value":{"value":"90"}},{"metricKey":"SHIPPING_MISS_RATE","value":{"value":"0.91"},"thresholdUpperBound":{"value":"3.00"}},{"metricKey":"MIN_GMV","value":5,"thresholdLowerBound":1000}"#
        )
        #expect(some.count == 5)
        #expect(some.contains { $0.says("ebay.shipping_miss_rate_limit", #""value":0.03"#) }, "\(some)")
        #expect(some.contains { $0.says("ebay.late_rate", #""value":0.0091"#) })
        #expect(some.contains { $0.says("ebay.days_on_site", #""value":90"#) })
        #expect(some.contains { $0.says("ebay.min_gmv", #""value":1000"#) })
    }

    @Test(
        "returns and cases that a store may not read are withheld, and the rest is pulled",
        arguments: ["returns", "cases"])
    func withheld(_ stream: String) throws {
        for status in [403, 404] {
            let page = try platform.page(
                stream, #"{"errorMessage":{"error":[{"errorId":1002,"message":"No right."}]}}"#, status: status)
            #expect(page.withheld == stream && page.remarks.map(\.id) == ["withheld." + stream], "\(status)")
            #expect(page.refused?.contains("No right.") ?? false)
        }
    }

    @Test("Post-Order lists end by their count at either of its places, and without one by an empty page")
    func postOrderPages() throws {
        let member = #"{"members":[{"caseId":"7","caseStatusEnum":"OPEN"}]"#
        #expect(try platform.next("cases", member + #","total":1}"#) == nil)
        #expect(try platform.next("cases", member + #","paginationOutput":{"totalEntries":2}}"#)?.page == "1")
        #expect(try platform.next("cases", member + "}")?.page == "1")
        for none in [#"{"total":0}"#, #"{"paginationOutput":{"totalEntries":0}}"#, #"{"members":null}"#] {
            #expect(try platform.page("cases", none).facts.isEmpty, "\(none)")
        }
    }

    @Test("an order without refunds and lines is an order all the same")
    func bare() throws {
        let lines = try platform.lines(
            "orders",
            #"{"orders":[{"orderId":"1","creationDate":"2026-02-01T00:00:00.000Z","lastModifiedDate":"2026-02-02T00:00:00.500Z"}]}"#
        )
        #expect(lines.count == 1 && lines[0].hasPrefix(#"{"kind":"order""#), "\(lines)")
    }

    @Test("Post-Order has its own header; cases and returns end as documented")
    func postOrder() throws {
        let request = try platform.request("returns")
        #expect(request.head.headerFields[.authorization] == "IAF given-access_token")
        #expect(query(request)["role"] == "SELLER")
        #expect(try platform.request("orders").head.headerFields[.authorization] == "Bearer given-access_token")
        func closed(_ status: String) throws -> String {
            try platform.fact(
                "cases",
                #"{"members":[{"caseId":"7","caseStatusEnum":"\#(status)","lastModifiedDate":{"value":"2026-02-01T00:00:00.000Z"}}]}"#
            )
        }
        #expect(try closed("CS_CLOSED").says(#""liable":"seller""#, #""closed_by":"platform""#, #""status":"closed""#))
        #expect(try !closed("CLOSED").contains("liable"))
        for status in ["OPEN", "ON_HOLD", "WAITING_CS", "WAITING_DELIVERY", "REFUND_AGREED_BUT_FAILED", "OTHER"] {
            #expect(try closed(status).says(#""status":"open""#) && !closed(status).contains("closed_at"))
        }
        let returned = try platform.fact(
            "returns",
            #"{"members":[{"returnId":"8","creationInfo":{"reason":"SOMETHING","reasonType":"SNAD","creationDate":{"value":"2026-02-01T00:00:00.000Z"}},"state":"CLOSED","sellerTotalRefund":{"actualRefundAmount":{"value":"0.00"}}}]}"#
        )
        #expect(returned.says(#""reason":"not_as_described""#, #""status":"closed""#))
    }
}
