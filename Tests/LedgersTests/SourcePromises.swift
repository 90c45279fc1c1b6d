import Facts
import Ledgers
import Rollups
import TestSupport
import Testing

@Suite("A ledger's promises: one source a kind")
struct SourcePromises {
    static let plan = Sample.plan()
    static func book(_ sources: SourcePrecedence) -> PlanBook {
        PlanBook(all: WatchedStore(plan: plan, sources: sources))
    }
    static let feeds = SourcePrecedence(candidates: [.platform, .feed("erp"), .feed("crm"), .file, .hand])

    @Test(
        "the rule: what is configured, else who declares or brought it, in the order of trust",
        arguments: [
            (["file"], [:], nil, "file"), (["file", "feed:crm"], [:], nil, "feed:crm"),
            (["feed:crm", "feed:erp"], [:], nil, "feed:erp"),
            (["hand", "file"], ["feed:crm": "refund"], nil, "feed:crm"),
            (["feed:erp"], [:], "hand", "hand"), ([], [:], nil, nil), (["feed:gone"], [:], nil, "feed:gone"),
            (["feed:gone", "hand"], [:], nil, "hand"), (["feed:erp"], ["platform": "order"], nil, "feed:erp"),
        ] as [([String], [String: String], String?, String?)])
    func rule(_ brought: [String], _ declared: [String: String], _ fixed: String?, _ expected: String?) throws {
        var sources = Self.feeds
        for (source, kind) in declared {
            sources.declared[try #require(SourceName(source))] = FactKinds(try #require(FactKind(name: kind)))
        }
        sources.fixed[.refund] = fixed.flatMap { SourceName($0) }
        let names = brought.compactMap { SourceName($0) }
        #expect(sources.source(of: .refund, brought: names)?.description == expected)
    }

    @Test("a thin copy never wipes a full one", arguments: LedgerKind.allCases)
    func thinCopy(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            let book = Self.book(Self.feeds)
            let full = order("o", updatedAt: "2026-03-02", ["placed_at": "2026-03-02T01:00:00Z", "amount": 10])
            _ = try await ledger.commit(.of([full], from: .feed("erp")), under: book)
            let thin = order("o", updatedAt: "2026-03-09", ["placed_at": "2026-03-05T01:00:00Z"])
            let receipt = try await ledger.commit(.of([thin], from: .file), under: book)
            #expect(receipt.setAside == [.order: 1] && receipt.stores.isEmpty)
            #expect(try await ledger.allFacts() == [full])
            #expect(try await ledger.cells(Self.plan)[Sample.ordersPlaced.text] == ["2026-03-02": Cell(count: 1)])
        }
    }

    @Test(
        "when a more trusted source begins to bring a kind, what the other brought moves aside, and comes back",
        arguments: LedgerKind.allCases)
    func takingOver(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            let book = Self.book(Self.feeds)
            let old = [
                order(
                    "1", updatedAt: "2026-03-02", labels: ["category": "a"],
                    ["placed_at": "2026-03-02T01:00:00Z", "buyer": "h:00112233445566778899aabbccddeeff"]),
                order("2", updatedAt: "2026-03-02", ["placed_at": "2026-03-03T01:00:00Z"]),
                rating("x", of: "1", updatedAt: "2026-03-02", ["score": 1]),
            ]
            _ = try await ledger.commit(.of(old, from: .file), under: book)
            let new = order("1", updatedAt: "2026-03-01", ["placed_at": "2026-03-04T01:00:00Z"])
            let receipt = try await ledger.commit(.of([new], from: .feed("crm")), under: book)
            #expect(receipt.displaced == [.order: 2] && receipt.setAside.isEmpty && receipt.inserted == 1)
            // The ratings still are the file's, and are joined to the feed's order.
            #expect(try await ledger.allFacts() == [new, old[2]])
            #expect(try await ledger.cells(Self.plan)[Sample.ordersPlaced.text] == ["2026-03-04": Cell(count: 1)])
            #expect(try await ledger.cells(Self.plan)[Sample.badlyRated.text] == ["2026-03-04": Cell(count: 1)])
            #expect(try await ledger.verify("s", under: Self.plan) == .clean)
            #expect(
                try await ledger.reading("s", WatchedStore(plan: Self.plan)).sources
                    == [.order: [.feed("crm")], .rating: [.file]])

            // The configuration gives the kind back to the file: its facts return with all they had.
            var fixed = Self.feeds
            fixed.fixed[.order] = .file
            try await ledger.adopt(Self.book(fixed), for: ["s"], now: noon) { _ in }
            #expect(try await ledger.allFacts() == old)
            #expect(
                try await ledger.cells(Self.plan)[Sample.ordersPlaced.text]
                    == ["2026-03-02": Cell(count: 1), "2026-03-03": Cell(count: 1)])
            #expect(try await ledger.verify("s", under: Self.plan) == .clean)
            // And to the feed again.
            try await ledger.adopt(book, for: ["s"], now: noon) { _ in }
            #expect(try await ledger.allFacts() == [new, old[2]])
        }
    }

    @Test("of measures every name has a source of its own")
    func measures() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let book = Self.book(Self.feeds)
        func reading(_ id: String, _ name: String, _ value: Int) -> Fact {
            measure(
                id, updatedAt: "2026-03-02",
                [
                    "name": .init(stringLiteral: name), "at": "2026-03-02T00:00:00Z",
                    "value": .init(integerLiteral: value),
                ])
        }
        _ = try await ledger.commit(.of([reading("1", "dsr", 5), reading("2", "stock", 7)], from: .file), under: book)
        let receipt = try await ledger.commit(.of([reading("3", "dsr", 4)], from: .feed("erp")), under: book)
        #expect(receipt.displaced == [.measure: 1] && receipt.inserted == 1)
        #expect(try await ledger.allFacts().map(\.id) == ["2", "3"])
        let newest = try await ledger.reading("s", WatchedStore(plan: Self.plan)).newestMeasures
        #expect(newest.mapValues(\.at) == ["dsr": time("2026-03-02"), "stock": time("2026-03-02")])
        #expect(newest["stock"]?.value == FixedPoint("7") && newest["dsr"]?.value == FixedPoint("4"))
        // A tombstone names no measure: it is held by what it takes back.
        let gone = deleted(.measure, "2", updatedAt: "2026-03-03")
        #expect(try await ledger.commit(.of([gone], from: .file), under: book).deleted == 1)
        #expect(
            try await ledger.reading("s", WatchedStore(plan: Self.plan)).newestMeasures
                == ["dsr": MeasureReading(at: time("2026-03-02"), value: FixedPoint("4"))])
    }
}
