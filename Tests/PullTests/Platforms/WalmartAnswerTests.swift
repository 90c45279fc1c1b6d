import Curl
import Facts
import HTTPTypes
import Rules
import Testing

@testable import Pull

@Suite("Walmart's answers")
struct WalmartAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("walmart", market: "US") }

    private static func error(_ code: String, list: String = "errors") -> String {
        let error = #"[{"code":"\#(code).GMP_ORDER_API","field":"…","description":"…","severity":"ERROR"}]"#
        return list == "errors" ? #"{"errors":{"error":\#(error)}}"# : #"{"error":\#(error)}"#
    }

    private static let others: [VerdictRow] = [
        VerdictRow(.answer, #"{"list":{"meta":{},"elements":{"order":[]}}}"#), VerdictRow(.answer, 204, ""),
        VerdictRow(.nothing, 404, #"{"errors":{"error":[{"code":"CONTENT_NOT_FOUND.GMP_RETURNS_API"}]}}"#),
    ]

    /// The gateway and what lies behind it write the same under two names.
    private static func errors(in list: String) -> [VerdictRow] {
        [
            VerdictRow(.nothing, 404, error("CONTENT_NOT_FOUND", list: list)),
            VerdictRow(.refresh, 401, error("UNAUTHORIZED", list: list)),
            VerdictRow(.wait(nil), 429, error("REQUEST_THRESHOLD_VIOLATED", list: list)),
            VerdictRow(.wait(17), 429, error("REQUEST_THRESHOLD_VIOLATED", list: list), retryAfter: "17"),
            VerdictRow(.retry, 520, error("SYSTEM_ERROR", list: list)),
            VerdictRow(.permanent, 400, error("INVALID_REQUEST_PARAM", list: list)),
            VerdictRow(.configuration, 403, error("FORBIDDEN", list: list)),
        ]
    }

    static let verdicts: [VerdictRow] = errors(in: "errors") + errors(in: "error") + others

    @Test("each error is of its class", arguments: verdicts + VerdictRow.byStatus)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    @Test("204 is an answer in which there is nothing, and so is content that is not found")
    func nothing() throws {
        #expect(try platform.page("response_rate", "", status: 204).facts.isEmpty)
        #expect(try platform.page("orders", Self.error("CONTENT_NOT_FOUND"), status: 404).facts.isEmpty)
    }

    private func order(_ lines: [String], _ members: String = "") throws -> String {
        let all = lines.enumerated().map { #"{"lineNumber":"\#($0 + 1)",\#($1)}"# }.joined(separator: ",")
        return try platform.fact(
            "orders",
            #"{"list":{"elements":{"order":[{"purchaseOrderId":"1","orderDate":1568466571000,\#(members)"orderLines":{"orderLine":[\#(all)]}}]}}}"#
        )
    }

    private static func line(_ status: String, _ more: String = "", amount: String = "9.99") -> String {
        #""orderLineStatuses":{"orderLineStatus":[{"status":"\#(status)"\#(more)}]},"statusDate":1568527247000,"charges":{"charge":[{"chargeAmount":{"currency":"USD","amount":\#(amount)}}]}"#
    }

    @Test("the status stands in the lists of lines; an order is canceled with all of them")
    func statuses() throws {
        for (status, word) in [
            ("Created", "paid"), ("Acknowledged", "paid"), ("Shipped", "shipped"), ("Delivered", "delivered"),
        ] {
            #expect(try order([Self.line(status)]).says(#""status":"\#(word)""#))
        }
        let whole = try order([Self.line("Cancelled"), Self.line("Cancelled")])
        #expect(
            whole.says(#""status":"canceled""#, #""canceled_at":"2019-09-15T06:00:47Z""#, #""canceled_by":"seller""#))
        let part = try order([Self.line("Cancelled"), Self.line("Shipped")])
        #expect(part.says(#""status":"shipped""#) && !part.contains("canceled"))
        let asked = try order([
            Self.line("Cancelled", #","cancellationReason":"CUSTOMER_REQUESTED_SELLER_TO_CANCEL""#)
        ])
        #expect(asked.says(#""canceled_by":"buyer""#))
    }

    /// A line of several parts, each with its status.
    private static func parts(_ parts: String..., date: Int = 1_568_527_247_000) -> String {
        let all = parts.map { "{\($0)}" }.joined(separator: ",")
        return #""orderLineStatuses":{"orderLineStatus":[\#(all)]},"statusDate":\#(date)"#
    }

    private static func status(_ word: String, _ more: String = "") -> String { #""status":"\#(word)"\#(more)"# }

    private static let askedFor = #","cancellationReason":"CUSTOMER_REQUESTED_SELLER_TO_CANCEL""#

    @Test("whatever number of lines an order has, it is canceled with all of them and shipped with the one that is")
    func manyLines() throws {
        let shipping = #","trackingInfo":{"shipDateTime":1568530000000,"trackingNumber":"1Z"}"#
        let canceled = Self.parts(Self.status("Cancelled"))
        let lastIsShipped = try order([canceled, canceled, canceled, Self.parts(Self.status("Shipped", shipping))])
        #expect(
            lastIsShipped.says(#""status":"shipped""#, #""shipped_at":"2019-09-15T06:46:40Z""#, #""tracked":true"#)
                && !lastIsShipped.contains("canceled"), "\(lastIsShipped)")
        let all = try order([String](repeating: canceled, count: 5))
        #expect(
            all.says(#""status":"canceled""#, #""canceled_at":"2019-09-15T06:00:47Z""#, #""canceled_by":"seller""#))
        // How far all of it is.
        let waiting = try order([Self.parts(Self.status("Shipped", shipping)), Self.parts(Self.status("Acknowledged"))])
        #expect(waiting.says(#""status":"paid""#, #""shipped_at":"2019-09-15T06:46:40Z""#))
        let delivered = try order([canceled, Self.parts(Self.status("Delivered"), date: 1_568_700_000_000)])
        #expect(delivered.says(#""status":"delivered""#, #""delivered_at":"2019-09-17T06:00:00Z""#), "\(delivered)")
        // A word that is not known is none of a canceled line.
        let odd = try order([canceled, Self.parts(Self.status("Refund"))])
        #expect(!odd.contains("canceled") && !odd.contains("status"), "\(odd)")
        #expect(try !order([Self.parts(Self.status("Shipped", #","trackingInfo":null"#))]).contains("tracked"))
    }

    @Test("who canceled an order: the buyer, where he asked for all that was canceled")
    func cancelers() throws {
        let (buyer, seller) = (
            Self.parts(Self.status("Cancelled", Self.askedFor)), Self.parts(Self.status("Cancelled"))
        )
        #expect(try order([buyer, buyer, buyer, buyer]).says(#""canceled_by":"buyer""#))
        #expect(try order([buyer, buyer, buyer, seller]).says(#""canceled_by":"seller""#))
        #expect(
            try order([Self.parts(Self.status("Cancelled", Self.askedFor), Self.status("Cancelled"))])
                .says(#""canceled_by":"seller""#))
    }

    @Test("a line of which a part was canceled is one canceled line, and its order is not canceled")
    func parts() throws {
        func facts(_ line: String) throws -> [String] {
            try platform.lines(
                "orders",
                #"{"list":{"elements":{"order":[{"purchaseOrderId":"1","orderDate":1568466571000,"orderLines":{"orderLine":[{"lineNumber":"1",\#(line)}]}}]}}}"#
            )
        }
        let shipped = Self.status("Shipped", #","trackingInfo":{"shipDateTime":1568530000000}"#)
        let part = try facts(Self.parts(shipped, Self.status("Cancelled")))
        #expect(part[0].says(#""status":"shipped""#) && !part[0].contains("canceled"), "\(part)")
        #expect(
            part[1].says(
                #""shipped_at":"2019-09-15T06:46:40Z""#, #""canceled_at":"2019-09-15T06:00:47Z""#,
                #""canceled_by":"seller""#), "\(part)")
        let asked = try facts(Self.parts(Self.status("Cancelled", Self.askedFor), shipped))
        #expect(asked[1].says(#""canceled_by":"buyer""#))
        let both = try facts(Self.parts(Self.status("Cancelled", Self.askedFor), Self.status("Cancelled"), shipped))
        #expect(both[1].says(#""canceled_by":"seller""#))
        #expect(try !facts(Self.parts(shipped))[1].contains("canceled"))
    }

    @Test("an order that does not tell how its lines stand is set aside")
    func without() throws {
        #expect(
            try order([#""statusDate":1568527247000"#]).hasPrefix(
                "no order: without orderLineStatuses.orderLineStatus[]"))
    }

    @Test("orders have epoch milliseconds, returns ISO; amounts are numbers, added exactly")
    func forms() throws {
        let sum = try order([Self.line("Created", amount: "0.1"), Self.line("Created", amount: "0.2")])
        #expect(sum.says(#""amount":"0.3""#, #""placed_at":"2019-09-14T13:09:31Z""#), "\(sum)")
        let returned = try platform.fact(
            "returns",
            #"{"meta":{},"returnOrders":[{"returnOrderId":"7","returnOrderDate":"2019-02-21T01:01:08.000Z","returnType":"REFUND","totalRefundAmount":{"currencyAmount":127.45,"currencyUnit":"USD"},"returnOrderLines":[{"returnOrderLineNumber":1,"purchaseOrderId":"1","returnReason":"DAMAGED","status":"INITIATED","statusTime":"2019-03-02T05:45:45.000Z"}]}]}"#
        )
        #expect(
            returned
                == #"{"kind":"refund","store":"s","id":"7","order":"1","opened_at":"2019-02-21T01:01:08Z","type":"return","reason":"damaged","status":"open","amount":"127.45","currency":"USD"}"#
        )
    }

    @Test("money that went back is refunded however far the return is, and a word that is not known is set aside")
    func refundStatuses() throws {
        func line(_ status: String, _ refund: String) throws -> String {
            try platform.fact(
                "returns",
                #"{"meta":{},"returnOrders":[{"returnOrderId":"7","returnOrderDate":"2019-02-21T01:01:08.000Z","returnOrderLines":[{"returnOrderLineNumber":1,"purchaseOrderId":"1","status":"\#(status)","statusTime":"2019-03-02T05:45:45.000Z"\#(refund)}]}]}"#
            )
        }
        func refund(_ word: String) -> String { #","currentRefundStatus":"\#(word)""# }
        for status in ["INITIATED", "DELIVERED", "COMPLETED"] {
            let back = try line(status, refund("REFUND_COMPLETED"))
            #expect(back.says(#""status":"refunded""#, #""refunded_at":"2019-03-02T05:45:45Z""#), "\(back)")
            let onItsWay = try line(status, refund("REFUND_INITIATED"))
            let isRefunded = status == "COMPLETED"
            #expect(onItsWay.says(#""status":"\#(isRefunded ? "refunded" : "open")""#))
            #expect(onItsWay.contains("refunded_at") == isRefunded)
        }
        #expect(try line("COMPLETED", refund("REFUND_NOT_INITIATED")).says(#""status":"closed""#))
        #expect(try line("COMPLETED", "").says(#""status":"closed""#))
        #expect(
            try line("COMPLETED", refund("REFUND_SENT"))
                == "no refund: status: the platform's word 'REFUND_SENT' is none that the pack knows")
        #expect(
            try line("LOST", "") == "no refund: status: the platform's word 'LOST' is none that the pack knows")
    }

    @Test("a line of a return is known by its number, or else by what was ordered")
    func returnLines() throws {
        func ids(_ lines: String...) throws -> [String] {
            let all = lines.map { "{\($0)}" }.joined(separator: ",")
            return try platform.page(
                "returns",
                #"{"returnOrders":[{"returnOrderId":7,"totalRefundAmount":{"currencyAmount":5,"currencyUnit":"USD"},"returnOrderLines":[\#(all)]}]}"#
            ).facts.map { FactEncoder.line($0).contains("amount") ? $0.id + " with the amount" : $0.id }
        }
        func line(_ number: Int) -> String { #""purchaseOrderId":"P","purchaseOrderLineNumber":"\#(number)""# }
        #expect(
            try ids(#""returnOrderLineNumber":1,"# + line(3), #""returnOrderLineNumber":2,"# + line(4)) == ["7", "7-2"])
        #expect(try ids(line(3)) == ["7 with the amount"])
        #expect(try ids(line(3), line(4)) == ["7-P-3", "7-P-4"])
        #expect(try ids(#""item":{"sku":"a"}"#, #""item":{"sku":"b"}"#) == ["7-a", "7-b"])
    }

    @Test("a store that names no market is of the one as which it is asked", arguments: [nil, "us", "mx"])
    func figures(_ asked: String?) throws {
        let given = asked.map { ["market": Secret($0)] } ?? [:]
        let source = try #require(
            PlatformSource(
                Store(id: "s", pack: "walmart", timezone: "UTC"), calendar: .utc, plan: platform.plan,
                endpoint: "https://platform.example",
                credentials: ["client_id": Secret("a"), "client_secret": Secret("b")].merging(given) { $1 },
                reach: .days(31), decoding: decoding))
        var state = PullState()
        state.begin(at: ShippedPlatform.start, reach: .days(31))
        let lists = source.lists(state).map(\.stream.name)
        #expect(lists.contains("orders") && lists.contains("response_rate") == (asked != "mx"), "\(lists)")
    }

    @Test("returns that a store may not read are withheld")
    func withheld() throws {
        #expect(try platform.page("returns", Self.error("FORBIDDEN"), status: 403).withheld == "returns")
    }

    @Test("rates are percent, by either of their names")
    func rates() throws {
        let overall = try platform.fact(
            "response_rate", #"{"payload":{"updatedTimestamp":"2026-02-02T19:49:56Z","overallRate":89},"status":"OK"}"#)
        #expect(
            overall.says(#""name":"walmart.seller_response_rate""#, #""value":0.89"#, #""at":"2026-02-02T19:49:56Z""#))
        for metric in ["late_shipment", "sfla", "cma"] {
            #expect(
                try platform.fact("\(metric)_shown", #"{"payload":{"cumulativeRate":2.5}}"#)
                    .says(#""name":"walmart.\#(metric)_rate""#, #""value":0.025"#))
        }
        #expect(
            try platform.request("late_shipment_shown").head.path
                == "/v3/insights/performance/lateShipment/summary?reportDuration=60")
        #expect(try platform.fact("response_rate", #"{"payload":{"cumulativeRate":2.5}}"#).says(#""value":0.025"#))
    }

    @Test("a cursor is a whole query, and every call has a number of its own")
    func questions() throws {
        let first = try platform.request("orders")
        #expect(query(first)["lastModifiedStartDate"] == "2026-01-30T10:00:00Z" && query(first)["limit"] == "200")
        let cursor = "?limit=200&hasMoreElements=true&soIndex=31"
        let body = #"{"list":{"meta":{"nextCursor":"\#(cursor)"},"elements":{"order":[]}}}"#
        #expect(try platform.next("orders", body)?.page == cursor)
        let second = try platform.request("orders", page: cursor)
        #expect(second.head.path == "/v3/orders?limit=200&hasMoreElements=true&soIndex=31")
        let fields = first.head.headerFields
        #expect(fields[HTTPField.Name("WM_SEC.ACCESS_TOKEN")!] == "given-access_token")
        #expect(fields[HTTPField.Name("WM_QOS.CORRELATION_ID")!]?.count == 36 && fields[.accept] == "application/json")
        #expect(try platform.next("orders", #"{"list":{"meta":{},"elements":{"order":[]}}}"#) == nil)
    }
}
