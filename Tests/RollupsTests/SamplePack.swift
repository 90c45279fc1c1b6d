import Facts
import Language
import Rollups

/// Twenty-odd aggregates of many shapes, each with what it must count written in plain Swift beside it.
enum SamplePack {
    struct Sample: Sendable {
        let aggregate: Aggregate
        /// When the fact counts, and with which value; nil when it does not count.
        let counts: @Sendable (Fact, OrderFile) -> (at: Timestamp, value: Int128)?
    }

    static let samples: [Sample] = [
        Sample(aggregate: Build.aggregate(.count, .order, by: Build.member(.order, "paid_at"))) { order, _ in
            order.time("paid_at").map { ($0, 0) }
        },
        Sample(
            aggregate: Build.aggregate(
                .count, .order, where: Build.not(Build.member(.order, "excluded")),
                by: Build.member(.order, "placed_at"))
        ) { order, _ in
            order.isTrue("excluded") ? nil : order.time("placed_at").map { ($0, 0) }
        },
        Sample(
            aggregate: Build.aggregate(
                .sum, of: Build.member(.order, "amount"), .order,
                where: Build.compare(Build.member(.order, "status"), .equal, Build.word("completed")),
                by: Build.member(.order, "completed_at"))
        ) { order, _ in
            guard order.word("status") == "completed", let amount = order.number("amount") else { return nil }
            return order.time("completed_at").map { ($0, Int128(amount)) }
        },
        Sample(
            aggregate: Build.aggregate(
                .mean, of: Build.compare(Build.member(.order, "shipped_at"), .greater, Build.member(.order, "ship_by")),
                .order, where: Build.not(Build.isMissing(Build.member(.order, "shipped_at"))),
                by: Build.member(.order, "shipped_at"))
        ) { order, _ in
            guard let shipped = order.time("shipped_at") else { return nil }
            // A comparison with a missing operand is false, not missing.
            let isLate = order.time("ship_by").map { shipped > $0 } ?? false
            return (shipped, isLate ? 1_000_000 : 0)
        },
        Sample(
            aggregate: Build.aggregate(
                .count, .order,
                by: Build.inFile(
                    .min, of: Build.member(.refund, "refunded_at"), .refund,
                    where: Build.and(
                        Build.and(Build.member(.refund, "disputed"), Build.not(Build.member(.refund, "excluded"))),
                        Build.compare(Build.member(.refund, "status"), .equal, Build.word("refunded")))))
        ) { _, file in
            file.children.filter {
                $0.kind == .refund && $0.isTrue("disputed") && !$0.isTrue("excluded") && $0.word("status") == "refunded"
            }.compactMap { $0.time("refunded_at") }.min().map { ($0, 0) }
        },
        Sample(
            aggregate: Build.aggregate(
                .count, .order,
                where: Build.or(
                    Build.has(
                        .rating, where: Build.compare(Build.member(.rating, "score"), .lessOrEqual, Build.number(2))),
                    Build.has(.refund, where: Build.isOneOf(Build.member(.refund, "type"), ["claim", "chargeback"]))),
                by: Build.member(.order, "placed_at"))
        ) { order, file in
            let isDefect = file.children.contains { child in
                child.kind == .rating && child.number("score").map { $0 <= 2_000_000 } ?? false
                    || child.kind == .refund && ["claim", "chargeback"].contains(child.word("type"))
            }
            return isDefect ? order.time("placed_at").map { ($0, 0) } : nil
        },
        Sample(
            aggregate: Build.aggregate(
                .mean, of: Build.member(.rating, "description"), .rating, by: Build.member(.rating, "rated_at"))
        ) { rating, _ in
            guard let at = rating.time("rated_at"), let score = rating.number("description") else { return nil }
            return (at, Int128(score))
        },
        Sample(
            aggregate: Build.aggregate(
                .sum, of: Build.member(.rating, "score"), .rating,
                where: Build.compare(Build.member(.rating, "amount", ofOrder: true), .greaterOrEqual, Build.number(3)),
                by: Build.member(.rating, "rated_at"))
        ) { rating, file in
            guard let amount = file.order?.number("amount"), amount >= 3_000_000 else { return nil }
            guard let at = rating.time("rated_at"), let score = rating.number("score") else { return nil }
            return (at, Int128(score))
        },
        Sample(aggregate: Build.aggregate(.count, .refund, by: Build.member(.refund, "paid_at", ofOrder: true))) {
            _, file in
            file.order?.time("paid_at").map { ($0, 0) }
        },
        Sample(
            aggregate: Build.aggregate(
                .sum, of: Build.member(.refund, "amount"), .refund,
                where: Build.compare(Build.member(.refund, "fulfillment", ofOrder: true), .equal, Build.word("seller")),
                by: Build.member(.refund, "refunded_at"))
        ) { refund, file in
            guard file.order?.word("fulfillment") == "seller", let amount = refund.number("amount") else { return nil }
            return refund.time("refunded_at").map { ($0, Int128(amount)) }
        },
        Sample(
            aggregate: Build.aggregate(
                .mean,
                of: Build.arithmetic(
                    Build.member(.refund, "responded_at"), .subtract, Build.member(.refund, "opened_at"), .duration),
                .refund, by: Build.member(.refund, "responded_at"))
        ) { refund, _ in
            guard let opened = refund.time("opened_at"), let responded = refund.time("responded_at") else { return nil }
            return (responded, Int128((responded - opened).microseconds))
        },
        Sample(
            aggregate: Build.aggregate(
                .count, .case,
                where: Build.or(
                    Build.isMissing(Build.member(.case, "responded_at")),
                    Build.compare(
                        Build.member(.case, "responded_at"), .greater,
                        Build.arithmetic(Build.member(.case, "opened_at"), .add, Build.hours(48), .time))),
                by: Build.arithmetic(Build.member(.case, "opened_at"), .add, Build.hours(48), .time))
        ) { item, _ in
            guard let due = item.time("opened_at").map({ $0 + .hours(48) }) else { return nil }
            return item.time("responded_at").map { $0 > due } ?? true ? (due, 0) : nil
        },
        Sample(
            aggregate: Build.aggregate(
                .sum, of: Build.member(.penalty, "points"), .penalty,
                where: Build.not(Build.member(.penalty, "excluded")), by: Build.member(.penalty, "issued_at"))
        ) { penalty, _ in
            guard !penalty.isTrue("excluded"), let points = penalty.number("points") else { return nil }
            return penalty.time("issued_at").map { ($0, Int128(points)) }
        },
        Sample(
            aggregate: Build.aggregate(
                .sum, of: Build.member(.measure, "value"), .measure,
                where: Build.compare(Build.member(.measure, "name"), .equal, Build.string("x")),
                by: Build.member(.measure, "at"))
        ) { reading, _ in
            guard reading.text("name") == "x", let value = reading.number("value") else { return nil }
            return reading.time("at").map { ($0, Int128(value)) }
        },
        Sample(
            aggregate: Build.aggregate(
                .mean, of: Build.member(.parcel, "tracked"), .parcel, by: Build.member(.parcel, "shipped_at"))
        ) { parcel, _ in
            // A missing value is left out of the divisor too.
            guard let tracked = parcel.number("tracked") else { return nil }
            return parcel.time("shipped_at").map { ($0, Int128(tracked) * 1_000_000) }
        },
        Sample(
            aggregate: Build.aggregate(
                .count, .order,
                where: Build.compare(
                    Build.inFile(
                        .sum, of: Build.member(.refund, "amount"), .refund,
                        where: Build.compare(Build.member(.refund, "status"), .equal, Build.word("refunded"))),
                    .greaterOrEqual, Build.member(.order, "amount")),
                by: Build.member(.order, "placed_at"))
        ) { order, file in
            guard let amount = order.number("amount") else { return nil }
            let refunded = file.children.filter { $0.kind == .refund && $0.word("status") == "refunded" }
                .compactMap { $0.number("amount") }.reduce(0, +)
            return refunded >= amount ? order.time("placed_at").map { ($0, 0) } : nil
        },
        Sample(
            aggregate: Build.aggregate(
                .count, .line,
                where: TypedExpression(
                    .compare(.equal, TypedExpression(.label("category", ofOrder: false), .string), Build.string("a")),
                    .bool),
                by: Build.member(.line, "paid_at", ofOrder: true))
        ) { line, file in
            line.labels["category"] == "a" ? file.order?.time("paid_at").map { ($0, 0) } : nil
        },
        Sample(
            aggregate: Build.aggregate(
                .mean,
                of: Build.arithmetic(
                    Build.call(
                        .coalesce, [Build.member(.order, "picked_up_at"), Build.member(.order, "shipped_at")], .time),
                    .subtract, Build.member(.order, "paid_at"), .duration),
                .order, by: Build.member(.order, "paid_at"))
        ) { order, _ in
            guard let paid = order.time("paid_at"), let left = order.time("picked_up_at") ?? order.time("shipped_at")
            else { return nil }
            return (paid, Int128((left - paid).microseconds))
        },
        Sample(
            aggregate: Build.aggregate(
                .count, .rating, where: Build.compare(Build.inFile(.count, .refund), .equal, Build.number(0)),
                by: Build.member(.rating, "rated_at"))
        ) { rating, file in
            file.children.contains { $0.kind == .refund } ? nil : rating.time("rated_at").map { ($0, 0) }
        },
        Sample(
            aggregate: Build.aggregate(
                .count, .refund,
                where: Build.compare(Build.inFile(.count, .refund), .greater, Build.number(1)),
                by: Build.member(.refund, "opened_at"))
        ) { refund, file in
            file.children.count { $0.kind == .refund } > 1 ? refund.time("opened_at").map { ($0, 0) } : nil
        },
        Sample(
            aggregate: Build.aggregate(
                .sum,
                of: Build.call(
                    .if, [Build.member(.refund, "disputed"), Build.member(.refund, "amount"), Build.number(0)], .number),
                .refund, by: Build.member(.refund, "opened_at"))
        ) { refund, _ in
            guard let opened = refund.time("opened_at") else { return nil }
            guard refund.isTrue("disputed") else { return (opened, 0) }
            return refund.number("amount").map { (opened, Int128($0)) }
        },
        Sample(
            aggregate: Build.aggregate(
                .count, .refund,
                where: Build.compare(Build.member(.refund, "reason"), .notEqual, Build.word("quality")),
                by: Build.member(.refund, "opened_at"))
        ) { refund, _ in
            // a != b is not (a == b): it holds when the reason is missing.
            refund.word("reason") != "quality" ? refund.time("opened_at").map { ($0, 0) } : nil
        },
    ]

    static let aggregates = samples.map(\.aggregate)

    /// What the buckets must hold, worked out by the plain Swift beside each aggregate.
    static func cells(of files: [OrderFile], plan: RollupPlan) throws -> [Int: [LocalDay: Cell]] {
        var result: [Int: [LocalDay: Cell]] = [:]
        for sample in samples {
            guard let index = plan.index(of: sample.aggregate) else { continue }
            for file in files {
                for fact in [file.order].compactMap({ $0 }) + file.children where fact.kind == sample.aggregate.kind {
                    guard let (moment, value) = sample.counts(fact, file) else { continue }
                    result[index, default: [:]][plan.calendar.day(of: moment), default: .zero] += Cell(
                        count: 1, sum: value)
                }
            }
        }
        return result
    }
}
