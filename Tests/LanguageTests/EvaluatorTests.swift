import Facts
import Language
import TestSupport
import Testing

/// A value as a test writes it.
func shown(_ value: Value) -> String {
    switch value {
    case .missing: "missing"
    case .number(let number):
        number.denominator == 1 ? "\(number.numerator)" : "\(number.numerator)/\(number.denominator)"
    case .duration(let span): "\(span.numerator)/\(span.denominator) µs"
    case .time(let moment): "\(moment)"
    case .bool(let truth): "\(truth)"
    case .word(let word): word
    case .string(let text): "\"\(text)\""
    }
}

@Suite struct EvaluatorTests {
    /// A filter or value over a refund.
    static func inRefund(_ text: String) throws -> TypedExpression {
        let (vocabulary, diagnostics) = TypeChecker.check(
            declarations(metrics: [("x", "distinct(\(text) of refund by opened_at over 30d)")]))
        try #require(diagnostics.map { $0.render() } == [])
        guard case .aggregate(let aggregate)? = vocabulary.metrics["x"]?.node else {
            throw Unread()
        }
        return try #require(aggregate.value)
    }

    struct Unread: Error {}

    static let first = refund(
        "r1", of: "o1",
        [
            "amount": 40, "status": "refunded", "disputed": true, "opened_at": "2026-03-05T23:30:00Z",
            "reason": "quality", "product": "p1",
        ])
    static let file = OrderFile(
        order: order("o1", ["placed_at": "2026-03-01T10:00:00Z", "amount": 100, "status": "shipped"]),
        children: [
            first, refund("r2", of: "o1", ["amount": 60.5, "status": "open"]), rating("g1", of: "o1", ["score": 2]),
        ])

    @Test(
        "a filter or value over one fact",
        arguments: [
            // Members, literals, arithmetic.
            ("amount", "40"), ("amount / 3", "40/3"), ("50% + 0.5", "1"), ("amount * 2.5", "100"), ("-amount", "-40"),
            ("opened_at - order.placed_at", "394200000000/1 µs"), ("(opened_at - order.placed_at) / 1h", "219/2"),
            ("10min / 1h", "1/6"), ("opened_at + 1.5 * 1s", "2026-03-05T23:30:01.5Z"),
            ("1d + opened_at", "2026-03-06T23:30:00Z"), ("1d * 2 == 48h", "true"), ("1h / 4 == 15min", "true"),
            ("0.1 + 0.2 == 0.3", "true"), ("1 / 3 * 3 == 1", "true"), ("1% == 0.01", "true"),
            // Missing.
            ("responded_at", "missing"), ("responded_at - opened_at", "missing"), ("amount / 0", "missing"),
            ("amount / 0 == 1", "false"), ("amount / 0 != 1", "true"), ("responded_at > opened_at + 48h", "false"),
            ("responded_at <= opened_at + 48h", "false"), ("not (responded_at > opened_at)", "true"),
            ("responded_at != opened_at", "true"), ("responded_at == opened_at", "false"), ("excluded", "missing"),
            ("not excluded", "true"), ("excluded or disputed", "true"), ("excluded and disputed", "false"),
            ("excluded == false", "false"), ("excluded != false", "true"), ("intervened is missing", "true"),
            ("disputed is not missing", "true"), ("(responded_at > opened_at) is missing", "false"),
            ("if(excluded, 1, 2)", "2"), ("if(disputed, 1, 2)", "1"), ("coalesce(excluded, true)", "true"),
            ("coalesce(responded_at, opened_at) == opened_at", "true"),
            ("coalesce(closed_at, responded_at)", "missing"),
            ("min(opened_at, responded_at)", "missing"), ("max(1, 3, 2)", "3"), ("min(2h, 90min) == 90min", "true"),
            // Words and strings.
            ("reason == quality", "true"), ("quality == reason", "true"), ("reason != late", "true"),
            ("reason in (late, quality)", "true"), ("liable in (seller, none)", "false"),
            ("not liable in (seller)", "true"),
            ("liable != seller", "true"), ("type == refund", "false"), ("product == \"p1\"", "true"),
            ("product in (\"p2\", \"p3\")", "false"), ("labels.category is missing", "true"), ("reason", "quality"),
            ("if(disputed, reason, other) == quality", "true"), ("coalesce(liable, carrier) == carrier", "true"),
            // The order and the order file.
            ("order.amount", "100"), ("order.ship_by is missing", "true"), ("order.status == shipped", "true"),
            ("count(order)", "1"), ("count(refund)", "2"), ("count(line)", "0"), ("sum(amount of refund)", "201/2"),
            ("sum(amount of refund where status == refunded) >= amount", "true"), ("sum(units of line)", "0"),
            ("mean(units of line)", "missing"), ("max(amount of refund)", "121/2"), ("min(amount of refund)", "40"),
            ("max(opened_at of refund)", "2026-03-05T23:30:00Z"), ("mean(disputed of refund)", "1"),
            ("mean(not disputed of refund)", "1/2"), ("mean(status == refunded of refund)", "1/2"),
            ("mean(amount of refund)", "201/4"), ("distinct(reason of refund)", "1"),
            ("distinct(order of refund)", "1"), ("distinct(order of parcel)", "missing"),
            ("distinct(units of line) is missing", "true"),
            ("percentile(amount of refund, 50)", "40"), ("percentile(amount of refund, 50.1)", "121/2"),
            ("has(rating where score <= 2)", "true"), ("has(rating where score > order.amount)", "false"),
            ("has(refund where has(rating where score == 2))", "true"), ("has(parcel)", "false"),
            ("sum(closed_at - opened_at of refund) == 0h", "true"),
            // Rounded once per fact: 40/3 and 60.5/3 to millionths; halves of a millionth to even.
            ("sum(amount / 3 of refund)", "67/2"), ("sum(score / 4000000 of rating)", "0"),
            ("sum(score * 3 / 4000000 of rating)", "1/500000"),
            // Functions.
            ("round(2.5)", "3"), ("round(-2.5)", "-3"), ("round(2.4)", "2"), ("round(0.125, 2)", "13/100"),
            ("round(1250, -2)", "1300"), ("floor(-0.5)", "-1"), ("floor(2.9)", "2"), ("abs(-3)", "3"),
            ("abs(-2h) == 2h", "true"),
            ("hour(opened_at)", "7"), ("weekday(opened_at)", "5"), ("day(opened_at)", "20518"),
            ("hour(closed_at)", "missing"),
            // An overflow is missing.
            ("100000000000000000000 * 100000000000000000000 is missing", "true"),
            ("sum(amount * 100000000000000000 of refund)", "0"),
        ])
    func inside(_ text: String, _ expected: String) throws {
        let typed = try EvaluatorTests.inRefund(text)
        let value = Evaluator.value(
            of: typed, for: EvaluatorTests.first, in: EvaluatorTests.file, calendar("Asia/Shanghai"))
        #expect(shown(value) == expected)
    }

