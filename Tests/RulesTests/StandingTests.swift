import Facts
import Language
import Rules
import TestSupport
import Testing

@Suite("What a rule counts for")
struct StandingTests {
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
        if let entered {
            scene.state.newestMeasures = ["stock": MeasureReading(at: entered), "other": MeasureReading(at: clock)]
        }
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

    @Test("what a pack says a store may do without leaves its rules unjudged until somebody brings it")
    func optional() throws {
        let clock = time("2026-03-20T12:00:00Z")
        let text = """
            pack: p
            optional: [rating]
            metrics:
              rated: count(rating where score <= 2 by rated_at over 30d)
              paid: count(order by paid_at over 30d)
            rules:
              low: {require: rated < 3}
              both: {require: rated < 3 and paid == 0}
              either: {require: rated < 3 or paid == 0}
              orders: {require: paid >= 0}
              shown:
                require: >-
                  coalesce(latest(value of measure where name == "shown" by at over 7d including today),
                  mean(score of rating by rated_at over 30d)) >= 4
            """
        var scene = try Scene(text, until: clock)
        #expect(scene.evaluate(clock: clock).shown("low") == "ok holds")
        scene.state.coverage[.rating] = nil
        let found = scene.evaluate(clock: clock)
        #expect(found.shown("low") == "unjudged not_brought" && found.shown("both") == "unjudged not_brought")
        #expect(["either", "orders"].map(found.shown) == ["ok holds", "ok holds"] && found.standing == .ok)
        #expect(found.shown("shown") == "unjudged not_brought")
        // What is shown decides, and nobody needs ratings.
        scene.files = [
            OrderFile(children: [
                fact(.measure, "m", ["name": "shown", "at": "2026-03-20T08:00:00Z", "value": 3])
            ])
        ]
        scene.state.newestMeasures["shown"] = MeasureReading(at: time("2026-03-20T08:00:00Z"), value: FixedPoint("3"))
        #expect(scene.evaluate(clock: clock).shown("shown") == "breach limit")
        scene.files = []
        // Its first pull is under way.
        scene.state.halfTold = FactKinds(.rating)
        #expect(scene.evaluate(clock: clock).shown("low") == "unknown never_covered")
        // Without the word it is unknown.
        var other = try Scene(text.replacing("optional: [rating]\n", with: ""), until: clock)
        other.state.coverage[.rating] = nil
        #expect(other.evaluate(clock: clock).shown("low") == "unknown never_covered")
        let (_, wrong) = PackReader.read(
            SourceText(name: "p.yaml", text: "pack: p\noptional: [ratings, measure]\n"), isBuiltIn: false)
        #expect(
            wrong.map(\.message) == [
                "'ratings' is no kind that a store may do without; did you mean 'rating'?",
                "'measure' is no kind that a store may do without",
            ])
    }
}
