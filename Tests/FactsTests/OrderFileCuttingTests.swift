import Facts
import TestSupport
import Testing

@Suite("A file as it stood at a moment")
struct OrderFileCuttingTests {
    private static let moment = time("2026-03-10T12:00:00Z")

    private func cut(_ file: OrderFile) -> OrderFile { file.cut(at: Self.moment) }

    @Test("what had not begun is not there")
    func notBegun() {
        let file = OrderFile(
            order: order("o", ["paid_at": "2026-03-10"]),
            children: [
                refund("then", of: "o", ["opened_at": "2026-03-10T12:00:00Z"]),
                refund("later", of: "o", ["opened_at": "2026-03-10T12:00:01Z"]),
                rating("rated", of: "o", ["rated_at": "2026-03-11"]),
                // Without a time nobody knows when it began.
                refund("ever", of: "o", ["disputed": true]),
            ])
        #expect(cut(file).order != nil)
        #expect(cut(file).children.map(\.id) == ["then", "ever"])
    }

    @Test("an order that was not placed yet takes with it what names it")
    func notPlaced() {
        let lines = [line("l", of: "o", ["units": 1]), refund("r", of: "o")]
        let file = OrderFile(order: order("o", ["paid_at": "2026-03-11"]), children: lines)
        #expect(cut(file).isEmpty)
        // One that is not known takes nothing.
        #expect(cut(OrderFile(children: lines + [refund("x", ["opened_at": "2026-03-11"])])).children.count == 2)
    }

    struct Row: Sendable {
        var kind: FactKind
        var now: [String: MemberValue]
        var then: [String: MemberValue]
    }

    static let rows = [
        // Refunded later, it was open; the reason is as it is known.
        Row(
            kind: .refund,
            now: [
                "opened_at": "2026-03-09", "refunded_at": "2026-03-12", "status": "refunded", "closed_by": "seller",
                "reason": "quality", "disputed": true,
            ],
            then: ["opened_at": "2026-03-09", "status": "open", "reason": "quality", "disputed": true]),
        Row(
            kind: .refund,
            now: ["opened_at": "2026-03-01", "refunded_at": "2026-03-09", "status": "refunded"],
            then: ["opened_at": "2026-03-01", "refunded_at": "2026-03-09", "status": "refunded"]),
        Row(
            kind: .refund,
            now: ["opened_at": "2026-03-01", "intervened_at": "2026-03-11", "intervened": true, "status": "open"],
            then: ["opened_at": "2026-03-01", "intervened": false, "status": "open"]),
        // Where it was then follows from its times; deadlines were known before.
        Row(
            kind: .order,
            now: [
                "placed_at": "2026-03-08", "paid_at": "2026-03-08", "ship_by": "2026-03-12", "shipped_at": "2026-03-11",
                "delivered_at": "2026-03-14", "completed_at": "2026-03-20", "status": "completed",
            ],
            then: ["placed_at": "2026-03-08", "paid_at": "2026-03-08", "ship_by": "2026-03-12", "status": "paid"]),
        Row(
            kind: .order,
            now: [
                "placed_at": "2026-03-08", "canceled_at": "2026-03-11", "canceled_by": "seller", "status": "canceled",
            ],
            then: ["placed_at": "2026-03-08", "status": "open"]),
        Row(
            kind: .order,
            now: [
                "paid_at": "2026-03-01", "canceled_at": "2026-03-02", "delivered_at": "2026-03-11",
                "status": "canceled",
            ],
            then: ["paid_at": "2026-03-01", "canceled_at": "2026-03-02", "status": "canceled"]),
        Row(
            kind: .penalty, now: ["issued_at": "2026-03-01", "expires_at": "2026-06-01", "points": 3],
            then: ["issued_at": "2026-03-01", "expires_at": "2026-06-01", "points": 3]),
        Row(
            kind: .case, now: ["opened_at": "2026-03-01", "responded_at": "2026-03-11", "due_at": "2026-03-12"],
            then: ["opened_at": "2026-03-01", "due_at": "2026-03-12"]),
    ]

    @Test("what happened later has not happened, and words that follow from it say so", arguments: rows)
    func happened(_ row: Row) {
        let file =
            row.kind == .order
            ? OrderFile(order: fact(row.kind, "f", row.now)) : OrderFile(children: [fact(row.kind, "f", row.now)])
        let found = cut(file)
        #expect((found.order ?? found.children.first) == fact(row.kind, "f", row.then))
        let isLater = row.now.count != row.then.count
        #expect(file.hasEvents(after: Self.moment) == isLater)
    }
}
