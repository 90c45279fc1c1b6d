import Facts
import Language
import Rollups
import TestSupport
import Testing

@Suite("Resident day buckets")
struct ResidentRollupsTests {
    static let calendar = StoreCalendar.zone("Europe/Berlin")
    static let start = calendar.startOfDay(LocalDay(year: 2026, month: 1, day: 20)) + .hours(9)

    static let metrics: KeyValuePairs<String, String> = [
        "disputes": "count(order by min(refunded_at of refund where disputed) over 30d)",
        "paid": "count(order by paid_at over 30d)", "paid_before": "paid offset 5d",
        "paid_week": "count(order by paid_at over 1w)",
        "paid_month": "count(order by paid_at over month to date)",
        "taken": "sum(amount of order by placed_at over 40d)",
        "rate": "disputes / paid", "dsr": "mean(description of rating by rated_at over 60d offset 3d)",
        "answer": "mean(responded_at - opened_at of refund by responded_at over 14d)",
        "late": "mean(shipped_at > ship_by of order by shipped_at over 2mo)",
        "waiting":
            "count(case where responded_at is missing or responded_at > opened_at + 48h by opened_at + 48h over 30d)",
        "stock": "sum(value of measure where name == \"x\" by at over 10d)", "hard": "max(taken / 3, paid * 2)",
    ]
    static let conditions = [
        "disputes < 3 or rate < 30%", "disputes >= 2 and not (rate <= 0.25)", "paid >= paid_before",
        "paid_week + paid_month > 4",
        "dsr >= 3.5", "dsr > 3 and late < 50%", "answer <= 6h", "answer is missing or answer > -2d",
        "taken / paid > 2.5",
        "taken * 2 - paid == 7", "waiting != 1", "stock > 2", "stock is missing", "hard > 10",
        "if(paid > 3, rate < 20%, late > 0.5)",
        "coalesce(rate, 0) < 10%", "abs(paid - paid_before) <= 2", "min(paid, disputes * 3) > 2",
        "(paid < 4) offset 2d",
        "rate < limit", "paid / (paid - paid) > 1", "-paid < -2",
    ]

