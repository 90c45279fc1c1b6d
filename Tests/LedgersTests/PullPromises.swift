import Facts
import Ledgers
import Rollups
import TestSupport
import Testing

@Suite("A ledger's promises: pulls and quarantine")
struct PullPromises {
    @Test("where a pull stands is kept with each page, a failure beside it, and the end of the last finished one")
    func pulls() async throws {
        let ledger = try SQLiteLedger.inMemory()
        let erp = SourceName.feed("erp")
        #expect(try await ledger.pullRecord(of: erp, store: nil) == PullRecord())
        var page = FactBatch.of([order("1", updatedAt: "2026-03-08")])
        page.cursor = PullCursor(state: "page 2")
        _ = try await ledger.commit(page, under: CoveragePromises.book)
        var state = try await ledger.pullRecord(of: erp, store: nil)
        #expect(state.state == "page 2" && state.finishedAt == nil)
        try await ledger.noteFailure(
            of: erp, store: nil, state: "page 2 again", at: noon, because: "the server answered 500",
            trouble: .away)
        state = try await ledger.pullRecord(of: erp, store: nil)
        #expect(state.state == "page 2 again" && state.failures == 1 && state.failedAt == noon)
        #expect(state.failure == "the server answered 500" && state.trouble == .away)
        var last = FactBatch.of([order("2", updatedAt: "2026-03-09T11:00:00Z")])
        last.cursor = PullCursor(state: "done")
        last.finish = PullFinish(stores: .all, kinds: .all, until: noon)
        _ = try await ledger.commit(last, under: CoveragePromises.book)
        state = try await ledger.pullRecord(of: erp, store: nil)
        #expect(state.state == "done" && state.failures == 0 && state.failure == nil && state.finishedAt == last.readAt)
        #expect(state.trouble == nil && state.broughtCount == 2 && state.broughtAt == last.readAt)
        // All of them at once, without where they go on.
        state.state = nil
        #expect(try await ledger.pullRecords() == [PulledSource(erp, store: nil): state])
        // The next pull's first page does not forget when the last one was finished.
        page.cursor = PullCursor(state: "page 2 of the next")
        _ = try await ledger.commit(page, under: CoveragePromises.book)
        #expect(try await ledger.pullRecord(of: erp, store: nil).finishedAt == last.readAt)
    }

    @Test("a platform is pulled store by store")
    func platformPulls() async throws {
        let ledger = try SQLiteLedger.inMemory()
        for store in ["a", "b"] {
            let finish = PullFinish(stores: .these([store]), kinds: FactKinds(.order), until: noon)
            let batch = FactBatch(
                source: .platform, cursor: PullCursor(store: store, state: "of \(store)"), finish: finish, readAt: noon)
            _ = try await ledger.commit(batch, under: CoveragePromises.book)
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
        #expect(try await ledger.commit(batch, under: CoveragePromises.book).quarantined == 4)
        batch.rejections = [bad("1", "a, changed", at: "line 7"), bad(nil, "c")]
        batch.readAt = noon + .days(1)
        #expect(try await ledger.commit(batch, under: CoveragePromises.book).quarantined == 0)
        #expect(try await ledger.reading("s", CoveragePromises.watched).quarantined == 4)
        let listed = try await ledger.quarantine(of: "s", limit: 10)
        #expect(listed.count == 4)
        #expect(listed.first { $0.id == "1" }?.times == 2)
        #expect(listed.first { $0.id == "1" }?.position == "line 7")
        let receipt = try await ledger.commit(.of([order("1", ["amount": 1])]), under: CoveragePromises.book)
        #expect(receipt.stores.keys.sorted() == ["s"])
        #expect(try await ledger.reading("s", CoveragePromises.watched).quarantined == 3)
        #expect(try await ledger.reading("s", CoveragePromises.watched, now: noon + .days(30)).quarantined == 1)
        #expect(try await ledger.reading("s", CoveragePromises.watched, now: noon + .days(31)).quarantined == 0)
        #expect(try await ledger.quarantine(of: "other", limit: 10).isEmpty)
    }

    @Test("what a feed sends and names no store may be any store's of the feed, and counts against all of them")
    func unattributed() async throws {
        let ledger = try SQLiteLedger.inMemory()
        var batch = FactBatch.of([order("1", store: "a"), order("1", store: "b")])
        batch.rejections = (1...3).map {
            PlacedRejection(position: "fact \($0)", rejection: Rejection(reason: "store is missing", text: "\($0)"))
        }
        _ = try await ledger.commit(batch, under: CoveragePromises.book)
        _ = try await ledger.commit(.of([order("1", store: "c")], from: .file), under: CoveragePromises.book)
        for (store, count) in [("a", 3), ("b", 3), ("c", 0)] {
            #expect(try await ledger.reading(store, CoveragePromises.watched).quarantined == count, "\(store)")
        }
        let reading = try await ledger.reading("a", CoveragePromises.watched)
        #expect(reading.quarantineEases == batch.readAt + .days(30))
        #expect(try await ledger.reading("a", CoveragePromises.watched, now: batch.readAt + .days(30)).quarantined == 0)
        // Said again, with its store this time, it counts no longer.
        batch.rejections = [
            PlacedRejection(
                position: "fact 4", rejection: Rejection(reason: "store is missing", kind: .order, id: "9", text: "9"))
        ]
        _ = try await ledger.commit(batch, under: CoveragePromises.book)
        #expect(try await ledger.reading("a", CoveragePromises.watched).quarantined == 4)
        _ = try await ledger.commit(.of([order("9", store: "b")]), under: CoveragePromises.book)
        #expect(try await ledger.reading("a", CoveragePromises.watched).quarantined == 3)
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
        _ = try await ledger.commit(ambiguous, under: CoveragePromises.book)
        #expect(try await ledger.reading("a", CoveragePromises.watched).quarantined == 4)
        _ = try await ledger.commit(.of([order("1", store: "a", ["amount": 2])]), under: CoveragePromises.book)
        #expect(try await ledger.reading("a", CoveragePromises.watched).quarantined == 4)
        // A file that is no file of facts says nothing about stores: who imports it hears of it.
        batch.source = .file
        batch.facts = []
        batch.rejections = batch.rejections.map {
            PlacedRejection(position: $0.position, rejection: Rejection(reason: "not JSON", text: $0.position))
        }
        _ = try await ledger.commit(batch, under: CoveragePromises.book)
        #expect(try await ledger.reading("c", CoveragePromises.watched).quarantined == 0)
    }
}
