import Facts
import Language
import Rollups
import Rules
import TestSupport
import Testing

@Suite("Ladders, limits that are shown, rules that stand in, days of assessment, breaches answered for")
struct LadderTests {
    static let clock = time("2026-03-20T12:00:00Z")
    private static let parameters = """
        parameters:
          limit: {type: rate, measure: next.help, place: Back end, values: [{from: 2027-01-01, value: 50%}]}
        """

    static func scene(_ rest: String, _ disputes: Int, on day: String = "2026-03-10") throws -> Scene {
        try Scene(
            """
            pack: p
            \(rest.contains("limit") ? parameters : "")
            metrics:
              paid: count(order by paid_at over 30d)
              disputes: count(refund where disputed by refunded_at over 30d)
              rate: disputes / paid
            rules:
            \(rest)
            """, EvaluationTests.files(100, disputes, on: day), until: clock)
    }

    @Test(
        "the first level that holds is where a store stands, and the aim decides",
        arguments: [
            (2, "green", "ok holds"), (3, "yellow", "ok holds"), (4, "yellow", "ok holds"), (5, "red", "breach limit"),
        ])
    func levels(_ disputes: Int, _ level: String, _ shown: String) throws {
        var scene = try LadderTests.scene(
            "  r: {levels: {green: rate <= 2%, yellow: rate <= 4%, red: true}, aim: yellow}", disputes)
        let found = scene.evaluate(clock: Self.clock)
        #expect(found.shown("r") == shown && found.rules.first?.level == level)
        #expect(found.rules.first?.limit == "rate <= 2% or rate <= 4%")
    }

    @Test("a limit is what the platform shows the store, once that is known, and says so")
    func shown() throws {
        var scene = try LadderTests.scene("  r: {require: rate < limit}", 3)
        #expect(scene.evaluate(clock: Self.clock).shown("r") == "unjudged no_limit")
        func show(_ value: String, daysAgo: Int64) {
            scene.state.newestMeasures["next.help"] = MeasureReading(
                at: Self.clock - .days(daysAgo), value: FixedPoint(value))
        }
        // A limit does not grow old as a reading does.
        show("0.04", daysAgo: 40)
        let found = scene.evaluate(clock: Self.clock)
        #expect(found.shown("r") == "ok holds")
        #expect(found.rules.first?.limit == "rate < 4%" && found.rules.first?.basis == .shown)
        show("0.03", daysAgo: 1)
        #expect(scene.evaluate(clock: Self.clock).shown("r") == "breach limit")
        // What the owner sets stands above it.
        scene.state.overrides.parameters["limit"] = .literal(.number(Fraction(1), isPercent: true))
        #expect(scene.evaluate(clock: Self.clock).rules.first?.limit == "rate < 1%")
    }

    @Test("a value that only the preference lacks is missed by nobody else")
    func preferenceAlone() throws {
        var scene = try LadderTests.scene("  r: {require: disputes < 3, prefer: rate < limit}", 2)
        #expect(scene.evaluate(clock: Self.clock).shown("r") == "ok holds")
        scene.state.newestMeasures["next.help"] = MeasureReading(at: Self.clock, value: FixedPoint("0.01"))
        #expect(scene.evaluate(clock: Self.clock).shown("r") == "warning limit")
    }

    @Test("a rule stands in only while the other one's limit is not known, and then no longer counts")
    func standIn() throws {
        var scene = try LadderTests.scene(
            """
              r: {require: rate < limit}
              own: {require: rate <= 1%, stands_in_for: r, severity: minor, basis: own history}
            """, 3)
        let before = scene.evaluate(clock: Self.clock)
        #expect(before.shown("own") == "breach limit" && before.standing == .warning)
        #expect(before.rules.last?.basis == .ownHistory)
        scene.state.newestMeasures["next.help"] = MeasureReading(at: Self.clock, value: FixedPoint("0.04"))
        let after = scene.evaluate(clock: Self.clock)
        #expect(after.shown("own") == "unjudged stood_down" && after.standing == .ok)
        #expect(after.rules.last?.isInForce == false)
    }

