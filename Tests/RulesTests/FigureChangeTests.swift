import Facts
import Language
import Rollups
import Rules
import TestSupport
import Testing

@Suite("Why a figure is another than it was")
struct FigureChangeTests {
    private static func changes(_ rule: String, _ files: [OrderFile], since: String) throws -> [FigureChange] {
        let clock = OutlookTests.clock
        var scene = try Scene(OutlookTests.metrics + "rules:\n  r: {\(rule)}\n", files, until: clock)
        let found = try #require(scene.evaluate(clock: clock).rules.first)
        let calendar = scene.state.calendar
        let set = scene.valuations.valuation(
            of: scene.state.pack, for: scene.state.store, on: OutlookTests.today, scene.state.terms
        ).metrics
        let then = calendar.startOfDay(day(since))
        var needs = set.needs(at: clock, calendar: calendar)
        needs.add(set.needs(at: then, calendar: calendar))
        let sums = StoreSums(reading: needs, from: files, calendar: calendar)
        func reader(_ at: Timestamp) -> MetricReader {
            MetricReader(sums: sums, set: set, calendar: calendar, at: at, coverage: nil)
        }
        return Evaluation.changes(
            of: found.rule, from: reader(then), to: reader(clock), parameter: { _, _ in .missing })
    }

    @Test("each figure's part, worked out by hand")
    func byHand() throws {
        // On 13 March the 30 days before hold 300 orders and no dispute; on the 20th 300 and 3, and 60 more of 15 March.
        let files =
            OutlookTests.files(1...60, paid: 10) + OutlookTests.files(5...5, paid: 60)
            + OutlookTests.files(3...3, paid: 0, disputes: 3)
        let change = try #require(try Self.changes("require: rate < 1%", files, since: "2026-03-13").first)
        #expect(change.metric == "rate")
        let now = try #require(Fraction(3, over: 360))
        #expect(change.then == .number(.zero) && change.now == .number(now))
        // 3 of 300 first, then over 360.
        #expect(change.parts.map(\.effect) == [Fraction(1, over: 100), Fraction(-1, over: 600)])
    }

    @Test("the parts add up to the difference, to the last digit", arguments: 1...40)
    func addUp(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var files: [OrderFile] = []
        for back in 1...60 {
            files += OutlookTests.files(
                back...back, paid: Int.random(in: 0..<9, using: &random),
                disputes: Int.random(in: 0..<2, using: &random))
            files += OutlookTests.rated(back...back, Int.random(in: 1...5, using: &random))
        }
        let since = OutlookTests.today.advanced(by: -Int.random(in: 1..<28, using: &random))
        let changes = try Self.changes("require: rate < 1% and service >= 4.5", files, since: "\(since)")
        #expect(changes.map(\.metric) == ["rate", "service"])
        for change in changes {
            guard case .number(let then) = change.then, case .number(let now) = change.now else { continue }
            let sum = change.parts.compactMap(\.effect).reduce(Fraction.zero) { $0.adding($1) ?? $0 }
            #expect(change.parts.allSatisfy { $0.effect != nil })
            #expect(sum == now.subtracting(then))
        }
    }
}
