import Alerts
import Facts
import HTTPTypes
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("What one may not see or do stays so, however its id is written")
struct AccessEdgeTests {
    /// Whatever no entry lists is east's, whose people may see and act on no more than that.
    private func bench() async throws -> DashboardBench {
        try await DashboardBench(
            "  - {match: \"*\", pack: shop, labels: {team: east}}\n" + DashboardBench.people)
    }

    @Test(
        "an id that a path writes in another way is the same id",
        arguments: ["/stores/fir", "/stores/f%69r", "/stores/%66%69%72", "/stores/f%69r/rules/refunds"])
    func escaped(path: String) async throws {
        let bench = try await bench()
        let (mei, east) = (try await bench.session("token-mei"), try await bench.session("token-east"))
        #expect(try await bench.get(path, mei).status == 200)
        let kept = try await bench.get(path, east)
        #expect(kept.status == 404 && !kept.body.contains("Refunds in 30 days"))
        let below = path.contains("/rules/") ? "/evidence.csv" : "/gates/campaign"
        #expect(try await bench.get(path + below, mei).status == 200)
        #expect(try await bench.get(path + below, east).status == 404)
    }

    @Test("a store that is his is reached whatever is in its id")
    func own() async throws {
        let bench = try await DashboardBench(
            "  - {id: \"店铺 A/1\", pack: shop, labels: {team: east}}\n" + DashboardBench.people)
        let east = try await bench.session("token-east")
        #expect(try await bench.get(Link.store("店铺 A/1"), east).status == 200)
    }

    @Test("what is about many stores is for who sees all, though a pattern fits no name at all")
    func many() async throws {
        let bench = try await bench()
        let assembly = await bench.state.assembly
        let grantee = try #require(assembly.config.access.tokens.first { $0.id == "east" })
        let caller = Caller(grantee, by: .token)
        #expect(!caller.mayRead("", in: assembly.fleet) && !caller.mayAct(on: "", in: assembly.fleet))
        #expect(caller.mayRead("any", in: assembly.fleet) && !caller.mayRead("fir", in: assembly.fleet))
    }

    @Test("a pattern in the place of a store silences nobody else's, and what others silenced by one is theirs to end")
    func patterns() async throws {
        let bench = try await bench()
        let east = try await bench.session("token-east")
        for store in ["*", "f*", "fi?"] {
            let answer = try await bench.act(
                "/acts/silence", ["store": store, "why": "w", "until": "2h"], on: "/stores/elm", east)
            #expect(answer.status == 403, "\(store)")
        }
        let task = AlertsTask(.running(await bench.state.assembly))
        #expect(try await task.silences(all: true).isEmpty)
        var filter = AlertFilter()
        filter.stores = ["f*"]
        let wide = try await task.silence(.init(filter: filter, until: "2h", ends: .time, by: "mei", why: "w")).silence
        #expect(
            try await bench.act("/acts/unsilence", ["silence": wide.id, "why": "done"], on: "/stores/elm", east).status
                == 403)
    }

    @Test("what pushed lines name no store counts against all, and is taken from nobody who may not write to all")
    func nameless() async throws {
        let bench = try await DashboardBench()
        let line = #"{"kind":"order","store":"oak","id":"p1","updated_at":"2026-03-01T10:00:00Z"}"#
        let own = Caller.of("oak", writes: [.order])
        #expect(try await bench.push(line, "no fact", as: own).status == 403)
        #expect(try await bench.push(line, as: own).status == 200)
        #expect(try await bench.push(line, "no fact", as: .writer).status == 200)
        #expect(try await bench.push(line, as: .local).status == 403)
    }

    @Test("a rule that there is not has no file of facts")
    func noFile() async throws {
        #expect(try await DashboardBench().get("/stores/oak/rules/none/evidence.csv").status == 404)
    }
}
