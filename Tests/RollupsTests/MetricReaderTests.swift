import Facts
import Language
import Rollups
import TestSupport
import Testing

@Suite("Figures of a store at a moment")
struct MetricReaderTests {
    static let calendar = StoreCalendar.zone("America/New_York")

    /// A reader over all these facts, as a ledger would have read them.
    static func reader(
        _ set: MetricSet, _ files: [OrderFile], at: Timestamp, coverage: Coverage? = nil, known: [OrderFile]? = nil
    ) -> MetricReader {
        let needs = set.needs(at: at, calendar: calendar)
        let sums = StoreSums(reading: needs, from: known ?? files, calendar: calendar)
        return MetricReader(sums: sums, set: set, calendar: calendar, at: at, coverage: coverage)
    }

    static func number(_ estimate: Estimate) -> Fraction? {
        switch estimate {
        case .exact(.number(let number)), .exact(.duration(let number)): number
        default: nil
        }
    }

    /// The windows of the language and, in plain Swift, which orders placed at `placed` they hold at `at`.
    static let windows: [(text: String, holds: @Sendable (Timestamp, Timestamp) -> Bool)] = [
        ("30d", { placed, at in (1...30).contains(age(placed, at)) }),
        ("7d offset 3d", { placed, at in (4...10).contains(age(placed, at)) }),
        ("5d including today", { placed, at in (0...4).contains(age(placed, at)) && placed <= at }),
        ("1d including today", { placed, at in age(placed, at) == 0 && placed <= at }),
        ("36h", { placed, at in placed <= at && at - placed < .hours(36) }),
        (
            "2w",
            { placed, at in
                let monday = day(at).advanced(by: 1 - day(at).weekday)
                return day(placed) < monday && day(placed) >= monday.advanced(by: -14)
            }
        ),
        (
            "1mo",
            { placed, at in
                let (now, then) = (day(at).civil, day(placed).civil)
                return (now.year * 12 + now.month) - (then.year * 12 + then.month) == 1
            }
        ),
        (
            "month to date",
            { placed, at in
                day(placed).civil.month == day(at).civil.month && day(placed).civil.year == day(at).civil.year
                    && day(placed) < day(at)
            }
        ),
        (
            "week to date including today",
            { placed, at in
                let monday = day(at).advanced(by: 1 - day(at).weekday)
                return day(placed) >= monday && placed <= at
            }
        ),
        (
            "quarter to date",
            { placed, at in
                day(placed).civil.year == day(at).civil.year
                    && (day(placed).civil.month - 1) / 3 == (day(at).civil.month - 1) / 3
                    && day(placed) < day(at)
            }
        ),
        ("year to date", { placed, at in day(placed).civil.year == day(at).civil.year && day(placed) < day(at) }),
    ]

    static func day(_ moment: Timestamp) -> LocalDay { calendar.day(of: moment) }
    static func age(_ placed: Timestamp, _ at: Timestamp) -> Int { day(placed).distance(to: day(at)) }

