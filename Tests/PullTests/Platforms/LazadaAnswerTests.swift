import Curl
import Facts
import Rules
import Testing

@testable import Pull

@Suite("Lazada's answers")
struct LazadaAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("lazada") }

    private static func error(_ code: String) -> String {
        #"{"code":"\#(code)","type":"ISV","message":"…","request_id":"1"}"#
    }

    private static let others: [VerdictRow] = [
        VerdictRow(.answer, #"{"code":"0","data":{"orders":[]}}"#),
        VerdictRow(.refresh, error("IllegalAccessToken")),
        VerdictRow(.configuration, error("IncompleteSignature")), VerdictRow(.wait(nil), error("ApiCallLimit")),
    ]

    private static let rejected: [VerdictRow] = ["E014", "E017", "E019", "E036"].map {
        VerdictRow(.permanent, error($0))
    }
    static let verdicts: [VerdictRow] = rejected + others

    @Test("each error is of its class, also inside a 200", arguments: verdicts + VerdictRow.byStatus)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    @Test("an order is the sum of its pieces, in texts; times have offsets; who canceled is in one text")
    func items() throws {
        let lines = try platform.lines(
            "items",
            #"{"code":"0","data":[{"order_id":9,"order_items":[{"order_item_id":91,"status":"canceled","updated_at":"2026-02-02 10:00:00 +0800","created_at":"2026-02-01 10:00:00 +0800","paid_price":"0.10","currency":"MYR","cancel_return_initiator":"buyer-cancel","product_id":"3","is_fbl":0},{"order_item_id":92,"status":"delivered","updated_at":"2026-02-02 10:00:00 +0800","paid_price":"0.20","currency":"MYR","cancel_return_initiator":"null-null"}]}]}"#
        )
        #expect(
            lines == [
                #"{"kind":"order","store":"s","id":"9","updated_at":"2026-02-02T02:00:00Z","placed_at":"2026-02-01T02:00:00Z","status":"delivered","amount":"0.3","currency":"MYR","fulfillment":"seller"}"#,
                #"{"kind":"line","store":"s","id":"91","updated_at":"2026-02-02T02:00:00Z","order":"9","product":"3","units":1,"amount":"0.1","currency":"MYR","canceled_at":"2026-02-02T02:00:00Z","canceled_by":"buyer"}"#,
                #"{"kind":"line","store":"s","id":"92","updated_at":"2026-02-02T02:00:00Z","order":"9","units":1,"amount":"0.2","currency":"MYR"}"#,
            ])
    }

    @Test("an order is canceled with all of its pieces")
    func canceled() throws {
        func order(_ statuses: [String]) throws -> String {
            let items = statuses.enumerated().map { index, status in
                #"{"order_item_id":\#(index),"status":"\#(status)","updated_at":"2026-02-02T10:00:00+08:00","cancel_return_initiator":"cancellation-seller"}"#
            }
            return try platform.fact(
                "items", #"{"code":"0","data":[{"order_id":9,"order_items":[\#(items.joined(separator: ","))]}]}"#)
        }
        let whole = try order(["canceled", "canceled"])
        #expect(
            whole.says(#""status":"canceled""#, #""canceled_by":"seller""#, #""canceled_at":"2026-02-02T02:00:00Z""#))
        let part = try order(["canceled", "shipped"])
        #expect(part.says(#""status":"shipped""#) && !part.contains("canceled"), "\(part)")
    }

    @Test("it is asked with offsets and milliseconds, a hundred at a time, until the empty page")
    func questions() throws {
        let asked = query(try platform.request("orders"))
        #expect(asked["update_after"] == "2026-01-30T10:00:00+00:00" && asked["limit"] == "100")
        #expect(asked["timestamp"] == "1772445600000" && asked["sign_method"] == "sha256")
        #expect(try platform.next("orders", #"{"code":"0","data":{"orders":[]}}"#) == nil)
        let one = try #require(try platform.next("orders", #"{"code":"0","data":{"orders":[{"order_id":1}]}}"#))
        #expect(one.items.map(\.asked) == ["1"] && one.page == "1")
    }
}