    @Test("a rule stands in until the other one can be judged, also where that is only later in force")
    func standInForLater() throws {
        var scene = try LadderTests.scene(
            """
              r: {require: rate < 50%, from: 2026-04-01}
              own: {require: rate <= 1%, stands_in_for: r}
            """, 3)
        #expect(scene.evaluate(clock: Self.clock).shown("own") == "breach limit")
        #expect(scene.evaluate(at: time("2026-04-02"), clock: time("2026-04-02")).shown("own") == "unjudged stood_down")
    }

    @Test("what the platform saw is unknown where it is, whatever stands now")
    func unknownAssessment() throws {
        var scene = try LadderTests.scene("  r: {require: disputes < 3, assessed: {day: 15}}", 5, on: "2026-03-18")
        for kind in scene.state.coverage.kinds.kinds { scene.state.coverage[kind]?.from = time("2026-02-16") }
        let found = scene.evaluate(clock: Self.clock)
        // The 30 days before 15 March begin with 13 February.
        #expect(found.shown("r") == "unknown partial" && found.rules.first?.assessment?.projected == .breach)
    }

    @Test(
        "what the platform saw on its day stands until it looks again, and what is worse now is a warning of it",
        arguments: [
            // It looked on the 15th, at the window that ends with the 14th.
            ("2026-03-10", 5, "breach limit", "breach"), ("2026-03-16", 5, "warning projected", "breach"),
            ("2026-03-10", 2, "ok holds", "ok"), ("2026-02-13", 5, "breach limit", "ok"),
        ])
    func assessed(_ day: String, _ disputes: Int, _ shown: String, _ projected: String) throws {
        var scene = try LadderTests.scene("  r: {require: disputes < 3, assessed: {day: 15}}", disputes, on: day)
        let found = scene.evaluate(clock: Self.clock)
        #expect(found.shown("r") == shown)
        let assessment = try #require(found.rules.first?.assessment)
        #expect(assessment.day.description == "2026-03-15" && assessment.next.description == "2026-04-15")
        #expect(assessment.projected.rawValue == projected)
        // Stale data is never green, whatever the platform saw when it looked.
        scene.state.coverage[.refund]?.until = Self.clock - .hours(1)
        #expect(scene.evaluate(clock: Self.clock).shown("r") == "unknown stale")
    }

    @Test("until it looks again: how much more it would see as worse, and the look at which it is well")
    func untilNextLook() throws {
        func prospects(_ disputes: Int, on day: String) throws -> ([Headroom], Outlook?) {
            var scene = try LadderTests.scene("  r: {require: disputes < 3, assessed: {day: 15}}", disputes, on: day)
            let found = try #require(scene.evaluate(clock: Self.clock).rules.first)
            let set = scene.valuations.valuation(
                of: scene.state.pack, for: scene.state.store, on: TestSupport.day("2026-03-20"), scene.state.terms
            ).metrics
            let sums = StoreSums(
                reading: Evaluation.outlookNeeds(of: found, scene.state, set: set), from: scene.files,
                calendar: scene.state.calendar)
            return (
                Evaluation.headroom(of: found, scene.state, sums: sums, set: set),
                Evaluation.outlook(of: found, scene.state, sums: sums, set: set)
            )
        }
        // Two of 10 March have left by 15 April, when the 30 days begin with 16 March: three more are then three.
        let (headroom, quiet) = try prospects(2, on: "2026-03-10")
        #expect(headroom.map(\.words.en) == ["3 more disputes and it is in breach on 2026-04-15"])
        #expect(quiet?.recovery == nil && quiet?.rollOff == .never)
        // Seen on the 15th, and left with 10 April: the next look no longer finds them.
        #expect(try prospects(5, on: "2026-03-10").1?.recovery == .on(TestSupport.day("2026-04-15"), .ok))
        // Too late to be seen on the 15th; on 15 April the 30 days begin with 16 March.
        let (_, seen) = try prospects(5, on: "2026-03-16")
        #expect(seen?.rollOff == .on(TestSupport.day("2026-04-15"), .breach))
    }

