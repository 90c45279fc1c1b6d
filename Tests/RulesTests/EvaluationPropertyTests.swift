import Facts
import Language
import Rollups
import Rules
import TestSupport
import Testing

@Suite("What holds for every store")
struct EvaluationPropertyTests {
    static let pack = """
        pack: p
        metrics:
          paid: count(order by paid_at over 30d)
          disputes: count(refund where disputed by refunded_at over 30d)
          rate: disputes / paid
          scores: mean(score of rating by rated_at over 30d)
        rules:
          few: {require: disputes < 4}
          rate: {given: paid >= 20, require: rate < 10%, prefer: rate < 5%}
          either: {require: disputes < 3 or rate < 8%}
          busy: {require: paid >= 25}
          twice: {require: not (disputes > 3 and disputes offset 5d > 3)}
          files: {require: count(order where has(refund where disputed) by paid_at over 30d) < 4}
          waiting: {require: count(order where shipped_at is missing by paid_at over 30d) < 12}
          scores: {require: scores >= 3}
          lowest: {require: min(score of rating by rated_at over 30d) >= 2}
          never: {require: disputes is missing or disputes >= 0}
          shifted: {require: count(order where has(refund where disputed) by paid_at + 1h * 2 over 30d) < 4}
          newest: {require: latest(score of rating by rated_at over 30d) >= 2}
          differing: {require: distinct(order of refund by refunded_at over 30d) < 4}
          hours: {require: count(refund where disputed by refunded_at over 72h) < 2}
          today: {require: count(order by paid_at over 2d including today) < 9}
        """

    static let clock = time("2026-06-20T12:00:00Z")

    /// Orders of the last 60 days, with a refund and a rating after some of them.
    private func store(_ generator: inout SeededGenerator) -> [OrderFile] {
        (0..<Int.random(in: 20..<100, using: &generator)).map { number in
            func after(_ start: Timestamp) -> Timestamp {
                start + TimeSpan.minutes(Int64.random(in: 1..<20_000, using: &generator))
            }
            let paid = EvaluationPropertyTests.clock - TimeSpan.minutes(Int64.random(in: 1..<86_400, using: &generator))
            var file = OrderFile(order: order("o\(number)", ["paid_at": .text(paid.description)]))
            if generator.percent(70) { file.order?.set("shipped_at", to: .text(after(paid).description)) }
            if generator.percent(12) {
                let members: [String: MemberValue] = [
                    "refunded_at": .text(after(paid).description), "disputed": .bool(generator.percent(80)),
                ]
                file.children.append(refund("r\(number)", of: "o\(number)", members))
            }
            if generator.percent(40) {
                let score = Int.random(in: 1...5, using: &generator)
                let members: [String: MemberValue] = [
                    "rated_at": .text(after(paid).description), "score": .text("\(score)"),
                ]
                file.children.append(rating("a\(number)", of: "o\(number)", members))
            }
            return file
        }
    }

    private func isBefore(_ moment: Timestamp, _ fact: Fact) -> Bool {
        let times = Schema[fact.kind].members.filter { $0.type == .time }.map { fact.numbers[$0.slot] }
        return times.allSatisfy { $0 == Fact.missing || $0 < moment.microseconds }
    }

    /// It began after the moment: what began before is known, if only as it was then.
    private func isSince(_ moment: Timestamp, _ fact: Fact) -> Bool {
        let times = Schema[fact.kind].members.filter { $0.type == .time }.map { fact.numbers[$0.slot] }
        return times.allSatisfy { $0 == Fact.missing || $0 >= moment.microseconds }
    }

