import Facts
import Language
import Rollups
import Rules
import TestSupport
import Testing

@Suite("How far a rule is from standing elsewhere")
struct HeadroomTests {
    static let metrics = """
        pack: p
        metrics:
          paid: count(order by paid_at over 30d)
          disputes: count(refund where disputed by refunded_at over 30d)
          rated: count(rating where score is not missing by rated_at over 30d)
          low: count(rating where score <= 2 by rated_at over 30d)
          scores: mean(score of rating by rated_at over 30d)
          points: sum(points of penalty by issued_at over 30d)
          buyers: distinct(buyer of order by paid_at over 30d)
          shown: latest(value of measure where name == "shown" by at over 7d including today)
          share: latest(value of measure where name == "share" by at over 7d including today)
          wait: mean(responded_at - opened_at of refund by responded_at over 30d)
          dear: max(amount of order by paid_at over 30d)
          late_share: mean(shipped_at > ship_by of order by paid_at over 30d)

        """
    static let clock = time("2026-03-20T12:00:00Z")

    /// As `metric>more` and where it then stands; of a mean with the score that each has.
    static func headroom(_ rule: String, _ files: [OrderFile]) throws -> [String: String] {
        var scene = try Scene(metrics + "rules:\n  r: {\(rule)}\n", files, until: clock)
        let found = try #require(scene.evaluate(clock: clock).rules.first)
        let set = scene.valuations.valuation(
            of: scene.state.pack, for: scene.state.store, on: day("2026-03-20"), scene.state.terms
        ).metrics
        let needs = Evaluation.needs(of: scene.state, at: nil, clock: clock, &scene.valuations)
        let sums = StoreSums(reading: needs, from: files, calendar: scene.state.calendar)
        return Dictionary(
            Evaluation.headroom(of: found, scene.state, sums: sums, set: set).map { line in
                let subject = line.subject + (line.value.map { " of \($0)" } ?? "") + " \(line.then)"
                return (subject, line.by.map { "\($0.by)" } ?? "\(line.more)")
            }, uniquingKeysWith: { "\($0), \($1)" })
    }

    /// The sentences.
    static func words(_ rule: String, _ files: [OrderFile], titles: String = "") throws -> [Words] {
        var scene = try Scene(metrics + titles + "rules:\n  r: {\(rule)}\n", files, until: clock)
        let found = try #require(scene.evaluate(clock: clock).rules.first)
        let set = scene.valuations.valuation(
            of: scene.state.pack, for: scene.state.store, on: day("2026-03-20"), scene.state.terms
        ).metrics
        let needs = Evaluation.needs(of: scene.state, at: nil, clock: clock, &scene.valuations)
        let sums = StoreSums(reading: needs, from: files, calendar: scene.state.calendar)
        return Evaluation.headroom(of: found, scene.state, sums: sums, set: set).map(\.words)
    }

    @Test("of scores it is said what each is, of a share whether it goes up or down; large numbers are in groups")
    func means() throws {
        let scores = (0..<10).map { number in
            OrderFile(children: [rating("s\(number)", ["rated_at": "2026-03-10T08:00:00Z", "score": "5"])])
        }
        let score = try Self.words("require: scores >= 4.6", scores)
        #expect(score.map(\.en) == ["2 more ratings of 1 in scores and it is in breach"])
        #expect(score.map(\.zh) == ["再增加 2 个 1 分的评价（scores）即不达标"])
        func orders(_ count: Int, late: Int) -> [OrderFile] {
            (0..<count).map { number in
                OrderFile(
                    order: order(
                        "o\(number)",
                        [
                            "paid_at": "2026-03-10T08:00:00Z", "ship_by": "2026-03-10T20:00:00Z",
                            "shipped_at": .text("2026-03-10T\(number < late ? "21" : "09"):00:00Z"),
                        ]))
            }
        }
        let good = try Self.words("require: late_share < 10%", orders(20, late: 0))
        #expect(good.map(\.en) == ["3 more orders that raise late share and it is in breach"])
        #expect(good.map(\.zh) == ["再增加 3 个拉高late_share的订单即不达标"])
        let bad = try Self.words("require: late_share < 10%", orders(20, late: 2))
        #expect(bad.map(\.en) == ["1 more order that lowers late share and it is ok"])
        // 2 of 20,001 are below 0.01 %.
        let far = try Self.words("require: late_share < 0.01%", orders(20, late: 2))
        #expect(far.map(\.en) == ["19,981 more orders that lower late share and it is ok"])
    }

