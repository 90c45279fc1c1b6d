import Facts
import Foundation
import HTTPTypes
import Hummingbird
import Ledgers
import NIOCore
import Rules
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("Facts that are pushed count as others do, once, and only where they may")
struct PushTests {
    private func counts(_ answer: DashboardBench.Answer) throws -> [String] {
        try #require(answer.status == 200, "\(answer.body)")
        let told = try answer.object
        return ["committed", "unchanged", "quarantined", "ignored"].map { "\(told[$0] ?? "–")" }
    }

    private func standing(of store: String, _ bench: DashboardBench) async throws -> String {
        let stores = try #require(try await bench.object("/standings?store=\(store)")["stores"] as? [[String: Any]])
        return try #require(stores.first?["standing"] as? String)
    }

    @Test("without tokens nobody may push, and nothing of it is kept")
    func refused() async throws {
        let bench = try await DashboardBench()
        let answer = try await bench.push(Line.refund("r9", "oak", order: "o1"), as: .local)
        #expect(answer.status == 403 && answer.headers[.contentType] == "application/problem+json")
        let garbage = try await bench.push(#"{"kind":"none","id":"1"}"#, as: .local)
        #expect(garbage.status == 403)
        #expect(try await bench.list("/quarantine", "quarantine", "position") == [])
        let page = try await bench.state.assembly.ledger.facts(.init(), after: nil, limit: 100)
        #expect(page.facts.count == 20)
    }

    @Test("more bodies at once than are taken in are turned away, and told when to come again")
    func atOnce() async throws {
        let bench = try await DashboardBench()
        var passes: [Turnstile.Pass] = []
        for who in ["erp", "other"] { while let pass = bench.state.pushes.enter(who) { passes.append(pass) } }
        #expect(passes.count == Turnstile.pushes)
        let line = Line.refund("r1", "oak", order: "o1")
        let answer = try await bench.push(line)
        #expect(answer.status == 429 && answer.headers[.retryAfter] == "1", "\(answer.body)")
        #expect(answer.headers[.contentType] == "application/problem+json")
        #expect(try await bench.push(line, as: .local).status == 403, "who may not push is told that")
        passes = []
        #expect(try await bench.push(line).status == 200)
        #expect(try await bench.push(line).status == 200, "the place is given back")
    }

    @Test("a body that drips in is given up, with what to do instead, and one that is whole is not")
    func slow() async throws {
        func request() -> Request {
            let parts = AsyncStream<ByteBuffer> { stream in
                for part in ["{}\n", "{}\n"] { stream.yield(ByteBuffer(string: part)) }
                stream.finish()
            }
            return Request(
                head: .init(method: .post, scheme: nil, authority: nil, path: "/api/v1/facts"),
                body: .init(asyncSequence: parts))
        }
        let error = await #expect(throws: APIProblem.self) { try await FactsPushed.whole(request(), within: .zero) }
        #expect(error?.status == .requestTimeout)
        #expect(try await FactsPushed.whole(request()).readableBytes == 6)
    }

    @Test("new, known and unreadable facts are counted, and the same body again changes nothing")
    func counted() async throws {
        let bench = try await DashboardBench()
        #expect(try await standing(of: "oak", bench) == "ok")
        let body = [
            Line.refund("r1", "oak", order: "o1"), "", Line.refund("r2", "oak", order: "o2"),
            #"{"kind":"refund","store":"oak","id":"r3","order":"o3","refunded_at":"yesterday"}"#, "nothing",
            Line.refund("r4", "oak", order: "o4"),
        ].joined(separator: "\n")
        let rings = await bench.state.evaluation.rings
        let first = try await bench.push(body)
        // The daemon looks at it at once.
        #expect(await bench.state.evaluation.rings > rings)
        #expect(await bench.state.takeArrivals().0.changes.keys.sorted() == ["oak"])
        #expect(try counts(first) == ["3", "0", "2", "0"])
        let bad = try #require(try first.object["quarantine"] as? [[String: Any]])
        #expect(bad.map { $0["position"] as? String } == ["line 4", "line 5"])
        #expect(bad.map { $0["id"] as? String } == ["r3", nil] && bad[0]["store"] as? String == "oak")
        #expect((bad[0]["reason"] as? String)?.contains("refunded_at") == true)
        try await bench.look()
        #expect(try await standing(of: "oak", bench) == "breach")
        #expect(try await bench.list("/quarantine?store=oak", "quarantine", "position") == ["push: line 4"])

        let again = try await bench.push(body)
        #expect(try counts(again) == ["0", "3", "2", "0"])
        #expect(try await bench.list("/quarantine", "quarantine", "source") == ["feed:push", "feed:push"])
        let newer = try await bench.push(Line.refund("r1", "oak", order: "o1", updated: "2026-02-21T10:00:00Z"))
        #expect(try counts(newer) == ["1", "0", "0", "0"])
    }

    @Test("a list does as well as lines, packed or not, and lines of an export that are no facts are passed over")
    func forms() async throws {
        let bench = try await DashboardBench()
        let list = #"{"facts":[\#(Line.refund("r1", "oak", order: "o1")),7],"more":1}"#
        let told = try await bench.push(list, type: "application/json; charset=utf-8")
        #expect(try counts(told) == ["1", "0", "1", "0"])
        #expect(told.body.contains(#""position":"fact 2""#))

        let packed = try await #require(Tool("gzip")).run(["-c"], input: Array(list.utf8))
        let zipped = try await bench.api(
            "/facts", .post, [.contentType: "application/json", .contentEncoding: "gzip"], body: packed, as: .writer)
        #expect(try counts(zipped) == ["0", "1", "1", "0"])
        let cut = try await bench.api(
            "/facts", .post, [.contentType: "application/json", .contentEncoding: "gzip"],
            body: Array(packed.dropLast(9)), as: .writer)
        #expect(cut.status == 400 && cut.body.contains("cut off"))

        let export = try await bench.folder.run("export", "--store", "fir").output
        let copied = try await bench.push(export)
        #expect(try counts(copied)[2] == "0")
        #expect(try counts(copied)[3] != "0")
    }

    @Test(
        "a body that cannot be facts is refused whole",
        arguments: [
            ("application/x-ndjson", "no\nfacts", 400), ("application/json", "[]", 400),
            ("application/json", #"{"facts":{}}"#, 400), ("application/json", #"{"facts":["#, 400),
            ("application/json", "", 400), ("text/csv", "kind,id", 415), ("application/x-ndjson", "", 200),
        ])
    func refusedWhole(type: String, body: String, status: Int) async throws {
        let bench = try await DashboardBench()
        let answer = try await bench.push(body, type: type)
        #expect(answer.status == status, "\(answer.body)")
        #expect(try await bench.list("/quarantine", "quarantine", "position") == [])
    }

    @Test("a body that is larger than it may be, or unpacks to that, is refused")
    func tooLarge() async throws {
        let bench = try await DashboardBench()
        let plain = try await bench.push(String(repeating: " ", count: PushTask.greatestBytes + 1))
        #expect(plain.status == 413)
        let zeros = [UInt8](repeating: 0x20, count: PushTask.greatestUnpacked + 1)
        let packed = try await #require(Tool("gzip")).run(["-c"], input: zeros)
        let bomb = try await bench.api(
            "/facts", .post, [.contentType: "application/x-ndjson", .contentEncoding: "gzip"], body: packed, as: .writer
        )
        #expect(bomb.status == 413, "\(bomb.body)")
    }

    @Test("who may write some kinds of one store writes no others, and a body with one of those writes nothing")
    func permissions() async throws {
        let bench = try await DashboardBench()
        let oak = Caller.of("oak", writes: [.refund])
        for lines in [
            [Line.refund("r1", "oak", order: "o1"), Line.order("o9", "oak")],
            [Line.refund("r1", "oak", order: "o1"), Line.refund("r1", "elm", order: "o1")],
            [Line.refund("r1", "oak", order: "o1"), #"{"kind":"refund","store":"elm","id":"x","amount":"-"}"#],
        ] {
            let answer = try await bench.push(lines.joined(separator: "\n"), as: oak)
            #expect(answer.status == 403, "\(lines[1])")
        }
        let other = try await bench.push(
            Line.refund("r1", "oak", order: "o1"), query: "?complete_until=2026-03-02T00:00:00Z&kinds=order", as: oak)
        #expect(other.status == 403)
        #expect(try await bench.list("/quarantine", "quarantine", "position") == [])
        let good = try await bench.push(Line.refund("r1", "oak", order: "o1"), as: oak)
        #expect(try counts(good) == ["1", "0", "0", "0"])
    }

    @Test("what is said to be complete is, and a store that nothing was known of is judged by it")
    func complete() async throws {
        let bench = try await DashboardBench()
        #expect(try await standing(of: "ash", bench) == "unknown")
        let orders = (1...4).map { Line.order("a\($0)", "ash") }.joined(separator: "\n")
        let query = "?complete_until=2026-03-02T03:00:00Z&kinds=order,refund"
        let answer = try await bench.push(orders, query: query)
        let complete = try #require(try answer.object["complete"] as? [String: Any])
        #expect(complete["stores"] as? [String] == ["ash"] && complete["kinds"] as? [String] == ["order", "refund"])
        try await bench.look()
        #expect(try await standing(of: "ash", bench) == "ok")
        let told = try await bench.object("/stores/ash/rules/refunds")
        let coverage = try #require(told["coverage"] as? [String: [String: Any]])
        #expect(coverage["order"]?["source"] as? String == "feed:push")
        #expect(coverage["refund"]?["until"] as? String == "2026-03-02T03:00:00Z" && coverage["rating"] == nil)

        let nothing = try await bench.push("", query: "?complete_until=2026-03-02T03:30:00Z&kinds=order&store=ash")
        #expect(try nothing.object["complete"] is [String: Any])
        let none = try await bench.push("", query: "?complete_until=2026-03-02T03:30:00Z&kinds=order")
        #expect(try none.object["complete"] is NSNull && none.object["remark"] is String)
        // Of a fact that names no store nobody knows whose it is.
        let nameless = try await bench.push(
            orders, #"{"kind":"order","id":"x"}"#, query: "?complete_until=2026-03-02T03:40:00Z")
        #expect(try nameless.object["complete"] is NSNull && nameless.object["remark"] is String)
    }

    @Test(
        "what cannot be complete is refused, and the parameter is named",
        arguments: [
            ("complete_until=2026-03-02T05:00:00Z", "complete_until", 409),
            ("complete_until=1980-03-02T05:00:00Z", "complete_until", 409),
            ("complete_until=soon", "complete_until", 400), ("kinds=order", "complete_until", 409),
            ("complete_until=2026-03-01T00:00:00Z&complete_from=2026-03-01T00:00:00Z", "complete_from", 409),
            ("complete_until=2026-03-01T00:00:00Z&kinds=order,orders", "kinds", 400),
            ("complete_until=2026-03-01T00:00:00Z&store=olm", "store", 409),
        ])
    func untrue(query: String, parameter: String, status: Int) async throws {
        let bench = try await DashboardBench()
        let answer = try await bench.push(Line.refund("r1", "oak", order: "o1"), query: "?" + query)
        #expect(answer.status == status, "\(answer.body)")
        #expect(try answer.object["parameter"] as? String == parameter)
        let facts = try await bench.state.assembly.ledger.facts(.init(), after: nil, limit: 100).facts
        #expect(facts.count == 20)
    }

    @Test("more than one transaction holds is told whole in the end")
    func batches() async throws {
        let bench = try await DashboardBench()
        let body = (1...5_001).map { Line.order("n\($0)", "oak") }.joined(separator: "\n")
        let answer = try await bench.push(body)
        #expect(try counts(answer) == ["5001", "0", "0", "0"])
        #expect(try await bench.state.assembly.ledger.halfToldStores() == [])
        #expect(try counts(try await bench.push(body)) == ["0", "5001", "0", "0"])
        #expect(try await bench.state.assembly.ledger.halfToldStores() == [])
    }

    @Test("what is pushed goes before files, unless a store says otherwise")
    func precedence() async throws {
        let bench = try await DashboardBench()
        let taken = try await bench.push(Line.order("n1", "oak"))
        #expect(taken.body.contains(#""displaced":{"order":5}"#))
        let other = try await DashboardBench(
            "  - {id: a, pack: shop, sources: {order: file}}\n  - {id: b, pack: shop, sources: {order: \"feed:push\"}}\n"
        )
        let aside = try await other.push(Line.order("n1", "a"), Line.order("n1", "b"))
        #expect(aside.body.contains(#""committed":1,"#) && aside.body.contains(#""set_aside":{"order":1}"#))
        // It comes when others see fit, as files do.
        let fleet = await other.state.assembly.fleet
        let pack = try #require(fleet.watched("a")?.pack)
        #expect(fleet.freshness(of: [.order: .push], in: pack, nil)[.order]?.staleAfter == .seconds(26 * 3600))
    }
}