    @Test(
        "an order that is not known",
        arguments: [
            ("order.amount", "missing"), ("order.amount > 5", "false"), ("not order.tracked", "true"),
            ("count(order)", "0"),
            ("count(refund)", "1"), ("order is missing", "true"),
        ])
    func withoutOrder(_ text: String, _ expected: String) throws {
        let alone = refund("r9", ["amount": 1])
        let typed = try EvaluatorTests.inRefund(text)
        let value = Evaluator.value(of: typed, for: alone, in: OrderFile(children: [alone]), .utc)
        #expect(shown(value) == expected)
    }

    @Test("a parameter inside is missing until it is replaced by its value")
    func parameters() throws {
        let (vocabulary, diagnostics) = TypeChecker.check(
            declarations(
                parameters: ["limit": .number, "grace": .duration],
                metrics: [
                    (
                        "x",
                        "count(refund where amount > limit and opened_at > order.placed_at + grace by opened_at over 30d)"
                    )
                ]))
        #expect(messages(diagnostics) == [])
        let typed = try #require(vocabulary.metrics["x"])
        #expect(typed.parameters() == ["limit", "grace"])
        let replaced = typed.substituting(parameters: [
            "limit": .number(Fraction(-5)), "grace": .duration(Fraction(172_800_000_000)),
        ])
        #expect(
            Printer.text(of: replaced)
                == "count(refund where amount > -5 and opened_at > order.placed_at + 2d by opened_at over 30d)")
        #expect(vocabulary.expression(passage(Printer.text(of: replaced))).0 == replaced)
        for (expression, passes) in [(typed, false), (replaced, true)] {
            guard case .aggregate(let aggregate) = expression.node, let filter = aggregate.filter else {
                throw Unread()
            }
            #expect(Evaluator.holds(filter, for: EvaluatorTests.first, in: EvaluatorTests.file, .utc) == passes)
        }
    }

    @Test(
        "what an aggregate takes of a fact is rounded half-even, once",
        arguments: [
            // proof: none is over zero
            (Value.number(Fraction(5, over: 10_000_000)!), 0), (.number(Fraction(15, over: 10_000_000)!), 2),
            (.number(Fraction(-15, over: 10_000_000)!), -2), (.number(Fraction(1, over: 3)!), 333_333),
            (.duration(Fraction(5, over: 2)!), 2), (.bool(true), 1_000_000), (.bool(false), 0), (.missing, nil),
            (.number(Fraction(Int64.max)), nil), (.string("a"), nil), (.time(Timestamp(microseconds: 7)), 7),
        ] as [(Value, Int64?)])
    func amounts(_ value: Value, _ expected: Int64?) {
        #expect(Evaluator.amount(of: value) == expected)
    }

    @Test(
        "nearest rank",
        arguments: [(1, 1, 0), (50, 4, 1), (51, 4, 2), (100, 4, 3), (90, 10, 8), (91, 10, 9), (1, 200, 1)])
    func ranks(_ p: Int, _ count: Int, _ expected: Int) {
        #expect(Reduction.nearestRank(Fraction(p), of: count) == expected)
    }
}
