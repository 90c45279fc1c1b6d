import Curl
import Facts
import Foundation
import HTTPTypes
import Rules
import Testing

@testable import Pull

@Suite("Mercado Libre's answers")
struct MercadoLibreAnswerTests {
    private let platform: ShippedPlatform
    init() throws { platform = try ShippedPlatform("mercadolibre") }

    private static func error(_ error: String, _ status: Int) -> String {
        #"{"message":"…","error":"\#(error)","status":\#(status),"cause":[]}"#
    }

    static let verdicts: [VerdictRow] = [
        VerdictRow(.answer, #"{"results":[],"paging":{"total":0}}"#),
        VerdictRow(.refresh, 401, error("not_found", 401)), VerdictRow(.configuration, 403, error("forbidden", 403)),
        VerdictRow(.wait(nil), 429, error("local_rate_limited", 429)),
        VerdictRow(.wait(10), 429, error("too_many_requests", 429), retryAfter: "10"),
        VerdictRow(.permanent, 400, error("bad_request", 400)),
        VerdictRow(.permanent, 404, error("resource not found", 404)),
        VerdictRow(.retry, 500, error("internal_server_error", 500)),
    ]

    @Test("each error is of its class", arguments: verdicts + VerdictRow.byStatus)
    func verdict(_ row: VerdictRow) { #expect(platform.verdict(row) == row.verdict) }

    /// Each claim waits for whether it affects the reputation.
    private func claim(_ members: String, list: String = "data") throws -> String {
        let body = #"{"paging":{"total":1},"\#(list)":[{"id":5,"resource":"order","resource_id":9,\#(members)}]}"#
        #expect(try platform.lines("claims", body) == [])
        return try #require(try platform.next("claims", body)?.items.first?.facts.first)
    }

    @Test("what does not affect the reputation does not count, whichever way the claim was asked for")
    func effects() throws {
        let claim =
            #"{"kind":"refund","store":"s","id":"5","updated_at":"2026-02-01T05:00:00Z","order":"9","status":"open"}"#
        let words = [
            ("affected", #""excluded":false"#), ("not_affected", #""excluded":true"#),
            ("not_applies", #""excluded":true"#),
        ]
        for stream in ["claim-effects", "open-claim-effects"] {
            for (word, told) in words {
                let lines = try platform.adding(
                    stream, #"{"affects_reputation":"\#(word)","due_date":null}"#, to: claim)
                #expect(lines.count == 1 && lines[0].says(told) && !lines[0].contains("updated_at"), "\(lines)")
            }
            let unknown = try platform.adding(stream, #"{"affects_reputation":"pending"}"#, to: claim)
            #expect(unknown.count == 1 && !unknown[0].contains("excluded"), "\(unknown)")
        }
    }

    @Test(
        "where no effect or shipment is told the claim, or the order, stands as it was listed",
        arguments: [
            ("past-claim-effects", "refund"), ("claim-effects", "refund"), ("open-claim-effects", "refund"),
            ("past-shipments", "order"), ("shipments", "order"),
        ])
    func without(_ stream: String, _ kind: String) throws {
        let line = #"{"kind":"\#(kind)","store":"s","id":"5","updated_at":"2026-02-01T05:00:00Z"}"#
        for status in [403, 404] {
            var place = try platform.place(of: stream)
            place.items[0].facts = [line]
            let page = try platform.source.page(
                from: Reply(status: .init(code: status), body: Array(Self.error("not_found", status).utf8)),
                after: platform.state(at: place), at: ShippedPlatform.start)
            #expect(page.facts.map(FactEncoder.line) == [line])
            #expect(page.refused?.hasPrefix(stream + ": the platform says not_found") ?? false)
        }
    }

    @Test("claims that a shop may not read are withheld, and orders are pulled", arguments: ["past-claims", "claims"])
    func withheld(_ stream: String) throws {
        let page = try platform.page(stream, Self.error("forbidden", 403), status: 403)
        #expect(page.withheld == stream && page.refused?.contains("forbidden") ?? false)
    }

    @Test("an order that is not canceled has the times of its shipment")
    func shipments() throws {
        func asked(_ members: String) throws -> String? {
            try platform.next("orders", #"{"paging":{"total":1},"results":[{"id":1,\#(members)}]}"#)?.items.first?.asked
        }
        #expect(try asked(#""status":"paid","shipping":{"id":7}"#) == "7")
        #expect(try asked(#""status":"cancelled","shipping":{"id":7}"#) == nil)
        #expect(try asked(#""status":"paid","shipping":{"id":null}"#) == nil && asked(#""status":"paid""#) == nil)
        let order =
            #"{"kind":"order","store":"s","id":"1","updated_at":"2026-02-01T05:00:00Z","status":"paid","amount":"499"}"#
        let line = try platform.adding(
            "shipments",
            #"{"id":7,"status":"delivered","last_updated":"2026-02-05T00:00:00.000-04:00","logistic_type":"fulfillment","status_history":{"date_shipped":"2026-02-02T00:00:00.000-04:00","date_delivered":"2026-02-04T00:00:00.000-04:00"}}"#,
            to: order)
        #expect(
            line == [
                #"{"kind":"order","store":"s","id":"1","updated_at":"2026-02-05T04:00:00Z","shipped_at":"2026-02-02T04:00:00Z","delivered_at":"2026-02-04T04:00:00Z","status":"delivered","amount":"499","fulfillment":"platform"}"#
            ], "\(line)")
        let waiting = try platform.adding(
            "past-shipments", #"{"status":"ready_to_ship","status_history":{"date_shipped":null}}"#, to: order)
        #expect(waiting.count == 1 && waiting[0].says(#""status":"paid""#) && !waiting[0].contains("shipped_at"))
    }

    @Test("claims stand in `data` or in `results`")
    func lists() throws {
        for list in ["data", "results"] {
            let line = try claim(
                #""type":"mediations","stage":"claim","status":"opened","reason_id":"PNR3430","date_created":"2026-02-01T00:00:00.000-04:00","last_updated":"2026-02-01T01:00:00.000-04:00""#,
                list: list)
            #expect(
                line
                    == #"{"kind":"refund","store":"s","id":"5","updated_at":"2026-02-01T05:00:00Z","order":"9","opened_at":"2026-02-01T04:00:00Z","type":"claim","reason":"not_received","status":"open"}"#
            )
        }
    }

    @Test("a claim that does not tell when it began counts from what it tells first, and stays there")
    func undated() throws {
        let base = #""type":"mediations","status":"opened""#
        #expect(
            try claim(base + #","last_updated":"2026-02-01T01:00:00.000-04:00""#)
                .says(#""opened_at":"2026-02-01T05:00:00Z""#))
        #expect(
            try claim(
                #""type":"mediations","status":"closed","resolution":{"reason":"payment_refunded","date_created":"2024-03-21T05:19:22.000-04:00"}"#
            ).says(#""opened_at":"2024-03-21T09:19:22Z""#))
        #expect(try claim(base).says(#""opened_at":"2026-03-02T10:00:00Z""#))
        let pack = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../rules/mercadolibre.yaml")
        #expect(try String(contentsOf: pack, encoding: .utf8).contains("refund: [opened_at]"))
    }

    @Test("types, stages and the beginnings of reasons")
    func claims() throws {
        let types = [
            ("mediations", "claim"), ("return", "return"), ("cancel_purchase", "refund"), ("cancel_sale", "refund"),
        ]
        for (type, word) in types {
            #expect(try claim(#""type":"\#(type)","status":"opened""#).says(#""type":"\#(word)""#))
        }
        let reasons = [("PNR1", "not_received"), ("PDD9549", "not_as_described"), ("CS1", "other")]
        for (reason, word) in reasons {
            #expect(
                try claim(#""type":"return","status":"opened","reason_id":"\#(reason)""#).says(#""reason":"\#(word)""#))
        }
        let dispute = try claim(#""type":"mediations","status":"opened","stage":"dispute""#)
        #expect(dispute.says(#""disputed":true"#, #""intervened":true"#))
        for stage in ["claim", "recontact", "none"] {
            #expect(try !claim(#""type":"mediations","status":"opened","stage":"\#(stage)""#).contains("disputed"))
        }
        let paid = try claim(
            #""type":"mediations","status":"closed","resolution":{"reason":"payment_refunded","date_created":"2024-03-21T05:19:22.000-04:00"}"#
        )
        #expect(paid.says(#""status":"refunded""#, #""refunded_at":"2024-03-21T09:19:22Z""#))
        let other = try claim(
            #""type":"mediations","status":"closed","resolution":{"reason":"item_returned","date_created":"2024-03-21T05:19:22.000-04:00"}"#
        )
        #expect(
            other.says(#""status":"closed""#, #""closed_at":"2024-03-21T09:19:22Z""#) && !other.contains("refunded"))
    }

    @Test("amounts are numbers, the currency stands at the items; a failed delivery is a canceled order and no claim")
    func orders() throws {
        let line = try platform.fact(
            "orders",
            #"{"paging":{"total":1},"results":[{"id":2000003508419013,"status":"cancelled","date_created":"2013-05-27T10:01:50.000-04:00","last_updated":"2013-05-28T10:00:00.000-04:00","total_amount":499.9,"order_items":[{"currency_id":"BRL"}],"cancel_detail":{"requested_by":"mediations","date":"2013-05-28T00:00:00.000-04:00"}}]}"#
        )
        #expect(
            line
                == #"{"kind":"order","store":"s","id":"2000003508419013","updated_at":"2013-05-28T14:00:00Z","placed_at":"2013-05-27T14:01:50Z","canceled_at":"2013-05-28T04:00:00Z","canceled_by":"platform","status":"canceled","amount":"499.9","currency":"BRL"}"#
        )
    }

    @Test(
        "the reputation: rates are fractions, null is no reading, a level has its number, protection shows what is real"
    )
    func reputation() throws {
        let plain = try platform.lines(
            "reputation",
            #"{"id":1,"seller_reputation":{"level_id":null,"power_seller_status":null,"metrics":{"claims":{"rate":0.0166,"value":4},"delayed_handling_time":{"rate":null},"cancellations":{"rate":0}}}}"#
        )
        func reading(_ name: String, _ value: String) -> String {
            #"{"kind":"measure","store":"s","id":"mercadolibre.\#(name)@2026-03-02T10:00:00Z","name":"mercadolibre.\#(name)","at":"2026-03-02T10:00:00Z","value":\#(value)}"#
        }
        #expect(
            plain == [
                reading("claims_value", "4"), reading("claims_rate", "0.0166"), reading("cancellations_rate", "0"),
                reading("medal", "0"),
            ], "\(plain)")
        for (level, value) in [("1_red", 1), ("2_orange", 2), ("3_yellow", 3), ("4_light_green", 4), ("5_green", 5)] {
            let lines = try platform.lines("reputation", #"{"seller_reputation":{"level_id":"\#(level)"}}"#)
            #expect(lines.first == reading("level", "\(value)"))
        }
        let protected = try platform.lines(
            "reputation",
            #"{"seller_reputation":{"level_id":"5_green","real_level":"red","metrics":{"claims":{"excluded":{"real_value":24,"real_rate":0.0912}}}}}"#
        )
        #expect(
            protected == [
                reading("claims_real_value", "24"), reading("claims_real_rate", "0.0912"), reading("level", "5"),
                reading("real_level", "1"), reading("medal", "0"),
            ], "\(protected)")
    }

    @Test("pages go on by their offset: of orders until the total, of claims until the empty one")
    func pages() throws {
        let asked = query(try platform.request("orders", since: ShippedPlatform.start - .hours(1)))
        #expect(asked["order.date_last_updated.from"] == "2026-03-02T09:00:00.000Z" && asked["offset"] == "0")
        let order = #"{"paging":{"total":2},"results":[{"id":1,"status":"paid"}]}"#
        #expect(try platform.next("orders", order)?.page == "1" && platform.next("orders", order, page: "1") == nil)
        let claims = query(try platform.request("claims", page: "100"))
        #expect(claims["players.role"] == "respondent" && claims["limit"] == "100" && claims["offset"] == "100")
        #expect(claims["range"] == "last_updated:after:2026-01-30T10:00:00.000Z" && claims["status"] == nil)
        let claim = #"{"data":[{"id":1,"type":"return","status":"opened"}]}"#
        #expect(try platform.next("claims", claim, page: "100")?.page == "101")
        #expect(try platform.next("claims", #"{"data":[]}"#, page: "101") == nil)
        // Where that is refused the past is cut by days: no more than 10,000 are listed at once.
        let past = query(try platform.request("past-claims-by-day"))
        #expect(
            past["range"]
                == "date_created:after:2024-11-02T09:55:00.000Z,before:2024-11-17T09:55:00.000Z", "\(past)")
    }
}
