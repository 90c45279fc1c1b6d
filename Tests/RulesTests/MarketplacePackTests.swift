import Facts
import Language
import Rollups
import Rules
import TestSupport
import Testing

@Suite("The pack for any marketplace counts what it says")
struct MarketplacePackTests {
    /// 1 April, noon in Shanghai: windows of 30 days are 2 to 31 March, of 90 days 1 January to 31 March.
    static let clock = time("2026-04-01T12:00:00+08:00")

    struct Row: Sendable, CustomTestStringConvertible {
        var rule: String
        var standing: Standing
        /// By name, as a pack writes numbers.
        var figures: [String: Double]
        var files: [OrderFile]
        var testDescription: String { "\(rule) \(standing)" }
    }

    /// 100 orders paid and placed on 10 March, the first of them with `members` and `children`.
    private static func orders(
        _ count: Int, _ members: [String: MemberValue] = [:], rest: [String: MemberValue] = [:],
        _ children: (Int) -> [Fact] = { _ in [] }
    ) -> [OrderFile] {
        (0..<100).map { number in
            var order = order(
                "o\(number)", ["placed_at": "2026-03-10T09:00:00+08:00", "paid_at": "2026-03-10T10:00:00+08:00"])
            for (name, value) in number < count ? members : rest { order.set(name, to: value) }
            return OrderFile(order: order, children: number < count ? children(number) : [])
        }
    }

    private static func refunds(_ count: Int, _ members: [String: MemberValue]) -> [OrderFile] {
        orders(count) { number in
            var members = members
            if members["refunded_at"] == nil { members["refunded_at"] = "2026-03-15T10:00:00+08:00" }
            // Twice at the same order counts once.
            return [refund("r\(number)", of: "o\(number)", members), refund("q\(number)", of: "o\(number)", members)]
        }
    }

    private static func rated(_ count: Int, of all: Int, bad: [String: MemberValue], good: [String: MemberValue])
        -> [OrderFile]
    {
        (0..<all).map { number in
            var members = number < count ? bad : good
            members["rated_at"] = "2026-03-20T10:00:00+08:00"
            return OrderFile(children: [rating("a\(number)", members)])
        }
    }

    static let done: [String: MemberValue] = ["status": "refunded", "type": "refund"]
    static func done(_ more: [String: MemberValue]) -> [String: MemberValue] { done.merging(more) { $1 } }

