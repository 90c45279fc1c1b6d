import Facts
import Foundation
import Language
import Rollups
import Rules

/// All rules of a pack over many stores whose day buckets lie in memory, as the daemon holds them.
struct EvaluateBenchmark {
    private let pack: Pack
    private let count: Int
    private let calendar = StoreCalendar.utc
    private let today = LocalDay(year: 2026, month: 3, day: 1)
    private var valuations = PackValuations()

    init(pack path: String, stores: Int) throws {
        let text = SourceText(name: path, text: try String(contentsOfFile: path, encoding: .utf8))
        let (pack, diagnostics) = PackReader.read(text, isBuiltIn: false)
        guard let pack else { fatalError(diagnostics.map { $0.render() }.joined(separator: "\n")) }
        (self.pack, count) = (pack, stores)
    }

    mutating func run() throws {
        let store = Store(id: "s", pack: pack.name, timezone: "UTC")
        let valuation = valuations.valuation(of: pack, for: store, on: today, StoreOverrides())
        let plan = RollupPlan(valuation.metrics.kept, calendar: calendar)
        let noon = calendar.startOfDay(today) + .hours(12)
        let layout = ResidentLayout(valuation.metrics.readings, plan: plan, at: noon)
        guard let rules = CompiledRules(valuation, at: noon, layout: layout) else {
            fatalError("the pack does not compile")
        }
        var stores = made(layout, plan, at: noon)
        for index in stores.indices { stores[index].roll(to: rules.ranges, today: today) }
        var state = StoreState(
            store: store, calendar: calendar, pack: pack,
            coverage: Coverage(
                Dictionary(uniqueKeysWithValues: FactKind.allCases.map { ($0, CoverageInterval(until: noon)) })))
        state.coverage[.measure] = nil

        Benchmarks.report("rules", Double(pack.rules.count))
        Benchmarks.report("aggregates", Double(plan.aggregates.count))
        Benchmarks.report("bytes_per_store", Double(stores.reduce(0) { $0 + $1.byteCount }) / Double(count))
        let basis = StoreBasis(state)
        full(stores, rules, basis, noon)
        try changes(&stores, rules, plan, basis, noon)
        localDays()
        let tomorrow = calendar.startOfDay(today.advanced(by: 1)) + .hours(12)
        guard let next = CompiledRules(valuation, at: tomorrow, layout: layout) else { return }
        let began = ContinuousClock.now
        for index in stores.indices { stores[index].roll(to: next.ranges, today: next.day) }
        Benchmarks.report("day_roll_ms", (ContinuousClock.now - began) / .milliseconds(1))
    }

    /// The local day of moments all over a year, in a zone whose clocks change.
    private func localDays() {
        guard let zone = StoreCalendar(timezone: "America/New_York") else { return }
        let count: Int64 = 1_000_000
        var (times, sum) = ([Double](), Int64(0))
        for _ in 0..<11 {
            let began = ContinuousClock.now
            for step in 0..<count {
                sum += Int64(zone.day(of: Timestamp(seconds: 1_750_000_000 + step &* 7_919 % 31_536_000)).number)
            }
            times.append((ContinuousClock.now - began) / .nanoseconds(1) / Double(count))
        }
        precondition(sum > 0, "the days are used, or there would be nothing to time")
        Benchmarks.report("local_day_ns", Benchmarks.median(times))
    }

    /// Every rule of every store, with the look at coverage and freshness that allows it.
    private func full(_ stores: [ResidentRollups], _ rules: CompiledRules, _ basis: StoreBasis, _ clock: Timestamp) {
        var standings: [Standing] = []
        var (times, breaches) = ([Double](), 0)
        for _ in 0..<101 {
            let began = ContinuousClock.now
            breaches = 0
            stores.withUnsafeBufferPointer { stores in
                for index in stores.indices {
                    guard rules.admits(basis, clock: clock), rules.judge(stores[index].sums, into: &standings) else {
                        fatalError("not judged")
                    }
                    for standing in standings where standing == .breach { breaches += 1 }
                }
            }
            times.append((ContinuousClock.now - began) / .milliseconds(1))
        }
        Benchmarks.report("breaches", Double(breaches))
        Benchmarks.report("full_ms", Benchmarks.median(times))
    }

    /// One order becomes late: its file's difference moves the buckets, and its store is judged again.
    private func changes(
        _ stores: inout [ResidentRollups], _ rules: CompiledRules, _ plan: RollupPlan, _ basis: StoreBasis,
        _ clock: Timestamp
    ) throws {
        var before = Fact(.order, store: "s", id: "o")
        let paid = clock - .days(9)
        for (name, value) in [
            ("placed_at", paid), ("paid_at", paid), ("ship_by", paid + .days(2)), ("shipped_at", paid + .days(1)),
        ] {
            guard let member = Schema[.order].member(name) else { continue }
            before.numbers[member.slot] = value.microseconds
        }
        var after = before
        if let shipped = Schema[.order].member("shipped_at") {
            after.numbers[shipped.slot] = (paid + .days(3)).microseconds
        }
        var standings: [Standing] = []
        var times: [Double] = []
        for round in 0..<31 {
            let began = ContinuousClock.now
            for step in 0..<1000 {
                let index = (round * 1000 + step) &* 7919 % stores.count
                var change = RollupChange()
                plan.change(
                    from: OrderFile(order: before), to: OrderFile(order: after), changed: FactKinds(.order),
                    into: &change)
                stores[index].apply(change)
                guard rules.admits(basis, clock: clock), rules.judge(stores[index].sums, into: &standings) else {
                    fatalError("not judged")
                }
            }
            times.append((ContinuousClock.now - began) / .microseconds(1) / 1000)
        }
        Benchmarks.report("change_us", Benchmarks.median(times))
    }

    private func made(_ layout: ResidentLayout, _ plan: RollupPlan, at moment: Timestamp) -> [ResidentRollups] {
        var state: UInt64 = 42
        func dice(_ below: UInt64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % below)
        }
        return (0..<count).map { _ in
            var store = ResidentRollups(layout, at: moment)
            var change = RollupChange()
            for index in plan.aggregates.indices {
                for back in 0..<95 {
                    let cell = Cell(count: dice(6), sum: Int128(dice(20)) * 1_000_000)
                    change.add(
                        plan.aggregates[index].reducer == .count ? Cell(count: cell.count) : cell, aggregate: index,
                        day: today.advanced(by: -back))
                }
            }
            store.apply(change)
            return store
        }
    }
}
