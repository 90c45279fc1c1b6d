import Facts
import Ledgers
import Rollups
import TestSupport
import Testing

/// A ledger to hold to its promises. Whatever kind comes later is added here and has to keep them all.
enum LedgerKind: CaseIterable {
    case inMemory
    case file

    /// Runs `body` on an empty ledger of this kind.
    func with<Result>(_ body: (any Ledger) async throws -> Result) async throws -> Result {
        switch self {
        case .inMemory: return try await body(SQLiteLedger.inMemory())
        case .file:
            let folder = try Workplace()
            let ledger = try SQLiteLedger.open(path: folder.file("ledger.db"))
            let result = try await body(ledger)
            try ledger.close()
            return result
        }
    }
}

let noon = time("2026-03-10T12:00:00Z")

extension FactBatch {
    /// Of these facts, with nothing else.
    static func of(_ facts: [Fact], from source: SourceName = .feed("erp")) -> FactBatch {
        FactBatch(source: source, facts: facts, readAt: noon)
    }
}

extension Ledger {
    /// Every fact that stands, tombstones included.
    func allFacts(pagesOf limit: Int = 1_000) async throws -> [Fact] {
        var (facts, position): ([Fact], FactPosition?) = ([], nil)
        repeat {
            let page = try await self.facts(FactSelection(), after: position, limit: limit)
            facts += page.facts
            position = page.next
        } while position != nil
        return facts
    }

    /// What the buckets say of a store's aggregates over February to April 2026, days without facts left out.
    func cells(
        of store: String = "s", _ plan: RollupPlan, sources: SourcePrecedence = SourcePrecedence()
    ) async throws -> [String: [String: Cell]] {
        var needs = Needs()
        for aggregate in plan.aggregates { needs.add(aggregate, days: day("2026-02-01")..<day("2026-05-01")) }
        let reading = try await readings(
            [ReadingRequest(store: store, needs: needs, plan: plan, sources: sources)], now: noon)[0]
        return reading.sums.cells.shown
    }

    func reading(_ store: String = "s", _ watched: WatchedStore, now: Timestamp = noon) async throws -> StoreReading {
        let request = ReadingRequest(store: store, needs: Needs(), plan: watched.plan, sources: watched.sources)
        return try await readings([request], now: now)[0]
    }
}

extension [Aggregate: DayCells] {
    /// By the aggregate's text and the day; what is zero is left out.
    var shown: [String: [String: Cell]] {
        var result: [String: [String: Cell]] = [:]
        for (aggregate, cells) in self {
            for day in cells.days where !cells[day].isZero {
                result[aggregate.text, default: [:]]["\(day)"] = cells[day]
            }
        }
        return result
    }
}

@Suite("A ledger's promises: facts")
struct FactPromises {
    static let plan = Sample.plan()
    static let watched = WatchedStore(plan: plan)
    static let book = PlanBook(all: watched)

