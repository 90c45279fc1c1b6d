import Alerts
import Facts
import Foundation
import HTTPTypes
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("Programs are answered in one form, page by page, and told again only what has changed")
struct APITests {
    @Test(
        "whatever goes wrong is told as a problem, with what was wrong of the request",
        arguments: [
            (HTTPRequest.Method.get, "/nothing", 404, nil), (.get, "", 404, nil), (.get, "/stores/none", 404, "store"),
            (.get, "/stores/elm/rules/none", 404, "rule"), (.get, "/stores/none/rules/rate/history", 404, "store"),
            (.get, "/alerts/none", 404, "episode"), (.get, "/packs/none", 404, "pack"),
            (.get, "/stores?limit=0", 400, "limit"), (.get, "/stores?limit=1001", 400, "limit"),
            (.get, "/stores?limit=x", 400, "limit"), (.get, "/stores?limit=5&limit=5", 400, "limit"),
            (.get, "/stores?cursor=zz", 400, "cursor"), (.get, "/stores?cursor=abc", 400, "cursor"),
            (.get, "/stores?standing=good", 400, "standing"), (.get, "/silences?all=yes", 400, "all"),
            (.get, "/stores?stor=elm", 400, "stor"), (.delete, "/stores", 405, nil), (.get, "/facts", 405, nil),
            (.put, "/stores/elm", 405, nil), (.head, "/facts", 405, nil),
        ] as [(HTTPRequest.Method, String, Int, String?)])
    func problems(method: HTTPRequest.Method, path: String, status: Int, parameter: String?) async throws {
        let bench = try await DashboardBench()
        let answer = try await bench.api(path, method)
        #expect(answer.status == status, "\(answer.body)")
        #expect(answer.headers[.contentType] == "application/problem+json")
        #expect((answer.headers[.allow] != nil) == (status == 405))
        #expect(answer.headers[.contentSecurityPolicy] != nil)
        guard method != .head else { return }
        let problem = try answer.object
        #expect(problem["status"] as? Int == status && problem["parameter"] as? String == parameter)
        #expect((problem["detail"] as? String)?.isEmpty == false)
    }

    @Test("a name that is nearly right is named")
    func hints() async throws {
        let bench = try await DashboardBench()
        #expect(try await bench.api("/stores?stor=elm").body.contains("did you mean 'store'?"))
        #expect(try await bench.api("/stores/elm/rules/refund").body.contains("did you mean 'refunds'?"))
        #expect(try await bench.api("/facts").headers[.allow] == "POST")
    }

