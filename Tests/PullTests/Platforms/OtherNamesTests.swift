import Curl
import Facts
import HTTPTypes
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("Where a platform knows another call or other columns")
struct OtherNamesTests {
    /// The stream that has its turn after an answer, and what the pull says.
    private func after(
        _ stream: String, of platform: ShippedPlatform, _ status: Int, _ body: String, state: PullState? = nil
    ) throws -> (next: String?, page: Page, state: PullState) {
        let place = try platform.place(of: stream)
        var state = state ?? platform.state(at: place)
        state.cursor = place.text
        let page = try platform.source.page(
            from: Reply(status: .init(code: status), body: Array(body.utf8)), after: state, at: ShippedPlatform.start)
        if let right = page.withheld { state.withheld[right] = state.firstRequestAt }
        state.cursor = page.next
        let next = page.next.flatMap { PlatformPlace(text: $0) }.map { platform.plan.streams[$0.stream].name }
        return (next, page, state)
    }

    private static let elses = [
        (
            "pinduoduo", "first-orders", "first-orders-listed", 200,
            #"{"error_response":{"error_code":10016,"error_msg":"no such type"}}"#
        ),
        (
            "jd", "refund-applications", "older-applications", 200,
            #"{"error_response":{"code":"21","en_desc":"no such method"}}"#
        ),
        (
            "jd", "checked-applications", "older-checked-applications", 200,
            #"{"error_response":{"code":"24","en_desc":"no permission"}}"#
        ),
        ("mercadolibre", "past-claims", "past-claims-by-day", 400, #"{"error":"bad_request","message":"offset"}"#),
    ]

    @Test("another list that tells the same is asked in its place, and nothing is withheld", arguments: elses)
    func other(_ pack: String, _ stream: String, _ other: String, _ status: Int, _ body: String) throws {
        let platform = try ShippedPlatform(pack)
        let refused = try after(stream, of: platform, status, body)
        #expect(refused.next == other)
        #expect(refused.page.refused?.says(stream, "asked for \(other) in its place") ?? false)
        #expect(refused.page.remarks.isEmpty && refused.page.facts.isEmpty)
        // Where it is given the other one is passed over.
        let place = try #require(platform.plan.streams.firstIndex { $0.name == other })
        let begun = platform.state(at: try platform.place(of: stream))
        let following = platform.source.beginning(of: place, begun).map { platform.plan.streams[$0.stream].name }
        #expect(following != other)
        var done = refused.state
        let finish = platform.source.finish(of: done, until: ShippedPlatform.start)
        #expect(
            finish.withheld.isEmpty
                && finish.kinds == platform.source.finish(of: begun, until: ShippedPlatform.start).kinds)
        platform.source.noteFinish(of: &done)
        #expect(done.withheld.isEmpty, "the next pull begins nothing anew: \(done.withheld)")
    }

    @Test("where neither is given it is withheld as the other says, and both are asked from the beginning once one is")
    func neither() throws {
        let platform = try ShippedPlatform("jd")
        let no = #"{"error_response":{"code":"24","en_desc":"no permission"}}"#
        let first = try after("refund-applications", of: platform, 200, no)
        let second = try after("older-applications", of: platform, 200, no, state: first.state)
        #expect(second.page.withheld == "applications" && second.page.remarks.count == 1)
        var state = second.state
        platform.source.noteFinish(of: &state)
        #expect(Set(state.withheld.keys) == ["applications"])
        state.cursor = nil
        (state.finishedRequestAt, state.updatedAfter) = (state.firstRequestAt, state.firstRequestAt)
        for name in ["refund-applications", "older-applications", "checked-applications"] {
            let stream = try #require(platform.plan.streams.first { $0.name == name })
            #expect(platform.source.windows(of: stream, state).from == state.coversFrom, "\(name)")
        }
    }

