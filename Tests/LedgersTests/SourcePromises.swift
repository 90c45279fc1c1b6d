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
            try await ledger.adopt(Self.book(fixed), for: ["s"]) { _ in }
            #expect(try await ledger.allFacts() == old)
            #expect(
                try await ledger.cells(Self.plan)[Sample.ordersPlaced.text]
                    == ["2026-03-02": Cell(count: 1), "2026-03-03": Cell(count: 1)])
            #expect(try await ledger.verify("s", under: Self.plan) == .clean)
            // And to the feed again.
            try await ledger.adopt(book, for: ["s"]) { _ in }
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
        #expect(newest == ["dsr": time("2026-03-02"), "stock": time("2026-03-02")])
        // A tombstone names no measure: it is held by what it takes back.
        let gone = deleted(.measure, "2", updatedAt: "2026-03-03")
        #expect(try await ledger.commit(.of([gone], from: .file), under: book).deleted == 1)
        #expect(
            try await ledger.reading("s", WatchedStore(plan: Self.plan)).newestMeasures == ["dsr": time("2026-03-02")])
    }
}

@Suite("A ledger's promises: coverage, pulls and quarantine")
struct CoveragePromises {
    static let watched = WatchedStore(
        plan: Sample.plan(), sources: SourcePrecedence(candidates: [.platform, .feed("erp"), .file, .hand]))
    static let book = PlanBook(all: watched)

    static func finish(
        _ source: SourceName, _ stores: PullFinish.Stores, _ kinds: FactKinds = .all, from: String? = nil,
        until: String, facts: [Fact] = []
    ) -> FactBatch {
        FactBatch(
            source: source, facts: facts,
            finish: PullFinish(stores: stores, kinds: kinds, from: from.map { time($0) }, until: time(until)),
            readAt: noon)
    }

    @Test("a finished pull of a feed covers every store that it ever brought, for kinds nobody brought too")
    func feeds() async throws {
        let ledger = try SQLiteLedger.inMemory()
        _ = try await ledger.commit(.of([order("1", store: "a")]), under: Self.book)
        _ = try await ledger.commit(.of([order("1", store: "b")], from: .file), under: Self.book)
        #expect(try await ledger.reading("a", Self.watched).coverage == Coverage())
        _ = try await ledger.commit(Self.finish(.feed("erp"), .all, until: "2026-03-09"), under: Self.book)
        let covered = try await ledger.reading("a", Self.watched).coverage
        #expect(covered[.order] == CoverageInterval(until: time("2026-03-09")))
        #expect(covered[.refund] == CoverageInterval(until: time("2026-03-09")))
        #expect(covered[.measure] == nil)
        // The feed never brought this one.
        #expect(try await ledger.reading("b", Self.watched).coverage == Coverage())
    }

    @Test("what a feed first brings in a pull is covered when that pull has finished, and not before")
    func newcomers() async throws {
        let ledger = try SQLiteLedger.inMemory()
        func until(_ store: String, _ kind: FactKind) async throws -> Timestamp? {
            try await ledger.reading(store, Self.watched).coverage[kind]?.until
        }
        _ = try await ledger.commit(
            Self.finish(.feed("erp"), .all, until: "2026-03-09", facts: [order("1", store: "a")]), under: Self.book)
        #expect(try await until("a", .order) == time("2026-03-09"), "it came with the page that finished")
        // Half of the next pull: a new store, and a kind that the old one never had.
        _ = try await ledger.commit(.of([order("1", store: "b"), rating("1", store: "a")]), under: Self.book)
        #expect(try await ledger.reading("b", Self.watched).coverage == Coverage())
        #expect(try await until("a", .rating) == nil)
        #expect(try await until("a", .order) == time("2026-03-09"))
        #expect(try await until("a", .refund) == time("2026-03-09"))
        // The pull is given up, and begun anew.
        _ = try await ledger.commit(.of([order("2", store: "b")]), under: Self.book)
        #expect(try await ledger.reading("b", Self.watched).coverage == Coverage())
        _ = try await ledger.commit(Self.finish(.feed("erp"), .all, until: "2026-03-10"), under: Self.book)
        for (store, kind) in [("a", .order), ("a", .rating), ("b", .order), ("b", .refund)] as [(String, FactKind)] {
            #expect(try await until(store, kind) == time("2026-03-10"), "\(kind) of \(store)")
        }
    }