    @Test("the same page twice changes nothing", arguments: LedgerKind.allCases)
    func samePageTwice(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            let page = FactBatch.of([
                order("o1", updatedAt: "2026-03-02T10:00:00Z", ["placed_at": "2026-03-02T09:00:00Z", "amount": 12]),
                refund("r1", of: "o1", updatedAt: "2026-03-03T10:00:00Z", ["disputed": true]),
            ])
            let first = try await ledger.commit(page, under: Self.book)
            #expect(first.inserted == 2 && first.unchanged == 0)
            #expect(!(first.stores["s"]?.change.isEmpty ?? true))
            let second = try await ledger.commit(page, under: Self.book)
            #expect(second.inserted == 0 && second.unchanged == 2 && second.conflicts == 0)
            #expect(second.stores.isEmpty)
            #expect(second.revision == first.revision)
            #expect(try await ledger.allFacts() == page.facts)
        }
    }

    @Test("every member comes back as it went in", arguments: LedgerKind.allCases)
    func everyMember(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            var generator = SeededGenerator(seed: 11)
            var facts: [Fact] = []
            for kind in FactKind.allCases {
                for number in 0..<40 {
                    facts.append(
                        .random(kind, id: String(100 + number), labels: ["category", "grade"], using: &generator))
                }
            }
            _ = try await ledger.commit(.of(facts), under: Self.book)
            #expect(try await ledger.allFacts(pagesOf: 7) == facts)
        }
    }

    @Test(
        "an older version changes nothing, an equal one that differs is a conflict, and without a time the later wins")
    func versions() async throws {
        let ledger = try SQLiteLedger.inMemory()
        func commit(_ updatedAt: String?, _ amount: Int) async throws -> CommitReceipt {
            let fact = order(
                "o", updatedAt: updatedAt, ["placed_at": "2026-03-02", "amount": .init(integerLiteral: amount)])
            return try await ledger.commit(.of([fact]), under: Self.book)
        }
        #expect(try await commit("2026-03-05", 5).inserted == 1)
        #expect(try await commit("2026-03-04", 4).unchanged == 1)
        let conflict = try await commit("2026-03-05", 6)
        #expect(conflict.unchanged == 1 && conflict.conflicts == 1)
        #expect(try await ledger.allFacts().first?.numbers[Self.amount] == 5_000_000)
        #expect(try await commit("2026-03-06", 7).updated == 1)
        #expect(try await commit(nil, 8).updated == 1)
        #expect(try await commit("2026-03-01", 9).updated == 1)
        #expect(try await ledger.allFacts().map { $0.numbers[Self.amount] } == [9_000_000])
    }
    static let amount = Schema[.order].member("amount")!.slot  // proof: orders have an amount

    @Test(
        "a deleted order counts no more, its children stay, and a newer version revives it",
        arguments: LedgerKind.allCases)
    func tombstones(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            let placed = order(
                "o1", updatedAt: "2026-03-02", ["placed_at": "2026-03-02T09:00:00Z", "paid_at": "2026-03-02T09:00:00Z"])
            let dispute = refund(
                "r1", of: "o1", updatedAt: "2026-03-03", ["disputed": true, "refunded_at": "2026-03-03T09:00:00Z"])
            _ = try await ledger.commit(.of([placed, dispute]), under: Self.book)
            #expect(
                try await ledger.cells(Self.plan) == [
                    Sample.ordersPlaced.text: ["2026-03-02": Cell(count: 1)],
                    Sample.disputes.text: ["2026-03-03": Cell(count: 1)],
                    Sample.disputedOrders.text: ["2026-03-03": Cell(count: 1)],
                    Sample.refundsByOrder.text: ["2026-03-02": Cell(count: 1)],
                ])
            let gone = try await ledger.commit(.of([deleted(.order, "o1", updatedAt: "2026-03-04")]), under: Self.book)
            #expect(gone.deleted == 1)
            #expect(try await ledger.cells(Self.plan) == [Sample.disputes.text: ["2026-03-03": Cell(count: 1)]])
            #expect(try await ledger.allFacts().map(\.isDeleted) == [true, false])
            // Older than the tombstone: stays gone.
            let late = order("o1", updatedAt: "2026-03-03", ["placed_at": "2026-03-02T09:00:00Z"])
            #expect(try await ledger.commit(.of([late]), under: Self.book).unchanged == 1)
            var again = placed
            again.updatedAt = time("2026-03-05")
            _ = try await ledger.commit(.of([again]), under: Self.book)
            #expect(try await ledger.cells(Self.plan).count == 4)
        }
    }

    @Test("a fact that moves from one order to another changes both files at once")
    func moves() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let facts = [
            order(
                "a", updatedAt: "2026-03-02", ["placed_at": "2026-03-02T01:00:00Z", "paid_at": "2026-03-02T01:00:00Z"]),
            order(
                "b", updatedAt: "2026-03-02", ["placed_at": "2026-03-03T01:00:00Z", "paid_at": "2026-03-03T01:00:00Z"]),
            rating("x", of: "a", updatedAt: "2026-03-04", ["score": 1]),
            refund("r", of: "a", updatedAt: "2026-03-04", ["disputed": false]),
        ]
        _ = try await ledger.commit(.of(facts), under: Self.book)
        var cells = try await ledger.cells(Self.plan)
        #expect(cells[Sample.badlyRated.text] == ["2026-03-02": Cell(count: 1)])
        #expect(cells[Sample.refundsByOrder.text] == ["2026-03-02": Cell(count: 1)])
        _ = try await ledger.commit(
            .of([
                rating("x", of: "b", updatedAt: "2026-03-05", ["score": 1]),
                refund("r", of: "b", updatedAt: "2026-03-05", ["disputed": false]),
            ]), under: Self.book)
        cells = try await ledger.cells(Self.plan)
        #expect(cells[Sample.badlyRated.text] == ["2026-03-03": Cell(count: 1)])
        #expect(cells[Sample.refundsByOrder.text] == ["2026-03-03": Cell(count: 1)])
        // And to no order at all.
        _ = try await ledger.commit(.of([rating("x", updatedAt: "2026-03-06", ["score": 1])]), under: Self.book)
        cells = try await ledger.cells(Self.plan)
        #expect(cells[Sample.badlyRated.text] == nil)
        #expect(cells[Sample.ordersPlaced.text]?.count == 2)
    }

    @Test("members kept as first known stand, also when the earlier version arrives late")
    func firstKnown() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let reason = Schema[.refund].member("reason")!  // proof: refunds have a reason
        let book = PlanBook(all: WatchedStore(plan: Self.plan, first: [.refund: [reason]]))
        func version(_ day: String, _ reason: String) -> Fact {
            refund("r", updatedAt: day, ["reason": .init(stringLiteral: reason), "opened_at": "2026-03-01T02:00:00Z"])
        }
        _ = try await ledger.commit(.of([version("2026-03-03", "late")]), under: book)
        _ = try await ledger.commit(.of([version("2026-03-04", "other")]), under: book)
        #expect(try await ledger.cells(Self.plan)[Sample.qualityRefunds.text] == nil)
        #expect(try await ledger.commit(.of([version("2026-03-02", "quality")]), under: book).updated == 1)
        #expect(
            try await ledger.cells(Self.plan)[Sample.qualityRefunds.text] == ["2026-03-01": Cell(count: 1)])
        #expect(try await ledger.verify("s", under: Self.plan) == .clean)
    }

    @Test("revisions rise with what changed, and tell who missed something")
    func revisions() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let first = try await ledger.commit(.of([order("1", store: "a"), order("1", store: "b")]), under: Self.book)
        let second = try await ledger.commit(.of([order("2", store: "b")]), under: Self.book)
        #expect(first.stores["a"]?.before == 0)
        #expect(second.stores.keys.sorted() == ["b"])
        #expect(second.stores["b"]?.before == first.revision)
        #expect(try await ledger.changes(since: first.revision).stores == ["b": second.revision])
        #expect(try await ledger.changes(since: second.revision).stores.isEmpty)
        #expect(try await ledger.changes(since: 0).stores.keys.sorted() == ["a", "b"])
        #expect(try await ledger.seenStores() == ["a", "b"])
    }

    @Test("the key of buyers is made once")
    func buyerKey() async throws {
        let (one, two) = (try SQLiteLedger.inMemory(), try SQLiteLedger.inMemory())
        let name = try await one.buyerKey().pseudonym(of: "lin")
        #expect(try await one.buyerKey().pseudonym(of: "lin") == name)
        #expect(try await two.buyerKey().pseudonym(of: "lin") != name)
    }

    @Test("an export can be narrowed to stores and kinds, and pages join without gap or repetition")
    func export() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let facts = ["b", "a"].flatMap { store in
            (0..<5).flatMap { [order("o\($0)", store: store), penalty("p\($0)", store: store)] }
        }
        _ = try await ledger.commit(.of(facts), under: Self.book)
        let all = try await ledger.allFacts(pagesOf: 3)
        #expect(
            all.map { "\($0.store) \($0.kind.name) \($0.id)" }
                == ["a", "b"].flatMap { store in
                    (0..<5).map { "\(store) order o\($0)" } + (0..<5).map { "\(store) penalty p\($0)" }
                })
        let some = try await ledger.facts(
            FactSelection(stores: ["b"], kinds: FactKinds(.penalty)), after: nil, limit: 99)
        #expect(some.facts.map(\.id) == (0..<5).map { "p\($0)" } && some.next == nil)
    }
}
