import Daemon
import Facts
import Foundation
import Simulation
import TestSupport
import Testing

@Suite("Every platform is pulled by its pack, and the ledger holds what happened there", .timeLimit(.minutes(5)))
struct PlatformPullTests {
    @Test("a first pull brings all of it, and later ones what changed since", arguments: PlatformRow.all)
    func whole(_ row: PlatformRow) async throws {
        let pulled = try PulledPlatform(row, seed: 11, orders: 6, days: row.days + 3)
        try await pulled.platform.serving { endpoint in
            try await pulled.configure(endpoint)
            for step in 0..<4 {
                try await pulled.wait(.hours(step == 0 ? 0 : 9))
                let outcome = try await pulled.pull()
                let last = await pulled.lastCall()
                try #require(outcome.failure == nil, "\(outcome.words.en)\n\(last)")
                #expect(!outcome.isNotable, "\(outcome.words.en)")
                let differences = try await pulled.differences()
                #expect(differences.isEmpty, "step \(step):\n\(differences.joined(separator: "\n"))")
            }
            #expect(await pulled.platform.desk.overruns == 0)
            let text = try await pulled.folder.run("export").output
            for name in ["John", "Doe", "example.com", "Jane"] { #expect(!text.contains(name), "\(name) was kept") }
        }
    }
}
