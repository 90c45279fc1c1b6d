import Curl
import Facts
import Rules
import Testing

@testable import Pull

@Suite("An answer without its list is empty where something says so, and else no answer")
struct BareAnswerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var pack: String
        var stream: String
        var body: String

        init(_ pack: String, _ stream: String, _ body: String) {
            (self.pack, self.stream, self.body) = (pack, stream, body)
        }

        var testDescription: String { "\(pack) \(stream) \(body)" }
    }

    private static func taobao(_ members: String) -> [Row] {
        [
            Row("taobao", "trades", #"{"trades_sold_increment_get_response":{\#(members)}}"#),
            Row("taobao", "refunds", #"{"refunds_receive_get_response":{\#(members)}}"#),
            Row("taobao", "reviews", #"{"traderates_get_response":{\#(members)}}"#),
        ]
    }

    private static func pinduoduo(_ members: String) -> [Row] {
        let cases = #"{"refund_increment_get_response":{\#(members)}}"#
        return [
            Row("pinduoduo", "first-orders", #"{"order_basic_list_get_response":{\#(members)}}"#),
            Row("pinduoduo", "orders", #"{"order_sn_increment_get_response":{\#(members)}}"#),
            Row("pinduoduo", "refunds", cases), Row("pinduoduo", "cases-of-order", cases),
            Row("pinduoduo", "open-cases", cases),
        ]
    }

    private static func douyin(_ data: String) -> [Row] {
        ["orders", "cases", "open-cases"].map { Row("douyin", $0, #"{"code":10000,"msg":"success","data":\#(data)}"#) }
    }

    private static func kuaishou(_ data: String) -> [Row] {
        ["first-orders", "orders", "first-refunds", "refunds", "comments"].map {
            Row("kuaishou", $0, #"{"result":1,"data":\#(data)}"#)
        }
    }

    private static func jd(_ members: String, orders: String = "", _ root: String = "responce") -> [Row] {
        let services = #"{"jingdong_asc_query_list_\#(root)":{"code":"0","pageResult":{\#(members)}}}"#
        let applications =
            #"{"jingdong_pop_afs_soa_refundapply_queryPageList_\#(root)":{"code":"0","queryResult":{\#(members)}}}"#
        return [
            Row(
                "jd", "orders",
                #"{"jingdong_pop_order_search_\#(root)":{"code":"0","searchorderinfo_result":{"apiResult":{"success":true}\#(orders)}}}"#
            ), Row("jd", "service-orders", services), Row("jd", "open-service-orders", services),
            Row("jd", "refund-applications", applications), Row("jd", "open-applications", applications),
        ]
    }

    static let empty: [Row] =
        taobao("") + taobao(#""request_id":"x""#) + taobao(#""has_next":false,"request_id":"x""#)
        + taobao(#""total_results":0"#) + taobao(#""total_results":"0""#)
        + [Row("taobao", "refunds", #"{"refunds_receive_get_response":{"refunds":{},"request_id":"x"}}"#)]
        + [Row("taobao", "refunds", #"{"refunds_receive_get_response":{"refunds":{"refund":[]}}}"#)]
        + pinduoduo("") + pinduoduo(#""total_count":0"#) + pinduoduo(#""total_count":"0","request_id":"x""#)
        + pinduoduo(#""refund_list":null,"order_list":null,"order_sn_list":null,"total_count":0"#)
        + douyin("{}") + douyin(#"{"page":0,"size":100}"#) + douyin(#"{"total":0,"page":0,"size":100}"#)
        + douyin(#"{"items":[],"shop_order_list":[],"page":0,"size":100}"#) + douyin("null")
        + [Row("douyin", "cases", #"{"code":10000,"data":{"has_more":false,"page":0,"size":100}}"#)]
        + kuaishou("{}") + kuaishou("null") + kuaishou(#"{"cursor":"nomore","pcursor":"nomore"}"#)
        + kuaishou(#"{"orderList":null,"refundOrderInfoList":null,"rootComment":null}"#)
        + jd("") + jd(#""success":true"#) + jd(#""totalCount":0"#, orders: #","orderTotal":0"#)
        + jd(
            #""success":true,"totalCount":0,"data":null,"result":null"#,
            orders: #","orderTotal":0,"orderInfoList":null"#,
            "response")

    @Test("nothing is read, and the next stretch of time is asked about", arguments: empty)
    func nothing(_ row: Row) throws {
        let platform = try ShippedPlatform(row.pack)
        let page = try platform.page(row.stream, row.body)
        #expect(page.facts.isEmpty && page.rejections.isEmpty && page.refused == nil)
        #expect(try platform.next(row.stream, row.body) == nil)
    }

    /// What a changed answer, or one that counts what it does not hold, may look like.
    static let wrong: [Row] =
        taobao(#""total_results":3"#) + taobao(#""has_next":true"#) + taobao(#""list":[]"#)
        + taobao(#""has_next":false,"total_results":3"#) + taobao(#""msg":"x""#)
        + [Row("taobao", "refunds", "{}"), Row("taobao", "refunds", #"{"refunds_get_response":{}}"#)]
        + pinduoduo(#""total_count":2"#) + pinduoduo(#""list":[],"request_id":"x""#)
        + douyin(#"{"list":[]}"#) + douyin(#"{"total":7}"#)
        + [Row("douyin", "cases", #"{"code":10000,"msg":"success"}"#)]
        + [Row("douyin", "cases", #"{"code":10000,"data":{"has_more":true}}"#)]
        + kuaishou(#"{"list":[]}"#) + kuaishou(#"{"total":4}"#)
        + [Row("kuaishou", "refunds", #"{"result":1}"#)]
        + jd(#""totalCount":3"#, orders: #","orderTotal":3"#) + jd(#""list":[]"#, orders: #","orders":[]"#)
        // Another list beside, though it is said that there is no more.
        + [
            Row("kuaishou", "refunds", #"{"result":1,"data":{"pcursor":"nomore","list":[{"number":1}]}}"#),
            Row("shopee", "returns", #"{"error":"","response":{"more":false,"return_list":[{"number":"1"}]}}"#),
            Row(
                "shopify", "orders",
                #"{"data":{"orders":{"edges":[{"node":{"id":"1"}}],"pageInfo":{"hasNextPage":false}}}}"#),
            Row("douyin", "cases", #"{"code":10000,"data":{"has_more":false,"list":[{"aftersale_info":{}}]}}"#),
        ]
        + [Row("jd", "orders", #"{"jingdong_pop_order_search_responce":{"code":"0"}}"#)]

    @Test("what does not say so is refused, so that nothing looks like none", arguments: wrong)
    func refused(_ row: Row) throws {
        let platform = try ShippedPlatform(row.pack)
        let error = #expect(throws: PullError.self) { try platform.page(row.stream, row.body) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("has no list"), "\(String(describing: error))")
    }
}
