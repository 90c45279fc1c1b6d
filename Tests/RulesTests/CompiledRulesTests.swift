import Facts
import Language
import Rollups
import Rules
import TestSupport
import Testing

@Suite("Compiled rules over resident buckets")
struct CompiledRulesTests {
    static let pack = """
        pack: p
        parameters:
          most: {type: number, values: [{value: 5, from: 2026-06-10}, {value: 3}]}
          unknown: {type: rate}
        metrics:
          paid: count(order by paid_at over 30d)
          disputes: count(order by min(refunded_at of refund where disputed) over 30d)
          rate: disputes / paid
          taken: sum(amount of order by paid_at over 1mo)
          scores: mean(score of rating by rated_at over 90d)
        rules:
          few: {require: disputes < most, prefer: disputes < 2}
          rate: {given: paid >= 10, require: rate < 10%, prefer: rate < 5%, severity: minor}
          either: {require: disputes < 3 or rate < 8%}
          earlier: {require: not (disputes > 3 and disputes offset 5d > 3)}
          money: {require: taken > 100, given: paid > 0}
          scores: {require: scores >= 3, prefer: scores >= 3.4, severity: info}
          lacking: {require: rate < unknown}
          later: {require: paid > 1000, from: 2030-01-01}
          waiting: {require: count(order where shipped_at is missing by paid_at + 48h over month to date) < 9}
        """

    /// Orders of the last 100 days, with a refund and a rating after some of them.
    private func files(_ generator: inout SeededGenerator, until clock: Timestamp) -> [OrderFile] {
        (0..<Int.random(in: 5..<90, using: &generator)).map { number in
            func after(_ start: Timestamp) -> MemberValue {
                .text((start + TimeSpan.minutes(Int64.random(in: 1..<20_000, using: &generator))).description)
            }
            let paid = clock - TimeSpan.minutes(Int64.random(in: -3000..<144_000, using: &generator))
            var file = OrderFile(order: order("o\(number)", ["paid_at": .text(paid.description), "amount": "19.5"]))
            if generator.percent(70) { file.order?.set("shipped_at", to: after(paid)) }
            if generator.percent(15) {
                file.children.append(
                    refund(
                        "r\(number)", of: "o\(number)",
                        ["refunded_at": after(paid), "disputed": .bool(generator.percent(80))]))
            }
            if generator.percent(40) {
                let score = MemberValue.text("\(Int.random(in: 1...5, using: &generator))")
                file.children.append(rating("a\(number)", of: "o\(number)", ["rated_at": after(paid), "score": score]))
            }
            return file
        }
    }

    /// What the daemon holds of the scene's store.
    private func resident(_ scene: inout Scene, _ day: LocalDay, at clock: Timestamp) -> (
        CompiledRules, ResidentRollups
    )? {
        let state = scene.state
        let valuation = scene.valuations.valuation(of: state.pack, for: state.store, on: day, state.overrides)
        let plan = RollupPlan(valuation.metrics.kept, calendar: state.calendar)
        let layout = ResidentLayout(valuation.metrics.readings, plan: plan, at: clock)
        guard let rules = CompiledRules(valuation, at: state.calendar.startOfDay(day) + .hours(12), layout: layout)
        else { return nil }
        var rollups = ResidentRollups(layout, at: clock)
        var change = RollupChange()
        for file in scene.files { plan.change(from: OrderFile(), to: file, changed: .all, into: &change) }
        rollups.apply(change)
        rollups.roll(to: rules.ranges, today: day)
        return (rules, rollups)
    }

    @Test("say what the evaluator says wherever they admit to know it", arguments: 0..<6)
    func agree(_ seed: UInt64) throws {
        let admitted = try (0..<10).reduce(0) { try $0 + agreements(seed * 10 + $1) }
        #expect(admitted > 10, "of sixty looks many are at whole and fresh data")
    }

