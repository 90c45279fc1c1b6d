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