    static let rows: [Row] = [
        Row(
            rule: "refunds", standing: .breach,
            figures: ["refund_orders": 15, "paid_orders": 100, "refund_rate": 0.15], files: refunds(15, done)),
        Row(rule: "refunds", standing: .warning, figures: ["refund_orders": 14], files: refunds(14, done)),
        Row(
            rule: "refunds", standing: .ok, figures: ["refund_orders": 11, "refund_rate": 0.11],
            files: refunds(11, done)),
        // Neither what the platform does not count, nor what is not paid back, nor today, nor what is 31 days old.
        Row(
            rule: "refunds", standing: .ok, figures: ["refund_orders": 0], files: refunds(20, done(["excluded": true]))),
        Row(rule: "refunds", standing: .ok, figures: ["refund_orders": 0], files: refunds(20, ["status": "open"])),
        Row(
            rule: "refunds", standing: .ok, figures: ["refund_orders": 0],
            files: refunds(20, done(["refunded_at": "2026-04-01T00:00:00+08:00"]))),
        Row(
            rule: "refunds", standing: .breach, figures: ["refund_orders": 20],
            files: refunds(20, done(["refunded_at": "2026-03-31T23:59:59+08:00"]))),
        Row(
            rule: "refunds", standing: .breach, figures: ["refund_orders": 20],
            files: refunds(20, done(["refunded_at": "2026-03-02T00:00:00+08:00"]))),
        Row(
            rule: "refunds", standing: .ok, figures: ["refund_orders": 0],
            files: refunds(20, done(["refunded_at": "2026-03-01T23:59:59+08:00"]))),
        // A test order is counted on neither side.
        Row(
            rule: "refunds", standing: .ok, figures: ["refund_orders": 0, "paid_orders": 80],
            files: orders(20, ["excluded": true]) {
                [refund("r\($0)", of: "o\($0)", done(["refunded_at": "2026-03-15T10:00:00+08:00"]))]
            }),
        Row(
            rule: "dispute-refunds", standing: .breach, figures: ["dispute_orders": 3, "dispute_rate": 0.03],
            files: refunds(3, done(["disputed": true]))),
        Row(
            rule: "dispute-refunds", standing: .warning, figures: ["dispute_orders": 2],
            files: refunds(2, done(["disputed": true]))),
        Row(
            rule: "dispute-refunds", standing: .ok, figures: ["dispute_orders": 1, "refund_orders": 1],
            files: refunds(1, done(["disputed": true]))),
        Row(
            rule: "dispute-refunds", standing: .ok, figures: ["dispute_orders": 0],
            files: refunds(9, done(["disputed": false]))),
        Row(
            rule: "quality-refunds", standing: .breach,
            figures: ["quality_refund_orders": 3, "quality_refund_rate": 0.03],
            files: refunds(3, done(["reason": "damaged"]))),
        Row(
            rule: "quality-refunds", standing: .ok, figures: ["quality_refund_orders": 0],
            files: refunds(9, done(["reason": "changed_mind"]))),
        Row(
            rule: "platform-intervention", standing: .breach,
            figures: ["intervention_orders": 3, "intervention_rate": 0.03],
            files: refunds(3, ["status": "open", "intervened": true, "opened_at": "2026-03-15T10:00:00+08:00"])),
        Row(
            rule: "platform-intervention", standing: .ok, figures: ["intervention_orders": 0],
            files: refunds(
                3,
                [
                    "status": "open", "intervened": true, "opened_at": "2026-03-15T10:00:00+08:00",
                    "intervened_at": "2026-04-01T09:00:00+08:00",
                ])),
        Row(
            rule: "cancellations", standing: .breach,
            figures: ["seller_cancellations": 3, "placed_orders": 100, "cancellation_rate": 0.03],
            files: orders(3, ["canceled_at": "2026-03-12T10:00:00+08:00", "canceled_by": "seller"])),
        Row(
            rule: "cancellations", standing: .warning, figures: ["seller_cancellations": 2],
            files: orders(2, ["canceled_at": "2026-03-12T10:00:00+08:00", "canceled_by": "seller"])),
        Row(
            rule: "cancellations", standing: .ok, figures: ["seller_cancellations": 0],
            files: orders(9, ["canceled_at": "2026-03-12T10:00:00+08:00", "canceled_by": "buyer"])),
        Row(
            rule: "late-handover", standing: .breach,
            figures: ["late_handovers": 4, "due_handovers": 100, "late_handover_rate": 0.04],
            files: orders(
                4,
                [
                    "ship_by": "2026-03-12T10:00:00+08:00", "shipped_at": "2026-03-11T10:00:00+08:00",
                    "picked_up_at": "2026-03-12T10:00:01+08:00",
                ],
                rest: ["ship_by": "2026-03-12T10:00:00+08:00", "shipped_at": "2026-03-12T10:00:00+08:00"])),
        Row(
            rule: "late-handover", standing: .breach, figures: ["late_handovers": 4],
            files: orders(
                4, ["ship_by": "2026-03-12T10:00:00+08:00"],
                rest: ["ship_by": "2026-03-12T10:00:00+08:00", "shipped_at": "2026-03-11T10:00:00+08:00"])),
        Row(
            rule: "on-time-delivery", standing: .breach,
            figures: ["due_deliveries": 100, "on_time_deliveries": 89, "on_time_delivery_rate": 0.89],
            files: orders(
                11, ["deliver_by": "2026-03-16T10:00:00+08:00", "delivered_at": "2026-03-16T10:00:01+08:00"],
                rest: ["deliver_by": "2026-03-16T10:00:00+08:00", "delivered_at": "2026-03-16T10:00:00+08:00"])),
        Row(
            rule: "on-time-delivery", standing: .warning, figures: ["on_time_delivery_rate": 0.92],
            files: orders(
                8, ["deliver_by": "2026-03-16T10:00:00+08:00"],
                rest: ["deliver_by": "2026-03-16T10:00:00+08:00", "delivered_at": "2026-03-14T10:00:00+08:00"])),
        Row(
            rule: "negative-ratings", standing: .breach,
            figures: ["negative_ratings": 3, "ratings": 60, "negative_rating_rate": 0.05],
            files: rated(3, of: 60, bad: ["score": 2], good: ["score": 3])),
        Row(
            rule: "negative-ratings", standing: .ok, figures: ["negative_ratings": 2],
            files: rated(2, of: 60, bad: ["score": 1], good: ["score": 5])),
        Row(
            rule: "dsr-description", standing: .breach, figures: ["dsr_description": 4.5, "description_ratings": 20],
            files: rated(10, of: 20, bad: ["description": 4], good: ["description": 5])),
        Row(
            rule: "dsr-logistics", standing: .warning, figures: ["dsr_logistics": 4.65],
            files: rated(7, of: 20, bad: ["logistics": 4], good: ["logistics": 5])),
        Row(
            rule: "dsr-service", standing: .ok, figures: ["dsr_service": 4.75],
            files: rated(5, of: 20, bad: ["service": 4], good: ["service": 5])),
        Row(
            rule: "dsr-service", standing: .unjudged, figures: ["service_ratings": 19],
            files: rated(5, of: 19, bad: ["service": 4], good: ["service": 5])),
    ]

