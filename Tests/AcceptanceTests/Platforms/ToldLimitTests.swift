import Daemon
import Facts
import PlatformSupport
import Simulation
import TestSupport
import Testing

@Suite("What a platform's answers say of its limits holds in place of what the pack says", .timeLimit(.minutes(10)))
struct ToldLimitTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var pack: String
        /// What the platform allows this application, which the pack knows nothing of.
        var known: [String: String]
    }

    static let rows = [
        Row(
            testDescription: "a quarter of the usual rate, told with most answers", pack: "amazon",
            known: ["rate divisor": "4"]),
        Row(
            testDescription: "twelve calls a minute by contract, told by what is left", pack: "walmart",
            known: ["calls a minute": "12"]),
        Row(testDescription: "three calls a minute by contract", pack: "walmart", known: ["calls a minute": "3"]),
    ]

    @Test("a lower limit than the pack's is never passed", arguments: rows)
    func lower(_ row: Row) async throws {
        let platform = try #require(PlatformRow.all.first { $0.pack == row.pack })
        let pulled = try PulledPlatform(platform, seed: 21, orders: [20], known: row.known)
        try await pulled.serving {
            for step in 0..<2 {
                if step > 0 { pulled.clock.advance(by: .hours(25)) }
                for outcome in try await pulled.pull() { try #require(outcome.failure == nil, "\(outcome.words.en)") }
                let differences = try await pulled.differences()
                #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
            }
            let desk = await pulled.platforms[0].desk
            #expect(desk.overruns == 0)
            #expect(await pulled.platforms[0].asked.count > 20, "there was something to hold up")
        }
    }
}