    /// Looks at one made-up store six times; how often the compiled rules spoke.
    private func agreements(_ seed: UInt64) throws -> Int {
        var generator = SeededGenerator(seed: seed)
        let zone = generator.pick(["UTC", "Asia/Shanghai", "America/St_Johns", "Europe/Berlin"])
        let clock = time("2026-06-09T00:00:00Z") + TimeSpan.minutes(Int64.random(in: 0..<4_000, using: &generator))
        var scene = try Scene(Self.pack, files(&generator, until: clock), until: clock, timezone: zone)
        var admitted = 0
        for _ in 0..<6 {
            for kind in [FactKind.order, .refund, .rating] {
                let late = TimeSpan.minutes(
                    Int64.random(in: 0..<(generator.percent(80) ? 14 : 3000), using: &generator))
                let from =
                    generator.percent(15) ? clock - TimeSpan.days(Int64.random(in: 1..<120, using: &generator)) : nil
                scene.state.coverage[kind] =
                    generator.percent(97) ? CoverageInterval(from: from, until: clock - late) : nil
            }
            scene.state.quarantined = generator.percent(5) ? 11 : 3
            let moments = [FactKind.order, .refund, .rating].compactMap { scene.state.coverage[$0]?.until }
            let day = scene.state.calendar.day(of: moments.min() ?? clock)
            let (rules, rollups) = try #require(resident(&scene, day, at: clock))
            guard rules.admits(StoreBasis(scene.state), clock: clock) else { continue }
            admitted += 1
            var found: [Standing] = []
            #expect(rules.judge(rollups.sums, into: &found))
            let said = scene.evaluate(clock: clock).rules
            #expect(
                found == said.map(\.standing),
                "\(zip(said, found).map { "\($0.rule.id): \($0.standing), compiled \($1)" })")
        }
        return admitted
    }

    @Test("a rule that integers do not say is left to the evaluator")
    func beyond() throws {
        for rule in [
            "min(score of rating by rated_at over 30d) > 2", "count(order by paid_at over 24h) > 2",
            "round(mean(score of rating by rated_at over 30d), 1) > 3",
            "count(order by paid_at over 2d including today) > 1",
        ] {
            var scene = try Scene("pack: p\nrules:\n  r:\n    require: \(rule)\n", until: time("2026-06-10"))
            #expect(resident(&scene, day("2026-06-09"), at: time("2026-06-10")) == nil, "\(rule)")
        }
    }

    @Test("nothing changes before the moment at which something may, whatever the clock", arguments: 0..<40)
    func nextChange(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let text =
            Self.pack + """

                  hours: {require: count(order by paid_at over 24h) < 3}
                  shown: {require: latest(value of measure where name == "score" by at over 30d including today) > 1, fresh: 1d}
                """
        let clock = time("2026-10-24T12:00:00Z") + TimeSpan.minutes(Int64.random(in: 0..<2_000, using: &generator))
        var scene = try Scene(text, files(&generator, until: clock), until: clock, timezone: "Europe/Berlin")
        for kind in [FactKind.order, .refund, .rating] {
            let ahead = TimeSpan.minutes(Int64.random(in: -600..<(generator.percent(50) ? 10 : 900), using: &generator))
            scene.state.coverage[kind] = CoverageInterval(until: clock + ahead)
            scene.state.freshness[kind] = Freshness(staleAfter: .hours(Int64.random(in: 1..<20, using: &generator)))
        }
        if generator.percent(60) {
            scene.state.newestMeasures["score"] = MeasureReading(
                at: clock - TimeSpan.minutes(Int64.random(in: 0..<2_000, using: &generator)))
        }
        func shown(_ at: Timestamp) -> [String] {
            scene.evaluate(clock: at).rules.map { "\($0.rule.id) \($0.standing) \($0.values)" }
        }
        let now = shown(clock)
        let next = Evaluation.nextChange(of: scene.state, after: clock, &scene.valuations)
        let end = next ?? clock + .days(3)
        let span = (end - clock).microseconds
        for _ in 0..<12 {
            let moment = clock + TimeSpan(microseconds: Int64.random(in: 0..<span, using: &generator))
            #expect(shown(moment) == now, "at \(moment), which is before \(end)")
        }
        #expect(next != nil, "data grows stale some day")
    }
}
