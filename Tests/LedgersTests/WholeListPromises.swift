import Facts
import Ledgers
import Rollups
import TestSupport
import Testing

@Suite("A ledger's promises: what an order names no longer was deleted, and nothing else is")
struct WholeListPromises {
    private static let plan = Sample.plan()
    private static let book = PlanBook(all: WatchedStore(plan: plan))

    private static func list(
        _ ids: [String], kind: FactKind = .refund, of name: String = "o1", asOf updatedAt: String? = "2026-03-03",
        after factsBefore: Int = 0
    ) -> WholeList {
        WholeList(
            store: "s", kind: kind, order: name, ids: ids, orderUpdatedAt: updatedAt.map { time($0) },
            factsBefore: factsBefore)
    }

    private static func batch(
        _ facts: [Fact], _ lists: [WholeList], from source: SourceName = .feed("erp")
    ) -> FactBatch {
        FactBatch(source: source, facts: facts, wholes: lists, readAt: noon)
    }

    private static let placed = order(
        "o1", updatedAt: "2026-03-03", ["placed_at": "2026-03-02T09:00:00Z", "paid_at": "2026-03-02T09:00:00Z"])

    private static func dispute(_ id: String, of order: String = "o1") -> Fact {
        refund(id, of: order, updatedAt: "2026-03-03", ["disputed": true, "refunded_at": "2026-03-03T09:00:00Z"])
    }

    private func refunds(_ ledger: any Ledger) async throws -> [String: Bool] {
        var found: [String: Bool] = [:]
        for fact in try await ledger.allFacts() where fact.kind == .refund { found[fact.id] = !fact.isDeleted }
        return found
    }

    @Test("a refund that is not named is taken back, once, and comes back when it is brought again")
    func takesBack() async throws {
        try await LedgerKind.inMemory.with { ledger in
            let facts = [Self.placed, Self.dispute("r1"), Self.dispute("r2"), Self.dispute("x", of: "o2")]
            _ = try await ledger.commit(Self.batch(facts, [Self.list(["r1", "r2"], after: 4)]), under: Self.book)
            #expect(try await refunds(ledger) == ["r1": true, "r2": true, "x": true])
            let gone = try await ledger.commit(
                Self.batch([Self.placed], [Self.list(["r1"], after: 1)]), under: Self.book)
            #expect(gone.deleted == 1 && gone.stores.keys.sorted() == ["s"])
            #expect(try await refunds(ledger) == ["r1": true, "r2": false, "x": true])
            #expect(try await ledger.cells(Self.plan)[Sample.disputes.text] == ["2026-03-03": Cell(count: 2)])
            #expect(try await ledger.verify("s", under: Self.plan) == .clean)
            let again = try await ledger.commit(
                Self.batch([Self.placed], [Self.list(["r1"], after: 1)]), under: Self.book)
            #expect(again.deleted == 0 && again.stores.isEmpty)
            // As old as it was.
            _ = try await ledger.commit(Self.batch([Self.dispute("r2")], []), under: Self.book)
            #expect(try await refunds(ledger) == ["r1": true, "r2": true, "x": true])
            _ = try await ledger.commit(Self.batch([Self.placed], [Self.list([], after: 1)]), under: Self.book)
            #expect(try await refunds(ledger) == ["r1": false, "r2": false, "x": true])
            #expect(try await ledger.verify("s", under: Self.plan) == .clean)
        }
    }

    @Test("a list of an older version of the order says nothing; of the same one it does")
    func versions() async throws {
        let ledger = try SQLiteLedger.inMemory()
        _ = try await ledger.commit(Self.batch([Self.placed, Self.dispute("r1")], []), under: Self.book)
        let old = order("o1", updatedAt: "2026-03-02", ["placed_at": "2026-03-02T09:00:00Z"])
        let stale = Self.batch([old], [Self.list([], asOf: "2026-03-02", after: 1)])
        #expect(try await ledger.commit(stale, under: Self.book).deleted == 0)
        #expect(try await refunds(ledger) == ["r1": true])
        let same = Self.batch([Self.placed], [Self.list([], after: 1)])
        #expect(try await ledger.commit(same, under: Self.book).deleted == 1)
    }

    @Test("what comes behind a list in the same batch is newer than it, and what stands before it is not")
    func places() async throws {
        let ledger = try SQLiteLedger.inMemory()
        // Made after the order was read, and before its refunds were.
        _ = try await ledger.commit(
            Self.batch([Self.placed, Self.dispute("r1"), Self.dispute("r2")], [Self.list(["r1"], after: 1)]),
            under: Self.book)
        #expect(try await refunds(ledger) == ["r1": true, "r2": true])
        // Brought and deleted before the order was read once more.
        _ = try await ledger.commit(
            Self.batch(
                [Self.placed, Self.dispute("r3"), Self.placed],
                [Self.list(["r1", "r2", "r3"], after: 1), Self.list(["r1", "r2"], after: 3)]),
            under: Self.book)
        #expect(try await refunds(ledger) == ["r1": true, "r2": true, "r3": false])
        #expect(try await ledger.verify("s", under: Self.plan) == .clean)
    }

    @Test("facts of another source, of another kind and those that moved to another order are none of its")
    func others() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let facts = [Self.placed, Self.dispute("r1"), rating("b", of: "o1", updatedAt: "2026-03-03", ["score": 1])]
        _ = try await ledger.commit(Self.batch(facts, []), under: Self.book)
        let other = Self.batch([Self.placed], [Self.list([], after: 1)], from: .feed("other"))
        #expect(try await ledger.commit(other, under: Self.book).deleted == 0)
        let lines = Self.batch([Self.placed], [Self.list([], kind: .line, after: 1)])
        #expect(try await ledger.commit(lines, under: Self.book).deleted == 0)
        var moved = Self.dispute("r1", of: "o2")
        moved.updatedAt = time("2026-03-04")
        let batch = Self.batch([moved, Self.placed], [Self.list([], after: 2)])
        #expect(try await ledger.commit(batch, under: Self.book).deleted == 0)
        #expect(try await refunds(ledger) == ["r1": true])
    }

    @Test("however lists and facts are mixed, it is what a plain reading gives", arguments: 0..<12 as Range<UInt64>)
    func property(_ seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let ledger = try SQLiteLedger.inMemory()
        var plain: [String: (order: String, isThere: Bool)] = [:]
        for _ in 0..<30 {
            var (facts, lists): ([Fact], [WholeList]) = ([], [])
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                let name = "o\(Int.random(in: 0..<3, using: &generator))"
                facts.append(order(name, updatedAt: "2026-03-03", ["placed_at": "2026-03-02T09:00:00Z"]))
                if generator.percent(60) {
                    // Refunds stay with their order.
                    let id = "\(name)-\(Int.random(in: 0..<4, using: &generator))"
                    facts.append(Self.dispute(id, of: name))
                    plain[id] = (name, true)
                } else {
                    let named = (0..<4).filter { _ in generator.percent(50) }.map { "\(name)-\($0)" }
                    lists.append(Self.list(named, of: name, after: facts.count))
                    for (id, known) in plain where known.order == name && !named.contains(id) {
                        plain[id]?.isThere = false
                    }
                }
            }
            _ = try await ledger.commit(Self.batch(facts, lists), under: Self.book)
            #expect(try await refunds(ledger) == plain.mapValues(\.isThere))
        }
        #expect(try await ledger.verify("s", under: Self.plan) == .clean)
    }
}
