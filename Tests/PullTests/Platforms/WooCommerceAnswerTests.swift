import Curl
import Facts
import HTTPTypes
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("WooCommerce's answers")
struct WooCommerceAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("woocommerce", endpoint: "https://shop.example") }

    private static func error(_ code: String, _ status: Int) -> String {
        #"{"code":"\#(code)","message":"…","data":{"status":\#(status)}}"#
    }

    static let verdicts: [VerdictRow] = [
        VerdictRow(.answer, "[]"),
        VerdictRow(.configuration, 401, error("woocommerce_rest_cannot_view", 401)),
        VerdictRow(.configuration, 403, error("woocommerce_rest_cannot_view", 403)),
        VerdictRow(.permanent, 400, error("rest_invalid_param", 400)),
        VerdictRow(.permanent, 404, error("rest_no_route", 404)),
        VerdictRow(.nothing, 400, error("rest_post_invalid_page_number", 400)),
        VerdictRow(.nothing, 400, error("woocommerce_rest_invalid_page_number", 400)),
        VerdictRow(.retry, 500, error("internal_server_error", 500)), VerdictRow(.retry, 503, "<html>maintenance"),
        VerdictRow(.wait(60), 503, "", retryAfter: "60"), VerdictRow(.wait(nil), 429, ""),
        VerdictRow(.wait(5), 429, error("too_many", 429), retryAfter: "5"),
        // Keys do not end: nothing is refreshed.
        VerdictRow(.configuration, 401, "{}"), VerdictRow(.permanent, 301, ""),
    ]

    @Test("each error is of its class", arguments: verdicts)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    private func order(_ members: String) throws -> [String] {
        try platform.lines("orders", #"[{"id":1,"currency":"EUR","line_items":[],"refunds":[],\#(members)}]"#)
    }

    @Test("times in GMT lack their Z, and the site's own are not read")
    func times() throws {
        let line = try order(
            #""status":"on-hold","date_created":"2026-02-01T16:00:00","date_created_gmt":"2026-02-01T19:00:00","date_modified_gmt":"2026-02-01T19:00:01","date_paid_gmt":null,"total":"29.35""#
        )[0]
        #expect(
            line
                == #"{"kind":"order","store":"s","id":"1","updated_at":"2026-02-01T19:00:01Z","placed_at":"2026-02-01T19:00:00Z","status":"open","amount":"29.35","currency":"EUR","fulfillment":"seller"}"#
        )
    }

    @Test("each status has its word, and those of plug-ins are none")
    func statuses() throws {
        let words = [
            ("pending", "open"), ("processing", "paid"), ("on-hold", "open"), ("completed", "completed"),
            ("cancelled", "canceled"), ("refunded", "completed"), ("failed", "canceled"),
        ]
        for (status, word) in words {
            let line = try order(#""status":"\#(status)","date_modified_gmt":"2026-02-01T19:00:01""#)[0]
            #expect(line.contains(#""status":"\#(word)""#))
            #expect(line.contains("canceled_at") == (word == "canceled"))
        }
        for status in ["checkout-draft", "wc-at-the-baker"] {
            #expect(try !order(#""status":"\#(status)""#)[0].contains("status"))
        }
    }

    @Test("refunds are asked for by order, and 0 stars are no rating")
    func details() throws {
        let refunded =
            #"[{"id":1,"status":"completed","line_items":[],"refunds":[{"id":5,"total":"-10.00"}]},{"id":2,"line_items":[],"refunds":[]}]"#
        #expect(try platform.next("orders", refunded)?.items.map(\.asked) == ["1"])
        #expect(try platform.request("refunds", item: "1").head.path == "/wp-json/wc/v3/orders/1/refunds?per_page=100")
        let reviews =
            #"[{"id":1,"status":"approved","rating":0,"product_id":2},{"id":4,"status":"approved","rating":4,"product_id":2,"date_created_gmt":"2026-02-01T00:00:00"}]"#
        #expect(
            try platform.lines("reviews", reviews) == [
                #"{"kind":"rating","store":"s","id":"4","product":"2","rated_at":"2026-02-01T00:00:00Z","score":4,"excluded":false}"#
            ])
    }

    @Test(
        "a review that is not shown counts for nothing, and so does an order in the trash",
        arguments: ["hold", "trash"])
    func notShown(_ status: String) throws {
        let review = #"[{"id":3,"status":"\#(status)","rating":5,"product_id":2}]"#
        #expect(
            try platform.lines("reviews_not_shown", review) == [
                #"{"kind":"rating","store":"s","id":"3","product":"2","score":5,"excluded":true}"#
            ])
        #expect(try query(platform.request("reviews_not_shown"))["status"] == "hold")
        #expect(try query(platform.request("orders_in_trash"))["status"] == "trash")
        let trashed = #"[{"id":1,"status":"trash","line_items":[],"refunds":[]}]"#
        #expect(try platform.lines("orders_in_trash", trashed)[0].contains(#""excluded":true"#))
        #expect(try platform.page("orders_in_trash", trashed).wholes.isEmpty)
    }

    @Test("an order names all its refunds and lines, unless it does not show them")
    func wholes() throws {
        let told =
            #"[{"id":1,"status":"completed","date_modified_gmt":"2026-02-01T19:00:01","line_items":[{"id":11,"product_id":2,"quantity":1,"total":"1.00"}],"refunds":[{"id":5},{"id":6}]},{"id":2,"status":"completed","line_items":[],"refunds":[]},{"id":3,"status":"completed","line_items":[],"refunds":null}]"#
        let page = try platform.page("orders", told)
        // The line of the first order stands behind it.
        let found = page.wholes.map {
            "\($0.kind.name) of \($0.order): \($0.ids.sorted()) after \($0.factsBefore)"
        }
        #expect(
            found == [
                "refund of 1: [\"5\", \"6\"] after 2", "line of 1: [\"11\"] after 2", "refund of 2: [] after 3",
                "line of 2: [] after 3", "line of 3: [] after 4",
            ])
        #expect(page.wholes[0].orderUpdatedAt == time("2026-02-01T19:00:01Z") && page.wholes[2].orderUpdatedAt == nil)
    }

    @Test("bounds are GMT and said to be; the order is one that is documented; a short page is not the last")
    func questions() throws {
        let asked = query(try platform.request("orders"))
        #expect(asked["modified_after"] == "2026-01-30T10:00:00" && asked["dates_are_gmt"] == "true")
        #expect(
            asked["orderby"] == "id" && asked["order"] == "asc" && asked["per_page"] == "100" && asked["page"] == "1")
        #expect(try platform.next("orders", #"[{"id":1,"line_items":[],"refunds":[]}]"#)?.page == "2")
        #expect(try platform.next("orders", "[]", page: "2") == nil)
        // Some shops say so that this page is behind the last.
        let behind = try platform.page(
            "orders", Self.error("rest_post_invalid_page_number", 400), status: 400, page: "2")
        #expect(behind.facts.isEmpty && behind.refused == nil)
        let next = behind.next.flatMap { PlatformPlace(text: $0) }
        #expect(next?.stream == 1 && next?.page == nil, "the trash has its turn")
    }

    @Test("over TLS the key is Basic; over plain HTTP it is never sent")
    func authorization() throws {
        let secure = try platform.request("orders")
        #expect(
            secure.head.headerFields[.authorization]?.hasPrefix("Basic ") == true && query(secure)["oauth_nonce"] == nil
        )
        let plain = try ShippedPlatform("woocommerce", endpoint: "http://shop.example").request("orders")
        #expect(plain.head.headerFields[.authorization] == nil)
        #expect(query(plain)["oauth_consumer_key"] == "given-consumer_key")
        #expect(
            query(plain)["oauth_signature_method"] == "HMAC-SHA256" && query(plain)["oauth_timestamp"] == "1772445600")
        #expect(plain.head.path?.contains("given-consumer_secret") == false)
    }

    @Test("a head that counts pages spares the empty one; without it, or with nonsense, an empty page is the last")
    func pages() throws {
        let platform = platform
        func next(_ page: String?, _ header: String?) throws -> String? {
            let place = try platform.place(of: "orders", page: page)
            var headers = HTTPFields()
            if let header { headers[HTTPField.Name("X-WP-TotalPages")!] = header }
            let order = #"[{"id":1,"date_modified_gmt":"2026-02-01T19:00:01","line_items":[],"refunds":[]}]"#
            let found = try platform.source.page(
                from: Reply(status: .ok, headers: headers, body: Array(order.utf8)), after: platform.state(at: place),
                at: ShippedPlatform.start
            ).next.flatMap { PlatformPlace(text: $0) }
            return found?.stream == place.stream ? found?.page : nil
        }
        #expect(try next(nil, "1") == nil && next("3", "3") == nil && next("4", "3") == nil)
        #expect(try next(nil, "2") == "2" && next("2", "3") == "3")
        for header in [nil, "0", "-1", "many", ""] { #expect(try next("2", header) == "3", "\(header ?? "none")") }
    }
}
