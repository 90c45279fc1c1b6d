import Alerts
import Facts
import Ledgers
import TestSupport
import Testing

@Suite("A ledger's promises: how much happens, where it is at work, notices without an alert")
struct ActivityPromises {
    @Test(
        "activity counts what began and every moment that is known, half-open, without promises and what was taken back",
        arguments: LedgerKind.allCases)
    func activity(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            var gone = order("gone", ["placed_at": "2026-03-05T00:00:00Z"])
            gone.isDeleted = true
            let facts = [
                order(
                    "1", updatedAt: "2026-03-06T08:00:00Z",
                    [
                        "placed_at": "2026-03-05T00:00:00Z", "paid_at": "2026-03-05T01:00:00Z",
                        "ship_by": "2026-03-07T00:00:00Z", "shipped_at": "2026-03-06T08:00:00Z",
                    ]),
                // Placed before; changed in it in a way that no member tells of.
                order("2", updatedAt: "2026-03-08T00:00:00Z", ["placed_at": "2026-02-01T00:00:00Z"]),
                order("3", ["placed_at": "2026-03-10T00:00:00Z"]), gone,
                refund("r", of: "1", ["opened_at": "2026-03-09T23:59:59Z"]),
                refund(
                    "q", of: "1",
                    [
                        "opened_at": "2026-03-09T23:59:59Z", "refunded_at": "2026-03-09T23:59:59Z", "type": "return",
                    ]),
                order("4", store: "other", ["placed_at": "2026-03-06T00:00:00Z"]),
            ]
            _ = try await ledger.commit(.of(facts), under: CoveragePromises.book)
            let found = try await ledger.activity(
                from: time("2026-03-05T00:00:00Z"), until: time("2026-03-10T00:00:00Z"))
            #expect(found["s"]?[.order] == Activity(begun: 1, changes: 4))
            var refunds = Activity(begun: 2, changes: 2)
            refunds.types = ["return": Activity(begun: 1, changes: 1)]
            #expect(found["s"]?[.refund] == refunds)
            #expect(found["other"]?[.order] == Activity(begun: 1, changes: 1))
            #expect(found["s"]?[.rating] == nil)
        }
    }

    @Test("where it is at work is what was noted last", arguments: LedgerKind.allCases)
    func home(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            #expect(try await ledger.home() == nil)
            for beats in 1...2 {
                let home = LedgerHome(machine: "m", path: "p", file: .max, beats: Int64(beats))
                try await ledger.settle(at: home)
                #expect(try await ledger.home() == home)
            }
        }
    }

    @Test("a notice without an alert is owed once, also when it was taken", arguments: LedgerKind.allCases)
    func owe(_ kind: LedgerKind) async throws {
        try await kind.with { ledger in
            let notice = Notice(
                id: "ntc_1", receiver: "ops", key: AlertKey(store: "s", rule: "expiry:consent"), episode: "e",
                change: 14,
                madeAt: noon, body: Array("{}".utf8))
            #expect(try await ledger.owe([notice]) == 1)
            #expect(try await ledger.owe([notice]) == 0)
            try await ledger.settle(notice.id, .taken(at: noon))
            #expect(try await ledger.owe([notice]) == 0)
            #expect(try await ledger.outboxCounts().isEmpty)
        }
    }
}
