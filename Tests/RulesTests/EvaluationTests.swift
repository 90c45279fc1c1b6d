import Facts
import Language
import Rules
import TestSupport
import Testing

@Suite("Where a store stands")
struct EvaluationTests {
    static let pack = """
        pack: p
        kinds:
          clean: refund where not excluded
        metrics:
          paid: count(order by paid_at over 30d)
          disputes: count(refund where disputed by refunded_at over 30d)
          rate: disputes / paid
          clean_refunds: count(clean by refunded_at over 30d)
          scores: mean(score of rating by rated_at over 30d)
        rules:
          r:
            require: disputes < 3 or rate < 10%
            prefer: disputes < 2
            given: paid >= 5
          counted: {require: disputes < 3}
          clean: {require: clean_refunds < 3}
          score: {require: scores >= 4.5}
        """

    /// Paid orders, disputes among them, and scores, all on one day.
    static func files(_ orders: Int, _ disputes: Int, scores: [Int] = [], on day: String = "2026-03-10") -> [OrderFile]
    {
        var files = (0..<orders).map { OrderFile(order: order("o\($0)", ["paid_at": .text("\(day)T08:00:00Z")])) }
        files += (0..<disputes).map { number in
            OrderFile(children: [
                refund(
                    "r\(number)", ["refunded_at": .text("\(day)T09:00:00Z"), "disputed": true, "status": "refunded"])
            ])
        }
        files += scores.enumerated().map { number, score in
            let members: [String: MemberValue] = ["rated_at": .text("\(day)T10:00:00Z"), "score": .text("\(score)")]
            return OrderFile(children: [rating("s\(number)", members)])
        }
        return files
    }

    static let clock = time("2026-03-20T12:00:00Z")

    @Test(
        "given, then require, then prefer",
        arguments: [
            (20, 0, "ok holds"), (20, 1, "ok holds"),
            (20, 2, "warning limit"),  // prefer is false
            (20, 3, "breach limit"),  // 15 %
            (40, 3, "warning limit"),  // 7.5 %: the rate saves it
            (30, 3, "breach limit"),  // exactly 10 % is not below it
            (31, 3, "warning limit"),
            (4, 3, "unjudged sample_too_small"), (5, 0, "ok holds"), (0, 0, "unjudged sample_too_small"),
        ])
    func standings(_ orders: Int, _ disputes: Int, _ expected: String) throws {
        var scene = try Scene(
            EvaluationTests.pack, EvaluationTests.files(orders, disputes), until: EvaluationTests.clock)
        let found = scene.evaluate(clock: EvaluationTests.clock)
        #expect(found.shown("r") == expected)
    }