    @Test("hiding facts while saying so decides nothing otherwise than all the facts do", arguments: 0..<40)
    func hiding(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let clock = EvaluationPropertyTests.clock
        var whole = try Scene(EvaluationPropertyTests.pack, store(&generator), until: clock)
        let truth = whole.evaluate(at: clock, clock: clock)
        for _ in 0..<5 {
            var partial = whole
            for kind in [FactKind.order, .refund, .rating] where generator.percent(60) {
                // Known only from a day on, or not at all; of what is not covered some facts are known all the same.
                let from = clock - TimeSpan.days(Int64.random(in: 1..<45, using: &generator))
                let isCovered = generator.percent(75)
                // The newest may be hidden as well: not yet pulled.
                let until =
                    generator.percent(50)
                    ? clock : clock - TimeSpan.minutes(Int64.random(in: 1..<2_000, using: &generator))
                partial.state.coverage[kind] = isCovered ? CoverageInterval(from: from, until: until) : nil
                partial.state.freshness[kind] = Freshness(staleAfter: .days(2))
                func isHidden(_ fact: Fact) -> Bool {
                    guard fact.kind == kind, !isCovered || isBefore(from, fact) || isSince(until, fact) else {
                        return false
                    }
                    return generator.percent(70)
                }
                partial.files = partial.files.map { file in
                    var file = file
                    if let order = file.order, isHidden(order) { file.order = nil }
                    file.children = file.children.filter { !isHidden($0) }
                    return file
                }
            }
            let found = partial.evaluate(at: clock, clock: clock)
            for (known, all) in zip(found.rules, truth.rules) {
                #expect(
                    known.standing == .unknown || known.standing == all.standing,
                    "\(known.rule.id): \(known.standing) from a part, \(all.standing) from all")
            }
        }
        #expect(truth.rules.allSatisfy { $0.standing != .unknown })
    }

    @Test("the stores of the test above are of every sort, and parts of them prove breaches")
    func variety() throws {
        var seen: Set<Standing> = []
        var proven = 0
        for seed in UInt64(0)..<40 {
            var generator = SeededGenerator(seed: seed)
            let clock = EvaluationPropertyTests.clock
            var scene = try Scene(EvaluationPropertyTests.pack, store(&generator), until: clock)
            seen.formUnion(scene.evaluate(at: clock, clock: clock).rules.map(\.standing))
            for kind in [FactKind.order, .refund, .rating] {
                scene.state.coverage[kind]?.from = clock - TimeSpan.days(20)
            }
            proven += scene.evaluate(at: clock, clock: clock).rules.filter { $0.standing == .breach }.count
        }
        #expect(seen == [.ok, .warning, .breach, .unjudged])
        #expect(proven > 0)
    }

    @Test(
        "a healthy store pulled every five minutes over ten midnights shows no standing but ok",
        arguments: [
            ("Europe/Berlin", "2026-03-25T12:00:00Z"),  // 29 March has 23 hours
            ("Europe/Berlin", "2026-10-20T12:00:00Z"),  // 25 October has 25
            ("Asia/Shanghai", "2026-02-20T12:00:00Z"),
            ("America/St_Johns", "2026-03-05T12:00:00Z"),
        ])
    func healthy(_ zone: String, _ start: String) throws {
        let text = """
            pack: p
            metrics:
              paid: count(order by paid_at over 30d)
              disputes: count(order by min(refunded_at of refund where disputed) over 30d)
              dsr: mean(score of rating by rated_at over 90d)
            rules:
              disputes: {require: disputes / paid < 1%, prefer: disputes / paid < 0.5%, given: paid >= 290}
              dsr: {require: dsr >= 4.9}
              today: {require: count(refund where disputed by refunded_at over 2d including today) < 2}
              hours: {require: count(refund where disputed by refunded_at over 24h) < 2}
              months: {require: count(order by paid_at over 1mo) >= 280}
              moved: {require: count(order by paid_at over 30d offset 5d) >= 290}
            """
        let begin = time(start)
        let end = begin + TimeSpan.days(10)
        // Ten orders on each of 140 days, each rated 5; one dispute in 14 days.
        var files: [OrderFile] = []
        for number in 0..<1400 {
            let paid = begin - TimeSpan.days(128) + TimeSpan.minutes(Int64(number) * 144)
            let moment = MemberValue.text(paid.description)
            var file = OrderFile(order: order("o\(number)", ["paid_at": moment]))
            file.children = [rating("a\(number)", of: "o\(number)", ["rated_at": moment, "score": 5])]
            if number % 600 == 0 {
                file.children.append(refund("r\(number)", of: "o\(number)", ["refunded_at": moment, "disputed": true]))
            }
            files.append(file)
        }
        var scene = try Scene(text, [], until: begin, timezone: zone)
        var needs = Evaluation.needs(of: scene.state, at: begin, clock: begin, &scene.valuations)
        needs.add(Evaluation.needs(of: scene.state, at: end, clock: end, &scene.valuations))
        let sums = StoreSums(reading: needs, from: files, calendar: scene.state.calendar)

        var evaluated = 0
        var worst: Set<String> = []
        var pulled = begin
        while pulled < end {
            // What was asked for first is complete up to when it was asked; the refunds come from a slower source.
            for kind in FactKind.allCases where kind != .measure {
                let isSlow = kind == .refund
                if !isSlow || evaluated % 3 == 0 { scene.state.coverage[kind]?.until = pulled }
            }
            // Just before the next pull, the known lies furthest behind the clock.
            let clock = pulled + TimeSpan.seconds(299)
            let found = Evaluation.evaluate(scene.state, sums: sums, at: nil, clock: clock, &scene.valuations)
            evaluated += 1
            for rule in found.rules where rule.standing != .ok {
                worst.insert("\(rule.rule.id) \(rule.standing) \(rule.because.word) at \(clock)")
            }
            pulled = pulled + TimeSpan.minutes(5)
        }
        #expect(evaluated == 2880)
        #expect(worst.sorted().prefix(5) == [])
    }
}