    @Test("standings are what check prints, exact, and rates are their shortest form")
    func standings() async throws {
        let bench = try await DashboardBench()
        let body = try await bench.api("/standings?store=elm").body
        #expect(
            body.hasPrefix(#"{"at":"2026-03-02T04:00:00Z","standing":"breach","stores":[{"store":"elm","name":"榆树店","#))
        #expect(body.contains(#""refund_rate":0.6}"#) && body.contains(#""values":{"refunds":3}"#))
        #expect(body.contains(#""judged_to":"2026-03-01","covered_to":"2026-03-02T00:00:00Z""#))
        #expect(body.hasSuffix(#""unwatched":[],"next":null}"# + "\n"))
        let report = try await CheckTask(.running(await bench.state.assembly), glob: "elm", at: nil).run()
        #expect(StandingsBody.json(report).text.dropLast() == body.dropLast(#","next":null}"#.count + 1))
        #expect(try await bench.api("/metrics?store=fir").body.contains(#""refund_rate":{"value":0.4,"covered":true,"#))
    }

    @Test("stores are chosen by id, platform, label and standing")
    func choice() async throws {
        let bench = try await DashboardBench()
        for (query, stores) in [
            ("", ["ash", "elm", "fir", "oak"]), ("store=*a*", ["ash", "oak"]), ("platform=other", []),
            ("label=team:east", ["elm", "oak"]), ("label=team", ["elm", "fir", "oak"]), ("label=team:", []),
            ("standing=breach", ["elm"]), ("standing=unknown", ["ash"]), ("label=team:east&standing=ok", ["oak"]),
        ] {
            #expect(try await bench.list("/stores?\(query)", "stores", "store") == stores, "\(query)")
        }
    }

    @Test("a list goes on where it stopped, whatever came and went meanwhile")
    func cursors() async throws {
        let bench = try await DashboardBench()
        var (path, seen): (String, [String]) = ("/stores?limit=1", [])
        while true {
            let page = try await bench.object(path)
            seen += try #require(page["stores"] as? [[String: Any]]).compactMap { $0["store"] as? String }
            guard let next = page["next"] as? String else { break }
            path = "/stores?limit=1&cursor=\(next)"
        }
        #expect(seen == ["ash", "elm", "fir", "oak"])
        // What is after nothing is all, and after everything is nothing.
        #expect(try await bench.list("/stores?cursor=", "stores", "store").count == 4)
        #expect(try await bench.list("/stores?cursor=ff", "stores", "store").isEmpty)

        func bad(_ id: String) -> String { #"{"kind":"order","store":"oak","id":"\#(id)","amount":"-1"}"# }
        #expect(try await bench.push(bad("q1"), bad("q2"), bad("q3")).status == 200)
        let first = try await bench.object("/quarantine?limit=2")
        let next = try #require(first["next"] as? String)
        let shown = try #require(first["quarantine"] as? [[String: Any]]).compactMap { $0["id"] as? String }
        #expect(try await bench.push(bad("q4")).status == 200)
        let rest = try await bench.list("/quarantine?limit=2&cursor=\(next)", "quarantine", "id")
        // What came since is as new as these here, and may stand on either side; none is shown twice or lost.
        #expect(Set(shown).isDisjoint(with: rest))
        #expect(Set(shown + rest).isSuperset(of: ["q1", "q2", "q3"]))
    }

    @Test("an answer that is known already is not sent again")
    func tags() async throws {
        let bench = try await DashboardBench()
        for path in ["/standings", "/stores", "/openapi.json", "/stores/elm/rules/refunds"] {
            let first = try await bench.api(path)
            let tag = try #require(first.headers[.eTag], "\(path)")
            #expect(tag.hasPrefix("\"") && first.headers[.cacheControl] == "no-cache")
            for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
                let again = try await bench.api(path, .get, [.ifNoneMatch: known])
                #expect(again.status == 304 && again.body.isEmpty && again.headers[.eTag] == tag, "\(path) \(known)")
            }
            #expect(try await bench.api(path, .get, [.ifNoneMatch: "\"x\""]).status == 200)
        }
        let tag = try await bench.api("/standings").headers[.eTag] ?? ""
        #expect(try await bench.push(Line.refund("r8", "oak", order: "o1")).status == 200)
        #expect(try await bench.api("/standings", .get, [.ifNoneMatch: tag]).status == 200)
    }

    @Test("evidence, history and an alert lead from one to the other")
    func alert() async throws {
        let bench = try await DashboardBench()
        let path = "/stores/elm/rules/refunds"
        #expect(try await bench.list(path + "/evidence?limit=2", "evidence", "id") == ["r0", "r1"])
        let evidence = try await bench.object(path + "/evidence?limit=2")
        let next = try #require(evidence["next"] as? String)
        #expect(try await bench.list(path + "/evidence?cursor=\(next)", "evidence", "id") == ["r2"])
        #expect(try await bench.list(path + "/history", "changes", "standing") == ["breach"])
        let episodes = try await bench.list("/alerts?store=elm&rule=refunds", "alerts", "episode")
        let episode = try #require(episodes.first)
        let task = AlertsTask(.running(await bench.state.assembly))
        _ = try await task.acknowledge("elm", "refunds", by: "li", why: "calling the buyers", until: nil)
        let alert = try await bench.object("/alerts/\(episode)")
        #expect((alert["acknowledged"] as? [String: Any])?["by"] as? String == "li")
        #expect((alert["events"] as? [[String: Any]])?.first?["event"] as? String == "firing")
        #expect(try await bench.list("/events?episode=\(episode)", "events", "rule") == ["refunds"])
        #expect(try await bench.list("/alerts?state=resolved", "alerts", "rule") == [])
    }

    @Test("who may see one store hears of no other, whatever he asks")
    func oneStore() async throws {
        let bench = try await DashboardBench(APIAnswerTests.configuration)
        try await APIAnswerTests.fill(bench)
        let elm = Caller.of("elm")
        for route in APIRoute.all where route.method == .get && route.id != "describe" {
            let path = APIAnswerTests.path(of: route, episode: "none")
            let body = try await bench.api(path, as: elm).body
            for name in ["\"oak\"", "store=oak", "Oak", "\"fir\"", "\"ash\"", "feed:erp"] {
                #expect(!body.contains(name), "\(route.id): \(body.prefix(300))")
            }
        }
        #expect(try await bench.api("/stores/oak", as: elm).status == 404)
        #expect(try await bench.list("/stores", "stores", "store", as: elm) == ["elm"])
    }

    @Test("an id that a path writes in another way is meant as it is")
    func names() async throws {
        let bench = try await DashboardBench("  - {id: 店/1 &x, pack: shop}\n")
        #expect(try await bench.object("/stores/%E5%BA%97%2F1%20%26x")["store"] as? String == "店/1 &x")
        #expect(try await bench.get(Link.store("店/1 &x")).status == 200)
    }
}
