import Facts
import Foundation
import Ledgers
import NIOCore
import Rules
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("The metrics say of every store and rule what the wall does")
struct MetricsTests {
    @Test("value, limit, room and standing of a rule, by store, with the labels that were chosen")
    func rules() async throws {
        let bench = try await DashboardBench("metrics: {labels: [team]}")
        let page = try Scrape(try await bench.get("/metrics").body)
        let elm = #"store="elm",pack="shop",team="east""#
        #expect(page[#"goodstanding_store_standing{\#(elm)}"#] == 2)
        #expect(page[#"goodstanding_rule_standing{\#(elm),rule="refunds",severity="critical"}"#] == 2)
        #expect(page[#"goodstanding_rule_value{\#(elm),rule="refunds",metric="refunds"}"#] == 3)
        #expect(page[#"goodstanding_rule_limit{\#(elm),rule="refunds",metric="refunds"}"#] == 3)
        #expect(page[#"goodstanding_rule_room_ratio{\#(elm),rule="refunds"}"#] == 0)
        #expect(page[#"goodstanding_rule_value{\#(elm),rule="rate",metric="refund_rate"}"#] == 0.6)
        #expect(page[#"goodstanding_rule_limit{\#(elm),rule="rate",metric="refund_rate"}"#] == 0.5)
        // A fifth beyond the half; and no more refunds than are too many.
        #expect(page[#"goodstanding_rule_headroom{\#(elm),rule="refunds",metric="refunds"}"#] == 0)
        #expect(
            page[#"goodstanding_rule_headroom{\#(elm),rule="rate",metric="refund_rate"}"#].map { abs($0 + 0.1) < 1e-9 }
                == true)
        #expect(
            page[#"goodstanding_rule_headroom{store="oak",pack="shop",team="east",rule="refunds",metric="refunds"}"#]
                == 3)
        #expect(page[#"goodstanding_store_standing{store="fir",pack="shop",team="west"}"#] == 1)
        #expect(page[#"goodstanding_store_standing{store="oak",pack="shop",team="east"}"#] == 0)
        // Nothing is known of it: it has no figure, no room, and is not ok.
        let ash = #"store="ash",pack="shop""#
        #expect(page[#"goodstanding_store_standing{\#(ash)}"#] == 3)
        #expect(page[#"goodstanding_rule_standing{\#(ash),rule="rate",severity="major"}"#] == 3)
        #expect(!page.samples.keys.contains { $0.contains("room_ratio{\(ash)") || $0.contains("headroom{\(ash)") })
        #expect(page["goodstanding_stores_left_out"] == 0 && page["goodstanding_ready"] == 1)
        #expect(page[#"goodstanding_store_quarantined_facts{\#(ash)}"#] == 0)
        // Complete up to that morning, at eight.
        #expect(page[#"goodstanding_store_covered_until_timestamp_seconds{\#(elm)}"#] == 1_772_409_600)
        #expect(page[#"goodstanding_source_stores{source="file",pack="shop"}"#] == 3)
        #expect(page[#"goodstanding_source_stale_stores{source="file",pack="shop"}"#] == 0)
        #expect(
            page[#"goodstanding_source_covered_until_timestamp_seconds{source="file",pack="shop"}"#] == 1_772_409_600)
    }

    @Test("what grows stale is counted by the clock, though nobody judges any more")
    func stale() async throws {
        let bench = try await DashboardBench()
        let clock = try #require(await bench.state.assembly.clock as? ManualClock)
        clock.advance(by: .days(2))
        let page = try Scrape(try await bench.get("/metrics").body)
        #expect(page[#"goodstanding_source_stale_stores{source="file",pack="shop"}"#] == 3)
    }

    @Test("a store that nobody can judge has no rule that is ok, whatever its last figures were")
    func unknown() async throws {
        let bench = try await DashboardBench()
        let line = try #require(await bench.state.wall.line(of: "oak"))
        await bench.state.wall.put([line.standing(.unknown, at: DashboardBench.now)])
        let page = try Scrape(try await bench.get("/metrics").body)
        for rule in [#"rule="refunds",severity="critical""#, #"rule="rate",severity="major""#] {
            #expect(page[#"goodstanding_rule_standing{store="oak",pack="shop",\#(rule)}"#] == 3, "\(rule)")
        }
        #expect(page[#"goodstanding_rule_room_ratio{store="oak",pack="shop",rule="refunds"}"#] == nil)
        #expect(page[#"goodstanding_rule_headroom{store="oak",pack="shop",rule="refunds",metric="refunds"}"#] == nil)
    }

    @Test(
        "stores are left out by the switch, by a pattern and by number, which is said; all are counted",
        arguments: [
            ("{stores: false}", [], 4), ("{stores: \"*r\"}", ["fir"], 3), ("{limit: 2}", ["ash", "elm"], 2),
            ("{limit: 0}", [], 4), ("{stores: true, limit: 9}", ["ash", "elm", "fir", "oak"], 0),
        ] as [(String, [String], Double)])
    func cardinality(entry: String, shown: [String], leftOut: Double) async throws {
        let bench = try await DashboardBench("metrics: \(entry)")
        await bench.state.update { $0.standings = [.ok: 1, .warning: 1, .breach: 1, .unknown: 1] }
        let page = try Scrape(try await bench.get("/metrics").body)
        #expect(page["goodstanding_stores_left_out"] == leftOut)
        let found = page.samples.keys.compactMap { $0.firstMatch(of: /store="([a-z]+)"/).map { String($0.1) } }
        #expect(Set(found).sorted() == shown)
        #expect(page[#"goodstanding_stores{standing="breach"}"#] == 1)
        #expect(page[#"goodstanding_source_stores{source="file",pack="shop"}"#] == 3)
    }

    @Test("labels with quotes, backslashes and line ends arrive as they are")
    func escaping() {
        #expect(Exposition.label("a", "x\"\\\ny 店") == #"a="x\"\\\ny 店""#)
    }

    @Test("durations are histograms: requests by route, whatever is asked for")
    func durations() async throws {
        let bench = try await DashboardBench()
        for path in ["/stores/oak", "/stores/fir", "/nowhere", "/nowhere/else"] { _ = try await bench.get(path) }
        bench.state.durations.note(.pull(source: "feed:erp", pack: "", isWhole: true), seconds: 0.5)
        bench.state.durations.note(.pull(source: "feed:erp", pack: "", isWhole: true), seconds: 4000)
        let page = try Scrape(try await bench.get("/metrics").body)
        let routes = page.samples.filter { $0.key.hasPrefix("goodstanding_http_request_duration_seconds_count") }
        #expect(routes.values.sorted() == [2, 2], "\(routes)")
        let pull = #"source="feed:erp",pack="",outcome="finished""#
        for (bound, count) in [("0.1", 0), ("0.5", 1), ("3600", 1), ("+Inf", 2)] as [(String, Double)] {
            #expect(page[#"goodstanding_pull_duration_seconds_bucket{\#(pull),le="\#(bound)"}"#] == count, "\(bound)")
        }
        #expect(page[#"goodstanding_pull_duration_seconds_sum{\#(pull)}"#] == 4000.5)
        #expect(page[#"goodstanding_pull_duration_seconds_count{\#(pull)}"#] == 2)
    }

    @Test("promtool finds nothing to say about it", .enabled(if: Tool.exists("promtool"), "promtool is not installed"))
    func lint() async throws {
        let page = try await Self.fullPage()
        try await #require(Tool("promtool")).run(["check", "metrics"], input: Array(page.utf8))
    }

    /// With something of everything.
    static func fullPage() async throws -> String {
        let bench = try await DashboardBench(
            "receivers: [{id: ops, webhook: \"http://127.0.0.1:9/hook\"}]\nfeeds: [{id: erp, url: \"http://127.0.0.1:9/facts\"}]"
        )
        let (state, now) = (bench.state, DashboardBench.now)
        await state.update { status in
            status.feeds = [.init(id: "erp", finishedAt: now, consecutiveFailures: 2)]
            status.outbox = ["ops": .init(owed: 3, delayed: 1)]
            status.receiversDown = ["ops": now]
            status.counters.noticesAbandoned = ["ops": 1]
            status.expiries = [.init(name: "consent", stores: ["oak"], account: nil, ends: now)]
            status.slowed = [.init(pack: "shop", application: "a", slower: 1, heldBack: 1)]
            (status.lastEvaluationAt, status.lastEvaluationSeconds) = (now, 0.25)
        }
        for work in [
            .pull(source: "feed:erp", pack: "", isWhole: true), .evaluation, .delivery(receiver: "ops", isTaken: false),
            .request(route: "/"),
        ] as [Durations.Work] { state.durations.note(work, seconds: 0.1) }
        var page = await MetricsPage.of(state)
        page = MetricsPage(
            status: page.status, isAlive: page.isAlive, wall: page.wall, config: page.config, fleet: page.fleet,
            durations: page.durations,
            pulls: [.init(.platform, store: "oak"): Self.failed(at: now)], now: page.now)
        return try await page.text()
    }

    private static func failed(at now: Timestamp) -> PullRecord {
        var record = PullRecord()
        (record.finishedAt, record.failures) = (now, 2)
        return record
    }

    @Test("ten thousand stores go out in pieces: memory does not grow with the page")
    func memory() async throws {
        let bench = try await DashboardBench("metrics: {limit: 10000}")
        let assembly = await bench.state.assembly
        let judged = try await Judge(fleet: assembly.fleet, ledger: assembly.ledger).judge(
            [try #require(assembly.fleet.watched("elm"))], at: nil, clock: DashboardBench.now)[0]
        let lines = (10_000..<20_000).map { number in
            var judged = judged
            judged.prepared.watched.store.id = "store-\(number)"
            return WallLine(judged, assembly.fleet)
        }
        let page = await MetricsPage.of(bench.state)
        let wide = MetricsPage(
            status: page.status, isAlive: true, wall: .init(version: 1, lines: lines), config: page.config,
            fleet: page.fleet, durations: [:], pulls: [:], now: page.now)
        var (bytes, largest) = (0, 0)
        let before = Self.residentBytes
        let began = ContinuousClock.now
        try await wide.write { piece in
            bytes += piece.readableBytes
            largest = max(largest, piece.readableBytes)
        }
        let took = ContinuousClock.now - began
        let grown = Self.residentBytes - before
        print("metrics of 10,000 stores: \(bytes) bytes in \(took), \(grown) bytes of memory more")
        #expect(bytes > 8_000_000)
        #expect(largest < 2 * Exposition.pieceBytes)
        #expect(grown < 24 << 20, "\(grown) bytes more for a page of \(bytes)")
    }

    private static var residentBytes: Int {
        let statm = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
    }
}
