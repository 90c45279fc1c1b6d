import Curl
import Facts
import Rules
import Testing

@testable import Pull

@Suite("Douyin's answers")
struct DouyinAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("douyin") }

    private static func error(_ code: Int, _ sub: String = "") -> String {
        #"{"code":\#(code),"msg":"…","sub_code":"\#(sub)","sub_msg":"…","log_id":"1"}"#
    }

    static let verdicts: [VerdictRow] = [
        VerdictRow(.answer, #"{"code":10000,"msg":"success","data":{}}"#), VerdictRow(.retry, error(20000)),
        VerdictRow(.retry, error(20001, "isp.service-timeout")),
        VerdictRow(.configuration, error(30001, "dop.authorization-closed")),
        VerdictRow(.configuration, error(30001, "dop.authorization-no-existed")),
        VerdictRow(.configuration, error(30001, "isv.app-permissions-insufficient")),
        VerdictRow(.configuration, error(30002)), VerdictRow(.permanent, error(40001)),
        VerdictRow(.permanent, error(40002)), VerdictRow(.permanent, error(40003)),
        VerdictRow(.permanent, error(40004)),
        VerdictRow(.permanent, error(40004, "isv.parameter-invalid:1")),
        VerdictRow(.refresh, error(40003, "isv.access-token-expired")),
        VerdictRow(.refresh, error(40003, "isv.access-token-no-existed")),
        VerdictRow(.configuration, error(40003, "isv.signature-invalid")), VerdictRow(.retry, error(50001)),
        VerdictRow(.retry, error(50001, "isp.unknown-error")),
        VerdictRow(.configuration, error(50001, "dop.token-generate-failed:token-expired")),
        VerdictRow(.wait(nil), error(60000)), VerdictRow(.wait(3), 200, error(60000, "isp.limit"), retryAfter: "3"),
        VerdictRow(.permanent, error(70000)), VerdictRow(.configuration, error(80000)),
        VerdictRow(.permanent, error(90000)),
        // A public test's.
        VerdictRow(
            .refresh,
            #"{"code":40003,"msg":"非法的参数","sub_code":"isv.access-token-expired","sub_msg":"access_token已过期"}"#),
    ]

    @Test("each error is of its class", arguments: verdicts + VerdictRow.byStatus)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    private func order(_ members: String) throws -> [String] {
        try platform.lines(
            "orders",
            #"{"code":10000,"data":{"page":0,"total":1,"size":100,"shop_order_list":[{"order_id":"4","update_time":1772400000,\#(members)}]}}"#
        )
    }

    @Test("money is fen, times are seconds, and 0 stands for none")
    func forms() throws {
        #expect(
            try order(
                #""order_status":5,"create_time":1772300000,"pay_time":0,"finish_time":1772400000,"pay_amount":1999,"sku_order_list":[{"order_id":"41","item_num":1,"pay_amount":5,"logistics_receipt_time":0,"confirm_receipt_time":1772390000}]"#
            ) == [
                #"{"kind":"order","store":"s","id":"4","updated_at":"2026-03-01T21:20:00Z","placed_at":"2026-02-28T17:33:20Z","delivered_at":"2026-03-01T18:33:20Z","completed_at":"2026-03-01T21:20:00Z","status":"completed","amount":"19.99","currency":"CNY","fulfillment":"seller"}"#,
                #"{"kind":"line","store":"s","id":"41","updated_at":"2026-03-01T21:20:00Z","order":"4","units":1,"amount":"0.05","currency":"CNY"}"#,
            ])
    }

    @Test("every documented order status has its word")
    func orderStatuses() throws {
        let words = [
            (1, "open"), (105, "paid"), (2, "paid"), (101, "paid"), (3, "shipped"), (4, "canceled"), (5, "completed"),
        ]
        for (status, word) in words {
            let line = try #require(try order(#""order_status":\#(status),"sku_order_list":[]"#).first)
            #expect(line.contains(#""status":"\#(word)""#) && line.contains("canceled_at") == (status == 4))
        }
    }

    @Test("cases: kinds, ends, and who the platform decided for")
    func cases() throws {
        func aftersale(_ members: String, status: Int = 6, refund: Int = 1) throws -> String {
            try platform.fact(
                "cases",
                #"{"code":10000,"data":{"has_more":false,"total":1,"items":[{"aftersale_info":{"aftersale_id":"9","related_id":"41","update_time":1772400000,"aftersale_status":\#(status),"refund_status":\#(refund),\#(members)},"order_info":{"shop_order_id":"4"},"text_part":{"reason_text":"质量问题"}}]}}"#
            )
        }
        let paid = try aftersale(#""refund_amount":1250,"aftersale_type":1"#, status: 12, refund: 3)
        #expect(
            paid.says(
                #""status":"refunded""#, #""amount":"12.5""#, #""type":"refund""#, #""reason":"quality""#,
                #""refunded_at":"2026-03-01T21:20:00Z""#, #""order":"4""#))
        let types = [(0, "return"), (1, "refund"), (2, "refund"), (3, "exchange"), (7, "resend"), (8, "repair")]
        for (type, word) in types {
            #expect(try aftersale(#""aftersale_type":\#(type)"#).contains(#""type":"\#(word)""#))
        }
        let statuses = [
            (6, "open"), (7, "open"), (8, "open"), (11, "open"), (27, "rejected"), (28, "closed"), (29, "rejected"),
        ]
        for (status, word) in statuses {
            let line = try aftersale(#""aftersale_type":1"#, status: status, refund: 0)
            #expect(line.contains(#""status":"\#(word)""#) && !line.contains("refunded_at"), "\(line)")
        }
        let none = try aftersale(#""arbitrate_status":0"#)
        #expect(none.says(#""intervened":false"#) && !none.contains("disputed"))
        #expect(try aftersale(#""arbitrate_status":2"#).says(#""intervened":true"#, #""disputed":true"#))
        let ended = try aftersale(#""arbitrate_status":255"#)
        #expect(ended.says(#""intervened":true"#) && !ended.contains("disputed"))
    }

    @Test("scores are texts; a shop without any has none")
    func scores() throws {
        let body =
            #"{"code":10000,"data":{"shop_id":1,"shop_name":"…","shop_score":"82.50","product_score":"4.6923","logistics_score":"","service_score":null}}"#
        #expect(
            try platform.lines("reputation", body) == [
                #"{"kind":"measure","store":"s","id":"douyin.reputation@2026-03-02T10:00:00Z","name":"douyin.reputation","at":"2026-03-02T10:00:00Z","value":82.5}"#,
                #"{"kind":"measure","store":"s","id":"douyin.product_part@2026-03-02T10:00:00Z","name":"douyin.product_part","at":"2026-03-02T10:00:00Z","value":4.6923}"#,
            ])
    }

    @Test("pages count from 0 and are read backwards; the order of the list is said")
    func pages() throws {
        let request = try platform.request("cases")
        // Compact, members by name, numbers as such: what is signed.
        #expect(
            sent(request)
                == #"{"order_by":["update_time asc"],"page":0,"size":100,"update_end_time":1769853600,"update_start_time":1769767200}"#
        )
        #expect(query(request)["sign_method"] == "hmac-sha256" && query(request)["method"] == "afterSale.List")
        let body = #"{"code":10000,"data":{"total":250,"items":[]}}"#
        #expect(try platform.next("cases", body)?.page == "2" && platform.next("cases", body, page: "1")?.page == "0")
        #expect(try platform.next("cases", body, page: "0") == nil)
        #expect(try platform.lines("cases", #"{"code":10000,"data":{"total":0,"items":null}}"#) == [])
    }

    @Test("money that was taken back again is none that was refunded")
    func recovered() throws {
        let line = try platform.fact(
            "cases",
            #"{"code":10000,"data":{"total":1,"items":[{"aftersale_info":{"aftersale_id":"1","related_id":"2","aftersale_type":1,"aftersale_status":12,"refund_status":5,"arbitrate_status":0,"apply_time":1772000000,"update_time":1772000100}}]}}"#
        )
        #expect(line.says(#""status":"closed""#) && !line.contains("refunded_at"), "\(line)")
    }
}
