import Facts
import HTTPTypes
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("Who may see and do what")
struct AccessTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// nil: nobody has shown who he is.
        var who: String?
        var path: String
        var status: Int
        var testDescription: String { "\(who ?? "nobody") \(path) \(status)" }
    }

    private static let bench = Task { try await DashboardBench(DashboardBench.people) }

    @Test(
        "what may not be seen is not there",
        arguments: [
            Row(path: "/healthz", status: 200), Row(path: "/readyz", status: 200), Row(path: "/login", status: 200),
            Row(path: "/", status: 303), Row(path: "/stores/oak", status: 303), Row(path: "/nowhere", status: 303),
            Row(path: "/metrics", status: 401), Row(path: "/api/v1/stores", status: 401),
            Row(who: "none", path: "/", status: 401), Row(who: "gone", path: "/", status: 401),
            Row(who: "mei", path: "/", status: 200), Row(who: "mei", path: "/metrics", status: 200),
            Row(who: "mei", path: "/audit", status: 200),
            Row(who: "mei", path: "/stores/elm/rules/refunds", status: 200),
            Row(who: "view", path: "/metrics", status: 200), Row(who: "view", path: "/stores/ash", status: 200),
            Row(who: "view", path: "/audit", status: 404), Row(who: "view", path: "/due", status: 200),
            Row(who: "east", path: "/stores/oak", status: 200), Row(who: "east", path: "/stores/elm", status: 200),
            Row(who: "east", path: "/stores/fir", status: 404), Row(who: "east", path: "/stores/ash", status: 404),
            Row(who: "east", path: "/stores/fir/rules/refunds", status: 404),
            Row(who: "east", path: "/metrics", status: 403), Row(who: "east", path: "/audit", status: 200),
            Row(who: "oaks", path: "/stores/oak", status: 200), Row(who: "oaks", path: "/stores/elm", status: 404),
            Row(who: "erp", path: "/", status: 404), Row(who: "erp", path: "/stores/oak", status: 404),
            Row(who: "erp", path: "/metrics", status: 403),
        ])
    func sees(_ row: Row) async throws {
        let bench = try await Self.bench.value
        let answer = try await bench.get(row.path, row.who.map(DashboardBench.bearer) ?? [:])
        #expect(answer.status == row.status, "\(answer.body)")
        if row.status == 401 { #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true) }
        if row.status == 404 { #expect(!answer.body.contains("Fir") && !answer.body.contains("did you mean")) }
    }

    @Test("the wall lists what its reader may see, and counts nothing else")
    func wall() async throws {
        let bench = try await Self.bench.value
        for (who, names) in [
            ("mei", ["Oak", "Fir", "榆树店", "Ash"]), ("east", ["Oak", "榆树店"]), ("oaks", ["Oak"]),
        ] {
            let page = try await bench.get("/", DashboardBench.bearer(who)).body
            for name in ["Oak", "Fir", "榆树店", "Ash"] {
                #expect(page.contains(name) == names.contains(name), "\(who): \(name)")
            }
            #expect(page.contains("\(names.count) stores"), "\(who)")
            #expect(page.contains("team:west") == (who == "mei"), "\(who)")
        }
    }

    struct Acting: Sendable, CustomTestStringConvertible {
        var who: String
        var act: String
        var fields: [String: String]
        var status: Int
        var testDescription: String { "\(who) \(act) \(fields["store"] ?? "") \(status)" }
        init(_ who: String, _ act: String, _ fields: [String: String], _ status: Int) {
            (self.who, self.act, self.fields, self.status) = (who, act, fields, status)
        }
    }

    @Test(
        "who may act, and on what",
        arguments: [
            Acting("mei", "recheck", ["store": "fir"], 303), Acting("east", "recheck", ["store": "oak"], 303),
            Acting("east", "recheck", ["store": "fir"], 400), Acting("east", "recheck", ["store": "none"], 400),
            Acting("view", "recheck", ["store": "oak"], 403), Acting("erp", "recheck", ["store": "oak"], 403),
            Acting("gone", "recheck", ["store": "oak"], 401), Acting("none", "recheck", ["store": "oak"], 401),
            Acting("east", "silence", ["store": "fir", "until": "2h", "why": "w"], 400),
            Acting("east", "retry", [:], 403), Acting("mei", "retry", [:], 303),
            Acting("east", "test", ["receiver": "ops"], 403), Acting("mei", "recheck", [:], 400),
        ])
    func acts(_ acting: Acting) async throws {
        let bench = try await Self.bench.value
        let answer = try await bench.post("/acts/\(acting.act)", acting.fields, DashboardBench.bearer(acting.who))
        #expect(answer.status == acting.status, "\(answer.body)")
        #expect(!answer.body.contains("Fir"))
    }

    @Test("a token says which stores and kinds its program may bring")
    func pushes() async throws {
        let assembly = await (try await Self.bench.value).state.assembly
        func caller(_ id: String) throws -> Caller {
            Caller(try #require(assembly.config.access.tokens.first { $0.id == id }), by: .token)
        }
        let (oak, elm) = (
            try #require(assembly.fleet.watched("oak")?.store), try #require(assembly.fleet.watched("elm")?.store)
        )
        let erp = try caller("erp")
        #expect(erp.mayWrite(oak, .order) && !erp.mayWrite(oak, .refund) && !erp.mayWrite(elm, .order))
        #expect(!erp.mayRead(oak) && !erp.mayAct(on: oak))
        let mei = try caller("mei")
        #expect(mei.mayAct(on: elm) && !mei.mayWrite(oak, .order))
        #expect(!Caller.nobody.mayRead(oak) && !Caller.nobody.mayWrite(oak, .order))
    }

    @Test("on this machine without tokens one looks and does not act, unless the configuration says so")
    func local() async throws {
        let bench = try await DashboardBench()
        #expect(try await bench.get("/").status == 200)
        #expect(try await bench.get("/metrics").status == 200)
        let page = try await bench.get("/stores/oak").body
        #expect(!page.contains("<form method=\"post\""))
        let refused = try await bench.post("/acts/recheck", ["store": "oak"])
        #expect(refused.status == 403 && refused.body.contains("access: {local: operator}"))
        #expect(try await bench.audit().isEmpty)

        let acting = try await DashboardBench("access: {local: operator}")
        let answer = try await acting.act("/acts/recheck", ["store": "oak"], on: "/stores/oak")
        #expect(answer.status == 303 && answer.headers[.location] == "/stores/oak")
        #expect(try await acting.audit().map(\.who) == ["local"])
    }

    @Test(
        "a stranger's name that leads to this machine is not answered",
        arguments: [
            ("127.0.0.1:8420", 200), ("localhost", 200), ("[::1]:8420", 200), ("standing.example", 200),
            ("evil.example:8420", 421), ("127.0.0.1.evil.example", 421),
        ])
    func rebinding(host: String, status: Int) async throws {
        let bench = try await DashboardBench("public_url: https://standing.example")
        #expect(try await bench.ask("/", host: host) == status)
        #expect(try await bench.ask("/healthz", host: host) == 200)
    }

    @Test("a proxy is believed from the addresses that are listed, and from nowhere else")
    func proxy() async throws {
        func terms(_ from: String, _ rest: String) -> String {
            "access: {proxy: {header: X-Forwarded-User, from: [\(from)], \(rest)}}"
        }
        let header = try #require(HTTPField.Name("X-Forwarded-User"))
        let people =
            "people: [{id: \"li@corp\", role: operator, labels: {team: east}}, {id: old, role: viewer, until: 2026-01-01}]"
        let bench = try await DashboardBench(terms("127.0.0.0/8", people))
        func status(_ bench: DashboardBench, _ path: String, _ person: String?) async throws -> Int {
            try await bench.send(.get, path, person.map { [header: $0] } ?? [:], isLive: true).status
        }
        #expect(try await status(bench, "/stores/oak", "li@corp") == 200)
        #expect(try await status(bench, "/stores/fir", "li@corp") == 404)
        #expect(try await status(bench, "/stores/oak", "stranger") == 403)
        let basic = try await bench.send(
            .get, "/stores/oak", [header: "li@corp", .authorization: "Basic bGk6cGFzcw=="], isLive: true)
        #expect(basic.status == 200, "the password that the proxy asked for is none of ours")
        #expect(try await status(bench, "/stores/oak", "old") == 403)
        #expect(try await status(bench, "/api/v1/stores", nil) == 401)
        let elsewhere = try await DashboardBench(terms("10.0.0.0/8", "role: viewer"))
        #expect(try await status(elsewhere, "/api/v1/stores", "li@corp") == 401)
        let all = try await DashboardBench(terms("127.0.0.1", "role: viewer"))
        #expect(try await status(all, "/stores/fir", "anybody") == 200)
    }

    @Test("where nobody need show it, Prometheus gets figures without a token")
    func openMetrics() async throws {
        let bench = try await DashboardBench(DashboardBench.people + "\n  metrics: open")
        #expect(try await bench.get("/metrics").status == 200)
        #expect(try await bench.get("/").status == 303)
    }
}
