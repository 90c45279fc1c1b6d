import Daemon
import Facts
import Foundation
import PlatformSupport
import Simulation
import TestSupport
import Testing

@Suite("A list that a platform withholds for want of a right leaves the others good", .timeLimit(.minutes(5)))
struct WithheldListTests {
    private static let scope = "read_shopify_payments_disputes"

    private func rules(_ pulled: PulledPlatform) async throws -> [String: [String: Any]] {
        let moment = pulled.clock.now.description
        let ended = try await pulled.folder.run("check", "--format", "json", "--at", moment)
        let page = try #require(try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any])
        let store = try #require((page["stores"] as? [[String: Any]])?.first)
        let rules = try #require(store["rules"] as? [[String: Any]])
        return Dictionary(rules.compactMap { rule in (rule["rule"] as? String).map { ($0, rule) } }) { $1 }
    }

    @Test("without the scope for disputes refunds are known and disputes are not; with it all of them are")
    func disputes() async throws {
        let row = try #require(PlatformRow.all.first { $0.pack == "shopify" })
        let pulled = try PulledPlatform(
            row, seed: 31, orders: [12], known: ["scopes": "read_orders,read_all_orders"])
        let platform = pulled.platforms[0]
        try await pulled.serving {
            for _ in 0..<2 {
                let outcome = try #require(try await pulled.pull().first)
                try #require(outcome.failure == nil, "\(outcome.words.en)")
                #expect(outcome.words.en.contains("without disputes"), "\(outcome.words.en)")
                // Nothing is missing but the disputes, and nothing is there of them.
                let differences = try await pulled.differences()
                #expect(differences.count == 1 && differences[0].hasPrefix("refund missing"), "\(differences)")
                let found = try await rules(pulled)
                for rule in ["chargebacks", "dispute-evidence"] {
                    #expect(found[rule]?["standing"] as? String == "unknown", "\(rule): \(found[rule] ?? [:])")
                    #expect("\(found[rule] ?? [:])".contains(Self.scope), "\(found[rule] ?? [:])")
                }
                for rule in ["refunds", "late-fulfillment", "fulfillment-time"] {
                    let standing = found[rule]?["standing"] as? String
                    #expect(standing != "unknown" && standing != nil, "\(rule): \(found[rule] ?? [:])")
                }
                pulled.clock.advance(by: .hours(6))
            }
            await platform.set("scopes", "read_orders,read_all_orders,\(Self.scope)")
            let outcome = try #require(try await pulled.pull().first)
            try #require(outcome.failure == nil && outcome.refused.isEmpty, "\(outcome.words.en)")
            #expect(try await pulled.differences().isEmpty)
            let found = try await rules(pulled)
            for rule in ["chargebacks", "dispute-evidence"] {
                #expect(found[rule]?["standing"] as? String != "unknown", "\(rule): \(found[rule] ?? [:])")
            }
        }
    }
}
