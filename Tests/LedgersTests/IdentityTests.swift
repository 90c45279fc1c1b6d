import Facts
import Ledgers
import Rollups
import TestSupport
import Testing

@Suite("A ledger's promises: what is the same fact, and what is not")
struct IdentityTests {
    static let plan = Sample.plan()
    static let book = PlanBook(all: WatchedStore(plan: plan))

    /// é as one character, and as e with an accent: alike to the eye and to Swift, two ids to whoever wrote them.
    static let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")

    @Test("ids that only look alike are two, those of stores one, in one batch as in two", arguments: [true, false])
    func lookalikes(_ inOneBatch: Bool) async throws {
        let ledger = try SQLiteLedger.inMemory()
        let facts = [
            order(Self.composed, updatedAt: "2026-03-02", ["placed_at": "2026-03-02T01:00:00Z"]),
            order(Self.decomposed, updatedAt: "2026-03-02", ["placed_at": "2026-03-03T01:00:00Z"]),
            rating("1", of: Self.composed, updatedAt: "2026-03-04", ["score": 1]),
            rating("2", of: Self.decomposed, updatedAt: "2026-03-04", ["score": 1]),
            rating("3", of: Self.decomposed, updatedAt: "2026-03-04", ["score": 1]),
            order("o", store: "s\u{E9}", updatedAt: "2026-03-02", ["placed_at": "2026-03-02T01:00:00Z"]),
            order("p", store: "se\u{301}", updatedAt: "2026-03-02", ["placed_at": "2026-03-05T01:00:00Z"]),
        ]
        for batch in inOneBatch ? [facts] : facts.map({ [$0] }) {
            _ = try await ledger.commit(.of(batch), under: Self.book)
        }
        #expect(try await ledger.allFacts().count == facts.count)
        #expect(
            try await ledger.cells(Self.plan)[Sample.ordersPlaced.text]
                == ["2026-03-02": Cell(count: 1), "2026-03-03": Cell(count: 1)])
        #expect(
            try await ledger.cells(Self.plan)[Sample.badlyRated.text]
                == ["2026-03-02": Cell(count: 1), "2026-03-03": Cell(count: 1)])
        for store in ["s", "s\u{E9}", "se\u{301}"] {
            #expect(try await ledger.verify(store, under: Self.plan) == .clean)
        }
        #expect(
            try await ledger.cells(of: "se\u{301}", Self.plan)[Sample.ordersPlaced.text] == [
                "2026-03-02": Cell(count: 1), "2026-03-05": Cell(count: 1),
            ])
        #expect(try await ledger.seenStores() == ["s", "s\u{E9}"])
        // Taken back one by one, by its own id.
        _ = try await ledger.commit(.of([deleted(.rating, "2", updatedAt: "2026-03-05")]), under: Self.book)
        _ = try await ledger.commit(.of([deleted(.rating, "3", updatedAt: "2026-03-05")]), under: Self.book)
        #expect(try await ledger.cells(Self.plan)[Sample.badlyRated.text] == ["2026-03-02": Cell(count: 1)])
        #expect(try await ledger.verify("s", under: Self.plan) == .clean)
    }

    @Test("the same page twice changes nothing, also without a time and with members kept as first known")
    func firstKnownTwice() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let reason = try #require(Schema[.refund].member("reason"))
        let book = PlanBook(all: WatchedStore(plan: Self.plan, first: [.refund: [reason]]))
        let page = FactBatch.of([refund("r", of: "o", ["reason": "quality"])])
        #expect(try await ledger.commit(page, under: book).inserted == 1)
        let again = try await ledger.commit(page, under: book)
        #expect(again.unchanged == 1 && again.stores.isEmpty)
        // A later word is not the first.
        _ = try await ledger.commit(.of([refund("r", of: "o", ["reason": "other"])]), under: book)
        _ = try await ledger.commit(page, under: book)
        _ = try await ledger.commit(.of([refund("r", of: "o", ["reason": "late"])]), under: book)
        let stands = try #require(try await ledger.allFacts().first)
        #expect(stands.numbers[reason.slot] == refund("r", ["reason": "quality"]).numbers[reason.slot])
    }

    @Test("what was first known is remembered while another source holds the kind")
    func setAside() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let reason = try #require(Schema[.refund].member("reason"))
        func book(_ sources: [SourceName]) -> PlanBook {
            PlanBook(
                all: WatchedStore(
                    plan: Self.plan, first: [.refund: [reason]], sources: SourcePrecedence(candidates: sources)))
        }
        let held = book([.feed("erp"), .file])
        _ = try await ledger.commit(.of([refund("x", updatedAt: "2026-03-01")], from: .feed("erp")), under: held)
        for (day, word) in [("2026-03-03", "other"), ("2026-03-02", "quality"), ("2026-03-04", "late")] {
            let fact = refund("r", of: "o", updatedAt: day, ["reason": .text(word)])
            #expect(try await ledger.commit(.of([fact], from: .file), under: held).setAside == [.refund: 1])
        }
        try await ledger.adopt(book([.file, .feed("erp")]), for: ["s"], now: noon) { _ in }
        let stands = try #require(try await ledger.allFacts().first { $0.id == "r" })
        #expect(stands.updatedAt == time("2026-03-04"))
        #expect(stands.numbers[reason.slot] == refund("r", ["reason": "quality"]).numbers[reason.slot])
    }

    @Test("a fact read badly and then well in one batch does not count against its store; the other way round it does")
    func readWellSince() async throws {
        for (factsBefore, counted) in [(0, 0), (1, 1)] {
            let ledger = try SQLiteLedger.inMemory()
            let rejection = Rejection(reason: "amount is negative", store: "s", kind: .order, id: "o", text: "…")
            let batch = FactBatch(
                source: .file, facts: [order("o", ["placed_at": "2026-03-02T01:00:00Z"])],
                rejections: [PlacedRejection(position: "line 1", rejection: rejection, factsBefore: factsBefore)],
                readAt: noon)
            #expect(try await ledger.commit(batch, under: Self.book).quarantined == counted)
            #expect(try await ledger.reading("s", WatchedStore(plan: Self.plan)).quarantined == counted)
        }
    }

    @Test("the buckets read to be held in memory are those that evaluations read", arguments: [true, false])
    func buckets(_ isBuilt: Bool) async throws {
        let ledger = try SQLiteLedger.inMemory()
        let history = MadeUpHistory(seed: 3, count: 300)
        for batch in history.batches(seed: 3) {
            _ = try await ledger.commit(.of(batch), under: isBuilt ? Self.book : .empty)
        }
        let found = try await ledger.buckets([
            BucketRequest(store: "s", plan: Self.plan, from: day("2025-01-01")),
            BucketRequest(store: "nobody", plan: Self.plan, from: day("2025-01-01")),
        ])
        #expect(found[1].revision == 0 && found[1].change.isEmpty)
        var cells: [String: [String: Cell]] = [:]
        found[0].change.forEach { aggregate, day, cell in
            guard (TestSupport.day("2026-02-01")..<TestSupport.day("2026-05-01")).contains(day) else { return }
            cells[Self.plan.aggregates[aggregate].text, default: [:]]["\(day)"] = cell
        }
        #expect(try await ledger.cells(Self.plan) == cells)
        #expect(!cells.isEmpty)
    }
}
