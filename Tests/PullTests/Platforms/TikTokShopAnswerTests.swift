import Curl
import Facts
import HTTPTypes
import Rules
import Testing

@testable import Pull

@Suite("TikTok Shop's answers")
struct TikTokShopAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("tiktok-shop") }

    private static func error(_ code: Int) -> String { #"{"code":\#(code),"message":"…","request_id":"1"}"# }

    static let verdicts: [VerdictRow] = [
        VerdictRow(.answer, #"{"code":0,"message":"Success","data":{"orders":[]}}"#),
        VerdictRow(.refresh, error(105002)), VerdictRow(.refresh, 401, error(105001)),
        VerdictRow(.refresh, error(360009)), VerdictRow(.permanent, error(106001)),
        // Longer codes are others.
        VerdictRow(.permanent, error(3_600_091)), VerdictRow(.permanent, error(10_500)),
        // No code of throttling is known: HTTP says it.
        VerdictRow(.wait(nil), 429, error(1)), VerdictRow(.retry, 500, error(1)),
    ]

    @Test("each error is of its class, also inside a 200", arguments: verdicts + VerdictRow.byStatus)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    private func order(_ members: String) throws -> [String] {
        try platform.lines(
            "orders", #"{"code":0,"data":{"orders":[{"id":"1","update_time":1578956400,"line_items":[],\#(members)}]}}"#
        )
    }

    @Test("each status has its word; 0 is no time; the scan and the seller's word are two")
    func orders() throws {
        let words = [
            ("UNPAID", "open"), ("ON_HOLD", "paid"), ("AWAITING_SHIPMENT", "paid"), ("PARTIALLY_SHIPPING", "paid"),
            ("AWAITING_COLLECTION", "shipped"), ("IN_TRANSIT", "shipped"), ("DELIVERED", "delivered"),
            ("COMPLETED", "completed"), ("CANCELLED", "canceled"),
        ]
        for (status, word) in words { #expect(try order(#""status":"\#(status)""#)[0].says(#""status":"\#(word)""#)) }
        let line = try order(#""paid_time":0,"rts_time":1578956400,"collection_time":1578956460"#)[0]
        #expect(line.says(#""shipped_at":"2020-01-13T23:00:00Z""#, #""picked_up_at":"2020-01-13T23:01:00Z""#))
        #expect(!line.contains("paid_at"))
        for (who, word) in [("SELLER", "seller"), ("BUYER", "buyer"), ("SYSTEM", "platform")] {
            #expect(try order(#""cancellation_initiator":"\#(who)""#)[0].says(#""canceled_by":"\#(word)""#))
        }
        #expect(try order(#""payment":{"total_amount":"10001","currency":"IDR"}"#)[0].says(#""amount":"10001""#))
    }

    @Test("the token goes in a header, the cursor in the query, the filter in the body that is signed")
    func questions() throws {
        let request = try platform.request("orders")
        #expect(request.head.headerFields[HTTPField.Name("x-tts-access-token")!] == "given-access_token")
        #expect(query(request)["access_token"] == nil && query(request)["page_token"] == nil)
        #expect(sent(request) == #"{"update_time_ge":1769767200}"#)
        #expect(try platform.next("orders", #"{"code":0,"data":{"next_page_token":"","orders":[]}}"#) == nil)
        #expect(try platform.next("orders", #"{"code":0,"data":{"next_page_token":"n","orders":[]}}"#)?.page == "n")
    }
}