    @Test("of a sum the facts are counted, each of average size")
    func sums() throws {
        // 1 and 5 points are 3 each on average: two more make 12.
        let files = [1, 5].map { points in
            OrderFile(children: [
                fact(
                    .penalty, "p\(points)",
                    ["points": .text("\(points)"), "issued_at": "2026-03-10T10:00:00Z"])
            ])
        }
        let words = try Self.words("require: points < 12", files)
        #expect(words.map(\.en) == ["2 more penalties of average size (points) and it is in breach"])
        #expect(words.map(\.zh) == ["再增加 2 个平均大小的处罚（points）即不达标"])
    }

    @Test(
        "one of a thing is told in the singular where its title begins with a plural",
        arguments: [
            ("dispute refunds", "1 more dispute refund"), ("orders with a defect", "1 more order with a defect"),
            ("penalties", "1 more penalty"), ("batches of returns", "1 more batch of returns"),
            ("address", "1 more address"), ("paid", "1 more paid"),
        ])
    func one(_ title: String, _ expected: String) throws {
        let files = [OrderFile(order: order("o1", ["paid_at": "2026-03-10T10:00:00Z"]))]
        let words = try Self.words(
            "require: paid < 2", files, titles: "titles: {paid: {en: \"\(title)\", zh: 订单}}\n")
        #expect(words.map(\.en) == ["\(expected) and it is in breach"])
    }

    @Test("what is no number of facts has a distance in its own unit, by hand")
    func distances() throws {
        func reading(_ name: String, _ value: String) -> OrderFile {
            OrderFile(children: [
                fact(.measure, name, ["name": .text(name), "at": "2026-03-20T08:00:00Z", "value": .text(value)])
            ])
        }
        // 4.72 is 0.13 above 4.59, the first hundredth that is not 4.6.
        #expect(try Self.headroom("require: shown >= 4.6", [reading("shown", "4.72")]) == ["shown breach": "-0.13"])
        #expect(try Self.headroom("require: shown >= 4.6", [reading("shown", "4.5")]) == ["shown ok": "0.1"])
        // 0.9 % is a hundredth of a percent short of 0.91 %, and 1 % is not below 1 %.
        #expect(
            try Self.headroom("require: share < 1%, prefer: share <= 0.9%", [reading("share", "0.009")])
                == ["share warning": "0.0001"])
        // Answered after 20 h on average; a day is not below a day.
        let refunds = [10, 30].map { hours in
            OrderFile(children: [
                refund(
                    "r\(hours)",
                    [
                        "opened_at": "2026-03-10T00:00:00Z",
                        "responded_at": .text("\(time("2026-03-10T00:00:00Z") + .hours(Int64(hours)))"),
                    ])
            ])
        }
        #expect(try Self.headroom("require: wait < 24h", refunds) == ["wait breach": "\(4 * 3600 * 1_000_000)"])
        // In breach by 2.01 of the dearest: 12 to 9.99.
        let orders = [OrderFile(order: order("o", ["paid_at": "2026-03-10T00:00:00Z", "amount": 12]))]
        #expect(try Self.headroom("require: dear < 10", orders) == ["dear ok": "-2.01"])
        let line = Headroom(
            subject: "s", title: Words(en: "score", zh: "评分"),
            by: .init(by: try #require(Fraction(-13, over: 100)), isDuration: false, isPercent: false),
            then: .breach)
        #expect(line.words == Words(en: "score 0.13 less and it is in breach", zh: "评分降低 0.13即不达标"))
    }

    @Test(
        "worked out by hand",
        arguments: [
            // 2 of 20 are not below 2: the preference goes first.
            (
                "require: disputes < 3 or disputes / paid < 10%, prefer: disputes < 2", 20, 0, [],
                ["disputes warning": "2"]
            ),
            (
                "require: disputes < 3 or disputes / paid < 10%, prefer: disputes < 2", 20, 2, [],
                ["disputes breach": "1"]
            ),
            // 3 of 40 are 7.5 %; 4 of 40 are 10 % and no longer below. Fewer than 2 never come back.
            (
                "require: disputes < 3 or disputes / paid < 10%, prefer: disputes < 2", 40, 3, [],
                ["disputes breach": "1"]
            ),
            // 3 of 31 are below 10 %.
            ("require: disputes < 3 or disputes / paid < 10%", 20, 3, [], ["paid ok": "11"]),
            // (50 + n) / (10 + n) is below 4.5 from n = 2 on: 52 / 12.
            ("require: scores >= 4.5", 0, 0, [(10, 5)], ["scores of 1 breach": "2"]),
            // (40 + 5n) / (10 + n) reaches 4.5 with n = 10.
            ("require: scores >= 4.5", 0, 0, [(10, 4)], ["scores of 5 ok": "10"]),
            // A low rating is a rating: (1 + n) / (20 + n) passes 20 % with n = 4: 5 / 24.
            ("require: low / rated <= 20%", 0, 0, [(19, 5), (1, 2)], ["low breach": "4"]),
            // Each brings the 3 points that they have on average: 9, 12.
            ("require: points <= 9", 0, 0, [], ["points breach": "2"]),
            // Away from 5 on either side, 4 to 6 are wrong: from 2 disputes on, 2 more.
            ("require: abs(disputes - 5) > 1", 9, 2, [], ["disputes breach": "2"]),
            // In breach with 4, well again with 7.
            ("require: abs(disputes - 5) > 1", 9, 4, [], ["disputes ok": "3"]),
        ] as [(String, Int, Int, [(Int, Int)], [String: String])])
    func byHand(
        _ rule: String, _ paid: Int, _ disputes: Int, _ scores: [(count: Int, score: Int)], _ expected: [String: String]
    ) throws {
        var files = EvaluationTests.files(
            paid, disputes, scores: scores.flatMap { Array(repeating: $0.score, count: $0.count) })
        files += [2, 4].enumerated().map { number, points in
            OrderFile(children: [penalty("p\(number)", ["issued_at": "2026-03-10", "points": .text("\(points)")])])
        }
        #expect(try HeadroomTests.headroom(rule, files) == expected)
    }