    @Test("a condition that is missing is unjudged, and a decided one carries its figures")
    func missing() throws {
        var scene = try Scene(EvaluationTests.pack, EvaluationTests.files(20, 3), until: EvaluationTests.clock)
        let found = scene.evaluate(clock: EvaluationTests.clock)
        #expect(found.shown("score") == "unjudged missing")
        #expect(found.standing == .breach)
        let rule = try #require(found.rules.first)
        #expect(rule.values.map(\.metric) == ["paid", "disputes", "rate"])
        #expect(
            rule.values.map(\.estimate) == [
                .exact(.number(Fraction(20))), .exact(.number(Fraction(3))),
                .exact(.number(try #require(Fraction(3, over: 20)))),
            ])
        #expect(rule.limit == "disputes < 3 or rate < 10%")
        #expect(rule.preference == "disputes < 2")
        #expect(rule.judgedTo == day("2026-03-19"))
        #expect(rule.coveredMoment == EvaluationTests.clock)
        #expect(rule.basis == nil)
        #expect(rule.isConfirmed)
        // The paid orders, which only divide, are not behind it.
        #expect(rule.evidence.map(Printer.text) == ["count(refund where disputed by refunded_at over 30d)"])
    }

    @Test(
        "a figure that is held against a percentage is read as one",
        arguments: [
            ("rate < 10%", ["rate"]), ("10% > rate or paid < 3", ["rate"]), ("not rate offset 1d >= limit", ["rate"]),
            ("rate < 0.1", []), ("rate / 2 < 10%", []), ("paid < 3", []),
        ] as [(String, Set<String>)])
    func percentages(_ require: String, _ expected: Set<String>) throws {
        var scene = try Scene(
            """
            pack: p
            timezone: UTC
            parameters: {limit: {type: rate, values: [{value: 10%}]}}
            metrics:
              paid: count(order by paid_at over 30d)
              rate: paid / 7
            rules: {r: {title: R, require: \(require)}, s: {title: S, require: rate < limit}}
            """, until: EvaluationTests.clock)
        let rule = try #require(scene.evaluate(clock: EvaluationTests.clock).rules.first)
        #expect(rule.valued.percentages == expected)
    }

    @Test(
        "behind a share are the facts that harm it, not the whole sample",
        arguments: [
            (
                "mean(score <= 2 of rating where score > 0 by rated_at over 30d) < 1%",
                "count(rating where score > 0 and score <= 2 by rated_at over 30d)"
            ),
            (
                "mean(score >= 4 of rating by rated_at over 30d) > 90%",
                "count(rating where not score >= 4 by rated_at over 30d)"
            ),
            (
                "1 - mean(score >= 4 of rating by rated_at over 30d) < 10%",
                "count(rating where not score >= 4 by rated_at over 30d)"
            ),
            // Read both ways it has no side that harms.
            (
                "mean(score >= 4 of rating by rated_at over 30d) == 1",
                "mean(score >= 4 of rating by rated_at over 30d)"
            ),
            ("mean(score of rating by rated_at over 30d) > 4", "mean(score of rating by rated_at over 30d)"),
        ])
    func harm(_ require: String, _ expected: String) throws {
        var scene = try Scene(
            "pack: p\ntimezone: UTC\nrules: {r: {title: R, require: \(require)}}\n", until: EvaluationTests.clock)
        let rule = try #require(scene.evaluate(clock: EvaluationTests.clock).rules.first)
        #expect(rule.evidence.map(Printer.text) == [expected])
    }

    @Test(
        "partial data may prove a breach, and never proves health",
        arguments: [
            ("counted", 3, [], "breach limit"), ("counted", 2, [], "unknown partial"),
            ("counted", 0, [], "unknown partial"),
            // A filter that facts to come could turn false again proves nothing.
            ("clean", 5, [], "unknown partial"),
            ("score", 0, [1, 1, 1], "unknown partial"), ("score", 0, [5, 5], "unknown partial"),
            ("score", 0, [], "unknown partial"),
            // given is not proven: four orders known of which five are needed.
            ("r", 0, [], "unknown partial"),
        ] as [(String, Int, [Int], String)])
    func partial(_ rule: String, _ disputes: Int, _ scores: [Int], _ expected: String) throws {
        var scene = try Scene(
            EvaluationTests.pack, EvaluationTests.files(4, disputes, scores: scores), until: EvaluationTests.clock)
        for kind in scene.state.coverage.kinds.kinds { scene.state.coverage[kind]?.from = time("2026-03-01") }
        let found = scene.evaluate(clock: EvaluationTests.clock)
        #expect(found.shown(rule) == expected)
    }

    @Test("coverage from the first day of the window on is enough")
    func justCovered() throws {
        var scene = try Scene(EvaluationTests.pack, EvaluationTests.files(20, 0), until: EvaluationTests.clock)
        // 30 days before 20 March 2026: from 18 February on.
        for kind in scene.state.coverage.kinds.kinds { scene.state.coverage[kind]?.from = time("2026-02-18") }
        #expect(scene.evaluate(clock: EvaluationTests.clock).shown("r") == "ok holds")
        for kind in scene.state.coverage.kinds.kinds {
            scene.state.coverage[kind]?.from = time("2026-02-18") + TimeSpan(microseconds: 1)
        }
        #expect(scene.evaluate(clock: EvaluationTests.clock).shown("r") == "unknown partial")
    }

    @Test("stale, unfinished and unreadable data is unknown, for the rules that read it")
    func unknown() throws {
        let clock = EvaluationTests.clock
        var scene = try Scene(
            EvaluationTests.pack, EvaluationTests.files(20, 0, scores: [5]), until: clock - TimeSpan.minutes(15))
        #expect(scene.evaluate(clock: clock).shown("r") == "ok holds")
        #expect(scene.evaluate(clock: clock + TimeSpan.seconds(1)).shown("r") == "unknown stale")

        // Only the ratings are stale: the others are judged.
        scene.state.coverage[.rating]?.until = clock - TimeSpan.minutes(16)
        #expect(scene.evaluate(clock: clock).shown("r") == "ok holds")
        #expect(scene.evaluate(clock: clock).shown("score") == "unknown stale")
        #expect(scene.evaluate(clock: clock).standing == .unknown)
        // Where the platform publishes late, that much later is not stale.
        scene.state.freshness[.rating] = Freshness(settles: .hours(48), staleAfter: .minutes(15))
        #expect(scene.evaluate(clock: clock).shown("score") == "ok holds")

        scene.state.coverage[.rating] = nil
        #expect(scene.evaluate(clock: clock).shown("score") == "unknown never_covered")

        scene.state.quarantined = 10
        #expect(scene.evaluate(clock: clock).shown("r") == "ok holds")
        scene.state.quarantined = 11
        let found = scene.evaluate(clock: clock)
        #expect(found.rules.allSatisfy { $0.standing == .unknown && $0.because.word == "quarantined" })
    }

    @Test("a live evaluation stands at the covered moment: midnight alone moves no window")
    func coveredMoment() throws {
        let until = time("2026-03-19T23:58:00Z")
        var scene = try Scene(EvaluationTests.pack, EvaluationTests.files(20, 0), until: until)
        let late = scene.evaluate(clock: time("2026-03-20T00:02:00Z"))
        #expect(late.shown("r") == "ok holds")
        #expect(late.rules.first?.coveredMoment == until)
        #expect(late.rules.first?.judgedTo == day("2026-03-18"))
        // A fixed moment is the clock too, and its window reaches outside what is covered.
        let fixed = scene.evaluate(at: time("2026-03-20T00:02:00Z"), clock: time("2026-05-01"))
        #expect(fixed.shown("r") == "unknown partial")
        #expect(fixed.at == time("2026-03-20T00:02:00Z"))
    }
}
