import Facts
import Language
import Rollups
import Rules
import TestSupport
import Testing

@Suite("How much of a limit is left, and what figures come to on days to come")
struct RoomTests {
    /// 300 orders and two disputes in 30 days.
    private static let files = OutlookTests.files(1...30, paid: 10) + OutlookTests.files(10...10, paid: 0, disputes: 2)

    @Test(
        "as a share of the limit; less than nothing beyond it",
        arguments: [
            ("disputes < 4", (1, 2)), ("rate < 1%", (1, 3)), ("disputes < 2 or rate < 1%", (1, 3)),
            ("disputes < 4 and rate < 1%", (1, 3)), ("paid >= 200", (1, 2)), ("200 <= paid", (1, 2)),
            ("not (disputes >= 4)", (1, 2)), ("paid >= 400", (-1, 4)), ("disputes < 2", (0, 1)),
            ("disputes <= 0", (-1, 1)), ("disputes * 50 <= paid", (2, 3)), ("min(disputes, 9) < 4", (1, 2)),
            ("disputes == 2", nil), ("service >= 4.5 or disputes < 4", (1, 2)), ("service >= 4.5", nil),
        ] as [(String, (Int128, Int128)?)])
    func room(condition: String, expected: (Int128, Int128)?) throws {
        var scene = try Scene(
            OutlookTests.metrics + "rules:\n  r:\n    require: \(condition)\n", Self.files, until: OutlookTests.clock)
        let rule = try #require(scene.evaluate(clock: OutlookTests.clock).rules.first)
        #expect(rule.room == expected.flatMap { Fraction($0.0, over: $0.1) })
    }

    @Test(
        "what has to stay above a limit is at its best at the greatest of its scale",
        arguments: [
            (5, 5, "service >= 4.6", (1, 1)), (5, 4, "service >= 4.6", (-1, 4)), (5, 5, "service >= 4", (1, 1)),
            (5, 4, "service >= 4", (1, 2)), (4, 4, "service >= 4.5", (-1, 1)), (5, 4, "service < 5", (1, 8)),
            (5, 4, "service >= 5", (-1, 10)), (5, 5, "service >= 5", (0, 1)),
            (5, 4, "low_share <= 50%", (1, 1)), (5, 2, "low_share <= 75%", (1, 3)),
            (5, 2, "1 - low_share >= 25%", (1, 3)), (5, 2, "good >= 25%", (1, 3)),
            (5, 2, "fine / rated >= 25%", (1, 3)), (5, 2, "rated >= 5", (1, 1)),
        ] as [(Int, Int, String, (Int128, Int128))])
    func best(first: Int, second: Int, condition: String, expected: (Int128, Int128)) throws {
        let metrics =
            OutlookTests.metrics + """
                  low_share: mean(service <= 2 of rating by rated_at over 90d)
                  good: 1 - low_share
                  fine: count(rating where service is not missing and service > 2 by rated_at over 90d)

                """
        let files = OutlookTests.rated(1...5, first) + OutlookTests.rated(11...15, second)
        var scene = try Scene(
            metrics + "rules:\n  r:\n    require: \(condition)\n", files, until: OutlookTests.clock)
        let rule = try #require(scene.evaluate(clock: OutlookTests.clock).rules.first)
        #expect(rule.room == Fraction(expected.0, over: expected.1))
    }

    @Test("nothing is said of what is not known, or not judged")
    func unknown() throws {
        let early = OutlookTests.clock - .days(3)
        var stale = try Scene(OutlookTests.metrics + "rules:\n  r: {require: disputes < 4}\n", Self.files, until: early)
        #expect(try #require(stale.evaluate(clock: OutlookTests.clock).rules.first).room == nil)
        var small = try Scene(
            OutlookTests.metrics + "rules:\n  r: {require: disputes < 4, given: paid > 1000}\n", Self.files,
            until: OutlookTests.clock)
        #expect(try #require(small.evaluate(clock: OutlookTests.clock).rules.first).room == nil)
    }

    @Test(
        "what a figure is held against",
        arguments: [
            ("disputes < 4 or rate < 1%", "disputes", "4", nil), ("disputes < 4 or rate < 1%", "rate", "1/100", nil),
            ("disputes < 4, prefer: disputes < 2", "disputes", "4", "2"), ("not (disputes >= 4)", "disputes", "4", nil),
            ("disputes < 4, given: paid > 9", "paid", nil, nil),
        ] as [(String, String, String?, String?)])
    func bounds(rule: String, metric: String, limit: String?, preferred: String?) throws {
        var scene = try Scene(
            OutlookTests.metrics + "rules:\n  r: {require: \(rule)}\n", Self.files, until: OutlookTests.clock)
        let valued = try #require(scene.evaluate(clock: OutlookTests.clock).rules.first).valued
        func text(_ fraction: Fraction?) -> String? {
            fraction.map { $0.denominator == 1 ? "\($0.numerator)" : "\($0.numerator)/\($0.denominator)" }
        }
        #expect(text(valued.limit(of: metric)) == limit && text(valued.preferredLimit(of: metric)) == preferred)
    }

    private func course(_ rule: String, goesOn: Bool) throws -> [(day: LocalDay, values: [Estimate])] {
        let files =
            OutlookTests.files(1...30, paid: 10) + OutlookTests.files(10...10, paid: 0, disputes: 4)
        var scene = try Scene(
            OutlookTests.metrics + "rules:\n  r: {\(rule)}\n", files, until: OutlookTests.clock)
        let found = try #require(scene.evaluate(clock: OutlookTests.clock).rules.first)
        let set = scene.valuations.valuation(
            of: scene.state.pack, for: scene.state.store, on: OutlookTests.today, scene.state.terms
        ).metrics
        let sums = StoreSums(
            reading: Evaluation.outlookNeeds(of: found, scene.state, set: set), from: files,
            calendar: scene.state.calendar)
        return Evaluation.course(of: found, scene.state, sums: sums, set: set, days: 25, goesOn: goesOn)
    }

    @Test("what harms leaves on its day, all else goes on at its mean; with all going on it comes anew")
    func course() throws {
        let quiet = try course("require: disputes < 3 and paid >= 5", goesOn: false)
        #expect(quiet.count == 25 && quiet.first?.day == day("2026-03-21"))
        for (day, values) in quiet {
            // Those of 10 March are 30 days back on 9 April, and gone on the tenth.
            #expect(values[0] == .exact(.number(Fraction(day < Self.gone ? 4 : 0))), "\(day)")
            #expect(values[1] == .exact(.number(Fraction(300))), "\(day)")
        }
        let going = try course("require: disputes < 3", goesOn: true)
        // Four in 28 days are a seventh a day: after ten days ten sevenths more.
        #expect(going[9].values[0] == .exact(.number(try #require(Fraction(38, over: 7)))))
        #expect(try course("require: rolling < 3", goesOn: false).isEmpty, "hours have no mean day")
    }

    private static let gone = day("2026-04-10")
}
