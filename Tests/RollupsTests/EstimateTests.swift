import Facts
import Language
import Rollups
import TestSupport
import Testing

@Suite("Never green without proof")
struct EstimateTests {
    static let calendar = StoreCalendar.utc
    static let at = Timestamp(seconds: 20_520 * 86_400 + 40_000)

    static func estimate(_ text: String, _ files: [OrderFile], _ coverage: Coverage) throws -> Estimate {
        let set = MetricSet(vocabulary: try PackText.vocabulary(["m": text]))
        let needs = set.needs(at: at, calendar: calendar)
        let sums = StoreSums(reading: needs, from: files, calendar: calendar)
        return MetricReader(sums: sums, set: set, calendar: calendar, at: at, coverage: coverage).value(of: "m")
    }

    /// Three orders of 2.00 each in the last ten days, one of them with a dispute.
    static let files: [OrderFile] = (1...3).map { number in
        let placed = (at - .days(Int64(number) * 2)).description
        let order = fact(.order, "\(number)", ["placed_at": .text(placed), "amount": 2])
        let refund = fact(
            .refund, "r\(number)",
            ["order": .text("\(number)"), "opened_at": .text(placed), "disputed": .bool(number == 1)])
        return OrderFile(order: order, children: [refund])
    }

    static let partial = Coverage([
        .order: CoverageInterval(from: at - .days(8), until: at),
        .refund: CoverageInterval(from: at - .days(20), until: at),
    ])

    @Test(
        "inside coverage a figure is exact, outside a range or nothing",
        arguments: [
            ("count(order by placed_at over 7d)", .exact(.number(Fraction(3)))),
            (
                "count(order by placed_at over 30d)",
                .range(low: Fraction(3), high: nil, mayBeMissing: false, isDuration: false)
            ),
            (
                "count(order by placed_at over 7d offset 2d)",
                .range(low: Fraction(2), high: nil, mayBeMissing: false, isDuration: false)
            ),
            (
                "sum(amount of order by placed_at over 30d)",
                .range(low: Fraction(6), high: nil, mayBeMissing: false, isDuration: false)
            ),
            (
                "count(order where not excluded by placed_at over 30d)",
                .range(low: .zero, high: nil, mayBeMissing: false, isDuration: false)
            ),
            (
                "count(order where paid_at is missing by placed_at over 30d)",
                .range(low: .zero, high: nil, mayBeMissing: false, isDuration: false)
            ),
            (
                "count(order where has(refund where disputed) by placed_at over 30d)",
                .range(low: .one, high: nil, mayBeMissing: false, isDuration: false)
            ),
            (
                "count(order where count(refund) < 2 by placed_at over 30d)",
                .range(low: .zero, high: nil, mayBeMissing: false, isDuration: false)
            ),
            (
                "count(order by min(opened_at of refund) over 30d)",
                .range(low: .zero, high: nil, mayBeMissing: false, isDuration: false)
            ),
            ("mean(amount of order by placed_at over 30d)", .anything),
            ("max(amount of order by placed_at over 30d)", .anything),
            ("distinct(product of refund by opened_at over 19d)", .exact(.missing)),
            ("distinct(product of refund by opened_at over 30d)", .anything),
            ("count(refund by opened_at over 19d)", .exact(.number(Fraction(3)))),
            // The deadline lies inside, what it counts from outside. One deadline is today's, which does not count yet.
            (
                "count(refund by opened_at + 48h over 19d)",
                .range(low: Fraction(2), high: nil, mayBeMissing: false, isDuration: false)
            ),
            ("count(refund by opened_at + 48h over 17d)", .exact(.number(Fraction(2)))),
            // Reads orders too, and those are complete for eight days only.
            (
                "count(refund where order.amount > 1 by opened_at over 19d)",
                .range(low: Fraction(3), high: nil, mayBeMissing: false, isDuration: false)
            ),
            // Never covered.
            (
                "count(rating by rated_at over 7d)",
                .range(low: .zero, high: nil, mayBeMissing: false, isDuration: false)
            ),
            ("mean(score of rating by rated_at over 7d)", .anything),
            // Readings have no coverage.
            ("sum(value of measure by at over 30d)", .exact(.missing)),
            ("count(measure by at over 30d)", .exact(.number(.zero))),
            // The unfinished day ends with the covered moment.
            ("count(order by placed_at over 7d including today)", .exact(.number(Fraction(3)))),
            ("count(order by placed_at over 48h)", .exact(.number(.zero))),
        ] as [(String, Estimate)])
    func table(_ text: String, _ expected: Estimate) throws {
        #expect(try EstimateTests.estimate(text, EstimateTests.files, EstimateTests.partial) == expected)
    }

