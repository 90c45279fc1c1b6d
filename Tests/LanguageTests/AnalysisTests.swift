import Facts
import Language
import Testing

@Suite struct AnalysisTests {
    private static func aggregate(_ text: String) throws -> AggregateExpression {
        let (typed, diagnostics) = vocabulary.expression(passage(text))
        try #require(messages(diagnostics) == [])
        guard case .aggregate(let aggregate)? = typed?.node else { throw EvaluatorTests.Unread() }
        return aggregate
    }

    static let vocabulary = TypeChecker.check(
        declarations(
            parameters: ["limit": .rate, "review": .window],
            windows: [("look_back", "if(paid > limit, 3mo, review)")],
            kinds: [("dispute", "refund where disputed and status == refunded")],
            metrics: [
                ("paid", "count(order by paid_at over 30d)"),
                ("disputes", "count(order by min(refunded_at of dispute) over look_back)"),
                ("rate", "disputes / paid + paid offset 5d"),
                ("worse", "rate > rate offset 1mo"),
            ])
    ).0

    @Test(
        "an aggregate only grows as facts are added when nothing added can take away",
        arguments: [
            ("count(order by paid_at over 30d)", true), ("sum(amount of order by paid_at over 30d)", true),
            ("sum(order.amount of refund by opened_at over 30d)", true),
            ("sum(value of measure by at over 30d)", false),
            ("sum(amount * 2 of order by paid_at over 30d)", false),
            ("mean(amount of order by paid_at over 30d)", false),
            ("max(amount of order by paid_at over 30d)", false),
            ("distinct(buyer of order by paid_at over 30d)", false),
            ("count(refund where disputed and status == refunded by opened_at over 30d)", true),
            ("count(refund where reason in (quality, late) or amount > 5 by opened_at over 30d)", true),
            ("count(refund where not excluded by opened_at over 30d)", false),
            ("count(refund where reason != late by opened_at over 30d)", false),
            ("count(case where responded_at is missing by opened_at over 30d)", false),
            ("count(order where has(rating where score <= 2) by paid_at over 30d)", true),
            ("count(order where has(rating where not excluded) by paid_at over 30d)", false),
            ("count(order where count(refund) >= 2 by paid_at over 30d)", true),
            ("count(order where 2 < count(refund) by paid_at over 30d)", true),
            ("count(order where count(refund) < 2 by paid_at over 30d)", false),
            ("count(order where count(refund) == 2 by paid_at over 30d)", false),
            ("count(order where sum(amount of refund) >= amount by paid_at over 30d)", true),
            ("count(order where sum(amount of refund) > sum(amount of line) by paid_at over 30d)", false),
            ("count(order where max(amount of refund) > 5 by paid_at over 30d)", false),
            ("count(order where count(refund) + count(line) > 5 by paid_at over 30d)", false),
            ("count(order by min(refunded_at of refund) over 30d)", false),
            ("count(refund by order.paid_at over 30d)", true),
            ("count(refund where order.amount > 5 by opened_at over 30d)", true),
            ("count(refund where (order.amount > 5) == false by opened_at over 30d)", false),
            ("count(refund where coalesce(order.amount, 0) < 5 by opened_at over 30d)", false),
            ("count(penalty from issued_at until expires_at)", true),
            ("count(refund from opened_at until order.completed_at)", false),
        ])
    func monotone(_ text: String, _ expected: Bool) throws {
        #expect(try AnalysisTests.aggregate(text).isMonotone == expected)
    }

    @Test(
        "which kinds can change an aggregate",
        arguments: [
            ("count(order by paid_at over 30d)", [.order]),
            ("count(refund by order.paid_at over 30d)", [.order, .refund]),
            ("count(order by min(refunded_at of dispute) over 30d)", [.order, .refund]),
            (
                "count(rating where has(refund where has(parcel)) by rated_at over look_back)",
                [.parcel, .refund, .rating]
            ),
            ("mean(order.labels.category == \"a\" of line by ship_by over 30d)", [.order, .line]),
            ("sum(points of penalty from issued_at until expires_at)", [.penalty]),
        ] as [(String, [FactKind])])
    func kinds(_ text: String, _ expected: [FactKind]) throws {
        #expect(try AnalysisTests.aggregate(text).kindsRead == FactKinds(expected))
    }

    @Test("which aggregates an expression reads, through metrics and windows, with the offsets around them")
    func uses() throws {
        let worse = try #require(AnalysisTests.vocabulary.metrics["worse"])
        let disputes = "count(order by min(refunded_at of refund where disputed and status == refunded) over look_back)"
        let paid = "count(order by paid_at over 30d)"
        let uses = worse.uses(in: AnalysisTests.vocabulary).map { use in
            Printer.text(of: use.aggregate) + use.shifts.map { " @\($0.length)\($0.unit.rawValue)" }.joined()
        }
        #expect(uses == [disputes, paid, paid + " @5d", disputes + " @1mo", paid + " @1mo", paid + " @1mo @5d"])
        #expect(worse.aggregates(in: AnalysisTests.vocabulary).map { Printer.text(of: $0) } == [disputes, paid])
        #expect(worse.aggregates() == [])
        #expect(worse.metrics == ["rate"])
        #expect(worse.parameters(in: AnalysisTests.vocabulary) == ["limit", "review"])
        #expect(worse.parameters() == [])
    }

    @Test("the name of an aggregate leaves its window out")
    func name() throws {
        let aggregate = try AnalysisTests.aggregate(
            "percentile(amount of order where tracked by paid_at over 30d offset 5d, 90)")
        #expect(Printer.textWithoutWindow(of: aggregate) == "percentile(amount of order where tracked by paid_at, 90)")
    }

    @Test(
        "the nearest name is a slip of the pen away, or none",
        arguments: [
            ("qualty", "quality"), ("QUALITY", "quality"), ("qaulity", "quality"), ("lat", "late"), ("xyz", nil),
            ("pr", nil), ("", nil),
        ] as [(String, String?)])
    func nearest(_ name: String, _ expected: String?) {
        #expect(NearestName.nearest(to: name, among: ["price", "late", "quality", "not_as_described"]) == expected)
    }
}
