import Alerts
import Facts
import Foundation
import HTTPTypes
import Ledgers
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("Programs act as people do by forms: with the same rights, and in the same audit")
struct APIActTests {
    private func bench() async throws -> DashboardBench {
        try await DashboardBench(DashboardBench.people, pack: DashboardBench.pack)
    }

    private func send(
        _ bench: DashboardBench, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil,
        as who: String = "mei",
        type: String = "application/json"
    ) async throws -> DashboardBench.Answer {
        var headers = DashboardBench.bearer(who)
        if body != nil { headers[.contentType] = type }
        return try await bench.send(method, "/api/v1" + path, headers, body: body)
    }

    private func done(
        _ bench: DashboardBench, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil
    ) async throws -> String {
        let answer = try await send(bench, method, path, body)
        try #require(answer.status == 200, "\(method) \(path): \(answer.status) \(answer.body)")
        let object = try answer.object
        #expect((object["done"] as? [String: String])?.keys.sorted() == ["en", "zh"])
        return object["id"] as? String ?? ""
    }

    @Test("acknowledge, accept, silence, mark and enter, and take each back")
    func acts() async throws {
        let bench = try await bench()
        let assembly = await bench.state.assembly
        let (alerts, rule) = (AlertsTask(.running(assembly)), "/stores/elm/rules/refunds")
        let episode = try await done(bench, .post, rule + "/acknowledgement", #"{"why": "calling", "until": "2h"}"#)
        let word = try #require(try await alerts.show("elm", "refunds").word)
        #expect(word.episode == episode && word.by == "mei" && word.until == DashboardBench.now + .seconds(7200))

        _ = try await done(bench, .post, rule + "/acceptance", #"{"why": "moving", "until": "2026-04-01"}"#)
        #expect(
            try await bench.get(rule, DashboardBench.bearer("mei")).body.contains("by mei until 1 Apr 2026: moving"))
        _ = try await done(bench, .delete, rule + "/acceptance?why=moved")
        #expect(try await !bench.get(rule, DashboardBench.bearer("mei")).body.contains("by mei until"))

        let silence = try await done(bench, .post, "/silences", #"{"store": "elm", "why": "known", "until": "2h"}"#)
        #expect(try await alerts.silences(all: false).map(\.id) == [silence])
        #expect(try await done(bench, .delete, "/silences/\(silence)?why=over") == silence)
        #expect(try await alerts.silences(all: false).isEmpty)

        let marks = MarkTask(.running(assembly))
        let mark = #"{"fact": "refund/r0", "members": ["liable=carrier", "excluded"], "why": "claim 88"}"#
        #expect(try await done(bench, .post, "/stores/elm/marks", mark) == "refund/r0")
        #expect(try await marks.list("elm", all: false).map(\.mark.member.name) == ["excluded", "liable"])
        _ = try await done(bench, .delete, "/stores/elm/marks?fact=refund%2Fr0&why=no")
        #expect(try await marks.list("elm", all: false).isEmpty)
        _ = try await done(bench, .post, "/stores/elm/recheck")

        let audit = try await bench.audit()
        #expect(audit.map(\.act).prefix(7) == ["ack", "accept", "accept", "silence", "unsilence", "mark", "unmark"])
        #expect(audit.allSatisfy { $0.who == "mei" && $0.way == "api" })
        #expect(audit[5].why == "claim 88" && audit[5].store == "elm")
    }

    @Test("readings go in with the doubts of the grid, and out again")
    func readings() async throws {
        let bench = try await DashboardBench(DashboardBench.people, pack: DueTests.pack)
        func score() async throws -> String? {
            try await MeasureTask(.running(await bench.state.assembly)).newest(["oak"])["oak"]?["shop.score"]?.value?
                .description
        }
        let path = "/stores/oak/readings"
        _ = try await done(bench, .post, path, #"{"name": "shop.score", "value": 82}"#)
        #expect(try await score() == "82")
        let doubted = try await send(bench, .post, path, #"{"name": "shop.score", "value": "8.2"}"#)
        #expect(doubted.status == 409 && doubted.body.contains("it was 82 before"), "\(doubted.body)")
        #expect(try await score() == "82")
        bench.clock.advance(by: .seconds(60))
        _ = try await done(bench, .post, path, #"{"name": "shop.score", "value": "8.2", "is_meant": true}"#)
        #expect(try await score() == "8.2")
        _ = try await done(bench, .delete, path + "?name=shop.score")
        #expect(try await score() == "82")
        #expect(try await bench.audit().map(\.act) == ["measure", "measure", "unmeasure"])
    }

    @Test("who only looks or brings facts does nothing, nor who has other stores, and nothing is written down")
    func rights() async throws {
        let bench = try await bench()
        let why = #"{"why": "x"}"#
        for (who, path, status) in [
            ("view", "/stores/elm/rules/refunds/acknowledgement", 403),
            ("erp", "/stores/oak/rules/refunds/acknowledgement", 403),
            ("east", "/stores/fir/rules/refunds/acknowledgement", 404),
            ("mei", "/stores/none/rules/refunds/acknowledgement", 404),
        ] {
            let answer = try await send(bench, .post, path, why, as: who)
            #expect(answer.status == status, "\(who) \(path): \(answer.body)")
            #expect(answer.headers[.contentType] == "application/problem+json")
        }
        // A silence of more than his stores is not his to end, nor is a receiver his to test.
        let silence = try await done(bench, .post, "/silences", #"{"store": "fir", "why": "known", "until": "2h"}"#)
        #expect(try await send(bench, .delete, "/silences/\(silence)?why=x", as: "east").status == 403)
        #expect(try await send(bench, .post, "/receivers/ops/test", as: "east").status == 403)
        #expect(try await send(bench, .post, "/stores/oak/recheck", as: "erp").status == 403)
        #expect(try await bench.audit().map(\.act) == ["silence"])
        // Whoever is on this machine and has shown nothing.
        let open = try await DashboardBench()
        let answer = try await open.send(
            .post, "/api/v1/stores/elm/rules/refunds/acknowledgement", [.contentType: "application/json"], body: why)
        #expect(answer.status == 403)
    }

    @Test(
        "what is no act of that name is told, with the member that is wrong, and nothing is done",
        arguments: [
            (#"{"until": "2h"}"#, 400, "why"), (#"{"why": ""}"#, 400, "why"), (#"{"why": 3}"#, 400, "why"),
            (#"{"why": "x", "untill": "2h"}"#, 400, "untill"), (#"{"why": "x", "why": "y"}"#, 400, "why"),
            (#"["why"]"#, 400, nil), ("why", 400, nil), ("", 400, nil), (#"{"why": "x", "until": "soon"}"#, 409, nil),
            (#"{"why": "   "}"#, 409, nil),
        ] as [(String, Int, String?)])
    func wrong(body: String, status: Int, parameter: String?) async throws {
        let bench = try await bench()
        let answer = try await send(bench, .post, "/stores/elm/rules/refunds/acknowledgement", body)
        #expect(answer.status == status, "\(answer.body)")
        #expect(try answer.object["parameter"] as? String == parameter)
        #expect(try await bench.audit().isEmpty)
    }

    @Test("an act is JSON, and what takes one back says why")
    func form() async throws {
        let bench = try await bench()
        let path = "/stores/elm/rules/refunds/acknowledgement"
        #expect(try await send(bench, .post, path, "why=x", type: "application/x-www-form-urlencoded").status == 415)
        #expect(
            try await send(bench, .post, path, #"{"why": "\#(String(repeating: "x", count: 70_000))"}"#).status == 413)
        for query in ["", "?why=", "?why=x&because=y"] {
            #expect(
                try await send(bench, .delete, "/stores/elm/rules/refunds/acceptance" + query).status == 400, "\(query)"
            )
        }
        #expect(try await send(bench, .delete, "/silences/none?why=x").status == 404)
        #expect(try await send(bench, .post, "/outbox/none/retry").status == 404)
    }
}