    @Test("a day that coverage has not reached is not exact")
    func tail() throws {
        let short = Coverage([.order: CoverageInterval(until: EstimateTests.at - .days(1))])
        let found = try EstimateTests.estimate("count(order by placed_at over 7d)", EstimateTests.files, short)
        #expect(found == .range(low: Fraction(3), high: nil, mayBeMissing: false, isDuration: false))
        let enough = Coverage([
            .order: CoverageInterval(
                until: EstimateTests.calendar.startOfDay(EstimateTests.calendar.day(of: EstimateTests.at)))
        ])
        #expect(
            try EstimateTests.estimate("count(order by placed_at over 7d)", EstimateTests.files, enough)
                == .exact(.number(Fraction(3))))
    }

    static let metrics: KeyValuePairs<String, String> = [
        "a": "count(order by placed_at over 20d)", "b": "sum(amount of order by placed_at over 20d)",
        "c": "count(order where not excluded by placed_at over 20d)",
        "d": "mean(amount of order by placed_at over 20d)",
        "e": "count(order where has(rating where score <= 2) by placed_at over 20d)",
        "f": "count(order by min(refunded_at of refund) over 20d)", "g": "max(score of rating by rated_at over 20d)",
        "h": "count(refund where order.amount > 2 by opened_at over 20d including today)",
        "i": "c / a", "j": "a - c offset 3d", "k": "if(a > 3, b, e)",
        "l": "sum(points of penalty by issued_at over 20d)",
        "m": "count(order by placed_at over chosen)", "n": "coalesce(d, a)", "o": "min(a, c, f)",
    ]
    static let conditions = [
        "a < 3 or i < 50%", "a >= 4 and b > 2", "not (e > 0)", "d > 2", "g is missing", "f <= c", "k > 2", "m > 5",
        "n >= 1",
        "if(a > 5, c > 2, d > 1)",
    ]

    /// Files whose every time lies outside coverage are known or not by chance. Whatever is hidden, the truth must lie
    /// in what is said of the part that is known.
    @Test("what is said of a part holds for the whole", arguments: 0..<60)
    func soundness(_ seed: UInt64) throws {
        var made = MadeUpFacts(seed: seed, first: LocalDay(number: 20_480), dayCount: 45)
        var files: [OrderFile] = []
        for number in 0..<30 {
            // Each file lives within six days.
            var inner = MadeUpFacts(
                seed: made.generator.next(),
                first: LocalDay(number: 20_480 + Int32.random(in: 0..<40, using: &made.generator)), dayCount: 6)
            let order = inner.version(of: .order, id: "\(number)")
            let children = (0..<Int.random(in: 0...3, using: &inner.generator)).compactMap { place -> Fact? in
                var child = inner.version(of: inner.generator.pick([.refund, .rating]), id: "\(number).\(place)")
                child.set("order", text: "\(number)")
                return child.isDeleted ? nil : child
            }
            files.append(OrderFile(order: order.isDeleted ? nil : order, children: children))
        }
        let from = Timestamp(seconds: (20_480 + Int64.random(in: 0...40, using: &made.generator)) * 86_400 + 777)
        let interval = CoverageInterval(from: from, until: EstimateTests.at)
        let coverage = Coverage([.order: interval, .refund: interval, .rating: interval, .penalty: interval])
        let known = files.filter { file in
            let times = ([file.order].compactMap { $0 } + file.children).flatMap { fact in
                Schema[fact.kind].members.filter { $0.type == .time && fact.numbers[$0.slot] != Fact.missing }
                    .map { Timestamp(microseconds: fact.numbers[$0.slot]) }
            }
            return times.contains { $0 >= from } || made.generator.percent(50)
        }
        let vocabulary = try PackText.vocabulary(
            EstimateTests.metrics, windows: ["chosen": "if(count(order by placed_at over 15d) >= 6, 5d, 25d)"])
        let conditions = try EstimateTests.conditions.map { try PackText.condition($0, vocabulary) }
        let set = MetricSet(vocabulary: vocabulary, conditions: conditions)
        let needs = set.needs(at: EstimateTests.at, calendar: EstimateTests.calendar)
        func reader(_ files: [OrderFile], _ coverage: Coverage?) -> MetricReader {
            MetricReader(
                sums: StoreSums(reading: needs, from: files, calendar: EstimateTests.calendar), set: set,
                calendar: EstimateTests.calendar, at: EstimateTests.at, coverage: coverage)
        }
        let (whole, part) = (reader(files, nil), reader(known, coverage))
        let expressions = set.metrics.map { TypedExpression(.metric($0), .number) } + conditions
        for expression in expressions {
            guard case .exact(let truth) = whole.estimate(expression) else {
                Issue.record("over all facts a figure is exact: \(Printer.text(of: expression))")
                continue
            }
            let said = part.estimate(expression)
            #expect(said.allows(truth), "\(Printer.text(of: expression)): \(said) does not hold \(truth)")
        }
    }
}

extension Estimate {
    /// Whether the value may be this, by what is said.
    func allows(_ value: Value) -> Bool {
        switch (self, value) {
        case (.anything, _): true
        case (.exact(let known), _): known == value
        case (.range(let low, let high, _, _), .number(let number)),
            (.range(let low, let high, _, _), .duration(let number)):
            (low.map { $0 <= number } ?? true) && (high.map { number <= $0 } ?? true)
        case (.range(_, _, let mayBeMissing, _), .missing): mayBeMissing
        case (.undecided(let mayBeTrue, let mayBeFalse, _), .bool(let truth)): truth ? mayBeTrue : mayBeFalse
        case (.undecided(_, _, let mayBeMissing), .missing): mayBeMissing
        default: false
        }
    }
}
