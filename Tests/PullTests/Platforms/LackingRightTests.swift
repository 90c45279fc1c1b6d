import Curl
import Facts
import Foundation
import HTTPTypes
import Language
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("An application that may not read the cases of a shop pulls its orders all the same")
struct LackingRightTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var pack: String
        /// Stands in the path or the body of what is refused.
        var call: String
        var refusal: String
        /// To all else.
        var nothing: String
        /// The reading by which it is known.
        var right: String
        /// How often in a pull; more than once where the platform may know the call by another name.
        var asked = 1

        var testDescription: String { "\(pack) \(call)" }
    }

    private static let jd = #"""
        {"jingdong_pop_order_search_responce":{"code":"0","searchorderinfo_result":{"orderTotal":0}},
         "jingdong_asc_query_list_responce":{"code":"0","pageResult":{"totalCount":0}},
         "jingdong_pop_afs_soa_refundapply_queryPageList_responce":{"code":"0","queryResult":{"totalCount":0}},
         "jingdong_pop_afs_refundapply_querylist_responce":{"code":"0","refundApplyResponse":{"count":0}},
         "jingdong_pop_PopCommentJsfService_getVenderCommentsForJos_responce":{"code":"0","totalItem":0}}
        """#
    private static let jdRefusal = #"{"error_response":{"code":"24","zh_desc":"…","en_desc":"…"}}"#

    static let rows: [Row] = [
        Row(
            pack: "pinduoduo", call: "pdd.refund.list.increment.get",
            refusal: #"{"error_response":{"error_code":20031,"error_msg":"…"}}"#,
            nothing:
                #"{"refund_increment_get_response":{},"order_basic_list_get_response":{},"order_sn_increment_get_response":{}}"#,
            right: "cases"),
        Row(
            pack: "taobao", call: "taobao.refunds.receive.get",
            refusal: #"{"error_response":{"code":11,"msg":"…","sub_code":"isv.permission-api-package-limit"}}"#,
            nothing:
                #"{"trades_sold_increment_get_response":{},"refunds_receive_get_response":{},"traderates_get_response":{}}"#,
            right: "refunds"),
        Row(
            pack: "jd", call: "jingdong.asc.query.list", refusal: jdRefusal, nothing: jd, right: "service-orders"),
        Row(
            pack: "jd", call: "refundapply.query", refusal: jdRefusal, nothing: jd, right: "applications", asked: 3),
        Row(
            pack: "douyin", call: "/afterSale/List",
            refusal: #"{"code":30001,"msg":"…","sub_code":"isv.app-permissions-insufficient"}"#,
            nothing: #"{"code":10000,"data":{}}"#, right: "cases"),
        Row(
            pack: "kuaishou", call: "/open/seller/order/refund/pcursor/list",
            refusal: #"{"result":100200101,"error_msg":"…"}"#, nothing: #"{"result":1,"data":{}}"#, right: "refunds"),
    ]

    @Test(
        "they are asked once a pull, are known to be lacking, and are read from the beginning once given",
        arguments: rows)
    func lacking(_ row: Row) async throws {
        let platform = try ShippedPlatform(row.pack)
        let (clock, kept) = (ManualClock(ShippedPlatform.start), Kept())
        func pull(refused: Bool) async throws -> (asked: Int, last: PulledPages?) {
            let transport = CannedTransport { request, _ in
                let text = (request.head.path ?? "") + String(decoding: request.body ?? [], as: UTF8.self)
                return reply(200, refused && text.contains(row.call) ? row.refusal : row.nothing)
            }
            var generator = SeededGenerator(seed: 3)
            let outcome = try await Puller(transport: transport, clock: clock, together: 1).pull(
                platform.source, from: await kept.state, using: &generator
            ) { await kept.commit($0) }
            #expect(outcome.failure == nil, "\(outcome.failure.map { "\($0)" } ?? "")")
            await kept.keep(try #require(PullState(text: outcome.state.text)))
            let asked = transport.requests.filter {
                (($0.head.path ?? "") + String(decoding: $0.body ?? [], as: UTF8.self)).contains(row.call)
            }
            return (asked.count, await kept.pages.last)
        }
        func reading() async -> String? {
            await kept.facts.values.first { $0.id == "withheld.\(row.right)" }.map {
                String(FactEncoder.line($0).suffix(10))
            }
        }
        // Of metrics that other lists know enough of the pack says so itself, by the reading.
        let isUnvouched = row.pack != "jd"
        for _ in 0..<2 {
            let (asked, last) = try await pull(refused: true)
            #expect(asked == row.asked)
            let kinds = try #require(last?.finish?.kinds)
            #expect(kinds.contains(.order) && kinds.contains(.refund) != isUnvouched)
            #expect(await reading() == #""value":1}"#)
            clock.advance(by: .hours(1))
        }
        let (asked, last) = try await pull(refused: false)
        #expect(asked > 4, "all of the time that the first pull looked at: \(asked)")
        #expect(last?.finish?.kinds.contains(.refund) == true)
        #expect(await reading() == #""value":0}"#)
    }

    @Test("what JD lets an application read is judged, and what it does not is unknown")
    func spared() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../rules/jd.yaml")
        let text = SourceText(name: "jd", text: try String(contentsOf: file, encoding: .utf8))
        let pack = try #require(PackReader.read(text, isBuiltIn: true).0)
        let plan = try #require(pack.pull)
        func unknown(_ right: String) -> [String] {
            let reading = MeasureReading(at: ShippedPlatform.start, value: FixedPoint(millionths: 1_000_000))
            return ["service_hours", "service_orders", "refund_rate", "paid_orders", "late_orders"].filter { name in
                plan.withheld(
                    from: [TypedExpression(.metric(name), .number)], in: pack.vocabulary,
                    [PullPlan.OptionalList.reading(of: right): reading]) != nil
            }
        }
        #expect(unknown("service-orders") == ["service_hours", "service_orders"])
        #expect(unknown("applications") == ["refund_rate"])
    }
}
