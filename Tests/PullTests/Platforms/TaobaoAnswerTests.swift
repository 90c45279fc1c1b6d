import Curl
import Facts
import Rules
import Testing

@testable import Pull

@Suite("Taobao's answers")
struct TaobaoAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("taobao") }

    private static func error(_ code: Int, _ sub: String = "") -> String {
        let more = sub.isEmpty ? "" : #","sub_code":"\#(sub)","sub_msg":"…""#
        return #"{"error_response":{"code":\#(code),"msg":"…"\#(more),"request_id":"1"}}"#
    }

    private static let others: [VerdictRow] = [
        VerdictRow(.wait(nil), error(7, "accesscontrol.limited-by-api-access-count")),
        VerdictRow(.wait(nil), error(15, "accesscontrol.limited-by-app-access-count")),
        VerdictRow(.wait(5), 200, error(7), retryAfter: "5"), VerdictRow(.retry, error(10)),
        VerdictRow(.retry, error(15, "isp.top-remote-connection-timeout")),
        VerdictRow(.permanent, error(15, "isv.trade-not-exist")), VerdictRow(.permanent, error(15)),
        VerdictRow(.permanent, error(9)), VerdictRow(.refresh, error(27, "isv.session-expired")),
        VerdictRow(.configuration, error(11, "isv.permission-ip-whitelist-limit")),
        VerdictRow(.permanent, error(40, "isv.missing-parameter")), VerdictRow(.permanent, error(41)),
        VerdictRow(.answer, #"{"trades_sold_increment_get_response":{"total_results":0}}"#),
        // A real one.
        VerdictRow(
            .configuration,
            #"{"error_response":{"code":25,"msg":"Invalid signature","request_id":"109wcmcgllsj1"}}"#),
    ]

    private static let throttled: [VerdictRow] = VerdictRow.all(.wait(nil), [4, 5, 6, 7, 8]) { error($0) }
    private static let refused: [VerdictRow] = VerdictRow.all(
        .configuration, [11, 12, 13, 21, 22, 23, 24, 25, 26, 28, 29, 30, 31]
    ) { error($0) }
    static let verdicts: [VerdictRow] = throttled + refused + others

    @Test("each error is of its class", arguments: verdicts + VerdictRow.byStatus)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    private func trades(_ trade: String) -> String {
        #"{"trades_sold_increment_get_response":{"total_results":1,"trades":{"trade":[\#(trade)]}}}"#
    }

    private func refund(_ members: String) throws -> String {
        try platform.fact(
            "open-refunds",
            #"{"refund_get_response":{"refund":{"refund_id":"8",\#(members),"modified":"2026-01-02 00:00:00"}}}"#)
    }

    @Test("numbers beyond 2^53 stay whole, times are China's, money is yuan as text")
    func forms() throws {
        let lines = try platform.lines(
            "trades",
            trades(
                #"{"tid":9223372036854775807,"status":"TRADE_FINISHED","payment":"200.07","created":"2026-09-20 12:00:00","pay_time":"2026-09-20 12:00:01","end_time":"2026-10-01 00:00:00","modified":"2026-10-01 00:00:01","orders":{"order":[{"oid":9007199254740993,"num":2,"payment":"0.10","num_iid":1489161932}]}}"#
            ))
        #expect(
            lines == [
                #"{"kind":"order","store":"s","id":"9223372036854775807","updated_at":"2026-09-30T16:00:01Z","placed_at":"2026-09-20T04:00:00Z","paid_at":"2026-09-20T04:00:01Z","completed_at":"2026-09-30T16:00:00Z","status":"completed","amount":"200.07","currency":"CNY","fulfillment":"seller"}"#,
                #"{"kind":"line","store":"s","id":"9007199254740993","updated_at":"2026-09-30T16:00:01Z","order":"9223372036854775807","product":"1489161932","units":2,"amount":"0.1","currency":"CNY"}"#,
            ])
    }

    @Test("closed before and after payment is canceled at its end, and an odd status is none")
    func statuses() throws {
        for status in ["TRADE_CLOSED", "TRADE_CLOSED_BY_TAOBAO"] {
            let trade = try platform.fact(
                "trades",
                trades(
                    #"{"tid":1,"status":"\#(status)","created":"2026-01-01 07:00:00","end_time":"2026-01-01 08:00:00","orders":{"order":[]}}"#
                ))
            #expect(trade.says(#""status":"canceled""#, #""canceled_at":"2026-01-01T00:00:00Z""#), "\(trade)")
            #expect(!trade.contains("completed_at"))
        }
        let odd = try platform.fact(
            "trades", trades(#"{"tid":1,"status":"NEW_ONE","created":null,"orders":{"order":[]}}"#))
        #expect(!odd.contains(#""status""#))
    }

    @Test("a refund counts its own fee; exchanges and repairs that end well send no money back")
    func refunds() throws {
        let paid = try refund(
            #""refund_fee":"10.00","payment":"99.00","status":"SUCCESS","end_time":"2026-01-02 00:00:00","dispute_type":"REFUND""#
        )
        #expect(paid.says(#""amount":"10""#, #""refunded_at":"2026-01-01T16:00:00Z""#, #""status":"refunded""#))
        for type in ["TMALL_EXCHANGE", "TAOBAO_EXCHANGE", "REPAIR", "RESHIPPING"] {
            let exchanged = try refund(
                #""status":"SUCCESS","end_time":"2026-01-02 00:00:00","dispute_type":"\#(type)""#)
            #expect(exchanged.says(#""status":"closed""#) && !exchanged.contains("refunded_at"), "\(exchanged)")
        }
    }

    @Test("a dispute is what customer service decided for the buyer")
    func disputes() throws {
        let buyer = try refund(#""status":"SUCCESS","cs_status":8"#)
        #expect(buyer.says(#""disputed":true"#, #""intervened":true"#, #""liable":"seller""#))
        let seller = try refund(#""status":"CLOSED","cs_status":9"#)
        #expect(seller.says(#""intervened":true"#, #""liable":"buyer""#) && !seller.contains("disputed"))
        #expect(try refund(#""status":"SUCCESS","cs_status":1"#).says(#""intervened":false"#, #""closed_by":"seller""#))
    }

    @Test("reviews are the stars they stand for, and what does not count is excluded")
    func reviews() throws {
        func rating(_ members: String) throws -> String {
            try platform.fact(
                "reviews",
                #"{"traderates_get_response":{"total_results":1,"trade_rates":{"trade_rate":[{"oid":2,"tid":1,"created":"2026-01-01 00:00:00",\#(members)}]}}}"#
            )
        }
        for (result, stars) in [("good", 5), ("neutral", 3), ("bad", 1)] {
            #expect(try rating(#""result":"\#(result)""#).contains(#""score":\#(stars)"#))
        }
        let uncounted = try rating(#""result":"bad","valid_score":false,"logistics_service_score":0"#)
        #expect(uncounted.says(#""excluded":true"#) && !uncounted.contains("logistics"))
    }

    @Test("the trade types are named, windows are a day, of reviews less, and pages go backwards")
    func questions() throws {
        let trades = form(try platform.request("trades"))
        #expect(trades["type"] == "guarantee_trade,auto_delivery,ec,cod,step" && trades["use_has_next"] == "false")
        #expect(trades["start_modified"] == "2026-01-30 18:00:00" && trades["end_modified"] == "2026-01-31 18:00:00")
        #expect(trades["timestamp"] == "2026-03-02 18:00:00" && trades["format"] == "json")
        let reviews = form(try platform.request("reviews"))
        // At most 1,500 of a stretch of time, and 200 pages.
        #expect(reviews["page_size"] == "150" && reviews["role"] == "buyer")
        let total = #"{"trades_sold_increment_get_response":{"total_results":120,"trades":{"trade":[]}}}"#
        #expect(try platform.next("trades", total)?.page == "3" && platform.next("trades", total, page: "1") == nil)
        // Without trades the list is left out.
        #expect(try platform.lines("trades", #"{"trades_sold_increment_get_response":{"total_results":0}}"#) == [])
    }
}