    @Test("a window holds the facts of its days, and no others", arguments: 0..<12)
    func windows(_ seed: UInt64) throws {
        var made = MadeUpFacts(seed: seed)
        let orders = (0..<60).map { made.version(of: .order, id: String($0)) }.filter { !$0.isDeleted }
        let files = orders.map { OrderFile(order: $0) }
        for window in MetricReaderTests.windows {
            let set = MetricSet(
                vocabulary: try PackText.vocabulary([
                    "placed": "count(order by placed_at over \(window.text))",
                    "taken": "sum(amount of order by placed_at over \(window.text))",
                    "dear": "max(amount of order by placed_at over \(window.text))",
                    "before": "placed offset 2d",
                ]))
            for _ in 0..<6 {
                let second =
                    Int64(made.first.number) * 86_400 + Int64.random(in: 0..<50 * 86_400, using: &made.generator)
                let at = Timestamp(microseconds: second * 1_000_000 + 1)
                let reader = MetricReaderTests.reader(set, files, at: at)
                func within(_ at: Timestamp) -> [Fact] {
                    orders.filter { order in order.time("placed_at").map { window.holds($0, at) } ?? false }
                }
                let amounts = within(at).compactMap { $0.number("amount") }
                #expect(
                    MetricReaderTests.number(reader.value(of: "placed")) == Fraction(within(at).count), "\(window.text)"
                )
                #expect(
                    MetricReaderTests.number(reader.value(of: "taken"))
                        == Fraction(Int128(amounts.reduce(0, +)), over: 1_000_000), "\(window.text)")
                #expect(
                    reader.value(of: "dear")
                        == .exact(amounts.max().map { .number(Fraction(FixedPoint(millionths: $0))) } ?? .missing))
                let before = MetricReaderTests.calendar.moving(at, back: 2, .days)
                #expect(
                    MetricReaderTests.number(reader.value(of: "before")) == Fraction(within(before).count),
                    "\(window.text)")
            }
        }
    }

    @Test("shifts add up, from the outside in")
    func shifts() throws {
        let placed = fact(.order, "1", ["placed_at": "2026-02-27T12:00:00-05:00"])
        let set = MetricSet(
            vocabulary: try PackText.vocabulary([
                "a": "count(order by placed_at over 1d offset 1mo)", "b": "a offset 1d",
                "c": "(count(order by placed_at over 1d) offset 1mo) offset 1d",
                "d": "(count(order by placed_at over 1d) offset 1d) offset 1mo",
            ]))
        // T is 31 March: a day earlier is the 30th, a month before that 28 February, and the day before it the 27th.
        // The other way round it is a month to 28 February, a day to the 27th, and the day before it the 26th.
        let at = try #require(Timestamp("2026-03-31T18:00:00-04:00"))
        let reader = MetricReaderTests.reader(set, [OrderFile(order: placed)], at: at)
        #expect(reader.value(of: "a") == .exact(.number(.one)))
        #expect(reader.value(of: "b") == .exact(.number(.one)))
        #expect(reader.value(of: "c") == .exact(.number(.one)))
        #expect(reader.value(of: "d") == .exact(.number(.zero)))
    }

    @Test("what is in force has begun and not ended; a missing end is not yet")
    func inForce() throws {
        let points = [
            fact(
                .penalty, "1", ["issued_at": "2026-03-01T00:00:00Z", "expires_at": "2026-03-10T00:00:00Z", "points": 1]),
            fact(.penalty, "2", ["issued_at": "2026-03-05T00:00:00Z", "points": 2]),
            fact(.penalty, "3", ["issued_at": "2026-03-20T00:00:00Z", "points": 4]),
            fact(.penalty, "4", ["expires_at": "2026-03-20T00:00:00Z", "points": 8]),
            fact(.penalty, "5", ["issued_at": "2026-03-01T00:00:00Z", "excluded": true, "points": 16]),
        ]
        let set = MetricSet(
            vocabulary: try PackText.vocabulary([
                "points": "sum(points of penalty where not excluded from issued_at until expires_at)",
                "then": "points offset 5d",
            ]))
        #expect(set.kept.isEmpty)
        let files = points.map { OrderFile(children: [$0]) }
        for (moment, now, then) in [
            ("2026-03-05T00:00:00Z", 3, 0), ("2026-03-04T23:59:59Z", 1, 0), ("2026-03-10T00:00:00Z", 2, 3),
            ("2026-03-25T12:00:00Z", 6, 6), ("2026-03-24T12:00:00Z", 6, 2),
        ] {
            let reader = MetricReaderTests.reader(set, files, at: try #require(Timestamp(moment)))
            #expect(reader.value(of: "points") == .exact(.number(Fraction(now))), "\(moment)")
            #expect(reader.value(of: "then") == .exact(.number(Fraction(then))), "\(moment)")
        }
    }

    @Test("of nothing: count and sum are 0, of measures and for all else missing")
    func nothing() throws {
        let set = MetricSet(
            vocabulary: try PackText.vocabulary([
                "orders": "count(order by placed_at over 30d)", "total": "sum(amount of order by placed_at over 30d)",
                "average": "mean(amount of order by placed_at over 30d)",
                "share": "mean(tracked of order by placed_at over 30d including today)",
                "reading": "sum(value of measure where name == \"x\" by at over 30d)",
                "newest": "latest(value of measure by at over 30d)",
                "least": "min(amount of order by placed_at over 30d)",
                "buyers": "distinct(buyer of order by placed_at over 30d)",
                "median": "percentile(amount of order by placed_at over 30d, 50)",
            ]))
        let reader = MetricReaderTests.reader(set, [], at: Timestamp(seconds: 1_772_000_000))
        for name in ["orders", "total"] { #expect(reader.value(of: name) == .exact(.number(.zero)), "\(name)") }
        for name in ["average", "share", "reading", "newest", "least", "buyers", "median", "no_such_metric"] {
            #expect(reader.value(of: name) == .exact(.missing), "\(name)")
        }
    }

    @Test("reducers that are not additive, by hand")
    func reducers() throws {
        func rating(_ id: String, _ at: String, _ score: MemberValue, _ buyer: MemberValue = nil) -> OrderFile {
            OrderFile(children: [
                fact(.rating, id, ["rated_at": .text("2026-03-\(at)T12:00:00-05:00"), "score": score, "buyer": buyer])
            ])
        }
        let files = [
            rating("1", "01", 5, "h:a"), rating("2", "02", 3, "h:b"), rating("3", "02", 1, "h:a"),
            rating("4", "03", nil, "h:c"),
            rating("5", "04", 2), rating("6", "06", 4),
        ]
        let set = MetricSet(
            vocabulary: try PackText.vocabulary([
                "least": "min(score of rating by rated_at over 5d)", "most": "max(score of rating by rated_at over 5d)",
                "half": "percentile(score of rating by rated_at over 5d, 50)",
                "high": "percentile(score of rating by rated_at over 5d, 90)",
                "buyers": "distinct(buyer of rating by rated_at over 5d)",
                "newest": "latest(score of rating by rated_at over 5d)",
                "average": "mean(score of rating by rated_at over 5d)",
            ]))
        let at = try #require(Timestamp("2026-03-06T20:00:00-05:00"))
        let reader = MetricReaderTests.reader(set, files, at: at)
        // Days 1 to 5: scores 5, 3, 1, missing, 2.
        let expected = ["least": 1, "most": 5, "half": 2, "high": 5, "buyers": 3, "newest": 2]
        for (name, value) in expected { #expect(reader.value(of: name) == .exact(.number(Fraction(value))), "\(name)") }
        #expect(reader.value(of: "average") == .exact(.number(try #require(Fraction(11, over: 4)))))
        #expect(set.kept.map(\.text) == ["mean(score of rating by rated_at)"])
    }

    @Test("a window that is chosen: the condition decides, and both are read")
    func chosen() throws {
        let set = MetricSet(
            vocabulary: try PackText.vocabulary(
                [
                    "cases": "count(case by opened_at over look_back)",
                    "whole": "count(case by opened_at over look_back including today)",
                ],
                windows: ["look_back": "if(count(order by placed_at over 10d) >= 2, 3d, 20d)"]))
        let at = try #require(Timestamp("2026-03-31T12:00:00-04:00"))
        let needs = set.needs(at: at, calendar: MetricReaderTests.calendar)
        let cases = try #require(set.kept.first { $0.text == "count(case by opened_at)" })
        #expect(needs.cells[cases]?.lowerBound.description == "2026-03-11")
        #expect(needs.cells[cases]?.upperBound.description == "2026-03-31")
        #expect(set.kept.count == 2)
        func files(_ orders: Int) -> [OrderFile] {
            (0..<orders).map { OrderFile(order: fact(.order, "o\($0)", ["placed_at": "2026-03-25T00:00:00Z"])) }
                + ["2026-03-15", "2026-03-29", "2026-03-31"].map {
                    OrderFile(children: [fact(.case, $0, ["opened_at": .text("\($0)T12:00:00Z")])])
                }
        }
        for (orders, cases, whole) in [(1, 2, 3), (2, 1, 2)] {
            let reader = MetricReaderTests.reader(set, files(orders), at: at)
            #expect(reader.value(of: "cases") == .exact(.number(Fraction(cases))))
            #expect(reader.value(of: "whole") == .exact(.number(Fraction(whole))))
        }
        // With an undecided condition both windows are possible.
        let covered = Coverage([
            .order: CoverageInterval(from: at - .days(2), until: at), .case: CoverageInterval(until: at),
        ])
        let reader = MetricReaderTests.reader(set, files(1), at: at, coverage: covered)
        #expect(
            reader.value(of: "cases") == .range(low: .one, high: Fraction(2), mayBeMissing: false, isDuration: false))
        let decided = MetricReaderTests.reader(set, files(2), at: at, coverage: covered)
        // Two orders are known: more can only add to them.
        #expect(decided.value(of: "cases") == .exact(.number(.one)))
    }

    @Test("parameters become part of what is counted")
    func parameters() throws {
        let vocabulary = try PackText.vocabulary(
            ["dear": "count(order where amount >= big by placed_at over span)", "limit": "big + 1"],
            parameters: ["big": .number, "span": .window])
        let set = MetricSet(
            vocabulary: vocabulary, parameters: ["big": .number(Fraction(100))], windows: ["span": Window(5, .day)])
        #expect(set.kept.map(\.text) == ["count(order where amount >= 100 by placed_at)"])
        let other = MetricSet(
            vocabulary: vocabulary, parameters: ["big": .number(Fraction(200))], windows: ["span": Window(5, .day)])
        #expect(set.kept != other.kept)
        let files = [OrderFile(order: fact(.order, "1", ["placed_at": "2026-03-30T12:00:00Z", "amount": 150]))]
        let at = try #require(Timestamp("2026-03-31T12:00:00-04:00"))
        #expect(MetricReaderTests.reader(set, files, at: at).value(of: "dear") == .exact(.number(.one)))
        #expect(MetricReaderTests.reader(other, files, at: at).value(of: "dear") == .exact(.number(.zero)))
        #expect(MetricReaderTests.reader(set, files, at: at).value(of: "limit") == .exact(.number(Fraction(101))))
        // A window that nobody set, a number that nobody set.
        let bare = MetricSet(vocabulary: vocabulary)
        #expect(MetricReaderTests.reader(bare, files, at: at).value(of: "dear") == .exact(.missing))
        #expect(MetricReaderTests.reader(bare, files, at: at).value(of: "limit") == .exact(.missing))
    }
}