    @Test("JD's applications by the older call, in the names of its documents and of clients")
    func applications() throws {
        let platform = try ShippedPlatform("jd")
        let request = try platform.request("older-applications")
        let asked = form(request)["360buy_param_json"] ?? ""
        #expect(form(request)["method"] == "jingdong.pop.afs.refundapply.querylist")
        #expect(asked.says(#""applyTimeStart":"#, #""apply_time_start":"#, #""pageIndex":1"#, #""page_index":1"#))
        let newer = #"{"id":7,"orderId":1,"applyTime":"2026-03-01 21:20:00","status":3,"applyRefundSum":1250}"#
        let older = #"{"id":7,"order_id":1,"apply_time":"2026-03-01 21:20:00","status":3,"apply_refund_sum":1250}"#
        for (item, list) in [(newer, "results"), (older, "results"), (older, "result")] {
            let holder = list == "results" ? "refundApplyResponse" : "queryResult"
            let count = list == "results" ? "count" : "totalCount"
            let line = try platform.fact(
                "older-applications",
                #"{"jingdong_pop_afs_refundapply_querylist_responce":{"code":"0","\#(holder)":{"\#(count)":1,"\#(list)":[\#(item)]}}}"#
            )
            #expect(
                line.says(
                    #""id":"refund-7""#, #""order":"1""#, #""opened_at":"2026-03-01T13:20:00Z""#, #""amount":"12.5""#),
                "\(line)")
        }
    }

