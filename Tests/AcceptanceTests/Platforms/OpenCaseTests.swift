import Daemon
import Facts
import Foundation
import PlatformSupport
import Simulation
import TestSupport
import Testing

@Suite("A case whose change no list shows is found by its number", .timeLimit(.minutes(10)))
struct OpenCaseTests {
    /// Where cases that may still change are asked for one by one, and how long after their opening at the latest.
    private static let rows: [(pack: String, after: TimeSpan)] = [
        ("pinduoduo", .hours(60)), ("taobao", .hours(84)), ("jd", .hours(84)), ("douyin", .hours(84)),
        ("kuaishou", .hours(84)), ("shopee", .hours(84)), ("tiktok-shop", .hours(84)), ("mercadolibre", .hours(84)),
        // Its list is read again for 90 days.
        ("ebay", .days(95)),
    ]

    @Test("its end is in the ledger", arguments: rows.map(\.pack))
    func found(_ pack: String) async throws {
        let row = try #require(PlatformRow.all.first { $0.pack == pack })
        let after = try #require(Self.rows.first { $0.pack == pack }).after
        let pulled = try PulledPlatform(row, seed: 19, orders: [12])
        let platform = pulled.platforms[0]
        try await pulled.serving {
            try #require(try await pulled.pull().allSatisfy { $0.failure == nil })
            let moment = pulled.clock.now.microseconds / 1_000_000
            await platform.endLists(at: moment)
            pulled.clock.advance(by: after)
            for outcome in try await pulled.pull() { try #require(outcome.failure == nil, "\(outcome.words.en)") }
            let changes = try await pulled.changesOfCases(since: moment)
            #expect(changes.count > 0, "\(changes.count) cases changed")
            #expect(changes.wrong.isEmpty, "\(changes.wrong.joined(separator: "\n"))")
        }
    }

    /// The list of Pinduoduo's cases tells it only while it lasts.
    @Test("that a platform stepped in is known of a case that was over when it was seen first, or next")
    func interventions() async throws {
        let row = try #require(PlatformRow.all.first { $0.pack == "pinduoduo" })
        let (moment, hours) = (PulledPlatform.firstPull, Int64(60))
        let end = moment + hours * 3600 - 600
        @Sendable func isBefore(_ refund: PlatformHistory.Refund) -> Bool {
            guard refund.isRefunded, refund.intervened != nil, let ended = refund.ended else { return false }
            return (moment - 30 * 86_400..<moment - 600).contains(ended)
        }
        @Sendable func isBetween(_ refund: PlatformHistory.Refund) -> Bool {
            guard refund.isRefunded, let began = refund.intervened, let ended = refund.ended else { return false }
            return began > moment + 600 && ended < end
        }
        // Not every store has a case in which it stepped in and was done within so short a time.
        let seed = (UInt64(20)..<200).first { seed in
            let history = PlatformHistory(
                seed: seed, from: PulledPlatform.from, days: PulledPlatform.days + 6, orders: 10)
            return history.refunds.contains(where: isBetween) && history.refunds.contains(where: isBefore)
        }
        let pulled = try PulledPlatform(row, seed: try #require(seed), orders: [10])
        let history = pulled.platforms[0].history
        try await pulled.serving {
            for isMeant in [isBefore, isBetween] {
                for outcome in try await pulled.pull() { try #require(outcome.failure == nil, "\(outcome.words.en)") }
                let known = Dictionary(
                    try await pulled.ledger().filter { $0.kind == "refund" }.map { ($0.id, $0.members) }
                ) { $1 }
                for refund in history.refunds where isMeant(refund) {
                    let id = "\(PinduoduoIDs.afterSales(refund))"
                    #expect(known[id]?["intervened"] == "true", "\(id): \(known[id] ?? [:])")
                }
                pulled.clock.advance(by: .hours(hours))
            }
        }
    }
}
