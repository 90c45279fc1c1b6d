import Facts
import Ledgers
import TestSupport
import Testing

@Suite("A ledger's promises: what was known at an earlier moment")
struct KnownThenPromises {
    static let book = PlanBook(all: WatchedStore(plan: Sample.plan()))

    /// Versions arrive in batches, a day apart. At the end the ledger still tells what stood after each of them.
    @Test("it is told as it was, whatever came after", arguments: 1...12)
    func asItWas(_ seed: UInt64) async throws {
        let history = MadeUpHistory(seed: seed, count: 240)
        let ledger = try SQLiteLedger.inMemory()
        var (snapshots, at): ([(at: Timestamp, facts: [Fact])], Timestamp) = ([], noon)
        for start in stride(from: 0, to: history.versions.count, by: 30) {
            at = at + .hours(24)
            _ = try await ledger.commit(
                FactBatch(
                    source: .feed("erp"), facts: Array(history.versions[start..<start + 30]), readAt: at),
                under: Self.book)
            snapshots.append((at, try await ledger.allFacts()))
        }
        let last = try #require(snapshots.last).facts
        #expect(try await ledger.knownSince() == snapshots[0].at)
        for snapshot in snapshots {
            let known = try #require(try await ledger.known(of: "s", at: snapshot.at))
            var told = Dictionary(last.filter { !$0.isDeleted }.map { ($0.key, $0) }) { $1 }
            for change in known.changed {
                #expect(change.now == told[change.key])
                told[change.key] = change.then
            }
            var then = Dictionary(snapshot.facts.filter { !$0.isDeleted }.map { ($0.key, $0) }) { $1 }
            // The time of a version is not told: it counts nowhere.
            for key in then.keys { then[key]?.updatedAt = nil }
            for key in told.keys { told[key]?.updatedAt = nil }
            #expect(told == then)
            // Whole files, as they were: what is in them was known then, and nothing that was known and changed is not.
            let files = Set(known.then.flatMap { $0.children + ($0.order.map { [$0] } ?? []) }.map(\.key))
            #expect(files.isSubset(of: Set(then.keys)))
            #expect(files.isSuperset(of: known.changed.filter { $0.then != nil }.map(\.key)))
        }
        #expect(try await ledger.known(of: "s", at: snapshots[0].at - .seconds(1)) == nil)
        #expect(try await ledger.known(of: "other", at: at) == nil)
    }

    @Test("what was learnt, what was corrected, what was taken back")
    func changes() async throws {
        let ledger = try SQLiteLedger.inMemory()
        func commit(_ facts: [Fact], _ at: Timestamp) async throws {
            _ = try await ledger.commit(FactBatch(source: .feed("erp"), facts: facts, readAt: at), under: Self.book)
        }
        let first = [
            order("o1", updatedAt: "2026-03-01T00:00:00Z"),
            refund("r1", of: "o1", updatedAt: "2026-03-01T00:00:00Z", ["disputed": false, "reason": "late"]),
            refund("r2", updatedAt: "2026-03-01T00:00:00Z"),
        ]
        try await commit(first, noon)
        let late = refund("r3", of: "o1", updatedAt: "2026-03-02T00:00:00Z")
        let corrected = refund("r1", of: "o1", updatedAt: "2026-03-02T00:00:00Z", ["disputed": true])
        try await commit(
            [late, corrected, deleted(.refund, "r2", updatedAt: "2026-03-02T00:00:00Z")], noon + .hours(2))
        // Once more, as it was: nothing has changed.
        try await commit([late], noon + .hours(3))
        let known = try #require(try await ledger.known(of: "s", at: noon + .hours(1)))
        let changes = Dictionary(uniqueKeysWithValues: known.changed.map { ($0.key.id, $0) })
        #expect(changes.count == 3)
        #expect(changes["r3"]?.isNew == true && changes["r3"]?.then == nil && changes["r3"]?.now == late)
        #expect(changes["r1"]?.isNew == false && changes["r1"]?.now == corrected)
        #expect(changes["r1"]?.then?.numbers == first[1].numbers)
        #expect(changes["r2"]?.now == nil && changes["r2"]?.then?.numbers == first[2].numbers)
        let ids = { (files: [OrderFile]) in files.flatMap { $0.children.map(\.id) }.sorted() }
        #expect(ids(known.then) == ["r1", "r2"] && ids(known.withLearnt) == ["r1", "r2", "r3"])
        #expect(ids(known.files) == ["r1", "r3"])
        #expect(try await ledger.known(of: "s", at: noon + .hours(2))?.changed.count == 0)

        // What is old enough is forgotten, and then not told any more.
        _ = try await ledger.forget(before: noon + .hours(3), owedTo: [])
        #expect(try await ledger.known(of: "s", at: noon + .hours(1)) == nil)
        #expect(try await ledger.knownSince() == noon + .hours(3))
    }

    @Test("another source that takes a kind over changes what is known, and what was known is told")
    func takeOver() async throws {
        let ledger = try SQLiteLedger.inMemory()
        func commit(_ fact: Fact, _ source: SourceName, _ at: Timestamp) async throws {
            _ = try await ledger.commit(FactBatch(source: source, facts: [fact], readAt: at), under: Self.book)
        }
        let byFile = refund("r1", of: "o1", ["reason": "late"])
        try await commit(byFile, .file, noon)
        try await commit(refund("r2", of: "o1"), .platform, noon + .hours(2))
        let known = try #require(try await ledger.known(of: "s", at: noon + .hours(1)))
        let ids = { (files: [OrderFile]) in files.flatMap { $0.children.map(\.id) }.sorted() }
        #expect(ids(known.then) == ["r1"] && ids(known.files) == ["r2"])
    }
}
