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

    @Test(
        "a rule binds from its first day, and no longer on its `until`",
        arguments: [
            ("2026-03-19", "unjudged not_in_force"), ("2026-03-20", "breach limit"),
            ("2026-03-21", "unjudged not_in_force"),
        ])
    func inForce(_ date: String, _ expected: String) throws {
        let clock = time("\(date)T12:00:00Z")
        var scene = try Scene(
            """
            pack: p
            rules:
              bound: {require: 2 < 1, from: 2026-03-20, until: 2026-03-21}
              always: {require: 1 < 2}
            gates:
              g: {rules: [bound, always]}
            """, until: clock)
        let found = scene.evaluate(clock: clock)
        #expect(found.shown("bound") == expected)
        let binds = expected == "breach limit"
        #expect(found.standing == (binds ? .breach : .ok))
        #expect(found.gates.first?.state == (binds ? .closed : .open))
        #expect(found.gates.first?.because == (binds ? ["bound"] : []))
    }

    @Test(
        "a minor rule counts at most as a warning, one of severity info not at all",
        arguments: [
            ("major", Standing.breach), ("minor", .warning), ("info", .ok),
        ])
    func severities(_ severity: String, _ expected: Standing) throws {
        let clock = EvaluationTests.clock
        var scene = try Scene(
            "pack: p\nrules:\n  bad: {require: 2 < 1, severity: \(severity)}\n  good: {require: 1 < 2}\n", until: clock)
        let found = scene.evaluate(clock: clock)
        #expect(found.shown("bad") == "breach limit")
        #expect(found.standing == expected)
    }

    @Test("a rule whose parameter has no value is unjudged and names it")
    func noLimit() throws {
        let clock = EvaluationTests.clock
        let text = """
            pack: p
            parameters: {limit: {type: rate}}
            metrics: {paid: count(order by paid_at over 30d)}
            rules:
              r: {require: paid < limit}
            """
        var scene = try Scene(text, until: clock)
        let found = scene.evaluate(clock: clock)
        #expect(found.shown("r") == "unjudged no_limit")
        #expect(found.standing == .unjudged)
        #expect(found.rules.first?.because.words.en.contains("limit") == true)

        scene.state.overrides.parameters["limit"] = .literal(.number(Fraction(1), isPercent: true))
        let set = scene.evaluate(clock: clock)
        #expect(set.shown("r") == "ok holds")
        #expect(set.rules.first?.limit == "paid < 1%")
    }

    @Test(
        "what a filter asks for is the parameter's value on the day",
        arguments: [
            ("2026-03-15", "ok holds"), ("2026-03-16", "breach limit"),
        ])
    func filters(_ date: String, _ expected: String) throws {
        let clock = time("\(date)T12:00:00Z")
        let text = """
            pack: p
            parameters:
              least: {type: number, values: [{until: 2026-03-16, value: 2}, {value: 4}]}
            metrics:
              low: count(rating where score < least by rated_at over 30d)
            rules:
              r: {require: low < 1}
            """
        var scene = try Scene(text, EvaluationTests.files(0, 0, scores: [3]), until: clock)
        #expect(scene.evaluate(clock: clock).shown("r") == expected)
    }

    @Test(
        "a reading that is too old is unknown, one never entered unjudged",
        arguments: [
            (0, "ok holds"), (1, "unknown stale_measure"), (nil, "unjudged missing"),
        ] as [(Int64?, String)])
    func readings(_ secondsTooOld: Int64?, _ expected: String) throws {
        let clock = EvaluationTests.clock
        let text = """
            pack: p
            rules:
              r: {require: "latest(value of measure where name == \\"stock\\" by at over 30d) > 0"}
            """
        let entered = secondsTooOld.map { clock - TimeSpan.days(2) - TimeSpan.seconds($0) }
        let files = entered.map { moment in
            [OrderFile(children: [measure("m", ["name": "stock", "at": .text(moment.description), "value": 7])])]
        }
        var scene = try Scene(text, files ?? [], until: clock)
        if let entered { scene.state.newestMeasures = ["stock": entered, "other": clock] }
        let found = scene.evaluate(clock: clock)
        #expect(found.shown("r") == expected)
        // Readings have no coverage: the rule stands at the clock.
        #expect(found.rules.first?.coveredMoment == clock)
    }

    @Test(
        "a gate is closed by a breach or an unjudged rule, else unknown by an unknown one, else open",
        arguments: [
            ([], .open), ([.ok, .warning], .open), ([.ok, .breach], .closed), ([.unjudged, .ok], .closed),
            ([.unknown, .ok], .unknown), ([.unknown, .breach], .closed), ([.unknown, .unjudged], .closed),
        ] as [([Standing], Gate.State)])
    func gates(_ standings: [Standing], _ expected: Gate.State) { #expect(Gate.state(of: standings) == expected) }

    @Test(
        "a store stands where its worst rule does; unjudged only if all are",
        arguments: [
            ([], .unjudged), ([.unjudged, .unjudged], .unjudged), ([.unjudged, .ok], .ok), ([.ok, .warning], .warning),
            ([.warning, .unknown], .unknown), ([.unknown, .breach, .ok], .breach),
        ] as [([Standing], Standing)])
    func worst(_ standings: [Standing], _ expected: Standing) { #expect(Standing.worst(of: standings) == expected) }

    // MARK: The built-in pack

    struct Word: Sendable {
        var overrides: StoreOverrides
        var standing: Standing
        var isConfirmed: Bool
    }

    private static func one(percent: Int) -> ParameterValue { .literal(.number(Fraction(percent), isPercent: true)) }

    static let words: [Word] = [
        Word(overrides: StoreOverrides(), standing: .warning, isConfirmed: false),
        Word(overrides: StoreOverrides(confirmation: .all), standing: .breach, isConfirmed: true),
        Word(
            overrides: StoreOverrides(confirmation: .rules(["dispute-refunds"])), standing: .breach, isConfirmed: true),
        Word(overrides: StoreOverrides(confirmation: .rules(["refunds"])), standing: .warning, isConfirmed: false),
        // One of its two limits is still only suggested.
        Word(
            overrides: StoreOverrides(parameters: ["dispute_rate_limit": one(percent: 2)]), standing: .warning,
            isConfirmed: false),
        Word(
            overrides: StoreOverrides(parameters: [
                "dispute_rate_limit": one(percent: 2),
                "dispute_count_limit": .literal(.number(Fraction(3), isPercent: false)),
            ]), standing: .breach, isConfirmed: true),
    ]

    @Test("a number that does not fit is said to be one, and is not taken for nothing to judge by")
    func overflow() throws {
        let big = "99999999999999999999999999"
        let text = """
            pack: p
            metrics:
              paid: count(order by paid_at over 30d)
              huge: paid * \(big) * \(big)
            rules:
              over: {require: huge < 3}
              divided: {require: paid / (paid - paid) < 3}
              given: {require: paid > 0, given: huge > 1}
            """
        var scene = try Scene(
            text, [OrderFile(order: order("o", ["paid_at": "2026-03-10"]))], until: EvaluationTests.clock)
        let found = scene.evaluate(clock: EvaluationTests.clock)
        #expect(
            ["over", "divided", "given"].map(found.shown) == [
                "unjudged overflow", "unjudged missing", "unjudged overflow",
            ])
    }

    @Test("a limit that is only suggested warns until the owner confirms it or sets a value", arguments: words)
    func suggested(_ row: Word) throws {
        let pack = try #require(PackLibrary.builtIn().library["marketplace"])
        // 5 disputes among 40 paid orders.
        let files = (0..<40).map { number in
            OrderFile(
                order: order("o\(number)", ["paid_at": "2026-03-10T08:00:00Z"]),
                children: number < 5
                    ? [
                        refund(
                            "r\(number)", of: "o\(number)",
                            [
                                "refunded_at": "2026-03-12T08:00:00Z", "disputed": true, "status": "refunded",
                            ])
                    ] : [])
        }
        let clock = EvaluationTests.clock
        var scene = try Scene(pack, files, until: clock, timezone: "Asia/Shanghai", overrides: row.overrides)
        let found = scene.evaluate(clock: clock)
        #expect(found.shown("dispute-refunds") == "breach limit")
        #expect(found.standing == row.standing)
        let rule = try #require(found.rules.first { $0.rule.id == "dispute-refunds" })
        #expect(rule.isConfirmed == row.isConfirmed)
        #expect(rule.announced == row.standing)
        // Nobody has rated yet: the campaign's rules are unjudged, and it is closed.
        #expect(found.gates.map(\.state) == [.closed])
        #expect(found.gates.first?.because == ["dsr-description", "dsr-logistics", "dsr-service"])
    }
}