    @Test("a kind taken over from a file in the middle of a pull is unknown until the pull has finished")
    func takenOver() async throws {
        let ledger = try SQLiteLedger.inMemory()
        _ = try await ledger.commit(
            Self.finish(.feed("erp"), .all, FactKinds(.order), until: "2026-03-09", facts: [order("1")]),
            under: Self.book)
        _ = try await ledger.commit(
            Self.finish(
                .file, .these(["s"]), FactKinds(.refund), until: "2026-03-09", facts: [refund("1"), refund("2")]),
            under: Self.book)
        #expect(try await ledger.reading("s", Self.watched).coverage[.refund]?.until == time("2026-03-09"))
        _ = try await ledger.commit(.of([refund("3")]), under: Self.book)
        let half = try await ledger.reading("s", Self.watched)
        #expect(half.coverage[.refund] == nil && half.sources[.refund] == [.feed("erp")])
        _ = try await ledger.commit(Self.finish(.feed("erp"), .all, until: "2026-03-10"), under: Self.book)
        #expect(try await ledger.reading("s", Self.watched).coverage[.refund]?.until == time("2026-03-10"))
    }

    @Test("a pull that does not bring a kind finishes nothing of it")
    func otherKinds() async throws {
        let ledger = try SQLiteLedger.inMemory()
        _ = try await ledger.commit(
            Self.finish(.feed("erp"), .all, until: "2026-03-09", facts: [order("1")]), under: Self.book)
        _ = try await ledger.commit(.of([refund("1")]), under: Self.book)
        _ = try await ledger.commit(
            Self.finish(.feed("erp"), .all, FactKinds(.order), until: "2026-03-10"), under: Self.book)
        let half = try await ledger.reading("s", Self.watched)
        #expect(half.coverage[.order]?.until == time("2026-03-10") && half.coverage[.refund] == nil)
        _ = try await ledger.commit(Self.finish(.feed("erp"), .all, until: "2026-03-11"), under: Self.book)
        #expect(try await ledger.reading("s", Self.watched).coverage[.refund]?.until == time("2026-03-11"))
    }

    /// What a feed declares is what its pulls vouch for; what it sends beside that makes a store one that it brings.
    @Test(
        "a store of which only undeclared kinds came is covered for the declared ones, once a pull has finished since")
    func undeclared() async throws {
        let ledger = try SQLiteLedger.inMemory()
        for (day, fact) in [
            ("2026-03-08", order("1", store: "a")), ("2026-03-09", order("2", store: "a")),
        ] {
            _ = try await ledger.commit(
                Self.finish(.feed("erp"), .all, FactKinds([.order, .refund]), until: day, facts: [fact]),
                under: Self.book)
        }
        for fact in [rating("1", store: "b"), measure("stock", store: "c")] {
            _ = try await ledger.commit(.of([fact]), under: Self.book)
        }
        for store in ["b", "c"] {
            #expect(try await ledger.reading(store, Self.watched).coverage == Coverage(), "half of a pull")
        }
        _ = try await ledger.commit(
            Self.finish(.feed("erp"), .all, FactKinds([.order, .refund]), until: "2026-03-10"), under: Self.book)
        for store in ["b", "c"] {
            let covered = try await ledger.reading(store, Self.watched).coverage
            #expect(covered[.order]?.until == time("2026-03-10") && covered[.refund] == covered[.order], "\(store)")
            #expect(covered[.rating] == nil)
        }
        // Declared no more: what it brings of it from now on the pulls do not speak for.
        _ = try await ledger.commit(.of([refund("1", store: "b")]), under: Self.book)
        _ = try await ledger.commit(
            Self.finish(.feed("erp"), .all, FactKinds(.order), until: "2026-03-11"), under: Self.book)
        let narrowed = try await ledger.reading("b", Self.watched).coverage
        #expect(narrowed[.order]?.until == time("2026-03-11") && narrowed[.refund] == nil)
    }

