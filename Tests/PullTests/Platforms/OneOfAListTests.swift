import Curl
import Facts
import HTTPTypes
import Rules
import Testing

@testable import Pull

@Suite("A list of one may come without its brackets, and a moment in another form")
struct OneOfAListTests {
    private static func trades(_ trade: String) -> String {
        #"{"trades_sold_increment_get_response":{"total_results":1,"trades":{"trade":\#(trade)}}}"#
    }

    @Test("Taobao's one trade with its one line is read as a list of both")
    func taobao() throws {
        let platform = try ShippedPlatform("taobao")
        func lines(_ order: String, _ trade: (String) -> String) throws -> [String] {
            try platform.lines(
                "trades",
                Self.trades(
                    trade(
                        #"{"tid":1,"status":"TRADE_FINISHED","created":null,"payment":"9.90","orders":{"order":\#(order)}}"#
                    )))
        }
        let order = #"{"oid":2,"num":1,"payment":"9.90"}"#
        let listed = try lines("[\(order)]") { "[\($0)]" }
        #expect(listed.count == 2 && listed[1].contains(#""kind":"line""#), "\(listed)")
        #expect(try lines(order) { $0 } == listed)
        #expect(try lines("[\(order)]") { $0 } == listed)
        #expect(try lines(order) { "[\($0)]" } == listed)
        #expect(try lines("{}") { $0 }.count == 1)
    }

    @Test("in a path 0 is the one that stands there without brackets")
    func path() throws {
        let walmart = try ShippedPlatform("walmart")
        func order(_ status: String, _ line: (String) -> String) throws -> [String] {
            let inner =
                #"{"lineNumber":"1","statusDate":1772400000000,"orderLineStatuses":{"orderLineStatus":\#(status)}}"#
            return try walmart.lines(
                "orders",
                #"{"list":{"meta":{},"elements":{"order":[{"purchaseOrderId":"1","orderDate":1772400000000,"orderLines":{"orderLine":\#(line(inner))}}]}}}"#
            )
        }
        let listed = try order(#"[{"status":"Delivered"}]"#) { "[\($0)]" }
        #expect(listed.count == 2 && listed[0].contains(#""status":"delivered""#), "\(listed)")
        #expect(try order(#"{"status":"Delivered"}"#) { $0 } == listed)
    }

    @Test(
        "what has no id of an item is no list of one, so that nothing looks like nothing",
        arguments: [
            ("taobao", "trades", trades(#"{"code":1}"#)),
            ("shopee", "returns", #"{"error":"","response":{"more":true,"return":{"total":3}}}"#),
            ("woocommerce", "orders", #"{"orders":[]}"#),
        ])
    func others(_ pack: String, _ stream: String, _ body: String) throws {
        let platform = try ShippedPlatform(pack)
        let error = #expect(throws: PullError.self) { try platform.page(stream, body) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("has no list"))
    }

    @Test(
        "a moment that says by itself what it is counts in any form",
        arguments: [
            #""2026-03-01 21:20:00""#, #""2026-03-01T13:20:00Z""#, #""2026-03-01T21:20:00+08:00""#,
            #""2026-03-01T21:20:00.000+0800""#, #""2026-03-01T13:20Z""#, "1772371200", #""1772371200""#,
            "1772371200000",
            "1772371200.0", #""1772371200000""#,
        ])
    func moments(_ written: String) throws {
        let trade = try ShippedPlatform("taobao").fact(
            "trades", Self.trades(#"[{"tid":1,"status":"WAIT_BUYER_PAY","created":\#(written)}]"#))
        #expect(trade.contains(#""placed_at":"2026-03-01T13:20:00Z""#), "\(trade)")
        let order = try ShippedPlatform("shopee").fact(
            "past-order-details",
            #"{"error":"","response":{"order_list":[{"order_sn":"1","order_status":"UNPAID","create_time":\#(written == #""2026-03-01 21:20:00""# ? "1772371200" : written)}]}}"#
        )
        #expect(order.contains(#""placed_at":"2026-03-01T13:20:00Z""#), "\(order)")
    }

    @Test("a time before there was any such platform is said to be one; the first of a calendar is none")
    func implausible() throws {
        func placed(_ written: String) throws -> String {
            let page = try ShippedPlatform("amazon").page(
                "orders_v0",
                #"{"payload":{"Orders":[{"AmazonOrderId":"1","OrderStatus":"Shipped","PurchaseDate":"\#(written)"}]}}"#)
            return (page.facts.map(FactEncoder.line) + page.rejections.map(\.rejection.reason)).joined()
        }
        // As Amazon's sandbox has it.
        #expect(try placed("1970-01-19T03:58:30Z") == "placed_at: lies outside 1995 to 2100")
        #expect(try placed("2219-01-19T03:58:30Z") == "placed_at: lies outside 1995 to 2100")
        #expect(try placed("yesterday") == "placed_at: a time is not written as rfc3339")
        for none in ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00", "0000-00-00 00:00:00"] {
            #expect(try placed(none).says(#""id":"1""#) && !(try placed(none)).contains("placed_at"), "\(none)")
        }
        let unix = try ShippedPlatform("shopee").page(
            "past-order-details",
            #"{"error":"","response":{"order_list":[{"order_sn":"1","order_status":"UNPAID","create_time":12}]}}"#)
        #expect(unix.rejections.map(\.rejection.reason) == ["placed_at: lies outside 1995 to 2100"])
    }

    @Test("what a server does not know how to do it is not asked again")
    func notImplemented() {
        for status in [501, 505] {
            let error = PullError(Reply(status: .init(code: status)), now: ShippedPlatform.start)
            #expect(error == .rejected(status: status) && error?.isTransient == false && error?.isFinal == true)
        }
        #expect(PullError(Reply(status: .init(code: 502)), now: ShippedPlatform.start)?.isTransient == true)
    }
}
