import Facts
import Language
import Rollups
import TestSupport
import Testing

@Suite("A rollup equals a recount")
struct ExactnessTests {
    static let zones = ["Asia/Shanghai", "America/New_York", "UTC", "Europe/Berlin"]

    /// Random versions of random facts in random batches: whatever the order, repetition or lateness of arrival, the
    /// changes add up to what the final facts contain.
    @Test("whatever the order, repetition or lateness of arrival", arguments: 0..<60)
    func changesAddUp(_ seed: UInt64) throws {
        let plan = RollupPlan(SamplePack.aggregates, calendar: .zone(ExactnessTests.zones[Int(seed) % 4]))
        var made = MadeUpFacts(seed: seed)
        var (ledger, total) = (PlainLedger(), RollupChange())
        var arrived: [Fact] = []
        for _ in 0..<25 {
            var batch: [Fact] = []
            for _ in 0..<Int.random(in: 1...12, using: &made.generator) {
                // A repetition of what came before, or something new.
                let again = arrived.isEmpty || made.generator.percent(80) ? nil : made.generator.pick(arrived)
                batch.append(again ?? made.fact())
            }
            arrived += batch
            try ExactnessTests.commit(batch, to: &ledger, plan, into: &total)
        }
        let kept = ExactnessTests.cells(of: total)
        let expected = try SamplePack.cells(of: ledger.files, plan: plan)
        #expect(expected.values.contains { !$0.isEmpty })
        for (index, aggregate) in plan.aggregates.enumerated() {
            #expect(kept[index] ?? [:] == expected[index] ?? [:], "\(aggregate)")
        }
    }

    /// As a ledger does it: of each file the changed facts and the kinds that the plan asks for, and nothing else.
    static func commit(
        _ batch: [Fact], to ledger: inout PlainLedger, _ plan: RollupPlan, into total: inout RollupChange
    ) throws {
        let (before, changed) = ledger.commit(batch)
        let versions = changed.flatMap { [before[$0], ledger.facts[$0]].compactMap { $0 } }
        for key in Set(versions.map(PlainLedger.file)) {
            let kinds = FactKinds(versions.filter { PlainLedger.file(of: $0) == key }.map(\.kind))
            let needed = plan.kindsNeeded(for: kinds)
            func file(_ facts: [FactKey: Fact]) -> OrderFile {
                let read = facts.values.filter {
                    PlainLedger.file(of: $0) == key && (changed.contains($0.key) || needed.contains($0.kind))
                }
                return PlainLedger.files(of: read)[key] ?? OrderFile()
            }
            plan.change(from: file(before), to: file(ledger.facts), changed: kinds, into: &total)
        }
    }

    static func cells(of change: RollupChange) -> [Int: [LocalDay: Cell]] {
        var result: [Int: [LocalDay: Cell]] = [:]
        change.forEach { result[$0, default: [:]][$1] = $2 }
        return result
    }

    @Test("and what is taken back leaves nothing", arguments: 0..<10)
    func takenBack(_ seed: UInt64) throws {
        let plan = RollupPlan(SamplePack.aggregates, calendar: .utc)
        var made = MadeUpFacts(seed: seed)
        var (ledger, total) = (PlainLedger(), RollupChange())
        for _ in 0..<10 {
            try ExactnessTests.commit((0..<20).map { _ in made.fact() }, to: &ledger, plan, into: &total)
        }
        #expect(!total.isEmpty)
        let tombstones = ledger.facts.values.map {
            Fact($0.kind, store: $0.store, id: $0.id, updatedAt: Timestamp(seconds: 1_800_000_000), isDeleted: true)
        }
        try ExactnessTests.commit(tombstones, to: &ledger, plan, into: &total)
        #expect(total.isEmpty)
        #expect(total.entries.isEmpty)
    }

    @Test("no file is read for facts that count by themselves, and the right kinds for the others")
    func kindsNeeded() {
        let byThemselves = SamplePack.aggregates.filter { $0.fileKinds.isEmpty }
        #expect(byThemselves.count > 8)
        #expect(RollupPlan(byThemselves, calendar: .utc).kindsNeeded(for: .all).isEmpty)
        // count(order by min(refunded_at of refund …))
        let firstDispute = SamplePack.aggregates[4]
        let plan = RollupPlan([firstDispute], calendar: .utc)
        #expect(firstDispute.kindsRead == FactKinds([.order, .refund]))
        #expect(plan.kindsNeeded(for: FactKinds(.order)) == FactKinds(.refund))
        #expect(plan.kindsNeeded(for: FactKinds(.refund)) == FactKinds([.order, .refund]))
        #expect(plan.kindsNeeded(for: FactKinds(.rating)).isEmpty)
        // count(refund by order.paid_at)
        let byOrder = RollupPlan([SamplePack.aggregates[8]], calendar: .utc)
        #expect(byOrder.kindsNeeded(for: FactKinds(.refund)) == FactKinds(.order))
        #expect(byOrder.kindsNeeded(for: FactKinds(.order)) == FactKinds([.order, .refund]))
    }

    @Test("a change of many facts is the sum of their changes")
    func sums() {
        var (one, two, both) = (RollupChange(), RollupChange(), RollupChange())
        var generator = SeededGenerator(seed: 5)
        for step in 0..<5_000 {
            let cell = Cell(count: Int64.random(in: -3...3, using: &generator), sum: Int128(step % 7) - 3)
            let aggregate = Int.random(in: 0..<30, using: &generator)
            let day = LocalDay(number: Int32.random(in: -40...40, using: &generator))
            if step % 2 == 0 {
                one.add(cell, aggregate: aggregate, day: day)
            } else {
                two.add(cell, aggregate: aggregate, day: day)
            }
            both.add(cell, aggregate: aggregate, day: day)
        }
        one.add(two)
        #expect(ExactnessTests.cells(of: one) == ExactnessTests.cells(of: both))
        #expect(one.entries.count > 1_000)
        #expect(
            zip(one.entries, one.entries.dropFirst()).allSatisfy { ($0.aggregate, $0.day) < ($1.aggregate, $1.day) })
        let some = both.entries[17]
        #expect(one.cell(aggregate: some.aggregate, day: some.day) == some.cell)
        #expect(one.cell(aggregate: 99, day: some.day) == .zero)
    }
}
