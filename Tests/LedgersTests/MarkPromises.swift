import Facts
import Ledgers
import Rollups
import TestSupport
import Testing

@Suite("A ledger's promises: marks")
struct MarkPromises {
    static let watched = WatchedStore(plan: Sample.plan())
    static let book = PlanBook(all: watched)

    private func mark(
        _ name: String, _ value: String, of id: String = "r1", at: String = "2026-03-05T10:00:00Z", until: String? = nil
    ) throws -> Mark {
        let member = try #require(Mark.members(of: .refund).first { $0.name == name })
        return Mark(
            store: "s", fact: FactKey(kind: .refund, id: id), member: member,
            value: try #require(Mark.value(value, of: member)), by: "Kim", why: "known", at: time(at),
            until: until.map { time($0) })
    }

    @Test(
        "a mark is kept beside the fact, moves the store, and the same again changes nothing",
        arguments: LedgerKind.allCases)
    func kept(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            let facts = [
                order("o1", updatedAt: "2026-03-02T10:00:00Z", ["placed_at": "2026-03-02T09:00:00Z"]),
                refund("r1", of: "o1", updatedAt: "2026-03-03T10:00:00Z", ["disputed": true, "liable": "seller"]),
            ]
            _ = try await ledger.commit(.of(facts), under: Self.book)
            let before = try await ledger.reading("s", Self.watched)
            #expect(before.marks == nil)
            let marks = [try mark("liable", "carrier"), try mark("excluded", "true", until: "2026-03-20T00:00:00Z")]
            #expect(try await ledger.keep(marks) == 2)
            #expect(try await ledger.keep(marks) == 0)
            let after = try await ledger.reading("s", Self.watched)
            #expect(after.revision > before.revision)
            #expect(try await ledger.marks(of: "s") == marks.sorted { $0.member.name < $1.member.name })
            #expect(try await ledger.markedStores() == ["s"])
            #expect(after.marks?.count == 2 && after.marked == nil, "no figure was asked for")
            // The files are as their source tells them.
            let marked = try #require(try await ledger.markedFiles(of: "s", at: noon))
            #expect(
                marked.files.count == 1 && marked.files[0].children == [facts[1]] && marked.files[0].order == facts[0])
            #expect(try await ledger.allFacts() == facts)

            // A pull changes the fact and no mark.
            let newer = refund(
                "r1", of: "o1", updatedAt: "2026-03-06T10:00:00Z", ["disputed": true, "liable": "buyer"])
            _ = try await ledger.commit(.of([newer]), under: Self.book)
            #expect(try await ledger.marks(of: "s").count == 2)
            #expect(try await ledger.markedFiles(of: "s", at: noon)?.files.first?.children == [newer])
            #expect(try await ledger.markedFiles(of: "s", at: time("2026-03-20T00:00:00Z"))?.marks.count == 1)

            // Of a fact that was taken back nothing is marked; the marks stay.
            _ = try await ledger.commit(
                .of([Fact(.refund, store: "s", id: "r1", updatedAt: time("2026-03-07T10:00:00Z"), isDeleted: true)]),
                under: Self.book)
            #expect(try await ledger.markedFiles(of: "s", at: noon)?.files.isEmpty == true)
            #expect(try await ledger.marks(of: "s").count == 2)
            #expect(try await ledger.fact(FactKey(kind: .refund, id: "r1"), of: "s") == nil)
        }
    }

    @Test("marks and their undoings may arrive in any order, as often as they like")
    func anyOrder() async throws {
        var undone = try mark("liable", "carrier")
        undone.undoing = Mark.Undoing(at: time("2026-03-06T10:00:00Z"), by: "Lee", why: "a mistake")
        let all = [try mark("liable", "carrier"), undone, try mark("liable", "buyer", at: "2026-03-07T10:00:00Z")]
        for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0], [0, 2, 1, 0, 1, 2]] {
            let ledger = try SQLiteLedger.inMemory()
            for index in order { _ = try await ledger.keep([all[index]]) }
            #expect(try await ledger.marks(of: "s") == [undone, all[2]], "\(order)")
        }
    }

    @Test("order files are asked for by the facts in them, each once")
    func holding() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let facts = [
            order("o1"), order("o2"), refund("r1", of: "o1"), refund("r2", of: "o1"), rating("t1"),
            rating("t2", of: "o3"),
        ]
        _ = try await ledger.commit(.of(facts), under: Self.book)
        let keys = facts.dropFirst(2).map(\.key) + [FactKey(kind: .case, id: "none")]
        let files = try await ledger.files(of: "s", holding: keys)
        #expect(files.count == 3)
        #expect(files[0].order == facts[0] && Set(files[0].children) == [facts[2], facts[3]])
        #expect(files[1].children == [facts[4]] && files[2].order == nil && files[2].children == [facts[5]])
    }
}
