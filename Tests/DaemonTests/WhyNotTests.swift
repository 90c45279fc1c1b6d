import Alerts
import Facts
import Ledgers
import Testing

@testable import Daemon

@Suite("Why nothing was sent is said with who or what held it")
struct WhyNotTests {
    private func reasons(_ bench: HealthBench, minute: Int64) async throws -> [String] {
        try await WhyNotTask(.file(bench.config, log: "critical"))
            .run("a", "refunds", at: bench.start + .minutes(minute)).reasons.map(\.en)
    }

    @Test("a silence is named while it holds, and when what it held has ended meanwhile")
    func silenced() async throws {
        let bench = try await HealthBench([HealthBench.platform("a")])
        var filter = AlertFilter()
        filter.rules = ["refunds"]
        let silence = Silence(
            id: "sil_1", filter: filter, from: bench.start - .hours(1), until: bench.start + .days(9), ends: .time,
            by: "mei", why: "stocktaking")
        try await bench.assembly.ledger.keep(silence)
        try await bench.pulled("a", at: 0, try bench.refunds(1...3, at: "a"))
        try await bench.look(at: 0)
        #expect(try await bench.told().isEmpty)
        let said = "silenced by mei until 2026-06-10T12:00:00Z (sil_1): stocktaking"
        #expect(try await reasons(bench, minute: 5) == [said])
        // The refunds leave the window while it is silenced.
        let later: Int64 = 40 * 1440
        try await bench.pulled("a", at: later)
        try await bench.look(at: later)
        let answer = try await WhyNotTask(.file(bench.config, log: "critical")).run(
            "a", "refunds", at: bench.start + .minutes(later))
        #expect(answer.told.allSatisfy { $0.outcome == .withheld && $0.cause == "over_before" })
        // Of two receivers each the firing, and the end.
        #expect(answer.told.map(\.because) == ["silence sil_1", "silence sil_1", nil, nil], "\(answer.told)")
    }

    @Test("that an alert of the data speaks is said once it does")
    func data() async throws {
        let bench = try await HealthBench([HealthBench.platform("a")])
        try await bench.pulled("a", at: 0)
        try await bench.look(at: 0)
        try await bench.look(from: 50, to: 80)
        let waiting = try await reasons(bench, minute: 60)
        #expect(waiting.count == 1 && waiting[0].hasPrefix("nothing was known: "))
        #expect(waiting[0].hasSuffix("; the alert of its data waits until that has lasted"), "\(waiting)")
        let speaking = try await reasons(bench, minute: 81)
        #expect(speaking[0].hasSuffix("; an alert of its data speaks of that"), "\(speaking)")
    }
}
