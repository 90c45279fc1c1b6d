import Facts
import Language
import Ledgers
import Rollups
import TestSupport

/// Aggregates as packs have them: facts that count by themselves, by what their order says, and by what else is in the
/// file. Built from typed expressions, so that these tests stand on nothing but the ledger and what it rests on.
enum Sample {
    static func member(_ kind: FactKind, _ name: String, ofOrder: Bool = false) -> TypedExpression {
        let member = Schema[ofOrder ? .order : kind].member(name)!  // proof: tests name members of the schema
        return TypedExpression(.member(member, of: kind, ofOrder: ofOrder), ValueType(member.type))
    }

    static func compare(_ a: TypedExpression, _ comparison: ComparisonOperator, _ b: TypedExpression) -> TypedExpression
    {
        TypedExpression(.compare(comparison, a, b), .bool)
    }

    static func number(_ value: Int) -> TypedExpression {
        TypedExpression(.literal(.number(Fraction(value), isPercent: false)), .number)
    }

    static func word(_ text: String) -> TypedExpression { TypedExpression(.literal(.word(text)), .word([text])) }

    static func inFile(
        _ reducer: Reducer, of value: TypedExpression? = nil, _ kind: FactKind, where filter: TypedExpression? = nil
    ) -> TypedExpression {
        let aggregate = AggregateExpression(reducer, of: value, kind, where: filter, .orderFile)
        return TypedExpression(.aggregate(aggregate), value?.type ?? .number)
    }

    static func aggregate(
        _ reducer: Reducer, of value: TypedExpression? = nil, _ kind: FactKind, where filter: TypedExpression? = nil,
        by time: TypedExpression
    ) -> Aggregate {
        let span = AggregateExpression.Span.window(by: time, over: .fixed(Window(30, .day)))
        return Aggregate(AggregateExpression(reducer, of: value, kind, where: filter, span))!  // proof: it has a span
    }

    /// count(order by placed_at)
    static let ordersPlaced = aggregate(.count, .order, by: member(.order, "placed_at"))
    /// sum(amount of order by paid_at)
    static let turnover = aggregate(.sum, of: member(.order, "amount"), .order, by: member(.order, "paid_at"))
    /// count(refund where disputed by refunded_at)
    static let disputes = aggregate(
        .count, .refund, where: member(.refund, "disputed"), by: member(.refund, "refunded_at"))
    /// count(order by min(refunded_at of refund where disputed))
    static let disputedOrders = aggregate(
        .count, .order,
        by: inFile(.min, of: member(.refund, "refunded_at"), .refund, where: member(.refund, "disputed")))
    /// count(order where has(rating where score <= 2) by placed_at)
    static let badlyRated = aggregate(
        .count, .order,
        where: compare(
            inFile(.count, .rating, where: compare(member(.rating, "score"), .lessOrEqual, number(2))), .greater,
            number(0)),
        by: member(.order, "placed_at"))
    /// count(refund by order.paid_at)
    static let refundsByOrder = aggregate(.count, .refund, by: member(.refund, "paid_at", ofOrder: true))
    /// mean(shipped_at > ship_by of order by shipped_at)
    static let lateShare = aggregate(
        .mean, of: compare(member(.order, "shipped_at"), .greater, member(.order, "ship_by")), .order,
        by: member(.order, "shipped_at"))
    /// mean(score of rating by rated_at)
    static let score = aggregate(.mean, of: member(.rating, "score"), .rating, by: member(.rating, "rated_at"))
    /// sum(points of penalty by issued_at)
    static let points = aggregate(.sum, of: member(.penalty, "points"), .penalty, by: member(.penalty, "issued_at"))
    /// count(refund where reason == quality by opened_at)
    static let qualityRefunds = aggregate(
        .count, .refund, where: compare(member(.refund, "reason"), .equal, word("quality")),
        by: member(.refund, "opened_at"))

    static let all = [
        ordersPlaced, turnover, disputes, disputedOrders, badlyRated, refundsByOrder, lateShare, score, points,
        qualityRefunds,
    ]

    static func plan(_ aggregates: [Aggregate] = all, zone: String = "Asia/Shanghai") -> RollupPlan {
        RollupPlan(aggregates, calendar: calendar(zone))
    }
}

extension RollupVerification {
    /// Every aggregate compared, every bucket as the facts have it.
    static let clean = RollupVerification(differences: [], unbuilt: [])
}
