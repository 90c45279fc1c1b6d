import Curl
import Facts
import Rules
import Testing

@testable import Pull

@Suite("Kuaishou's answers")
struct KuaishouAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("kuaishou") }

    /// Few codes are known: what is not `result` 1 is refused for good, but where its words or HTTP say otherwise.
    static let verdicts: [VerdictRow] = [
        VerdictRow(.answer, #"{"result":1,"data":{}}"#),
        VerdictRow(.permanent, #"{"result":2,"error_msg":"…","code":"1","msg":"…","sub_code":"…","sub_msg":"…"}"#),
        VerdictRow(.refresh, #"{"result":28,"error_msg":"access_token 已过期"}"#),
        VerdictRow(.wait(nil), #"{"result":3,"error_msg":"调用频率超限"}"#),
        VerdictRow(.retry, #"{"result":4,"error_msg":"系统繁忙，请稍后再试"}"#),
        VerdictRow(.refresh, #"{"result":0,"code":"100200102"}"#),
        VerdictRow(.configuration, #"{"result":0,"code":"100200101"}"#),
        VerdictRow(.retry, #"{"result":0,"code":"100200500"}"#),
        VerdictRow(.wait(nil), #"{"result":0,"code":"802006"}"#),
        VerdictRow(.wait(60), 429, #"{"result":2,"error_msg":"…"}"#, retryAfter: "60"),
        VerdictRow(.refresh, 401, #"{"result":2,"error_msg":"…"}"#), VerdictRow(.retry, 503, #"{"result":2}"#),
    ]

    @Test("each error is of its class", arguments: verdicts + VerdictRow.byStatus)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    private func refund(_ members: String) throws -> String {
        try platform.fact(
            "refunds",
            #"{"result":1,"data":{"pcursor":"nomore","refundOrderInfoList":[{"refundId":7,"oid":8,"updateTime":1772400000000,\#(members)}]}}"#
        )
    }

    @Test("money is fen and times are milliseconds")
    func forms() throws {
        let order = try platform.fact(
            "orders",
            #"{"result":1,"data":{"cursor":"nomore","orderList":[{"orderBaseInfo":{"oid":2509900123456789012,"createTime":1772300000123,"payTime":0,"totalFee":990,"status":70}}]}}"#
        )
        #expect(
            order
                == #"{"kind":"order","store":"s","id":"2509900123456789012","placed_at":"2026-02-28T17:33:20.123Z","status":"completed","amount":"9.9","currency":"CNY","fulfillment":"seller"}"#
        )
        #expect(try refund(#""status":60,"handlingWay":1,"refundFee":1"#).says(#""amount":"0.01""#))
    }

    @Test("statuses: the platform's intervention, success, and what sent no money back")
    func statuses() throws {
        for status in ["20", "21", "22"] {
            #expect(try refund(#""status":\#(status)"#).says(#""intervened":true"#, #""status":"open""#))
        }
        let words = [
            (10, "open"), (11, "open"), (30, "open"), (40, "open"), (45, "open"), (50, "open"), (70, "closed"),
        ]
        for (status, word) in words {
            let line = try refund(#""status":\#(status),"endTime":1772390000000"#)
            #expect(
                line.contains(#""status":"\#(word)""#) && !line.contains("refunded_at") && !line.contains("intervened"))
        }
        let paid = try refund(#""status":60,"endTime":1772390000000,"handlingWay":10"#)
        #expect(paid.says(#""refunded_at":"2026-03-01T18:33:20Z""#, #""type":"refund""#))
        let exchanged = try refund(#""status":60,"endTime":1772390000000,"handlingWay":3"#)
        #expect(exchanged.says(#""status":"closed""#, #""type":"exchange""#) && !exchanged.contains("refunded_at"))
        // A status that nobody knows is set aside, as rules read it.
        #expect(try refund(#""status":99"#).hasPrefix("no refund: status"))
    }

    @Test("a cursor goes on from the empty one to nomore")
    func cursor() throws {
        let asked = query(try platform.request("orders"))
        #expect(
            asked["param"]?.contains(#""cursor":"""#) == true && asked["param"]?.contains(#""pageSize":50"#) == true)
        #expect(asked["method"] == "open.order.cursor.list" && asked["timestamp"] == "1772445600000")
        let list = #""orderList":[]}}"#
        #expect(try platform.next("orders", #"{"result":1,"data":{"cursor":"c2",\#(list)"#)?.page == "c2")
        #expect(try platform.next("orders", #"{"result":1,"data":{"cursor":"nomore",\#(list)"#, page: "c2") == nil)
        let later = query(try platform.request("orders", page: "c2"))
        #expect(later["param"]?.contains(#""cursor":"c2""#) == true)
    }

    @Test("a review has three scores, and none without stars; reviews are asked for by twenty")
    func reviews() throws {
        func review(_ scores: String) throws -> [String] {
            try platform.lines(
                "comments",
                #"{"result":1,"data":{"total":1,"rootComment":[{"commentId":7,"orderId":8,"itemId":9,"createTime":1772300000123,"content":"From John",\#(scores)}]}}"#
            )
        }
        #expect(
            try review(#""qualityScore":2,"serviceScore":4,"logisticsScore":5"#) == [
                #"{"kind":"rating","store":"s","id":"7","order":"8","product":"9","rated_at":"2026-02-28T17:33:20.123Z","score":2,"logistics":5,"service":4}"#
            ])
        #expect(
            try review(#""qualityScore":5,"serviceScore":0,"logisticsScore":0"#).first?.contains("service") == false)
        #expect(try review(#""qualityScore":0"#) == [])
        let asked = query(try platform.request("comments", page: "20"))
        #expect(asked["method"] == "open.comment.list.get")
        #expect(
            asked["param"]
                == #"{"createTimeFrom":1769767200000,"createTimeTo":1770372000000,"limit":20,"offset":20}"#, "\(asked)")
        let page = #"{"result":1,"data":{"total":41,"rootComment":[{"commentId":7,"qualityScore":5}]}}"#
        #expect(try platform.next("comments", page, page: "40") == nil)
        #expect(try platform.next("comments", page, page: "20")?.page == "21")
    }

    @Test("the score has two decimals as text, and a shop without one has none")
    func score() throws {
        let some = try platform.fact("score", #"{"result":1,"data":{"hasData":true,"summary":{"scoreStr":"4.85"}}}"#)
        #expect(some.says(#""name":"kuaishou.score""#, #""value":4.85"#))
        #expect(
            try platform.lines("score", #"{"result":1,"data":{"hasData":false,"summary":{"scoreStr":"0.00"}}}"#) == [])
    }
}
