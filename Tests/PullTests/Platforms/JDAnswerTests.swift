import Curl
import Facts
import Rules
import Testing

@testable import Pull

@Suite("JD's answers")
struct JDAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("jd") }

    private static func error(_ code: Int) -> String {
        #"{"error_response":{"code":"\#(code)","zh_desc":"…","en_desc":"…"}}"#
    }

    private static let others: [VerdictRow] = [
        VerdictRow(.wait(nil), error(2)), VerdictRow(.wait(nil), error(16)), VerdictRow(.refresh, error(18)),
        VerdictRow(.refresh, error(19)), VerdictRow(.permanent, error(67)),
        VerdictRow(.permanent, #"{"jingdong_pop_order_search_responce":{"code":"1"}}"#),
        VerdictRow(
            .permanent,
            #"{"jingdong_pop_order_search_responce":{"code":"0","searchorderinfo_result":{"apiResult":{"success":false,"chineseErrCode":"…"}}}}"#
        ),
        VerdictRow(
            .permanent,
            #"{"jingdong_pop_order_search_response":{"code":"0","searchorderinfo_result":{"apiResult":{"success":false}}}}"#
        ),
        VerdictRow(
            .answer,
            #"{"jingdong_pop_order_search_responce":{"code":"0","searchorderinfo_result":{"apiResult":{"success":true},"orderTotal":0}}}"#
        ),
        VerdictRow(.permanent, #"{"jingdong_asc_query_list_responce":{"code":"9"}}"#),
        VerdictRow(
            .permanent,
            #"{"jingdong_pop_afs_soa_refundapply_queryPageList_responce":{"code":"0","queryResult":{"success":false}}}"#
        ),
        VerdictRow(
            .permanent, #"{"jingdong_pop_PopCommentJsfService_getVenderCommentsForJos_responce":{"code":"67"}}"#),
    ]

    private static let refused: [VerdictRow] = VerdictRow.all(.configuration, [8, 12, 20, 21, 24]) { error($0) }
    static let verdicts: [VerdictRow] = refused + others

    @Test("each error is of its class", arguments: verdicts + VerdictRow.byStatus)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    private func orders(_ orders: String, total: Int = 1, root: String = "responce") -> String {
        #"{"jingdong_pop_order_search_\#(root)":{"code":"0","searchorderinfo_result":{"apiResult":{"success":true},"orderTotal":\#(total),"orderInfoList":[\#(orders)]}}}"#
    }

    @Test("JD's spelling and the usual one are read")
    func spelling() throws {
        for root in ["responce", "response"] {
            let line = try platform.fact(
                "orders",
                orders(
                    #"{"orderId":"266","orderState":"FINISHED_L","orderPayment":"99.90","orderStartTime":"2024-01-14 00:00:00","paymentConfirmTime":"2024-01-14 00:01:00","orderEndTime":"2024-01-20 08:00:00","modified":"2024-01-20 08:00:01"}"#,
                    root: root))
            #expect(
                line
                    == #"{"kind":"order","store":"s","id":"266","updated_at":"2024-01-20T00:00:01Z","placed_at":"2024-01-13T16:00:00Z","paid_at":"2024-01-13T16:01:00Z","completed_at":"2024-01-20T00:00:00Z","status":"completed","amount":"99.9","currency":"CNY","fulfillment":"seller"}"#
            )
        }
    }

    @Test("the year 1 is not yet, and a locked order may be anywhere")
    func notYet() throws {
        let open = try platform.fact(
            "orders",
            orders(
                #"{"orderId":"1","orderState":"LOCKED","paymentConfirmTime":"0001-01-01 00:00:00","orderEndTime":"0001-01-01 00:00:00","modified":"2024-01-14 00:00:00"}"#
            ))
        #expect(!open.contains("paid_at") && !open.contains("completed_at") && !open.contains(#""status""#), "\(open)")
        let canceled = try platform.fact(
            "orders",
            orders(
                #"{"orderId":"1","orderState":"TRADE_CANCELED","orderEndTime":"0001-01-01 00:00:00","modified":"2024-01-14 08:00:00"}"#
            ))
        #expect(canceled.says(#""canceled_at":"2024-01-14T00:00:00Z""#, #""status":"canceled""#))
    }

    @Test("a service order that is finished proves no refund")
    func serviceOrders() throws {
        func service(_ members: String) throws -> String {
            try platform.fact(
                "service-orders",
                #"{"jingdong_asc_query_list_responce":{"code":"0","pageResult":{"totalCount":1,"data":[{"serviceId":5,"orderId":6,"applyTime":"2024-01-14 08:00:00",\#(members)}]}}}"#
            )
        }
        let returned = try service(#""finishTime":"2024-01-15 08:00:00","processResult":40"#)
        #expect(returned.says(#""status":"closed""#, #""type":"return""#, #""closed_at":"2024-01-15T00:00:00Z""#))
        #expect(!returned.contains("refunded"))
        #expect(try service(#""finishTime":1705276800000,"processResult":23"#).says(#""type":"exchange""#))
        #expect(try service(#""customerExpect":30"#).says(#""type":"repair""#, #""status":"open""#))
    }

    @Test("each state of an application has its word, and only what JD has paid is refunded")
    func applications() throws {
        func application(_ status: Int) throws -> String {
            try platform.fact(
                "refund-applications",
                #"{"jingdong_pop_afs_soa_refundapply_queryPageList_responce":{"code":"0","queryResult":{"success":true,"totalCount":1,"result":[{"id":23798816970,"orderId":"291184764662","applyTime":"2024-01-14 08:00:00","checkTime":"2024-01-15 08:00:00","applyRefundSum":8999.0,"status":\#(status),"buyerName":"John Doe"}]}}}"#
            )
        }
        #expect(
            try application(3)
                == #"{"kind":"refund","store":"s","id":"refund-23798816970","order":"291184764662","opened_at":"2024-01-14T00:00:00Z","refunded_at":"2024-01-15T00:00:00Z","type":"refund","status":"refunded","amount":"89.99","currency":"CNY"}"#
        )
        let words = [
            (0, "open"), (1, "open"), (5, "open"), (7, "open"), (8, "open"), (10, "open"), (16, "open"), (17, "open"),
            (19, "open"), (27, "open"), (6, "refunded"), (9, "refunded"), (2, "rejected"), (4, "rejected"),
            (11, "withdrawn"), (18, "closed"),
        ]
        for (status, word) in words {
            let line = try application(status)
            #expect(line.contains(#""status":"\#(word)""#), "\(status): \(line)")
            #expect(line.contains("refunded_at") == (word == "refunded") && !line.contains("closed_at"), "\(line)")
            #expect(line.contains(#""intervened":true"#) == (status == 19), "\(line)")
        }
        // Nobody knows it: it is set aside, as figures rest on it.
        #expect(try application(77).hasPrefix("no refund: status"))
        let asked = try #require(form(try platform.request("checked-applications", page: "2"))["360buy_param_json"])
        #expect(
            asked
                == #"{"checkTimeEnd":"2026-01-31 18:00:00","checkTimeStart":"2026-01-30 18:00:00","pageIndex":2,"pageSize":50}"#
        )
    }

    @Test("a comment is a rating, and none without stars")
    func comments() throws {
        func comments(_ score: String) throws -> [String] {
            try platform.lines(
                "comments",
                #"{"jingdong_pop_PopCommentJsfService_getVenderCommentsForJos_responce":{"code":"0","totalItem":1,"comments":[{"commentId":"T7","skuid":"100","creationTime":"2024-01-14 08:00:00","score":\#(score),"orderId":291184764662,"nickName":"J***e","pin":"john"}]}}"#
            )
        }
        #expect(
            try comments("2") == [
                #"{"kind":"rating","store":"s","id":"T7","order":"291184764662","product":"100","rated_at":"2024-01-14T00:00:00Z","score":2}"#
            ])
        #expect(try comments("0") == [])
    }

    @Test("the offset is said, texts of the one parameter are JSON's, and windows stay within a month")
    func questions() throws {
        let asked = form(try platform.request("orders"))
        #expect(asked["timestamp"] == "2026-03-02 18:00:00.000+0800" && asked["v"] == "2.0")
        let text = try #require(asked["360buy_param_json"])
        #expect(text.says(#""page":"1""#, #""page_size":"100""#, #""dateType":0"#, #""sortType":0"#), "\(text)")
        #expect(text.says(#""start_date":"2026-01-30 18:00:00""#, #""end_date":"2026-02-27 18:00:00""#), "\(text)")
        #expect(asked["format"] == nil && asked["sign_method"] == nil)
        #expect(try platform.next("orders", orders("", total: 250))?.page == "3")
    }
}