    @Test("a kind that stands by another source than the configuration names is covered by nobody")
    func unsettled() async throws {
        let ledger = try SQLiteLedger.inMemory()
        for source in [SourceName.file, .feed("erp")] {
            _ = try await ledger.commit(
                Self.finish(source, source == .file ? .these(["s"]) : .all, until: "2026-03-09", facts: [order("1")]),
                under: Self.book)
        }
        #expect(try await ledger.reading("s", Self.watched).unsettled == [])
        var other = Self.watched
        other.sources.fixed[.order] = .file
        let before = try await ledger.reading("s", other)
        #expect(before.unsettled == FactKinds(.order))
        #expect(before.coverage[.order] == nil && before.coverage[.refund] != nil)
        try await ledger.adopt(PlanBook(all: other), for: ["s"]) { _ in }
        let after = try await ledger.reading("s", other)
        #expect(after.unsettled == [] && after.coverage[.order]?.until == time("2026-03-09"))
    }

    @Test("the coverage of a kind is that of the source that holds it")
    func holder() async throws {
        let ledger = try SQLiteLedger.inMemory()
        _ = try await ledger.commit(
            Self.finish(.feed("erp"), .all, FactKinds(.order), until: "2026-03-09", facts: [order("1")]),
            under: Self.book)
        _ = try await ledger.commit(
            Self.finish(.file, .these(["s"]), FactKinds([.order, .rating]), until: "2026-03-08", facts: [rating("1")]),
            under: Self.book)
        let reading = try await ledger.reading("s", Self.watched)
        #expect(reading.coverage[.order]?.until == time("2026-03-09"))
        #expect(reading.coverage[.rating]?.until == time("2026-03-08"))
        #expect(reading.coverage[.refund] == nil)
    }

