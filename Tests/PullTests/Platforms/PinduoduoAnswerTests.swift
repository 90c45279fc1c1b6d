import Curl
import Facts
import Rules
import TestSupport
import Testing

@testable import Pull

@Suite("Pinduoduo's answers")
struct PinduoduoAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("pinduoduo") }

    private static func error(_ code: Int, sub: String = "null") -> String {
        #"{"error_response":{"error_code":\#(code),"error_msg":"…","sub_code":\#(sub),"sub_msg":"","request_id":"1"}}"#
    }

    private static let others: [VerdictRow] = [
        VerdictRow(.refresh, error(10019)), VerdictRow(.permanent, error(10000)),
        VerdictRow(.permanent, error(10001)), VerdictRow(.permanent, error(10001, sub: #""str""#)),
        VerdictRow(.permanent, error(21001, sub: "50001")), VerdictRow(.permanent, error(21002)),
        VerdictRow(.answer, #"{"refund_increment_get_response":{"total_count":0,"refund_list":[]}}"#),
        VerdictRow(.wait(12), 200, error(70031), retryAfter: "12"),
        // The document's own sample.
        VerdictRow(
            .permanent,
            #"{"error_response":{"error_msg":"公共参数错误:type","sub_msg":"","sub_code":null,"error_code":10001,"request_id":"15440104776643887"}}"#
        ),
    ]

    private static let refused: [VerdictRow] = VerdictRow.all(
        .configuration, [20032, 20004, 20005, 20031, 70032, 70034, 70035]
    ) { error($0) }
    private static let throttled: [VerdictRow] =
        VerdictRow.all(.wait(nil), [70031, 52101]) { error($0) }
        + VerdictRow.all(.wait(3600), [70036]) { error($0) }
    private static let busy: [VerdictRow] = VerdictRow.all(
        .retry, [50000, 50001, 50002, 52001, 52002, 52102, 52103, 70033]
    ) { error($0) }
    static let verdicts: [VerdictRow] = refused + throttled + busy + others

    @Test("each error is of its class", arguments: verdicts + VerdictRow.byStatus)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    /// A case of the list, with these members.
    private func listed(_ members: String, status: Int = 10) throws -> String {
        try platform.fact(
            "refunds-again",
            #"{"refund_increment_get_response":{"total_count":1,"refund_list":[{"id":7,"order_sn":"o","after_sales_status":\#(status),\#(members),"updated_time":"1551612204","dispute_refund_status":0}]}}"#
        )
    }

    @Test("times are read as seconds and as Chinese wall clock; amounts of lists are yuan, as text or as number")
    func forms() throws {
        let seconds = try listed(
            #""created_time":"1551612204","updated_time":"1551612204","refund_amount":"8.00""#)
        #expect(seconds.says(#""opened_at":"2019-03-03T11:23:24Z""#, #""amount":"8""#))
        let wall = try listed(
            #""created_time":"2018-04-10 17:03:29","updated_time":"2018-04-10 17:18:03","refund_amount":8.1"#
        )
        #expect(wall.says(#""opened_at":"2018-04-10T09:03:29Z""#, #""amount":"8.1""#))
        let orders = #"{"order_info_get_response":{"order_info":{"order_sn":"o","pay_amount":"#
        for (amount, shown) in [("12.5", "12.5"), (#""12.50""#, "12.5"), ("0.1", "0.1")] {
            let order = try platform.fact("order", orders + amount + #","created_time":1638792640659}}}"#)
            #expect(order.says(#""amount":"\#(shown)""#, #""placed_at":"2021-12-06T12:10:40.659Z""#), "\(order)")
        }
    }

    @Test("a refund that went through is of the time at which it was first seen so")
    func success() throws {
        let done = try listed(#""updated_time":"1551612204""#)
        #expect(done.says(#""refunded_at":"2019-03-03T11:23:24Z""#, #""status":"refunded""#))
        let open = try listed(#""updated_time":"1551612204""#, status: 4)
        #expect(!open.contains("refunded_at") && open.says(#""status":"open""#))
    }

    @Test(
        "that Pinduoduo stepped in is added to a case, and a case of which it is not told stands as it was listed",
        .enabled(if: SharedData.isThere, Comment(rawValue: SharedData.absence)))
    func interventions() throws {
        let sample = try SharedData.text("../fixtures/china/pdd/refund_information_doc_example.json")
        let line = try listed(#""updated_time":"1551612204""#)
        func added(_ joined: String, stream: String = "intervention") throws -> [String] {
            let body = sample.replacing(#""join_or_not": "str""#, with: #""join_or_not": "\#(joined)""#)
                .replacing(#""updated_time": "str""#, with: #""updated_time": "2019-03-03 19:23:24""#)
            return try platform.adding(stream, body, to: line)
        }
        for stream in ["intervention", "first-intervention"] {
            let joined = try #require(try added("1", stream: stream).first)
            // The sum of the detail is in hundredths, and its type counts from one lower: neither is taken.
            #expect(joined.says(#""intervened":true"#, #""refunded_at":"2019-03-03T11:23:24Z""#), "\(joined)")
            #expect(!joined.contains("amount") && !joined.contains(#""type""#), "\(joined)")
        }
        #expect(try added("0") == [line])
        // Not granted, say.
        #expect(try platform.adding("intervention", Self.error(20031), to: line) == [line])
    }

    @Test("types are counted as in lists, and a status that nobody knows is none")
    func words() throws {
        for (type, word) in [("2", "refund"), ("3", "return"), ("4", "exchange"), ("5", "resend"), ("6", "repair")] {
            #expect(try listed(#""after_sales_type":\#(type)"#).says(#""type":"\#(word)""#))
        }
        #expect(try !listed(#""after_sales_type":1"#).contains(#""type""#))
        let statuses = [
            (2, "open"), (3, "open"), (5, "open"), (6, "rejected"), (7, "open"), (8, "open"),
            (9, "rejected"), (10, "refunded"), (11, "withdrawn"), (12, "closed"), (13, "closed"),
            (31, "open"),
        ]
        for (status, word) in statuses {
            #expect(try listed(#""goods_id":1"#, status: status).says(#""status":"\#(word)""#))
        }
        #expect(try !listed(#""goods_id":1"#, status: 99).contains(#""status""#))
        #expect(try listed(#""dispute_refund_status":1"#).says(#""disputed":true"#))
        #expect(try listed(#""dispute_refund_status":0"#).says(#""disputed":false"#))
        // As it was before there was such a member.
        #expect(try !listed(#""dispute_refund_status":null"#).contains("disputed"))
    }

    @Test("pages are read from the last to the first, and none is passed over")
    func backwards() throws {
        func body(_ total: Int, _ list: String = "[]") -> String {
            #"{"refund_increment_get_response":{"total_count":\#(total),"refund_list":\#(list)}}"#
        }
        #expect(try platform.next("cases", body(250))?.page == "3")
        #expect(try platform.next("cases", body(250), page: "3")?.page == "2")
        #expect(try platform.next("cases", body(251), page: "2")?.page == "1")
        #expect(try platform.next("cases", body(250), page: "1") == nil)
        #expect(try platform.next("cases", body(100)) == nil)
        // Of nothing the list is null, or is not there.
        #expect(try platform.next("cases", body(0, "null")) == nil)
        #expect(try platform.lines("cases", #"{"refund_increment_get_response":{"total_count":0}}"#) == [])
    }

    @Test("a question is about half an hour at most, of first orders about a day, and ends three minutes ago or before")
    func windows() throws {
        let now = ShippedPlatform.start.microseconds / 1_000_000
        let refunds = form(try platform.request("refunds"))
        let begins = try #require(Int64(refunds["start_updated_at"] ?? ""))
        #expect(Int64(refunds["end_updated_at"] ?? "") == begins + 1800)
        let orders = form(try platform.request("first-orders"))
        let from = try #require(Int64(orders["start_confirm_at"] ?? ""))
        #expect(Int64(orders["end_confirm_at"] ?? "") == from + 86_400)
        // Five minutes after the last pull: one window, up to what the platform surely shows.
        let later = form(try platform.request("cases", since: ShippedPlatform.start - .minutes(5)))
        #expect(Int64(later["start_updated_at"] ?? "") == now - 300)
        let ends = try #require(Int64(later["end_updated_at"] ?? ""))
        #expect(ends <= now - 180)
        #expect(later["page_size"] == "100" && later["type"] == "pdd.refund.list.increment.get")
        #expect(platform.source.reach == .days(31) && platform.plan.reach == .days(90))
        // No status stands for all.
        let asked = platform.plan.streams.filter { $0.turn == .later }.flatMap { $0.list?.values ?? [] }
        for status in ["2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "31"] {
            #expect(asked.contains(status), "\(status)")
        }
        #expect(Set(asked).isDisjoint(with: ["0", "1"]))
    }
}
