import Curl
import Facts
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("Shopify's answers")
struct ShopifyAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("shopify") }

    private static func throttled(cost: String, there: String, rate: String) -> String {
        #"{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":{"requestedQueryCost":\#(cost),"actualQueryCost":null,"throttleStatus":{"maximumAvailable":1000.0,"currentlyAvailable":\#(there),"restoreRate":\#(rate)}}}}"#
    }

    private static func error(_ code: String) -> String {
        #"{"errors":[{"message":"…","extensions":{"code":"\#(code)"}}]}"#
    }

    static let verdicts: [VerdictRow] = [
        VerdictRow(.answer, #"{"data":{"orders":{"nodes":[]}},"extensions":{"cost":{"requestedQueryCost":13}}}"#),
        // (requested − available) ÷ rate, up to the whole second.
        VerdictRow(.wait(1), throttled(cost: "100", there: "50.0", rate: "50.0")),
        VerdictRow(.wait(2), throttled(cost: "101", there: "50.0", rate: "50.0")),
        VerdictRow(.wait(0), throttled(cost: "10", there: "50", rate: "50")),
        VerdictRow(.wait(3600), throttled(cost: "900000", there: "0", rate: "1")),
        VerdictRow(.wait(nil), throttled(cost: "10", there: "0", rate: "0")),
        VerdictRow(.wait(nil), error("THROTTLED")), VerdictRow(.wait(4), 200, error("THROTTLED"), retryAfter: "4"),
        VerdictRow(.configuration, error("ACCESS_DENIED")), VerdictRow(.configuration, error("SHOP_INACTIVE")),
        VerdictRow(.retry, error("INTERNAL_SERVER_ERROR")), VerdictRow(.retry, error("TIMEOUT")),
        VerdictRow(.permanent, error("MAX_COST_EXCEEDED")),
        VerdictRow(.permanent, #"{"errors":[{"message":"Field 'x' doesn't exist on type 'Order'"}]}"#),
        VerdictRow(.refresh, 401, #"{"errors":"[API] Invalid API key or access token"}"#),
        VerdictRow(.configuration, 404, #"{"errors":"Not Found"}"#), VerdictRow(.configuration, 403, "{}"),
        VerdictRow(.wait(2), 429, #"{"errors":"Exceeded 2 calls per second"}"#, retryAfter: "2"),
        VerdictRow(.refresh, 401, "{}"), VerdictRow(.retry, 502, "<html>"), VerdictRow(.permanent, 400, "{}"),
    ]

    @Test("each error is of its class, also inside a 200", arguments: verdicts)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    @Test("the platform's samples", .enabled(if: SharedData.isThere, Comment(rawValue: SharedData.absence)))
    func samples() throws {
        let folder = "../fixtures/international/shopify/graphql-"
        let throttled = try SharedData.text(folder + "throttled.transcribed.json")
        #expect(platform.verdict(VerdictRow(.wait(1), throttled)) == .wait(1))
        let fine = try SharedData.text(folder + "cost-ok.transcribed.json")
        #expect(platform.verdict(VerdictRow(.answer, fine)) == .answer)
    }

    private func order(_ members: String) throws -> [String] {
        try platform.lines(
            "orders",
            #"{"data":{"orders":{"nodes":[{"id":"gid://shopify/Order/1","createdAt":"2026-02-01T10:00:00-05:00","processedAt":null,"updatedAt":"2026-02-02T00:00:00Z","test":false,"displayFinancialStatus":"PENDING","displayFulfillmentStatus":"UNFULFILLED","transactions":[],"fulfillments":[],\#(members)}],"pageInfo":{"hasNextPage":false}}}}"#
        )
    }

    @Test("a refund without money is none that was refunded, and the shop's own currency counts")
    func refunds() throws {
        func refund(_ amount: String, _ transactions: String) throws -> String {
            try order(
                #""refunds":[{"id":"r","createdAt":"2026-02-02T00:00:00Z","totalRefundedSet":{"shopMoney":{"amount":"\#(amount)","currencyCode":"CAD"}},"transactions":{"nodes":[\#(transactions)]}}]"#
            )[1]
        }
        let paid = try refund(
            "11.50", #"{"kind":"REFUND","status":"SUCCESS","processedAt":"2026-02-02T00:00:05Z"}"#)
        #expect(
            paid.says(#""refunded_at":"2026-02-02T00:00:05Z""#, #""status":"refunded""#, #""amount":"11.5""#, "CAD"))
        let returned = try refund("0.0", "")
        #expect(returned.says(#""status":"closed""#) && !returned.contains("refunded_at"), "\(returned)")
        let failed = try refund("11.50", #"{"kind":"REFUND","status":"FAILURE","processedAt":"2026-02-02T00:00:05Z"}"#)
        #expect(failed.says(#""status":"closed""#) && !failed.contains("refunded_at"), "\(failed)")
        let pending = try refund("11.50", #"{"kind":"REFUND","status":"PENDING","processedAt":"2026-02-02T00:00:05Z"}"#)
        #expect(pending.says(#""status":"open""#) && !pending.contains("refunded_at"), "\(pending)")
        // Nothing of it is made yet: its amount may stand at 0 so long.
        let begun = try refund("0.0", #"{"kind":"REFUND","status":"PENDING","processedAt":"2026-02-02T00:00:05Z"}"#)
        #expect(begun.says(#""status":"open""#) && !begun.contains("refunded_at"), "\(begun)")
        let tried = try refund(
            "0.0",
            #"{"kind":"REFUND","status":"FAILURE","processedAt":"2026-02-02T00:00:05Z"},{"kind":"REFUND","status":"PENDING","processedAt":"2026-02-02T00:00:06Z"}"#
        )
        #expect(tried.says(#""status":"open""#), "\(tried)")
        let nothing = try refund("0.0", #"{"kind":"REFUND","status":"SUCCESS","processedAt":"2026-02-02T00:00:05Z"}"#)
        #expect(nothing.says(#""status":"closed""#), "\(nothing)")
    }

    @Test("a refund whose transactions are not where they were asked for is set aside; any one of many counts")
    func transactions() throws {
        func refund(_ transactions: String) throws -> String {
            try order(
                #""refunds":[{"id":"r","createdAt":"2026-02-02T00:00:00Z","totalRefundedSet":{"shopMoney":{"amount":"10.0","currencyCode":"CAD"}}\#(transactions)}]"#
            )[1]
        }
        let made = #"{"kind":"REFUND","status":"SUCCESS","processedAt":"2026-02-02T00:00:05Z"}"#
        let failed = #"{"kind":"REFUND","status":"FAILURE","processedAt":"2026-02-02T00:00:04Z"}"#
        for other in [
            "", #","transactions":[\#(made)]"#, #","transactions":{"edges":[{"node":\#(made)}]}"#,
        ] {
            #expect(try refund(other) == "no refund: without transactions.nodes[].status", "\(other)")
        }
        let many = try refund(#","transactions":{"nodes":[\#(failed),\#(failed),\#(failed),\#(failed),\#(made)]}"#)
        #expect(many.says(#""status":"refunded""#, #""refunded_at":"2026-02-02T00:00:05Z""#), "\(many)")
    }

    @Test("lines come by themselves, and those of long orders one by one")
    func lines() throws {
        func order(_ more: Bool) -> String {
            #"{"data":{"orders":{"nodes":[{"id":"o","updatedAt":"2026-02-02T00:00:00Z","test":false,"lineItems":{"nodes":[{"id":"l","quantity":2,"product":null,"discountedTotalSet":{"shopMoney":{"amount":"9.5","currencyCode":"USD"}}}],"pageInfo":{"hasNextPage":\#(more)}}}],"pageInfo":{"hasNextPage":false}}}}"#
        }
        let line =
            #"{"kind":"line","store":"s","id":"l","updated_at":"2026-02-02T00:00:00Z","order":"o","units":2,"amount":"9.5","currency":"USD","excluded":false}"#
        let lines = try platform.lines("lines", order(false))
        #expect(lines == [line], "\(lines)")
        #expect(try platform.next("lines", order(false)) == nil)
        #expect(try platform.next("lines", order(true))?.items.map(\.asked) == ["o"])
        #expect(sent(try platform.request("more-lines", item: "gid://shopify/Order/1")).contains("Order"))
        let long = try platform.lines(
            "more-lines",
            #"{"data":{"order":{"id":"o","updatedAt":"2026-02-02T00:00:00Z","test":false,"lineItems":{"nodes":[{"id":"l","quantity":2,"product":null,"discountedTotalSet":{"shopMoney":{"amount":"9.5","currencyCode":"USD"}}}]}}}}"#
        )
        #expect(long == [line])
    }

    @Test("offsets in times are read; a test order does not count; who canceled follows from the reason")
    func orders() throws {
        let line = try order(
            #""cancelledAt":"2026-02-02T00:00:00+09:00","cancelReason":"INVENTORY","refunds":[],"totalPriceSet":{"shopMoney":{"amount":"598.94","currencyCode":"USD"}}"#
        )[0]
        #expect(
            line.says(
                #""placed_at":"2026-02-01T15:00:00Z""#, #""canceled_at":"2026-02-01T15:00:00Z""#,
                #""canceled_by":"seller""#, #""amount":"598.94""#, #""excluded":false"#), "\(line)")
        #expect(
            try order(#""cancelledAt":"2026-02-02T00:00:00Z","cancelReason":"CUSTOMER","refunds":[]"#)[0].says("buyer"))
        #expect(
            try !order(#""cancelledAt":"2026-02-02T00:00:00Z","cancelReason":"FRAUD","refunds":[]"#)[0].contains(
                "canceled_by"))
    }

    @Test("disputes: days begin at midnight UTC; a shop without payments has none")
    func disputes() throws {
        func dispute(_ members: String) throws -> String {
            try platform.fact(
                "disputes",
                #"{"data":{"shopifyPaymentsAccount":{"disputes":{"nodes":[{"id":"d","type":"CHARGEBACK","order":null,\#(members)}],"pageInfo":{"hasNextPage":false}}}}}"#
            )
        }
        let open = try dispute(
            #""status":"NEEDS_RESPONSE","initiatedAt":"2026-02-01T00:00:00Z","evidenceDueBy":"2026-02-10","finalizedOn":null,"reasonDetails":{"reason":"FRAUDULENT"}"#
        )
        #expect(open.says(#""appeal_by":"2026-02-10T00:00:00Z""#, #""status":"open""#, #""reason":"fraud""#), "\(open)")
        #expect(open.says(#""type":"chargeback""#, #""disputed":true"#) && !open.contains("closed_at"))
        let lost = try dispute(#""status":"LOST","finalizedOn":"2026-02-20""#)
        #expect(lost.says(#""refunded_at":"2026-02-20T00:00:00Z""#, #""status":"refunded""#))
        #expect(try dispute(#""status":"WON","finalizedOn":"2026-02-20""#).says(#""status":"rejected""#))
        #expect(try platform.lines("disputes", #"{"data":{"shopifyPaymentsAccount":null}}"#) == [])
    }

    @Test("a cursor goes on only where there is a next page")
    func cursor() throws {
        func body(_ more: Bool, _ cursor: String) -> String {
            #"{"data":{"orders":{"nodes":[],"pageInfo":{"hasNextPage":\#(more),"endCursor":\#(cursor)}}}}"#
        }
        #expect(try platform.next("orders", body(true, #""c1""#))?.page == "c1")
        #expect(
            try platform.next("orders", body(false, #""c1""#)) == nil
                && platform.next("orders", body(false, "null")) == nil)
        let asked = sent(try platform.request("orders"))
        // A member that rests on nothing is left out.
        #expect(asked.contains(#""variables":{"query":"updated_at:>='2026-01-30T10:00:00Z'"}"#), "\(asked)")
        #expect(sent(try platform.request("orders", page: "c1")).contains(#""variables":{"cursor":"c1","query""#))
    }
}
