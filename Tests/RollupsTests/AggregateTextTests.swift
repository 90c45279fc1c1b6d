import Facts
import Language
import Rollups
import TestSupport
import Testing

@Suite("Aggregates from text")
struct AggregateTextTests {
    /// What a quotient, a rounding or the clock on the wall needs goes through the evaluator; the rest does not. Both
    /// ways must agree with a recount.
    static let texts = [
        "sum(amount / units of order by placed_at over 30d)", "mean(amount / 3 of order by paid_at over 30d)",
        "count(order where hour(placed_at) < 6 by placed_at over 30d)",
        "count(order where weekday(placed_at) in (6, 7) by placed_at over 30d)",
        "sum(round(amount, 1) of order by placed_at over 30d)",
        "count(order where amount * 0.5 > units by placed_at over 30d)",
        "count(order where mean(score of rating) < 3 by placed_at over 30d)",
        "count(refund where distinct(product of rating) > 0 by opened_at over 30d)",
        "mean((delivered_at - shipped_at) / 1h of order by delivered_at over 30d)",
        "count(order by max(opened_at of refund where type in (claim, chargeback)) over 30d)",
        "sum(min(amount, units) of order where max(amount, units) > 2 by coalesce(paid_at, placed_at) over 30d)",
        "count(order where abs(amount - 3) < 1 or -units < -2 by min(paid_at, placed_at) over 30d)",
        "count(rating where product is missing or product in (\"x\", \"y\") by rated_at over 30d)",
        "count(refund where order.labels.category == \"a\" and labels.category != \"b\" by opened_at over 30d)",
        "mean(not excluded of case by opened_at over 30d)",
        "sum(if(reopened, visits, csat) of case by resolved_at over 30d)",
        "count(line where order.amount == amount by ship_by over 30d)",
    ]

    @Test("what the hot path adds up is a recount by the evaluator", arguments: 0..<20)
    func agree(_ seed: UInt64) throws {
        let aggregates = try AggregateTextTests.texts.map { try PackText.aggregate($0) }
        let plan = RollupPlan(aggregates, calendar: .zone("America/New_York"))
        var made = MadeUpFacts(seed: seed)
        var (ledger, total) = (PlainLedger(), RollupChange())
        for _ in 0..<12 {
            try ExactnessTests.commit((0..<20).map { _ in made.fact() }, to: &ledger, plan, into: &total)
        }
        let recount = Recount.cells(of: ledger.files, plan: plan)
        let kept = ExactnessTests.cells(of: total)
        for (index, aggregate) in plan.aggregates.enumerated() {
            #expect(kept[index] ?? [:] == recount[index] ?? [:], "\(aggregate)")
        }
        #expect(recount.count > 10)
    }

    @Test("a value is taken exactly and rounded half-even once")
    func rounding() throws {
        let aggregate = try PackText.aggregate("sum(amount / 2 of order by placed_at over 30d)")
        let plan = RollupPlan([aggregate], calendar: .utc)
        // Halves of 1, 3 and 5 millionths: 0.5 goes to 0, 1.5 to 2, 2.5 to 2.
        for (millionths, expected) in [(1, 0), (3, 2), (5, 2), (4, 2)] {
            var order = fact(.order, "1", ["placed_at": "2026-03-01T00:00:00Z"])
            order.set("amount", Int64(millionths))
            var change = RollupChange()
            plan.change(from: OrderFile(), to: OrderFile(order: order), changed: FactKinds(.order), into: &change)
            #expect(change.entries.map(\.cell) == [Cell(count: 1, sum: Int128(expected))])
        }
    }

    @Test("numbers that leave 64 bits on the way are left to the evaluator")
    func beyond() throws {
        let aggregate = try PackText.aggregate("count(order where amount + units > 0 by placed_at over 30d)")
        let plan = RollupPlan([aggregate], calendar: .utc)
        var order = fact(.order, "1", ["placed_at": "2026-03-01T00:00:00Z"])
        order.set("amount", Int64.max)
        order.set("units", Int64.max)
        var change = RollupChange()
        plan.change(from: OrderFile(), to: OrderFile(order: order), changed: FactKinds(.order), into: &change)
        #expect(change.entries.map(\.cell) == [Cell(count: 1)])
    }

    @Test("trees built by hand and the language's text name the same aggregate")
    func names() throws {
        #expect(try PackText.aggregate("count(order by paid_at over 3mo)") == SamplePack.aggregates[0])
        #expect(
            try PackText.aggregate(
                "count(order by min(refunded_at of refund where disputed and not excluded and status == refunded) over 30d)"
            ).text
                == SamplePack.aggregates[4].text)
    }
}
