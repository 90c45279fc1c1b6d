import Curl
import Facts
import HTTPTypes
import Rules
import Testing

@testable import Pull

@Suite("Shopee's answers")
struct ShopeeAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("shopee") }

    private static func error(_ code: String, _ message: String = "…") -> String {
        #"{"error":"\#(code)","message":"\#(message)","request_id":"1"}"#
    }

    static let verdicts: [VerdictRow] = [
        VerdictRow(.answer, #"{"error":"","message":"","response":{}}"#),
        VerdictRow(.answer, #"{"error":"-","message":"-","response":{}}"#), VerdictRow(.answer, #"{"response":{}}"#),
        VerdictRow(.refresh, 403, error("error_auth")), VerdictRow(.refresh, error("error_auth")),
        VerdictRow(.refresh, 403, error("invalid_acceess_token")), VerdictRow(.refresh, error("invalid_access_token")),
        VerdictRow(.configuration, 403, error("error_sign")), VerdictRow(.configuration, error("error_sign")),
        VerdictRow(.configuration, 403, error("source_ip_undeclared")),
        VerdictRow(.permanent, error("error_param", "Timestamp is expired.")),
        VerdictRow(.permanent, error("order.order_list_invalid_time")),
        VerdictRow(.wait(nil), error("error_rate_limit")), VerdictRow(.wait(6 * 3600), 429, error("error_limit")),
        VerdictRow(.wait(6 * 3600), error("error_limit")),
        VerdictRow(.wait(9), 200, error("error_limit"), retryAfter: "9"),
        VerdictRow(.wait(2), 200, error("error_rate_limit"), retryAfter: "2"),
        VerdictRow(.retry, error("error_server")),
    ]

    @Test("each error is of its class, also inside a 200", arguments: verdicts + VerdictRow.byStatus)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    private func order(_ members: String, status: String = "SHIPPED") throws -> String {
        try platform.fact(
            "order-details",
            #"{"error":"","response":{"order_list":[{"order_sn":"A","create_time":1712601591,"update_time":1713139948,"order_status":"\#(status)",\#(members)}]}}"#
        )
    }

    @Test("orders: who pays at the door is not paid before, and each status has its word")
    func orders() throws {
        let cash = try order(#""cod":true,"pay_time":1712817766,"pickup_done_time":1712726577"#)
        #expect(cash.says(#""picked_up_at":"2024-04-10T05:22:57Z""#) && !cash.contains("paid_at"))
        #expect(try order(#""cod":false,"pay_time":1712817766"#).says(#""paid_at":"2024-04-11T06:42:46Z""#))
        #expect(try !order(#""cod":false,"pay_time":null,"ship_by_date":0"#).contains("ship_by"))
        let words = [
            ("UNPAID", "open"), ("READY_TO_SHIP", "paid"), ("PROCESSED", "paid"), ("SHIPPED", "shipped"),
            ("TO_CONFIRM_RECEIVE", "delivered"), ("TO_RETURN", "delivered"), ("COMPLETED", "completed"),
            ("IN_CANCEL", "open"), ("CANCELLED", "canceled"), ("INVOICE_PENDING", "paid"), ("PENDING", "open"),
            ("RETRY_SHIP", "paid"),
        ]
        for (status, word) in words {
            let line = try order(#""cancel_by":"""#, status: status)
            #expect(line.contains(#""status":"\#(word)""#) && line.contains("canceled_at") == (status == "CANCELLED"))
        }
        let who = [("buyer", "buyer"), ("seller", "seller"), ("system", "platform"), ("Ops", "platform")]
        for (by, word) in who { #expect(try order(#""cancel_by":"\#(by)""#).says(#""canceled_by":"\#(word)""#)) }
    }

    @Test("lines: of an order and an offer each, canceled with their order")
    func lines() throws {
        func lines(_ items: String, status: String = "SHIPPED") throws -> [String] {
            try platform.lines(
                "order-details",
                #"{"error":"","response":{"order_list":[{"order_sn":"A","update_time":1713139948,"ship_by_date":1712671200,"order_status":"\#(status)","cancel_by":"\#(status == "CANCELLED" ? "seller" : "")","item_list":\#(items)}]}}"#
            ).filter { !$0.contains(#""kind":"order""#) }
        }
        func item(_ group: Int) -> String {
            #"{"item_id":5,"model_id":6,"promotion_group_id":\#(group),"add_on_deal_id":0,"model_quantity_purchased":3,"model_discounted_price":48000}"#
        }
        let line =
            #"{"kind":"line","store":"s","id":"A-5-6-0-0","updated_at":"2024-04-15T00:12:28Z","order":"A","product":"5","units":3,"ship_by":"2024-04-09T14:00:00Z"}"#
        let two = try lines("[\(item(0)),\(item(4))]")
        #expect(two == [line, line.replacing("A-5-6-0-0", with: "A-5-6-4-0")], "\(two)")
        #expect(
            try lines(#"[{"item_id":5,"model_id":0,"model_quantity_purchased":1}]"#).first?.says(#""id":"A-5-0""#)
                == true)
        let canceled = try #require(try lines("[\(item(0))]", status: "CANCELLED").first)
        #expect(canceled.says(#""canceled_at":"2024-04-15T00:12:28Z""#, #""canceled_by":"seller""#), "\(canceled)")
        #expect(try lines("[]") == [])
    }

    @Test("money is a float as JSON writes it, and stays exact")
    func money() throws {
        for (amount, shown) in [("32119", "32119"), ("0.1", "0.1"), ("1409.90", "1409.9"), ("19.99", "19.99")] {
            #expect(try order(#""total_amount":\#(amount),"currency":"SGD""#).says(#""amount":"\#(shown)""#))
        }
    }

    @Test("each status of a return has its word")
    func returns() throws {
        let words = [
            ("REQUESTED", "open"), ("ACCEPTED", "open"), ("CANCELLED", "withdrawn"), ("JUDGING", "open"),
            ("PROCESSING", "open"), ("SELLER_DISPUTE", "open"), ("REFUND_PAID", "refunded"), ("CLOSED", "closed"),
        ]
        for (status, word) in words {
            let line = try platform.fact(
                "returns",
                #"{"error":"-","response":{"more":false,"return":[{"return_sn":"R","status":"\#(status)","update_time":1580729377,"reason":"NOT_RECEIPT"}]}}"#
            )
            #expect(line.says(#""status":"\#(word)""#, #""reason":"not_received""#, #""type":"refund""#))
            #expect(line.contains("refunded_at") == (status == "REFUND_PAID"))
            #expect(line.contains("disputed") == ["JUDGING", "SELLER_DISPUTE"].contains(status))
            #expect(line.contains("intervened") == (status == "JUDGING"))
        }
    }

    @Test("without a list there is nothing where there is no more, and returns that a shop may not read are withheld")
    func noReturns() throws {
        for none in [
            #"{"more":false}"#, #"{"more":false,"return":null}"#, #"{"more":false,"return":{}}"#, "{}", "null",
        ] {
            let page = try platform.page("returns", #"{"error":"","response":\#(none)}"#)
            #expect(page.facts.isEmpty && page.refused == nil, "\(none)")
        }
        #expect(throws: PullError.self) { try platform.page("returns", #"{"error":"","response":{"more":true}}"#) }
        #expect(try platform.page("returns", Self.error("error_permission"), status: 403).withheld == "returns")
        #expect(try platform.page("performance", #"{"response":{"metric_list":null}}"#).facts.isEmpty)
        let point = #"{"reference_id":1,"violation_type":5,"issue_time":1580729377,"latest_point_num":1}"#
        let points = #"{"response":{"penalty_point_list":[\#(point)]}}"#
        #expect(try platform.next("points", points)?.page == "2")
    }

    @Test("a metric is read in whatever unit it is told in, null is no reading, and a group is no metric")
    func performance() throws {
        func metric(_ id: Int, unit: Int, _ current: String, target: String = "10") throws -> [String] {
            try platform.lines(
                "performance",
                #"{"response":{"metric_list":[{"metric_id":\#(id),"unit":\#(unit),"current_period":\#(current),"target":{"value":\#(target),"comparator":"<"}}]}}"#
            )
        }
        let late = try metric(1, unit: 2, "12.5")
        #expect(late.count == 2)
        #expect(late[0].says("shopee.late_shipment_rate", #""value":0.125"#, #""expected":0.1"#), "\(late)")
        #expect(late[1].says("shopee.late_shipment_target", #""value":0.1"#))
        #expect(try metric(1, unit: 2, "null").map { $0.contains("late_shipment_target") } == [true])
        #expect(try metric(4, unit: 4, "1.25", target: "2")[0].says("shopee.preparation_days", #""value":1.25"#))
        #expect(try metric(22, unit: 1, "4.7", target: "4.5")[0].says("shopee.shop_rating", #""value":4.7"#))
        #expect(try metric(-1, unit: 2, "5") == [] && metric(-21, unit: 4, "5") == [])
        #expect(try platform.lines("performance", #"{"response":{"metric_list":[]}}"#) == [])
        // Seconds, days, hours.
        for (id, name, limit) in [
            (4, "preparation_days", "preparation_time_target"), (21, "chat_response_days", "chat_response_days_target"),
        ] {
            for (unit, current, target) in [(3, "43200", "86400"), (4, "0.5", "1"), (5, "12", "24")] {
                let told = try metric(id, unit: unit, current, target: target)
                #expect(told.count == 2, "\(told)")
                #expect(told[0].says(#""name":"shopee.\#(name)""#, #""value":0.5"#, #""expected":1"#), "\(told)")
                #expect(told[1].says(#""name":"shopee.\#(limit)""#, #""value":1"#), "\(told)")
            }
        }
    }

    @Test("no metric is passed over: what is not known is kept by its number, shares as fractions and times in days")
    func others() throws {
        func metric(_ id: Int, unit: String, _ current: String) throws -> [String] {
            try platform.lines(
                "performance",
                #"{"response":{"metric_list":[{"metric_id":\#(id),"current_period":\#(current),"target":{"value":12}\#(unit)}]}}"#
            )
        }
        for (id, unit, current, name, value, expected) in [
            (27, 2, "8", "shopee.metric_27", "0.08", "0.12"), (95, 2, "80.5", "shopee.metric_95", "0.805", "0.12"),
            (15, 1, "3", "shopee.metric_15", "3", "12"), (2036, 5, "36", "shopee.metric_2036_days", "1.5", "0.5"),
            (2036, 3, "86400", "shopee.metric_2036_days", "1", "0.000139"),
            (2036, 4, "2", "shopee.metric_2036_days", "2", "12"), (99, 7, "5", "shopee.metric_99_unit_7", "5", "12"),
            // Known, but not in this unit.
            (1, 1, "5", "shopee.metric_1", "5", "12"), (21, 2, "50", "shopee.metric_21", "0.5", "0.12"),
            (22, 4, "5", "shopee.metric_22_days", "5", "12"),
        ] {
            let told = try metric(id, unit: #","unit":\#(unit)"#, current)
            #expect(told.count == 1, "\(told)")
            #expect(told[0].says(#""name":"\#(name)""#, #""value":\#(value)"#, #""expected":\#(expected)"#), "\(told)")
        }
        #expect(try metric(27, unit: #","unit":2"#, "null") == [])
        #expect(try metric(27, unit: "", "5").allSatisfy { $0 == "no measure: without unit" })
    }

    @Test("how the shop stands as a whole is a reading, and an answer without its list is told")
    func overall() throws {
        let told = try platform.lines(
            "performance",
            #"{"response":{"metric_list":[],"overall_performance":{"rating":3,"fulfillment_failed":1,"listing_failed":0,"custom_service_failed":2}}}"#
        )
        #expect(told.count == 4, "\(told)")
        for (line, (name, value)) in zip(
            told,
            [("overall_rating", 3), ("fulfilment_failed", 1), ("listing_failed", 0), ("service_failed", 2)])
        { #expect(line.says(#""name":"shopee.\#(name)""#, #""value":\#(value)"#)) }
        #expect(try platform.lines("performance", #"{"response":{}}"#) == ["no measure: no list at metric_list"])
    }

    @Test("points as they stand after an appeal; a punishment for each type of one number")
    func penalties() throws {
        let points = try platform.lines(
            "points",
            #"{"response":{"total_count":2,"penalty_point_list":[{"issue_time":1728634527,"latest_point_num":3,"original_point_num":3,"reference_id":764883879797459200,"violation_type":12},{"issue_time":1728634527,"latest_point_num":0,"original_point_num":2,"reference_id":8,"violation_type":5}]}}"#
        )
        #expect(
            points[0].says(#""id":"point-764883879797459200""#, #""points":3"#, #""issued_at":"2024-10-11T08:15:27Z""#))
        #expect(points[1].says(#""points":0"#, #""excluded":true"#))
        let punished = try platform.lines(
            "punishments",
            #"{"response":{"total_count":2,"punishment_list":[{"start_time":1728633961,"end_time":1731053161,"punishment_type":602,"reason":3,"reference_id":9},{"start_time":1728633961,"end_time":1731053161,"punishment_type":108,"reason":3,"reference_id":9}]}}"#
        )
        #expect(punished.map { $0.contains(#""id":"punishment-9-602""#) } == [true, false] && punished.count == 2)
    }

    @Test(
        "orders are named by a cursor and read fifty at a time; returns count their pages from 0; windows keep to 15 days"
    )
    func questions() throws {
        let asked = query(try platform.request("past-orders"))
        let (from, until) = (try #require(Int64(asked["time_from"] ?? "")), try #require(Int64(asked["time_to"] ?? "")))
        #expect(
            until - from <= 15 * 86_400 && asked["page_size"] == "100" && asked["time_range_field"] == "create_time")
        let list = (1...51).map { #"{"order_sn":"O\#($0)"}"# }.joined(separator: ",")
        let next = try #require(
            try platform.next("orders", #"{"response":{"more":true,"next_cursor":"20","order_list":[\#(list)]}}"#))
        #expect(next.items.count == 51 && next.page == "20" && !next.isLastPage)
        var state = platform.state(at: next)
        let batch = query(platform.source.request(after: state, at: Asking(now: ShippedPlatform.start, nonce: 1)))
        #expect(batch["order_sn_list"]?.split(separator: ",").count == 50)
        #expect(batch["response_optional_fields"]?.contains("pickup_done_time") == true)
        let after = try platform.source.page(
            from: .init(status: .ok, body: Array(#"{"response":{"order_list":[]}}"#.utf8)), after: state,
            at: ShippedPlatform.start)
        state.cursor = after.next
        let rest = query(platform.source.request(after: state, at: Asking(now: ShippedPlatform.start, nonce: 1)))
        #expect(rest["order_sn_list"] == "O51")
        #expect(query(try platform.request("returns"))["page_no"] == "0")
        #expect(try platform.next("returns", #"{"response":{"more":true,"return":[]}}"#)?.page == "1")
        #expect(try platform.next("returns", #"{"response":{"more":false,"return":[]}}"#, page: "1") == nil)
        #expect(
            try platform.next("comments", #"{"response":{"more":false,"next_cursor":"20","item_comment_list":[]}}"#)
                == nil)
    }
}