    @Test("Mercado Libre's claims of the past are asked for as documented: by their last change")
    func claims() throws {
        let platform = try ShippedPlatform("mercadolibre")
        #expect(query(try platform.request("past-claims"))["range"] == "last_updated:after:2024-11-02T09:55:00.000Z")
        #expect(
            query(try platform.request("past-claims-by-day"))["range"]?.says("date_created:after:", ",before:") ?? false
        )
    }

    // MARK: What is asked for an item

    @Test("a case stands as Taobao's list tells it where no case may be read by itself; else both make one")
    func taobao() throws {
        let platform = try ShippedPlatform("taobao")
        let listed =
            #"{"refund_id":7,"tid":1,"status":"SUCCESS","created":"2026-03-01 21:20:00","modified":"2026-03-02 10:00:00","refund_fee":"9.90","reason":"质量问题","dispute_type":"REFUND"}"#
        let place = try platform.place(of: "refunds")
        let page = try platform.source.page(
            from: Reply(
                status: .ok,
                body: Array(
                    #"{"refunds_receive_get_response":{"total_results":1,"refunds":{"refund":[\#(listed)]}}}"#.utf8)),
            after: platform.state(at: place), at: ShippedPlatform.start)
        #expect(page.facts.isEmpty, "it waits for what is asked for it")
        func ended(_ body: String) throws -> (lines: [String], refused: String?) {
            var state = platform.state(at: place)
            state.cursor = page.next
            let page = try platform.source.page(
                from: Reply(status: .ok, body: Array(body.utf8)), after: state, at: ShippedPlatform.start)
            return (page.facts.map(FactEncoder.line), page.refused)
        }
        let alone = try ended(#"{"error_response":{"code":11,"msg":"Insufficient isv permissions"}}"#)
        #expect(alone.refused?.hasPrefix("refund: ") ?? false)
        #expect(
            alone.lines == [
                #"{"kind":"refund","store":"s","id":"7","updated_at":"2026-03-02T02:00:00Z","order":"1","opened_at":"2026-03-01T13:20:00Z","refunded_at":"2026-03-02T02:00:00Z","type":"refund","reason":"quality","status":"refunded","amount":"9.9","currency":"CNY"}"#
            ])
        let both = try ended(
            #"{"refund_get_response":{"refund":{"refund_id":7,"tid":1,"status":"SUCCESS","modified":"2026-03-02 10:00:00","end_time":"2026-03-02 09:00:00","cs_status":8}}}"#
        )
        #expect(both.refused == nil && both.lines.count == 1)
        #expect(
            both.lines[0].says(
                #""refunded_at":"2026-03-02T01:00:00Z""#, #""disputed":true"#, #""liable":"seller""#, #""amount":"9.9""#
            ))
    }

    @Test("an order of eBay's with a refund stands as the list tells it where it cannot be read by itself")
    func ebay() throws {
        let platform = try ShippedPlatform("ebay")
        let order =
            #"{"orderId":"1","creationDate":"2026-03-01T10:00:00.000Z","lastModifiedDate":"2026-03-02T10:00:00.000Z","orderPaymentStatus":"FULLY_REFUNDED","cancelStatus":{"cancelState":"CANCELED","cancelRequests":[]},"paymentSummary":{"refunds":[{"refundId":"r","refundDate":"2026-03-02T09:00:00.000Z","refundStatus":"REFUNDED","amount":{"value":"9.90","currency":"USD"}}]},"lineItems":[]}"#
        let place = try platform.place(of: "orders")
        let page = try platform.source.page(
            from: Reply(status: .ok, body: Array(#"{"total":1,"orders":[\#(order)]}"#.utf8)),
            after: platform.state(at: place), at: ShippedPlatform.start)
        #expect(page.facts.map(\.kind) == [.refund])
        func ended(_ status: Int, _ body: String) throws -> [String] {
            var state = platform.state(at: place)
            state.cursor = page.next
            return try platform.source.page(
                from: Reply(status: .init(code: status), body: Array(body.utf8)), after: state,
                at: ShippedPlatform.start
            ).facts.map(FactEncoder.line)
        }
        let alone = try ended(404, #"{"errors":[{"errorId":32100,"message":"no order"}]}"#)
        #expect(
            alone.count == 1 && alone[0].says(#""status":"canceled""#) && !alone[0].contains("canceled_by"), "\(alone)")
        let told = try ended(
            200,
            order.replacing(
                #""cancelRequests":[]"#,
                with:
                    #""cancelRequests":[{"cancelInitiator":"Buyer","cancelCompletedDate":"2026-03-02T08:00:00.000Z"}]"#)
        )
        #expect(
            told.count == 1 && told[0].says(#""canceled_by":"buyer""#, #""canceled_at":"2026-03-02T08:00:00Z""#),
            "\(told)")
    }

    @Test(
        "items of Amazon's older orders are asked for order by order, the last month's; where nobody knows them the rest stands"
    )
    func items() throws {
        let platform = try ShippedPlatform("amazon")
        let refused = try after("orders", of: platform, 404, "<html>no such page</html>")
        #expect(refused.next == "orders_v0" && refused.page.withheld == "orders")
        var state = refused.state
        let number = try #require(platform.plan.streams.firstIndex { $0.name == "account_health" })
        let begun = try #require(platform.source.beginning(of: number + 1, state))
        #expect(platform.plan.streams[begun.stream].name == "order_items_v0")
        state.cursor = begun.text
        let list = platform.source.request(after: state, at: Asking(now: ShippedPlatform.start, nonce: 7))
        #expect(query(list)["LastUpdatedAfter"] == "2026-01-30T10:00:00Z")
        let page = try platform.source.page(
            from: Reply(
                status: .ok, body: Array(#"{"payload":{"Orders":[{"AmazonOrderId":"1"},{"AmazonOrderId":"2"}]}}"#.utf8)),
            after: state, at: ShippedPlatform.start)
        state.cursor = page.next
        let ask = platform.source.request(after: state, at: Asking(now: ShippedPlatform.start, nonce: 7))
        #expect(ask.head.path == "/orders/v0/orders/1/orderItems")
        #expect(
            platform.source.allowances(after: state).map(\.limit) == [RateLimit(calls: 1800, per: .hours(1), burst: 30)]
        )
        let told = try platform.lines(
            "items_v0",
            #"{"payload":{"AmazonOrderId":"1","OrderItems":[{"OrderItemId":"9","SellerSKU":"A","QuantityOrdered":2,"ItemPrice":{"CurrencyCode":"USD","Amount":"5.00"}}]}}"#,
            item: "1")
        #expect(
            told == [
                #"{"kind":"line","store":"s","id":"9","order":"1","product":"A","units":2,"amount":"5","currency":"USD"}"#
            ])
        let unknown = try platform.source.page(
            from: Reply(status: .notFound, body: []), after: state, at: ShippedPlatform.start)
        #expect(unknown.next == nil && unknown.refused?.hasPrefix("items_v0: ") ?? false)
    }

    @Test("no right to any orders of Amazon's ends the pull, whichever are asked for")
    func noRight() throws {
        let platform = try ShippedPlatform("amazon")
        #expect(try after("orders", of: platform, 403, "").next == "orders_v0")
        #expect(throws: PullError.refused(status: 403)) { try after("orders_v0", of: platform, 403, "") }
    }

    // MARK: Reports

    private func returns(_ text: String, _ stream: String = "returns") throws -> [String] {
        let platform = try ShippedPlatform("amazon")
        let stream = try #require(platform.plan.streams.first { $0.name == stream })
        let items = try ReportDocument(name: stream.name, body: Array(text.utf8)).rows(naming: stream.facts)
        let page = platform.source.facts(
            of: items, stream, PlatformPlace(), PullState(), asOf: ShippedPlatform.start, isFirst: true)
        return page.facts.map(FactEncoder.line) + page.rejections.map(\.rejection.reason)
    }

    @Test("columns of a report are found in any order, among others, with other dashes, blanks and capitals")
    func columns() throws {
        let names = [
            "Order ID", "Return request date", "Return request status", "Amazon RMA ID", "A-to-Z Claim", "Merchant SKU",
            "Return Reason", "Refunded Amount", "Currency code",
        ]
        let cells = ["111-1", "01-Mar-2026", "Completed", "R1", "Y", "SKU-1", "CR-DEFECTIVE", "9.90", "USD"]
        let plain = try returns(names.joined(separator: "\t") + "\n" + cells.joined(separator: "\t") + "\n")
        #expect(
            plain.count == 2 && plain[0].says(#""id":"R1""#, #""order":"111-1""#, #""reason":"quality""#), "\(plain)")
        func written(_ change: (String) -> String) -> String {
            let (other, row) = (["Extra"] + names.reversed().map(change), ["x"] + cells.reversed())
            return other.joined(separator: "\t") + "\r\n" + row.joined(separator: "\t") + "\r\n"
        }
        #expect(try returns(written { $0.lowercased().replacing(" ", with: "-") }) == plain)
        #expect(try returns(written { $0.uppercased() }) == plain)
        #expect(try returns(written { $0.replacing(" ", with: "_") }) == plain)
    }

    @Test("without numbers of returns an order has one of each item, and days may be written in another way")
    func withoutNumbers() throws {
        let text = """
            order-id\treturn-request-date\ta-to-z-claim\tmerchant-sku
            1\t2026-03-01\tN\tA
            1\t2026-03-01T10:00:00Z\tYes\tB
            2\t01-Mar-2026\t\tA

            """
        let lines = try returns(text)
        #expect(lines.count == 4, "\(lines)")
        #expect(
            lines[0].says(#""id":"1-A""#, #""opened_at":"2026-03-01T00:00:00Z""#) && !lines[0].contains("responded_at"))
        #expect(lines[1].says(#""id":"1-B""#, #""opened_at":"2026-03-01T10:00:00Z""#, #""disputed":true"#))
        #expect(lines[2].says(#""id":"1-B-claim""#, #""type":"claim""#))
        #expect(lines[3].says(#""id":"2-A""#))
        let fba = try returns(
            "Return-Date\tOrder-ID\tSKU\tReason\n2026-03-01T10:00:00+00:00\t1\tA\tDEFECTIVE\n", "fba_returns")
        #expect(fba.count == 1 && fba[0].says(#""id":"1-A""#, #""reason":"quality""#), "\(fba)")
    }

    @Test("a table of something else is none")
    func strange() {
        #expect(throws: PullError.self) { try returns("Feedback\tRating\nx\t5\n") }
    }
}
