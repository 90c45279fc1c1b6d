import Facts
import Rules
import Testing

@testable import Pull

/// A platform that calls a member otherwise from one day on looks like a store of which nothing is wrong, if nobody notices.
@Suite("What figures rest on has to be there, or the fact is set aside")
struct MissingMemberTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var pack: String
        var stream: String
        /// One item in its answer, of members that stand between bars.
        var answer: String
        /// Member of the answer and what is lacking without it; nil: it may be missing.
        var members: [(name: String, lacking: String?)]
        var testDescription: String { "\(pack) \(stream)" }
    }

    private static let pinduoduo =
        #"{"refund_increment_get_response":{"total_count":1,"refund_list":[{"id":1,"order_sn":"a","after_sales_status":10,"dispute_refund_status":0,"created_time":"1772000000","updated_time":"1772000100"}]}}"#
    private static let kuaishou =
        #"{"result":1,"data":{"pcursor":"nomore","refundOrderInfoList":[{"refundId":1,"oid":2,"status":60,"handlingWay":10,"createTime":1772000000000,"updateTime":1772000100000}]}}"#
    private static let douyin =
        #"{"code":10000,"data":{"total":1,"items":[{"aftersale_info":{"aftersale_id":"1","related_id":"2","aftersale_type":1,"aftersale_status":12,"refund_status":3,"arbitrate_status":0,"apply_time":1772000000,"update_time":1772000100}}]}}"#
    private static let taobao =
        #"{"refunds_receive_get_response":{"total_results":1,"refunds":{"refund":[{"refund_id":"1","tid":"2","status":"SUCCESS","created":"2026-02-25 10:00:00","modified":"2026-02-26 10:00:00"}]}}}"#
    private static let mercadoLibre =
        #"{"paging":{"total":1},"results":[{"id":1,"status":"paid","date_created":"2026-02-01T00:00:00.000-04:00","last_updated":"2026-02-01T00:00:00.000-04:00"}]}"#
    private static let walmart =
        #"{"list":{"meta":{},"elements":{"order":[{"purchaseOrderId":"1","orderDate":1772000000000,"orderLines":{"orderLine":{"lineNumber":"1","orderLineStatuses":{"orderLineStatus":{"status":"Created"}}}}}]}}}"#

    static let rows: [Row] = [
        Row(
            pack: "pinduoduo", stream: "refunds", answer: pinduoduo,
            members: [
                ("dispute_refund_status", "disputed"), ("updated_time", "updated_at"), ("created_time", nil),
            ]),
        Row(
            pack: "kuaishou", stream: "first-refunds", answer: kuaishou,
            members: [("updateTime", "updated_at"), ("status", "status"), ("createTime", nil)]),
        Row(
            pack: "douyin", stream: "cases", answer: douyin,
            members: [("update_time", "updated_at"), ("arbitrate_status", nil)]),
        Row(
            pack: "taobao", stream: "refunds", answer: taobao,
            members: [("modified", "updated_at"), ("status", "status"), ("created", nil)]),
        Row(
            pack: "mercadolibre", stream: "orders", answer: mercadoLibre,
            members: [("date_created", "placed_at"), ("status", "status"), ("last_updated", nil)]),
        Row(pack: "walmart", stream: "orders", answer: walmart, members: [("orderDate", "placed_at")]),
    ]

    @Test("one that is gone is told, one that is null is not", arguments: rows)
    func members(_ row: Row) throws {
        let platform = try ShippedPlatform(row.pack, market: row.pack == "walmart" ? "US" : nil)
        // Those to which nothing is added, and those that wait for what is.
        func told(_ answer: String) throws -> [String] {
            let lines = try platform.lines(row.stream, answer)
            return lines.isEmpty ? try platform.next(row.stream, answer)?.items.flatMap(\.facts) ?? [] : lines
        }
        let whole = try told(row.answer)
        #expect(whole.allSatisfy { !$0.hasPrefix("no ") }, "\(whole)")
        for (name, lacking) in row.members {
            let gone = row.answer.replacing("\"\(name)\":", with: "\"\(name)_new\":")
            try #require(gone != row.answer)
            let lines = try told(gone)
            guard let lacking else {
                #expect(lines.allSatisfy { !$0.hasPrefix("no ") }, "\(name): \(lines)")
                continue
            }
            #expect(lines.contains { $0.hasPrefix("no ") && $0.contains("without \(lacking)") }, "\(name): \(lines)")
        }
    }

    @Test("null is a value that is not there yet")
    func null() throws {
        let answer = Self.pinduoduo.replacing(#""dispute_refund_status":0"#, with: #""dispute_refund_status":null"#)
        let platform = try ShippedPlatform("pinduoduo")
        #expect(try platform.page("refunds", answer).rejections.isEmpty)
    }
}
