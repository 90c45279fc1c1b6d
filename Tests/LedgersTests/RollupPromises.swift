import Facts
import Ledgers
import Rollups
import Synchronization
import TestSupport
import Testing

/// Seeded versions of facts that meet one another: few orders, every kind, deletions, moves. No two versions of a fact
/// have the same time, so that what stands in the end does not depend on the order of arrival.
struct MadeUpHistory {
    let versions: [Fact]

    init(seed: UInt64, count: Int, stores: [String] = ["s"]) {
        var generator = SeededGenerator(seed: seed)
        var versions: [Fact] = []
        for number in 0..<count {
            let kind = generator.pick(FactKind.allCases)
            let id = String(Int.random(in: 0..<16, using: &generator))
            var fact = Fact(kind, store: generator.pick(stores), id: id)
            fact.updatedAt = Timestamp(seconds: 1_772_000_000 + Int64(number))
            if generator.percent(10) {
                fact.isDeleted = true
            } else {
                for member in Schema[kind].members where generator.percent(70) {
                    switch member.type {
                    case .string:
                        fact.texts[member.slot] =
                            member.name == "order"
                            ? String(Int.random(in: 0..<9, using: &generator)) : generator.pick(["x", "y"])
                    case .number: fact.numbers[member.slot] = Int64.random(in: 0...6_000_000, using: &generator)
                    case .bool: fact.numbers[member.slot] = generator.percent(50) ? 1 : 0
                    case .word(let words):
                        fact.numbers[member.slot] = Int64.random(in: 0..<Int64(words.count), using: &generator)
                    case .time:
                        let second = Int64.random(in: 1_770_000_000..<1_776_000_000, using: &generator)
                        fact.numbers[member.slot] = second * 1_000_000
                    }
                }
                if generator.percent(30) { fact.labels["category"] = generator.pick(["a", "b"]) }
            }
            versions.append(fact)
        }
        self.versions = versions
    }

    /// What stands in the end, the plain way, by store, kind and id.
    var standing: [Fact] {
        var newest: [[String]: Fact] = [:]
        for fact in versions { newest[[fact.store, "\(fact.kind.rawValue)", fact.id]] = fact }
        return newest.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    }

    /// Recounted from what stands, by text of the aggregate and day.
    func cells(of store: String = "s", _ plan: RollupPlan) -> [String: [String: Cell]] {
        var files: [String: OrderFile] = [:]
        for fact in standing where fact.store == store && !fact.isDeleted {
            let key = fact.order.map { "order \($0)" } ?? "\(fact.kind) \(fact.id)"
            if fact.kind == .order {
                files[key, default: OrderFile()].order = fact
            } else {
                files[key, default: OrderFile()].children.append(fact)
            }
        }
        var result: [String: [String: Cell]] = [:]
        for (index, days) in Recount.cells(of: files.values, plan: plan) {
            for (day, cell) in days { result[plan.aggregates[index].text, default: [:]]["\(day)"] = cell }
        }
        return result
    }

