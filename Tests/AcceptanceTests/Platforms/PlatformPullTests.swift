import Daemon
import Facts
import Foundation
import Simulation
import TestSupport
import Testing

@Suite("Every platform is pulled by its pack, and the ledger holds what happened there", .timeLimit(.minutes(15)))
struct PlatformPullTests {
    @Test("a first pull brings all of it, and later ones what changed since", arguments: PlatformRow.all)
    func whole(_ row: PlatformRow) async throws {
        let pulled = try PulledPlatform(row, seed: 11, orders: [6])
        try await pulled.serving {
            for step in 0..<4 {
                try await pulled.wait(.hours(step == 0 ? 0 : 25))
                let outcome = try #require(try await pulled.pull().first)
                let last = await pulled.lastCall()
                try #require(outcome.failure == nil, "\(outcome.words.en)\n\(last)")
                #expect(!outcome.isNotable, "\(outcome.words.en)")
                try await expectTruth(pulled, "step \(step)")
            }
            try await expectPoliteness(pulled)
            let text = try await pulled.folder.run("export").output
            for name in ["John", "Doe", "example.com", "Jane"] { #expect(!text.contains(name), "\(name) was kept") }
        }
    }

    @Test("whatever goes wrong on the way costs time, and no fact", arguments: PlatformRow.all)
    func faults(_ row: PlatformRow) async throws {
        let pulled = try PulledPlatform(row, seed: 12, orders: [30])
        try await pulled.serving {
            // As late as it may be.
            await pulled.platforms[0].setDelay(try pulled.lag() - 1)
            for step in 0..<3 {
                // Each once, and then by chance.
                await pulled.platforms[0].meet(row.faults.filter { $0 != .again })
                await pulled.platforms[0].meet(row.faults, seed: UInt64(step), of: 1200)
                try await pulled.wait(.hours(step == 0 ? 0 : 25))
                try await pullUntilWhole(pulled)
                try await expectTruth(pulled, "step \(step)")
            }
            try await expectPoliteness(pulled)
            let met = await pulled.platforms[0].met
            for fault in row.faults where fault != .again { #expect(met[fault] != nil, "no \(fault) was met") }
        }
    }

    @Test("lists that change while they are walked lose nothing", arguments: PlatformRow.all)
    func living(_ row: PlatformRow) async throws {
        let pulled = try PulledPlatform(row, seed: 13, orders: [30])
        try await pulled.serving {
            try await pulled.wait(.zero)
            // Half a minute goes by with every request.
            pulled.pace.set(30)
            for step in 0..<3 {
                if step > 0 { try await pulled.wait(.hours(8)) }
                let outcome = try #require(try await pulled.pull(living: true).first)
                try #require(outcome.failure == nil, "\(outcome.words.en)")
            }
            pulled.pace.set(0)
            try await pulled.wait(.hours(25))
            _ = try await pulled.pull()
            try await expectTruth(pulled, "at the end")
        }
    }

    @Test("a busy store and small ones, side by side", arguments: PlatformRow.all)
    func many(_ row: PlatformRow) async throws {
        let pulled = try PulledPlatform(
            row, seed: 14, orders: [120] + Array(repeating: 1, count: row.small))
        try await pulled.serving {
            for platform in pulled.platforms { await platform.meet(row.faults, seed: 5, of: 200) }
            for step in 0..<2 {
                try await pulled.wait(.hours(step == 0 ? 0 : 25))
                try await pullUntilWhole(pulled)
                try await expectTruth(pulled, "step \(step)")
            }
            try await expectPoliteness(pulled)
        }
    }

    // MARK: What has to hold

    /// As often as it takes, as the daemon would: what was asked for goes on where it stood.
    private func pullUntilWhole(_ pulled: PulledPlatform) async throws {
        var last: [Pulling.Outcome] = []
        for attempt in 0..<40 {
            last = try await pulled.pull(again: attempt > 0)
            if last.allSatisfy({ $0.failure == nil }) { return }
            pulled.clock.advance(by: .minutes(1))
        }
        Issue.record("never whole: \(last.compactMap(\.failure).map { "\($0)" }.joined(separator: "\n"))")
    }

    private func expectTruth(_ pulled: PulledPlatform, _ step: String) async throws {
        let differences = try await pulled.differences()
        #expect(differences.isEmpty, "\(step):\n\(differences.joined(separator: "\n"))")
    }

    /// No platform was asked more often than it allows.
    private func expectPoliteness(_ pulled: PulledPlatform) async throws {
        for platform in pulled.platforms { #expect(await platform.desk.overruns == 0) }
    }
}