    @Test(
        "days of assessment",
        arguments: [
            (AssessmentDay.ofMonth(20), "2026-03-20", "2026-03-20", "2026-04-20"),
            (.ofMonth(20), "2026-03-19", "2026-02-20", "2026-03-20"),
            (.ofMonth(1), "2025-12-31", "2025-12-01", "2026-01-01"),
            // 2026-03-16 was a Monday.
            (.ofWeek(1), "2026-03-20", "2026-03-16", "2026-03-23"),
            (.ofWeek(1), "2026-03-16", "2026-03-16", "2026-03-23"),
        ])
    func days(_ days: AssessmentDay, _ on: String, _ last: String, _ next: String) {
        #expect(days.last(upTo: day(on)) == day(last) && days.next(after: day(on)) == day(next))
    }

    @Test("a breach that somebody answers for counts as a warning until the day he said, and stays visible")
    func accepted() throws {
        var scene = try LadderTests.scene("  r: {require: disputes < 3}", 5)
        scene.state.overrides.accepted["r"] = Acceptance(by: "ops", why: "appeal filed", until: day("2026-03-21"))
        let found = scene.evaluate(clock: Self.clock)
        #expect(found.rules.first?.standing == .breach && found.rules.first?.announced == .warning)
        #expect(found.standing == .warning && found.rules.first?.accepted?.why == "appeal filed")
        scene.state.overrides.accepted["r"]?.until = day("2026-03-20")
        #expect(scene.evaluate(clock: Self.clock).standing == .breach)
    }

    @Test(
        "what cannot be is refused with its place",
        arguments: [
            ("rules: {r: {levels: {a: 1 < 2}}}", "2:21: error: 'levels' need 'aim', the lowest level in good standing"),
            (
                "rules: {r: {require: 1 < 2, levels: {a: 1 < 2}, aim: a}}",
                "2:22: error: a rule has either 'require' or 'levels', not both"
            ),
            (
                "rules: {r: {levels: {a: 1 < 2, b: true}, aim: c}}",
                "2:47: error: rule 'r'.aim must be one of a, b, not 'c'; did you mean 'a'?"
            ),
            (
                "rules: {r: {require: 1 < 2, aim: a}}",
                "2:34: error: 'aim' is the lowest level in good standing; there are no 'levels'"
            ),
            (
                "rules: {r: {require: 1 < 2, assessed: {day: 31}}}",
                "2:45: error: rule 'r'.assessed.day must be 1 to 28, not 31"
            ),
            (
                "rules: {r: {require: 1 < 2, stands_in_for: q}, q: {require: 1 < 2, stands_in_for: r}}",
                "2:44: error: 'q' stands in for another rule itself"
            ),
            (
                "rules: {r: {require: 1 < 2, confirm: 0}}", "2:38: error: rule 'r'.confirm must be 1 to 20, not 0"
            ),
            (
                "rules: {r: {require: 1 < 2, blind_limit: 0s}}",
                "2:42: error: rule 'r'.blind_limit must be longer than nothing; leave it out for no limit"
            ),
            (
                "rules: {r: {require: 1 < 2, previous_ids: [q]}, q: {require: 1 < 2}}",
                "2:44: error: 'q' is a rule of this pack; previous_ids: are names that no rule has any more"
            ),
            (
                "rules: {r: {require: 1 < 2, previous_ids: [p]}, q: {require: 1 < 2, previous_ids: [p]}}",
                "2:84: error: rule 'r' was called 'p' before; only one rule goes on for it"
            ),
            (
                "rules: {r: {require: 1 < 2, stands_in_for: q}}", "2:44: error: no other rule is called 'q'"
            ),
            (
                "parameters: {d: {type: duration, measure: x}}",
                "2:43: error: a measure is a number: 'measure' is for parameters of type rate or number, not duration"
            ),
            (
                "parameters: {d: {type: number, measure: x}}\nmetrics: {m: count(rating where score < d by rated_at over 30d)}",
                "3:14: error: 'd' is what the platform shows, and cannot stand inside an aggregate; compare the figure with it"
            ),
            ("titles: {m: x}", "2:10: error: there is no metric 'm'"),
        ])
    func refused(_ text: String, _ expected: String) {
        let (_, diagnostics) = PackReader.read(SourceText(name: "p.yaml", text: "pack: p\n\(text)\n"), isBuiltIn: false)
        #expect(places(diagnostics.filter { $0.severity == .error }).first == expected)
    }
}