    private static func scene(_ files: [OrderFile], _ overrides: StoreOverrides = StoreOverrides(confirmation: .all))
        throws -> Scene
    {
        let pack = try #require(PackLibrary.builtIn().library["marketplace"])
        return try Scene(pack, files, until: clock, timezone: "Asia/Shanghai", overrides: overrides)
    }

    @Test("its figures and standings", arguments: rows)
    func figures(_ row: Row) throws {
        var scene = try Self.scene(row.files)
        let found = scene.evaluate(clock: Self.clock)
        let rule = try #require(found.rules.first { $0.rule.id == row.rule })
        #expect(rule.standing == row.standing)
        for (name, expected) in row.figures {
            let needs =
                rule.valued.readings.isEmpty
                ? Needs() : Evaluation.needs(of: scene.state, at: nil, clock: Self.clock, &scene.valuations)
            let sums = StoreSums(reading: needs, from: scene.files, calendar: scene.state.calendar)
            let valuation = scene.valuations.valuation(
                of: scene.state.pack, for: scene.state.store, on: day("2026-04-01"), scene.state.overrides)
            let reader = MetricReader(
                sums: sums, set: valuation.metrics, calendar: scene.state.calendar, at: Self.clock, coverage: nil)
            guard case .exact(.number(let value)) = reader.value(of: name) else {
                Issue.record("\(name) is \(reader.value(of: name))")
                continue
            }
            #expect(abs(value.double - expected) < 1e-9, "\(name)")
        }
    }

    @Test(
        "the campaign is open when all three scores hold, whether or not its limits are confirmed",
        arguments: [true, false])
    func campaign(_ isConfirmed: Bool) throws {
        func gate(_ score: MemberValue) throws -> Gate.State? {
            let files = Self.rated(0, of: 30, bad: [:], good: ["description": score, "logistics": "5", "service": "5"])
            var scene = try Self.scene(files, StoreOverrides(confirmation: isConfirmed ? .all : .none))
            return scene.evaluate(clock: Self.clock).gates.first?.state
        }
        #expect(try gate("5") == .open)
        // A limit of ours that nobody confirmed closes nothing.
        #expect(try gate("4.5") == (isConfirmed ? .closed : .open))
    }
}
