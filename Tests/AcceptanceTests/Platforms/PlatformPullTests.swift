import Daemon
import Facts
import Foundation
import PlatformSupport
import Simulation
import TestSupport
import Testing

@Suite("Every platform is pulled by its pack, and the ledger holds what happened there", .timeLimit(.minutes(15)))
struct PlatformPullTests {
    @Test("a first pull brings all of it, and later ones what changed since", arguments: PlatformRow.all)
    func whole(_ row: PlatformRow) async throws {
        let pulled = try PulledPlatform(row, seed: 11, orders: [6])
        try await pulled.serving {
            for step in 0..<3 {
                if step > 0 { pulled.clock.advance(by: .hours(25)) }
                try await expectWhole(pulled, "step \(step)")
            }
            let text = try await pulled.folder.run("export").output
            for name in ["John", "Doe", "example.com", "Jane"] { #expect(!text.contains(name), "\(name) was kept") }
        }
    }

    @Test("whatever goes wrong on the way costs time, and no fact", arguments: PlatformRow.all)
    func faults(_ row: PlatformRow) async throws {
        let pulled = try PulledPlatform(row, seed: 12, orders: [20])
        let platform = pulled.platforms[0]
        try await pulled.serving {
            // As late as it may be.
            await platform.setDelay(row.dialect.lateness)
            for step in 0..<2 {
                // Each once, and then by chance.
                await platform.meet(row.faults)
                try await pullThroughFaults(pulled, seed: UInt64(step), of: 1200)
                pulled.clock.advance(by: .hours(25))
                try await expectWhole(pulled, "step \(step)")
            }
            let met = await platform.met
            // No page is repeated where there is only one.
            for fault in row.faults where fault != .again { #expect(met[fault] != nil, "no \(fault) was met") }
        }
    }

    @Test("in which order the items of a page stand costs nothing", arguments: PlatformRow.all)
    func order(_ row: PlatformRow) async throws {
        let pulled = try PulledPlatform(row, seed: 16, orders: [10])
        let platform = pulled.platforms[0]
        try await pulled.serving {
            await platform.meet([.reordered], seed: 16, of: 10_000)
            for step in 0..<2 {
                if step > 0 { pulled.clock.advance(by: .hours(25)) }
                try await expectWhole(pulled, "step \(step)")
            }
            let met = await platform.met[.reordered] ?? 0
            #expect(met > 1, "\(met) pages had another order")
        }
    }

    @Test("lists that change while they are walked lose nothing", arguments: PlatformRow.all)
    func living(_ row: PlatformRow) async throws {
        let pulled = try PulledPlatform(row, seed: 13, orders: [30])
        try await pulled.serving {
            // Half a minute goes by with every request.
            pulled.pace.set(30)
            for step in 0..<3 {
                if step > 0 { pulled.clock.advance(by: .hours(8)) }
                let outcome = try #require(try await pulled.pull(living: true).first)
                try #require(outcome.failure == nil, "\(outcome.words.en)")
            }
            pulled.pace.set(0)
            pulled.clock.advance(by: .hours(25))
            try await expectWhole(pulled, "at the end")
        }
    }

    /// `make soak` does it for a year.
    @Test("a busy store and small ones, side by side, day by day", arguments: PlatformRow.all)
    func many(_ row: PlatformRow) async throws {
        let scale = PlatformYear.Scale(days: 2, busy: 34, small: 2, lookEvery: 2)
        let outcome = try await PlatformYear(row, scale, seed: 14).run()
        #expect(outcome.wrong.isEmpty, "\(outcome.wrong.joined(separator: "\n"))")
    }

    @Test("what a platform shows late is met when it is read again, and looked back for from then on")
    func lateness() async throws {
        let row = try #require(PlatformRow.all.first { $0.pack == "taobao" })
        let pulled = try PulledPlatform(row, seed: 15, orders: [30])
        let platform = pulled.platforms[0]
        try await pulled.serving {
            _ = try await pulled.pull()
            // Far beyond what its pack knows of.
            await platform.setDelay(7200)
            var met: TimeSpan?
            for _ in 1...30 {
                pulled.clock.advance(by: .hours(1))
                let outcome = try #require(try await pulled.pull(living: true).first)
                try #require(outcome.failure == nil, "\(outcome.words.en)")
                if met == nil, let lateness = outcome.lateness {
                    #expect(lateness > .hours(2))
                    #expect(outcome.words.en.contains("look back farther"), "\(outcome.words.en)")
                    met = lateness
                }
            }
            #expect(met != nil)
            await platform.setHorizon(pulled.clock.now.microseconds / 1_000_000 - 7200)
            let differences = try await pulled.differences()
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
        }
    }

    // MARK: What has to hold

    private func pullThroughFaults(_ pulled: PulledPlatform, seed: UInt64, of tenThousand: Int) async throws {
        let failures = try await pulled.pullThroughFaults(seed: seed, of: tenThousand)
        #expect(failures.isEmpty, "never whole: \(failures.joined(separator: "\n"))")
    }

    private func expectWhole(_ pulled: PulledPlatform, _ step: String) async throws {
        let wrong = try await pulled.wrong()
        try #require(wrong.isEmpty, "\(step): \(wrong.joined(separator: "\n"))")
    }
}
