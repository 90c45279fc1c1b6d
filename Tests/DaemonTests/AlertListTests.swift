import Alerts
import Facts
import Ledgers
import Rules
import TestSupport
import Testing

@testable import Daemon

@Suite("What holds alerts back is said wherever they are listed or explained")
struct AlertListTests {
    private func bench(_ stores: [String] = ["a"]) async throws -> HealthBench {
        let bench = try await HealthBench(stores.map { HealthBench.platform($0) })
        for store in stores { try await bench.pulled(store, at: 0, bench.refunds(1...3, at: store)) }
        try await bench.look(at: 0)
        return bench
    }

    private func silence(_ bench: HealthBench, ends: Silence.End, until: String?) async throws -> Silence {
        var filter = AlertFilter()
        filter.rules = ["refunds"]
        return try await AlertsTask(.running(bench.assembly)).silence(
            .init(filter: filter, until: until, ends: ends, by: "mei", why: "stocktaking")
        ).silence
    }

    @Test("a silenced alert is listed as such, and whoever ends the silence says who and why")
    func silenced() async throws {
        let bench = try await bench()
        let task = AlertsTask(.running(bench.assembly))
        #expect(try await task.list(nil).map(\.isSilenced) == [false])
        let silence = try await silence(bench, ends: .time, until: "2h")
        #expect(try await task.list(nil).map(\.isSilenced) == [true])
        let ended = try await task.unsilence(silence.id, by: "li", why: "all counted")
        #expect(ended.endedBy == "li" && ended.endedWhy == "all counted")
        #expect(try await task.silences(all: true) == [ended])
        let entry = try #require(
            try await bench.assembly.ledger.audit(since: nil, after: 0, limit: 9).map(\.entry).last)
        #expect(entry.act == "unsilence" && entry.who == "li" && entry.why == "all counted")
        #expect(try await task.list(nil).map(\.isSilenced) == [false])
    }

    @Test("an alert of data that the outage of its source speaks for is listed as such")
    func spokenFor() async throws {
        let bench = try await bench(["a", "b", "c"])
        try await bench.look(from: 50, to: 80)
        let listed = try await AlertsTask(.running(bench.assembly)).list(nil)
        let spokenFor = listed.filter(\.isSpokenFor).map { "\($0.alert.key.store)/\($0.alert.key.rule)" }
        #expect(spokenFor == ["a/health:platform", "b/health:platform", "c/health:platform"], "\(listed)")
        #expect(listed.contains { $0.alert.key.rule == "refunds" && !$0.isSpokenFor })
    }

    @Test("a silence that lets through what grows worse is explained as holding warnings alone")
    func worse() async throws {
        let bench = try await bench()
        _ = try await silence(bench, ends: .worse, until: nil)
        let line = try #require(try await RouteTask(.running(bench.assembly)).explain("a", "refunds").first)
        #expect(line.words.map(\.en).contains("warning silenced by mei until it grows worse: stocktaking"))
        #expect(line.words.map(\.zh).contains("预警已被 mei 静默至告警加重：stocktaking"))
    }

    @Test("what was found later, of data of before, had not happened yet")
    func byTheClock() async throws {
        let bench = try await HealthBench(["{id: a, pack: shop}"])
        try await bench.imported(bench.refunds(1...1, at: "a"), of: "a")
        try await bench.look(at: 0)
        // Two hours on a file tells of the ten minutes after the first.
        try await bench.imported(bench.refunds(2...4, at: "a"), of: "a", until: bench.start + .minutes(10))
        try await bench.look(at: 120)
        let task = WhyNotTask(.running(bench.assembly))
        let before = try await task.run("a", "refunds", at: bench.start + .minutes(60))
        #expect(before.event == nil && before.reasons.map(\.en) == ["it was in order"])
        #expect(before.next?.standing == .breach)
        let after = try await task.run("a", "refunds", at: bench.start + .minutes(121))
        #expect(after.event?.madeAt == bench.start + .minutes(120) && after.event?.at == bench.start + .minutes(10))
        #expect(after.told.map(\.outcome) == [.sending, .sending])
        // What was taken later was not yet.
        let ledger = bench.assembly.ledger
        for claim in try await ledger.claimNotices(
            now: bench.assembly.clock.now, limit: 9, lease: .minutes(1), receiver: "ops")
        {
            try await ledger.settle(claim.notice.id, .taken(at: bench.start + .minutes(130)))
        }
        func outcomes(_ minute: Int64) async throws -> Set<AlertsTask.Told.Outcome> {
            Set(try await task.run("a", "refunds", at: bench.start + .minutes(minute)).told.map(\.outcome))
        }
        #expect(try await outcomes(125) == [.sending])
        #expect(try await outcomes(131) == [.sending, .taken])
    }
}