    /// In random order and random batches, a fifth of them repeated.
    func batches(seed: UInt64) -> [[Fact]] {
        var generator = SeededGenerator(seed: seed)
        var rest = (versions + versions.filter { _ in generator.percent(20) }).shuffled(using: &generator)[...]
        var batches: [[Fact]] = []
        while !rest.isEmpty {
            let size = Int.random(in: 1...60, using: &generator)
            batches.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return batches
    }
}

@Suite("A ledger's promises: rollups equal a recount")
struct RollupPromises {
    @Test("whatever the order, repetition or lateness of arrival", arguments: 0..<24 as Range<UInt64>)
    func anyOrder(_ seed: UInt64) async throws {
        let zone = ["Asia/Shanghai", "America/New_York", "UTC"][Int(seed % 3)]
        let plan = Sample.plan(zone: zone)
        let book = PlanBook(all: WatchedStore(plan: plan))
        let history = MadeUpHistory(seed: seed, count: 400, stores: ["s", "t"])
        let (ledger, inOrder) = (try SQLiteLedger.inMemory(), try SQLiteLedger.inMemory())
        var total: [Int: [LocalDay: Cell]] = [:]
        for batch in history.batches(seed: seed) {
            let receipt = try await ledger.commit(.of(batch), under: book)
            receipt.stores["s"]?.change.forEach { total[$0, default: [:]][$1, default: .zero] += $2 }
        }
        _ = try await inOrder.commit(.of(history.versions), under: book)
        #expect(try await ledger.allFacts() == history.standing)
        #expect(try await inOrder.allFacts() == history.standing)
        for store in ["s", "t"] {
            let expected = history.cells(of: store, plan)
            #expect(expected.count >= 5)
            #expect(try await ledger.cells(of: store, plan) == expected)
            #expect(try await inOrder.cells(of: store, plan) == expected)
            #expect(try await ledger.verify(store, under: plan) == .clean)
        }
        // What the receipts said adds up to the same.
        var told: [String: [String: Cell]] = [:]
        for (index, days) in total {
            for (day, cell) in days where !cell.isZero {
                told[plan.aggregates[index].text, default: [:]]["\(day)"] = cell
            }
        }
        #expect(told == history.cells(of: "s", plan))
    }

    @Test("adopted after the fact they are what they would have been from the start", arguments: LedgerKind.allCases)
    func adopting(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            let history = MadeUpHistory(seed: 77, count: 600)
            let (few, all) = (Sample.plan(Array(Sample.all.prefix(4))), Sample.plan())
            _ = try await ledger.commit(.of(history.versions), under: PlanBook(all: WatchedStore(plan: few)))
            #expect(try await ledger.cells(few) == history.cells(few))
            // Not built yet: counted from the facts, and right.
            #expect(try await ledger.cells(all) == history.cells(all))
            let book = PlanBook(all: WatchedStore(plan: all))
            let before = try await ledger.changes(since: 0).revision
            let told = Told()
            try await ledger.adopt(book, for: ["s", "never seen"], now: noon) { told.add($0) }
            #expect(told.last?.storesDone == 2 && told.last?.storesInAll == 2)
            #expect(try await ledger.changes(since: before).stores.keys.sorted() == ["s"])
            #expect(try await ledger.verify("s", under: all) == .clean)
            #expect(try await ledger.cells(all) == history.cells(all))
            // Nothing is lacking now: adopting again does nothing.
            let after = try await ledger.changes(since: 0).revision
            try await ledger.adopt(book, for: ["s"], now: noon) { _ in }
            #expect(try await ledger.changes(since: 0).revision == after)
        }
    }

