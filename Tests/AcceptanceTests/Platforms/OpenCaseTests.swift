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
}