    /// The rule is asked with one fact more, and one more, until it stands elsewhere.
    @Test("the least number is the least, whatever the condition says", arguments: 1...60)
    func leastOfAll(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func some(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
        let conditions = [
            "disputes < \(some(1..<9)) or disputes / paid < \(some(1..<30))%",
            "disputes / paid < \(some(1..<40))% and disputes < \(some(2..<20))",
            "abs(disputes - \(some(0..<12))) > \(some(0..<4))",
            "if(paid > \(some(1..<20)), disputes < \(some(1..<6)), disputes < \(some(1..<9)))",
            "paid >= \(some(0..<30)) and (disputes * 3 + low) / (paid + 1) < \(some(1..<4))",
            "scores >= \(some(2..<5)).\(some(0..<10))", "low / rated < \(some(5..<60))%",
            "scores >= 3 or low < \(some(1..<6)) and rated > \(some(1..<9))",
            "not (disputes >= \(some(0..<5)) and disputes < \(some(3..<12)))",
        ]
        let condition = conditions[some(0..<conditions.count)]
        let rule =
            "require: \"\(condition)\""
            + (random.percent(40) ? ", prefer: \"\(conditions[some(0..<conditions.count)])\"" : "")
            + (random.percent(40) ? ", given: paid >= \(some(0..<12))" : "")
        let scores = (0..<some(0..<12)).map { _ in some(1..<6) }
        let (paid, disputes) = (some(0..<30), some(0..<8))
        let files = EvaluationTests.files(paid, disputes, scores: scores)
        var found = try HeadroomTests.headroom(rule, files)
        func standing(_ more: [OrderFile]) throws -> Standing {
            var scene = try Scene(
                HeadroomTests.metrics + "rules:\n  r: {\(rule)}\n", files + more, until: HeadroomTests.clock)
            return try #require(scene.evaluate(clock: HeadroomTests.clock).rules.first).standing
        }
        let now = try standing([])
        guard [.ok, .warning, .breach].contains(now) else {
            #expect(found.isEmpty)
            return
        }
        let makers: [(String, (Int) -> OrderFile)] = [
            ("paid", { OrderFile(order: order("more\($0)", ["paid_at": "2026-03-10"])) }),
            (
                "disputes",
                { OrderFile(children: [refund("more\($0)", ["refunded_at": "2026-03-10", "disputed": true])]) }
            ),
            ("scores of 1", { OrderFile(children: [rating("more\($0)", ["rated_at": "2026-03-10", "score": 1])]) }),
            ("scores of 5", { OrderFile(children: [rating("more\($0)", ["rated_at": "2026-03-10", "score": 5])]) }),
        ]
        let text = rule
        for (subject, make) in makers where text.contains(subject.prefix { $0 != " " }) {
            var expected: [String: Int] = [:]
            var more: [OrderFile] = []
            for count in 1...45 {
                more.append(make(count))
                let then = try standing(more)
                guard [.ok, .warning, .breach].contains(then) else { continue }
                let way = then.rank > now.rank ? "worse" : "better"
                guard then != now, expected[way] == nil else { continue }
                expected[way] = count
                #expect(found["\(subject) \(then)"] == "\(count)", "\(rule): \(subject) \(way), \(files.count) files")
                found["\(subject) \(then)"] = nil
            }
            for then in ["ok", "warning", "breach"] {
                if let claimed = found["\(subject) \(then)"].flatMap({ Int($0) }) { #expect(claimed > 45, "\(rule)") }
            }
        }
    }
}
