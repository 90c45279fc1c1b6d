import Facts
import Ledgers
import Rollups
import TestSupport
import Testing

@Suite("A ledger's promises: coverage")
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
        try await ledger.adopt(PlanBook(all: other), for: ["s"], now: noon) { _ in }
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
            Set(try await ledger.reading(store, Self.watched).halfTold.keys)
        }
        func tell(_ source: SourceName, _ part: FactBatch.Part, _ facts: [Fact]) async throws {
            _ = try await ledger.commit(
                FactBatch(source: source, facts: facts, part: part, readAt: noon), under: Self.book)
        }
        let (erp, pull) = (SourceName.feed("erp"), FactBatch.Telling.pull)
        try await tell(erp, .whole, [order("1", store: "a"), order("1", store: "b")])
        #expect(try await half("a").isEmpty)
        try await tell(erp, .more(of: pull), [order("2", store: "a"), order("1", store: "b")])
        try await tell(.file, .more(of: .init("x")), [rating("1", store: "a"), rating("1", store: "c")])
        try await tell(.file, .more(of: .init("y")), [rating("2", store: "c")])
        #expect(try await half("a") == [erp, .file])
        #expect(try await half("b").isEmpty, "nothing new came of it")
        #expect(try await half("c") == [.file])
        let before = try await ledger.changes(since: 0).tellings
        try await tell(.file, .last(of: .init("x")), [])
        #expect(try await half("a") == [erp])
        #expect(try await half("c") == [.file], "another file is in its middle")
        #expect(try await ledger.changes(since: 0).tellings == before + 1)
        // Broken off: what others tell does not make it whole, its own end does.
        try await ledger.noteFailure(
            of: erp, store: nil, state: "", at: noon, because: "it was cut off", trouble: .away)
        try await tell(.file, .last(of: .init("z")), [order("9", store: "a")])
        #expect(try await ledger.changes(since: 0).tellings == before + 1, "nothing was half told by it")
        try await tell(erp, .more(of: pull), [order("3", store: "b")])
        #expect(try await half("a") == [erp])
        #expect(try await half("b") == [erp])
        try await tell(erp, .last(of: pull), [order("4", store: "a")])
        #expect(try await half("a").isEmpty)
        #expect(try await half("b").isEmpty)
        #expect(try await half("c") == [.file])
        // A file that is whole says nothing of stores that are not in it.
        try await tell(.file, .last(of: .init("y"), .these(["a"])), [])
        #expect(try await half("c") == [.file])
        try await tell(.file, .last(of: .init("y"), .these(["a", "c"])), [])
        #expect(try await half("c").isEmpty)
        // What is told anew is marked anew.
        try await tell(erp, .more(of: pull), [order("5", store: "a")])
        #expect(try await half("a") == [erp])
    }

    @Test("a telling ends what it told itself, and of earlier editions no more than the kinds it has whole")
    func editions() async throws {
        let ledger = try SQLiteLedger.inMemory()
        func kinds() async throws -> FactKinds { try await ledger.reading("s", Self.watched).halfToldKinds }
        func tell(_ part: FactBatch.Part, _ facts: [Fact] = []) async throws {
            _ = try await ledger.commit(
                FactBatch(source: .file, facts: facts, part: part, readAt: noon), under: Self.book)
        }
        let (first, second) = (FactBatch.Telling("day", edition: "1"), FactBatch.Telling("day", edition: "2"))
        try await tell(.more(of: first), [order("1"), refund("1"), rating("1")])
        #expect(try await kinds() == FactKinds([.order, .refund, .rating]))
        // Of late days only: it says nothing of what the first left in its middle.
        try await tell(.more(of: second), [penalty("1", [:])])
        try await tell(.last(of: second, .these(["s"]), []))
        #expect(try await kinds() == FactKinds([.order, .refund, .rating]))
        try await tell(.more(of: second), [rating("2")])
        try await tell(.last(of: second, .these(["s"]), FactKinds(.rating)))
        #expect(try await kinds() == FactKinds([.order, .refund]))
        try await tell(.last(of: first, .these(["s"]), []))
        #expect(try await kinds().isEmpty)
        // What could not be read may be any store's: it stays until the file is read well.
        try await tell(.broken(first, ["s"], FactKinds(.order)))
        #expect(try await kinds() == FactKinds(.order))
        #expect(try await ledger.halfToldStores() == ["s"])
        try await tell(.last(of: second, .these(["s"]), FactKinds(.order)))
        #expect(try await ledger.halfToldStores().isEmpty)
    }

    @Test("what a telling lacks of a list stays half told until the list is told whole")
    func lacking() async throws {
        let ledger = try SQLiteLedger.inMemory()
        func kinds() async throws -> FactKinds { try await ledger.reading("s", Self.watched).halfToldKinds }
        func tell(_ part: FactBatch.Part, _ facts: [Fact] = []) async throws {
            _ = try await ledger.commit(
                FactBatch(source: .file, facts: facts, part: part, readAt: noon), under: Self.book)
        }
        let ratings = FactKinds(.rating)
        try await tell(.more(of: .pull), [order("1"), rating("1")])
        try await tell(.last(of: .pull, .these(["s"]), FactKinds.all.subtracting(ratings), lacking: ratings))
        #expect(try await kinds() == ratings)
        // Refused once more, from its first page on.
        try await tell(.more(of: .pull), [order("2")])
        try await tell(.last(of: .pull, .these(["s"]), FactKinds.all.subtracting(ratings), lacking: ratings))
        #expect(try await kinds() == ratings)
        try await tell(.last(of: .pull, .these(["s"])))
        #expect(try await kinds().isEmpty)
        // Of which nothing came, nothing is half told.
        try await tell(.more(of: .pull), [order("3")])
        try await tell(.last(of: .pull, .these(["s"]), FactKinds.all.subtracting(ratings), lacking: ratings))
        #expect(try await kinds().isEmpty)
    }

    @Test("what is set aside while it is half told is half told once it stands")
    func setAsideHalf() async throws {
        let ledger = try SQLiteLedger.inMemory()
        _ = try await ledger.commit(.of([order("1")], from: .feed("erp")), under: Self.book)
        _ = try await ledger.commit(
            FactBatch(source: .file, facts: [order("2")], part: .more(of: .init("x")), readAt: noon), under: Self.book)
        #expect(try await ledger.reading("s", Self.watched).halfToldKinds.isEmpty)
        let byFile = WatchedStore(
            plan: Self.watched.plan,
            sources: SourcePrecedence(fixed: [.order: .file], candidates: [.feed("erp"), .file]))
        try await ledger.adopt(PlanBook(all: byFile), for: ["s"], now: noon) { _ in }
        #expect(try await ledger.reading("s", byFile).halfToldKinds == FactKinds(.order))
    }
}