    static func set() throws -> (MetricSet, [TypedExpression]) {
        let vocabulary = try PackText.vocabulary(metrics, parameters: ["limit": .rate])
        let conditions = try conditions.map { try PackText.condition($0, vocabulary) }
        let limit = Value.number(try #require(Fraction(1, over: 3)))
        return (MetricSet(vocabulary: vocabulary, conditions: conditions, parameters: ["limit": limit]), conditions)
    }

    /// Batches of random facts and days that pass, in turn: the rings hold what a recount gives, the windows what their
    /// days hold, and each compiled condition comes to what the evaluator says.
    @Test("follow the ledger from day to day, and say what the evaluator says", arguments: 0..<15)
    func follows(_ seed: UInt64) throws {
        let (set, conditions) = try ResidentRollupsTests.set()
        let calendar = ResidentRollupsTests.calendar
        let plan = RollupPlan(set.kept, calendar: calendar)
        let layout = ResidentLayout(set.readings, plan: plan, at: ResidentRollupsTests.start)
        #expect(layout.readings.count == set.readings.count)
        let compiled = try conditions.map { try #require(CompiledCondition($0, set: set, layout: layout)) }
        var at = ResidentRollupsTests.start
        var store = ResidentRollups(layout, at: at)
        var made = MadeUpFacts(seed: seed, first: LocalDay(year: 2025, month: 12, day: 20), dayCount: 100)
        made.orderCount = 25
        var (ledger, outcomes) = (PlainLedger(), Set<CompiledCondition.Verdict>())
        for _ in 0..<12 {
            var change = RollupChange()
            try ExactnessTests.commit((0..<25).map { _ in made.fact() }, to: &ledger, plan, into: &change)
            store.apply(change)
            at = calendar.moving(at, back: -made.generator.pick([0, 0, 1, 1, 1, 2, 7, 40]), .days)
            store.roll(to: at)
            let files = ledger.files
            let recount = Recount.cells(of: files, plan: plan)
            for index in plan.aggregates.indices {
                for day in store.firstDay..<store.lastDay.advanced(by: 1) {
                    #expect(store.cell(aggregate: index, day: day) == recount[index]?[day] ?? .zero)
                }
            }
            let sums = StoreSums(reading: set.needs(at: at, calendar: calendar), from: files, calendar: calendar)
            let reader = MetricReader(sums: sums, set: set, calendar: calendar, at: at, coverage: nil)
            for (place, reading) in layout.readings.enumerated() {
                let days = reading.span(at: at, in: calendar).days
                let cell = try #require(store.cell(of: place, over: days))
                #expect(cell.value(of: reading.aggregate) == reader.known(reading), "\(reading)")
            }
            for (text, (condition, code)) in zip(ResidentRollupsTests.conditions, zip(conditions, compiled)) {
                let verdict = code.verdict(over: store.sums)
                outcomes.insert(verdict)
                let said: CompiledCondition.Verdict =
                    switch reader.estimate(condition) {
                    case .exact(.bool(true)): .holds
                    case .exact(.bool(false)): .fails
                    default: .missing
                    }
                #expect(verdict == said, "\(text)")
            }
            #expect(store.cells(for: set.needs(at: at, calendar: calendar)) == sums.cells)
        }
        #expect(outcomes == [.holds, .fails, .missing])
    }

    @Test("are filled from blocks as they were")
    func restored() throws {
        let (set, _) = try ResidentRollupsTests.set()
        let plan = RollupPlan(set.kept, calendar: ResidentRollupsTests.calendar)
        let layout = ResidentLayout(set.readings, plan: plan, at: ResidentRollupsTests.start)
        var made = MadeUpFacts(seed: 4, first: LocalDay(year: 2025, month: 12, day: 1), dayCount: 70)
        var (ledger, change) = (PlainLedger(), RollupChange())
        try ExactnessTests.commit((0..<200).map { _ in made.fact() }, to: &ledger, plan, into: &change)
        var moved = ResidentRollups(layout, at: ResidentRollupsTests.start)
        moved.apply(change)
        var blocks: [Int32: RollupBlock] = [:]
        change.forEach { blocks[RollupBlock.number(of: $1), default: RollupBlock()].add($2, aggregate: $0, day: $1) }
        var read = ResidentRollups(layout, at: ResidentRollupsTests.start)
        for (number, block) in blocks {
            try block.bytes().withUnsafeBytes { bytes in
                try RollupBlock.forEach(in: number, bytes: bytes) { read.add($2, aggregate: $0, day: $1) }
            }
        }
        for place in layout.readings.indices {
            let days = read.ranges[place]
            #expect(read.cell(of: place, over: days) == moved.cell(of: place, over: days))
        }
    }

    @Test("numbers that do not fit are kept wide, and narrow ones cost few bytes")
    func width() throws {
        let set = MetricSet(
            vocabulary: try PackText.vocabulary([
                "a": "sum(amount of order by placed_at over 30d)", "b": "count(order by placed_at over 30d)",
            ]))
        let plan = RollupPlan(set.kept, calendar: .utc)
        let at = Timestamp(seconds: 20_500 * 86_400)
        let layout = ResidentLayout(set.readings, plan: plan, at: at)
        var store = ResidentRollups(layout, at: at)
        let narrow = store.byteCount
        let sum = try #require(plan.index(of: try PackText.aggregate("sum(amount of order by placed_at over 30d)")))
        let place = try #require(layout.place(of: set.readings[0]))
        let days = LocalDay(number: 20_470)..<LocalDay(number: 20_500)
        // A millionth is no multiple of what a narrow cell counts in; 2^100 fits no sum of 64 bits.
        for amount in [Int128(1), 1 << 100, 5_000_000] {
            store.add(Cell(count: 1, sum: amount), aggregate: sum, day: LocalDay(number: 20_480))
        }
        #expect(store.cell(of: place, over: days) == Cell(count: 3, sum: (Int128(1) << 100) + 5_000_001))
        #expect(store.byteCount > narrow)
        let condition = try PackText.condition("a > 3", set.vocabulary)
        let code = try #require(CompiledCondition(condition, set: set, layout: layout))
        #expect(code.verdict(over: store.sums) == .beyond)
        store.add(Cell(count: -1, sum: -(Int128(1) << 100)), aggregate: sum, day: LocalDay(number: 20_480))
        store.roll(to: at + .days(1))
        #expect(code.verdict(over: store.sums) == .holds)
        // Far back, where the ring does not reach, the ledger has to be asked; and back again it answers.
        store.roll(to: at - .days(20))
        #expect(!store.sums.reachBack)
        #expect(code.verdict(over: store.sums) == .beyond)
        store.roll(to: at + .days(1))
        #expect(code.verdict(over: store.sums) == .holds)
    }

    @Test("twelve aggregates over ninety days take less than eight kilobytes a store")
    func memory() throws {
        let windows = ["90d", "30d", "7d"]
        let texts =
            [
                "order by placed_at", "order by paid_at", "order by shipped_at", "refund by opened_at",
                "refund by closed_at", "case by opened_at", "case by resolved_at",
            ].map { "count(\($0) over" }
            + [
                "amount of order by paid_at", "score of rating by rated_at", "service of rating by rated_at",
                "logistics of rating by rated_at", "points of penalty by issued_at",
            ].map { "mean(\($0) over" }
        let vocabulary = try PackText.vocabulary()
        let conditions = try texts.flatMap { text in
            try windows.map { try PackText.condition("\(text) \($0)) > 1", vocabulary) }
        }
        let set = MetricSet(vocabulary: vocabulary, conditions: conditions)
        #expect(set.kept.count == 12)
        #expect(set.readings.count == 36)
        let plan = RollupPlan(set.kept, calendar: .utc)
        let layout = ResidentLayout(set.readings, plan: plan, at: ResidentRollupsTests.start)
        #expect(ResidentRollups(layout, at: ResidentRollupsTests.start).byteCount < 8_000)
    }

    @Test("coverage as bounds says what coverage says")
    func bounds() {
        let coverage = Coverage([
            .order: CoverageInterval(until: Timestamp(seconds: 100)),
            .refund: CoverageInterval(from: Timestamp(seconds: 50), until: Timestamp(seconds: 90)),
        ])
        let bounds = CoverageBounds(coverage)
        func demand(
            _ kinds: FactKinds, _ from: Int64, _ until: Int64, whole: FactKinds = []
        ) -> CoverageDemand {
            CoverageDemand(
                kinds: kinds, range: Timestamp(seconds: from)..<Timestamp(seconds: until), wholeKinds: whole)
        }
        #expect(bounds.meets(demand(FactKinds(.order), 0, 100)))
        #expect(!bounds.meets(demand(FactKinds(.order), 0, 101)))
        #expect(bounds.meets(demand(FactKinds([.order, .refund, .measure]), 50, 90)))
        #expect(!bounds.meets(demand(FactKinds([.order, .refund]), 49, 90)))
        #expect(!bounds.meets(demand(FactKinds([.order, .rating]), 60, 61)))
        #expect(bounds.meets(demand(FactKinds(.measure), 0, 1_000)))
        // What may be of any age has to be complete from the beginning.
        #expect(bounds.meets(demand(FactKinds(.order), 60, 61, whole: FactKinds([.order, .measure]))))
        #expect(!bounds.meets(demand(FactKinds([.order, .refund]), 60, 61, whole: FactKinds(.refund))))
    }
}