    @Test(
        "intervals that meet are joined, and of two with a gap between them the later stands",
        arguments: [
            (nil, "03-05", nil, "03-07", nil, "03-07"), ("03-02", "03-05", "03-05", "03-07", "03-02", "03-07"),
            ("03-02", "03-05", "03-06", "03-07", "03-06", "03-07"),
            ("03-06", "03-07", "03-02", "03-05", "03-06", "03-07"),
            ("03-02", "03-07", "03-03", "03-05", "03-02", "03-07"), ("03-04", "03-07", nil, "03-05", nil, "03-07"),
        ] as [(String?, String, String?, String, String?, String)])
    func joining(
        _ from: String?, _ until: String, _ nextFrom: String?, _ nextUntil: String, _ resultFrom: String?,
        _ resultUntil: String
    ) async throws {
        let ledger = try SQLiteLedger.inMemory()
        for (from, until) in [(from, until), (nextFrom, nextUntil)] {
            _ = try await ledger.commit(
                Self.finish(
                    .file, .these(["s"]), FactKinds(.order), from: from.map { "2026-" + $0 }, until: "2026-" + until,
                    facts: [order("1")]), under: Self.book)
        }
        #expect(
            try await ledger.reading("s", Self.watched).coverage[.order]
                == CoverageInterval(from: resultFrom.map { time("2026-" + $0) }, until: time("2026-" + resultUntil)))
    }

    @Test("stores that a pull or a file moves are half told until it has come to its end, and no others")
    func halfTold() async throws {
        let ledger = try SQLiteLedger.inMemory()
        func half(_ store: String) async throws -> Set<SourceName> {
            try await ledger.reading(store, Self.watched).halfTold
        }
        func tell(_ source: SourceName, _ part: FactBatch.Part, _ facts: [Fact]) async throws {
            _ = try await ledger.commit(
                FactBatch(source: source, facts: facts, part: part, readAt: noon), under: Self.book)
        }
        let (erp, pull) = (SourceName.feed("erp"), "pull")
        try await tell(erp, .whole, [order("1", store: "a"), order("1", store: "b")])
        #expect(try await half("a").isEmpty)
        try await tell(erp, .more(of: pull), [order("2", store: "a"), order("1", store: "b")])
        try await tell(.file, .more(of: "x"), [rating("1", store: "a"), rating("1", store: "c")])
        try await tell(.file, .more(of: "y"), [rating("2", store: "c")])
        #expect(try await half("a") == [erp, .file])
        #expect(try await half("b").isEmpty, "nothing new came of it")
        #expect(try await half("c") == [.file])
        let before = try await ledger.changes(since: 0).tellings
        try await tell(.file, .last(of: "x"), [])
        #expect(try await half("a") == [erp])
        #expect(try await half("c") == [.file], "another file is in its middle")
        #expect(try await ledger.changes(since: 0).tellings == before + 1)
        // Broken off: what others tell does not make it whole, its own end does.
        try await ledger.noteFailure(of: erp, store: nil, state: "", at: noon, because: "it was cut off")
        try await tell(.file, .last(of: "z"), [order("9", store: "a")])
        #expect(try await ledger.changes(since: 0).tellings == before + 1, "nothing was half told by it")
        try await tell(erp, .more(of: pull), [order("3", store: "b")])
        #expect(try await half("a") == [erp])
        #expect(try await half("b") == [erp])
        try await tell(erp, .last(of: pull), [order("4", store: "a")])
        #expect(try await half("a").isEmpty)
        #expect(try await half("b").isEmpty)
        #expect(try await half("c") == [.file])
        // A file that is whole says nothing of stores that are not in it.
        try await tell(.file, .last(of: "y", .these(["a"])), [])
        #expect(try await half("c") == [.file])
        try await tell(.file, .last(of: "y", .these(["a", "c"])), [])
        #expect(try await half("c").isEmpty)
        // What is told anew is marked anew.
        try await tell(erp, .more(of: pull), [order("5", store: "a")])
        #expect(try await half("a") == [erp])
    }

    @Test("where a pull stands is kept with each page, a failure beside it, and the end of the last finished one")
    func pulls() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let erp = SourceName.feed("erp")
        #expect(try await ledger.pullRecord(of: erp, store: nil) == PullRecord())
        var page = FactBatch.of([order("1", updatedAt: "2026-03-08")])
        page.cursor = PullCursor(state: "page 2")
        _ = try await ledger.commit(page, under: Self.book)
        var state = try await ledger.pullRecord(of: erp, store: nil)
        #expect(state.state == "page 2" && state.finishedAt == nil)
        try await ledger.noteFailure(
            of: erp, store: nil, state: "page 2 again", at: noon, because: "the server answered 500")
        state = try await ledger.pullRecord(of: erp, store: nil)
        #expect(state.state == "page 2 again" && state.failures == 1 && state.failedAt == noon)
        #expect(state.failure == "the server answered 500")
        var last = FactBatch.of([order("2", updatedAt: "2026-03-09T11:00:00Z")])
        last.cursor = PullCursor(state: "done")
        last.finish = PullFinish(stores: .all, kinds: .all, until: noon)
        _ = try await ledger.commit(last, under: Self.book)
        state = try await ledger.pullRecord(of: erp, store: nil)
        #expect(state.state == "done" && state.failures == 0 && state.failure == nil && state.finishedAt == last.readAt)
        // The next pull's first page does not forget when the last one was finished.
        page.cursor = PullCursor(state: "page 2 of the next")
        _ = try await ledger.commit(page, under: Self.book)
        #expect(try await ledger.pullRecord(of: erp, store: nil).finishedAt == last.readAt)
    }

    @Test("a platform is pulled store by store")
    func platformPulls() async throws {
        let ledger = try SQLiteLedger.inMemory()
        for store in ["a", "b"] {
            let finish = PullFinish(stores: .these([store]), kinds: FactKinds(.order), until: noon)
            let batch = FactBatch(
                source: .platform, cursor: PullCursor(store: store, state: "of \(store)"), finish: finish, readAt: noon)
            _ = try await ledger.commit(batch, under: Self.book)
        }
        #expect(try await ledger.pullRecord(of: .platform, store: "a").state == "of a")
        #expect(try await ledger.pullRecord(of: .platform, store: "b").state == "of b")
    }

    @Test("quarantine counts by store for 30 days, once for the same fact, less what was read well since")
    func quarantine() async throws {
        let ledger = try SQLiteLedger.inMemory()
        func bad(_ id: String?, _ text: String, at position: String = "line 1") -> PlacedRejection {
            PlacedRejection(
                position: position,
                rejection: Rejection(reason: "amount is negative", store: "s", kind: .order, id: id, text: text))
        }
        var batch = FactBatch.of([])
        batch.rejections = [bad("1", "a"), bad("2", "b"), bad(nil, "c"), bad(nil, "d")]
        #expect(try await ledger.commit(batch, under: Self.book).quarantined == 4)
        batch.rejections = [bad("1", "a, changed", at: "line 7"), bad(nil, "c")]
        batch.readAt = noon + .days(1)
        #expect(try await ledger.commit(batch, under: Self.book).quarantined == 0)
        #expect(try await ledger.reading("s", Self.watched).quarantined == 4)
        let listed = try await ledger.quarantine(of: "s", limit: 10)
        #expect(listed.count == 4)
        #expect(listed.first { $0.id == "1" }?.times == 2)
        #expect(listed.first { $0.id == "1" }?.position == "line 7")
        let receipt = try await ledger.commit(.of([order("1", ["amount": 1])]), under: Self.book)
        #expect(receipt.stores.keys.sorted() == ["s"])
        #expect(try await ledger.reading("s", Self.watched).quarantined == 3)
        #expect(try await ledger.reading("s", Self.watched, now: noon + .days(30)).quarantined == 1)
        #expect(try await ledger.reading("s", Self.watched, now: noon + .days(31)).quarantined == 0)
        #expect(try await ledger.quarantine(of: "other", limit: 10).isEmpty)
    }

    @Test("what a feed sends and names no store may be any store's of the feed, and counts against all of them")
    func unattributed() async throws {
        let ledger = try SQLiteLedger.inMemory()
        var batch = FactBatch.of([order("1", store: "a"), order("1", store: "b")])
        batch.rejections = (1...3).map {
            PlacedRejection(position: "fact \($0)", rejection: Rejection(reason: "store is missing", text: "\($0)"))
        }
        _ = try await ledger.commit(batch, under: Self.book)
        _ = try await ledger.commit(.of([order("1", store: "c")], from: .file), under: Self.book)
        for (store, count) in [("a", 3), ("b", 3), ("c", 0)] {
            #expect(try await ledger.reading(store, Self.watched).quarantined == count, "\(store)")
        }
        let reading = try await ledger.reading("a", Self.watched)
        #expect(reading.quarantineEases == batch.readAt + .days(30))
        #expect(try await ledger.reading("a", Self.watched, now: batch.readAt + .days(30)).quarantined == 0)
        // Said again, with its store this time, it counts no longer.
        batch.rejections = [
            PlacedRejection(
                position: "fact 4", rejection: Rejection(reason: "store is missing", kind: .order, id: "9", text: "9"))
        ]
        _ = try await ledger.commit(batch, under: Self.book)
        #expect(try await ledger.reading("a", Self.watched).quarantined == 4)
        _ = try await ledger.commit(.of([order("9", store: "b")]), under: Self.book)
        #expect(try await ledger.reading("a", Self.watched).quarantined == 3)
        batch.rejections = (1...3).map {
            PlacedRejection(position: "fact \($0)", rejection: Rejection(reason: "store is missing", text: "\($0)"))
        }
        // Both stores have an order 1, and nobody can tell whose the new one is.
        var ambiguous = FactBatch.of([])
        ambiguous.rejections = [
            PlacedRejection(
                position: "fact 5",
                rejection: Rejection(reason: "store is missing", kind: .order, id: "1", text: "order 1"))
        ]
        _ = try await ledger.commit(ambiguous, under: Self.book)
        #expect(try await ledger.reading("a", Self.watched).quarantined == 4)
        _ = try await ledger.commit(.of([order("1", store: "a", ["amount": 2])]), under: Self.book)
        #expect(try await ledger.reading("a", Self.watched).quarantined == 4)
        // A file that is no file of facts says nothing about stores: who imports it hears of it.
        batch.source = .file
        batch.facts = []
        batch.rejections = batch.rejections.map {
            PlacedRejection(position: $0.position, rejection: Rejection(reason: "not JSON", text: $0.position))
        }
        _ = try await ledger.commit(batch, under: Self.book)
        #expect(try await ledger.reading("c", Self.watched).quarantined == 0)
    }
}
