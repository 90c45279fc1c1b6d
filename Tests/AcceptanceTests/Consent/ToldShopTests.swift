import Daemon
import Facts
import Foundation
import Simulation
import TestSupport
import Testing

@Suite("What a token tells of a store is asked again when it may be another one", .timeLimit(.minutes(2)))
struct ToldShopTests {
    /// The ciphers by which orders were asked for, and how often the platform was asked whose the token is.
    private func asked(_ place: TokenPlace) async -> (ciphers: [String], told: Int) {
        let calls = await place.platform.asked
        let ciphers = calls.compactMap { call in call.query.first { $0.name == "shop_cipher" }?.value }
        return (ciphers, calls.count { $0.path.hasSuffix("/shops") })
    }

    private func rename(_ market: String, in place: TokenPlace) throws {
        let path = place.folder.file("goodstanding.yaml")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.contains("market:") ? "    market: \(market)" : String($0) }
        try place.folder.write("goodstanding.yaml", lines.joined(separator: "\n") + "\n")
    }

    @Test("a store that moves to another market is another shop of its owner")
    func market() async throws {
        try await TokenPlace.at("tiktok-shop") { place in
            await place.platform.set("second market", "DE")
            await place.platform.set("second cipher", "GCP_second")
            _ = try await place.consent()
            for (market, cipher, told) in [
                ("GB", "GCP_made_up", 1), ("GB", "GCP_made_up", 1), ("DE", "GCP_second", 2), ("DE", "GCP_second", 2),
                ("GB", "GCP_made_up", 3),
            ] {
                try rename(market, in: place)
                place.clock.advance(by: .hours(1))
                // Each time a new process, by what is on the disk.
                let outcome = try await place.pull(try await place.process())
                #expect(outcome.failure == nil, "\(outcome.words.en)")
                let found = await asked(place)
                #expect(found.ciphers.last == cipher && found.told == told, "\(market)")
            }
        }
    }

    @Test("and one of which another owner consents is another's")
    func owner() async throws {
        try await TokenPlace.at("tiktok-shop") { place in
            _ = try await place.consent()
            #expect(try await place.pull(try await place.process()).failure == nil)
            await place.platform.set("shop_cipher", "GCP_other")
            _ = try await place.consent()
            #expect(try await place.pull(try await place.process()).failure == nil)
            let found = await asked(place)
            #expect(found.ciphers.last == "GCP_other" && found.told == 2)
        }
    }
}