    @Test("another zone is another set of days, and going back is another building")
    func zones() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let history = MadeUpHistory(seed: 5, count: 500)
        let (shanghai, newYork) = (Sample.plan(), Sample.plan(zone: "America/New_York"))
        _ = try await ledger.commit(.of(history.versions), under: PlanBook(all: WatchedStore(plan: shanghai)))
        for plan in [newYork, shanghai] {
            #expect(try await ledger.cells(plan) == history.cells(plan))
            try await ledger.adopt(PlanBook(all: WatchedStore(plan: plan)), for: ["s"], now: noon) { _ in }
            #expect(try await ledger.verify("s", under: plan) == .clean)
            #expect(try await ledger.cells(plan) == history.cells(plan))
        }
    }

    /// A daemon and an import with different configurations, and adoption in between: figures are right all the time.
    @Test("commits under changing plans, watched or not, keep every figure exact", arguments: 0..<10 as Range<UInt64>)
    func changingPlans(_ seed: UInt64) async throws {
        let ledger = try SQLiteLedger.inMemory()
        let history = MadeUpHistory(seed: seed, count: 400)
        let plans = [
            Sample.plan(), Sample.plan(Array(Sample.all.suffix(5))), Sample.plan(Array(Sample.all.prefix(6))),
            Sample.plan(zone: "UTC"),
        ]
        var generator = SeededGenerator(seed: seed)
        for batch in history.batches(seed: seed) {
            let plan = generator.pick(plans)
            let book = generator.percent(10) ? .empty : PlanBook(all: WatchedStore(plan: plan))
            _ = try await ledger.commit(.of(batch), under: book)
            if generator.percent(30) {
                let plan = generator.pick(plans)
                try await ledger.adopt(PlanBook(all: WatchedStore(plan: plan)), for: ["s"], now: noon) { _ in }
                #expect(try await ledger.verify("s", under: plan) == .clean)
            }
        }
        for plan in plans {
            // Of those that are not built nothing is held that could differ.
            #expect(try await ledger.verify("s", under: plan).differences == [])
            #expect(try await ledger.cells(plan) == history.cells(plan))
        }
        try await ledger.adopt(PlanBook(all: WatchedStore(plan: plans[0])), for: ["s"], now: noon) { _ in }
        #expect(try await ledger.cells(plans[0]) == history.cells(plans[0]))
    }

    @Test("a store unknown to the configuration is kept, and counted once it is watched")
    func unwatched() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let history = MadeUpHistory(seed: 9, count: 300)
        _ = try await ledger.commit(.of(history.versions), under: .empty)
        #expect(try await ledger.allFacts() == history.standing)
        let plan = Sample.plan()
        try await ledger.adopt(PlanBook(all: WatchedStore(plan: plan)), for: ["s"], now: noon) { _ in }
        #expect(try await ledger.cells(plan) == history.cells(plan))
        #expect(try await ledger.verify("s", under: plan) == .clean)
    }

    @Test(
        "what lives in no bucket is read from the facts, through an index where there is one", arguments: [true, false])
    func needs(_ isIndexed: Bool) async throws {
        let ledger = try SQLiteLedger.inMemory()
        let indexed: Set = [IndexedMember(.refund, "refunded_at"), IndexedMember(.order, "paid_at")]
        let book = PlanBook(all: WatchedStore(plan: Sample.plan(), indexed: isIndexed ? indexed : []))
        _ = try await ledger.commit(
            .of([
                order("1", ["paid_at": "2026-03-02T00:00:00Z"]), order("2", ["paid_at": "2026-03-04T00:00:00Z"]),
                refund("a", of: "1", ["refunded_at": "2026-03-05T00:00:00Z", "disputed": true]),
                refund("b", of: "2", ["refunded_at": "2026-03-09T00:00:00Z", "disputed": true]),
                refund("c", ["refunded_at": "2026-03-05T00:00:00Z"]),
                rating("x", of: "1"),
            ]), under: book)
        try await ledger.adopt(book, for: ["s"], now: noon) { _ in }
        func files(_ aggregate: Aggregate, _ from: String, _ to: String) async throws -> [[String]] {
            let need = FactNeed(aggregate, in: time(from)..<time(to))
            return try await ledger.files(of: "s", for: need).map { file in
                ([file.order].compactMap { $0 } + file.children).map { "\($0.kind.name) \($0.id)" }.sorted()
            }
        }
        #expect(try await files(Sample.disputes, "2026-03-05", "2026-03-06") == [["refund a"], ["refund c"]])
        #expect(try await files(Sample.disputedOrders, "2026-03-09", "2026-03-10") == [["order 2", "refund b"]])
        #expect(try await files(Sample.refundsByOrder, "2026-03-01", "2026-03-03") == [["order 1", "refund a"]])
        #expect(try await files(Sample.disputes, "2026-03-06", "2026-03-09").isEmpty)
    }
}

/// What `progress` was told.
final class Told: Sendable {
    private let state = Mutex<[AdoptProgress]>([])
    func add(_ progress: AdoptProgress) { state.withLock { $0.append(progress) } }
    var last: AdoptProgress? { state.withLock { $0.last } }
}
