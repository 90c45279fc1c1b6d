import Alerts
import Facts
import Foundation
import Ledgers
import TestSupport
import Testing

@testable import Daemon

@Suite("Whoever was told that a rule fires hears when nobody knows any more how it stands")
struct BlindLimitTests {
    private static let stores = [HealthBench.platform("a")]

    private func bench(_ more: String) async throws -> HealthBench {
        let bench = try await HealthBench(Self.stores)
        let pack = HealthBench.pack().replacing("refunds < 3}", with: "refunds < 3, \(more)}")
        try await bench.reconfigure(Self.stores, pack: pack)
        try await bench.pulled("a", at: 0, bench.refunds(1...3, at: "a"))
        return bench
    }

    private func told(_ bench: HealthBench) async throws -> [String] {
        try await bench.told().filter { $0.contains("a/refunds") }
    }

    @Test("after blind_limit, once, until it is known again")
    func firing() async throws {
        let bench = try await bench("blind_limit: 2h")
        try await bench.look(from: 0, to: 115)
        #expect(try await told(bench) == ["0 a/refunds firing limit"])
        try await bench.look(from: 120, to: 130)
        #expect(try await told(bench).dropFirst() == ["120 a/refunds reminder limit"])
        let entry = try #require(
            try await bench.assembly.ledger.outbox(nil, limit: 9).first {
                $0.notice.receiver == "ops" && $0.notice.key.rule == "refunds"
            })
        let body = String(decoding: entry.notice.body, as: UTF8.self)
        #expect(body.contains("\"blind_since\":\"\(bench.start)\""), "\(body)")
        let words = try #require(
            try await bench.assembly.ledger.outbox(nil, limit: 9).first {
                $0.notice.receiver == "duty" && $0.notice.key.rule == "refunds"
            })
        #expect(String(decoding: words.notice.body, as: UTF8.self).contains("nothing new is known since"))
        bench.restart()
        try await bench.look(from: 135, to: 140)
        #expect(try await told(bench).count == 2, "a restart says nothing again")
        try await bench.pulled("a", at: 145)
        try await bench.look(at: 145)
        try await bench.look(from: 260, to: 265)
        #expect(try await told(bench).dropFirst(2) == ["265 a/refunds reminder limit"])
        #expect(try await bench.open().contains("a/refunds firing"))
    }

    @Test("without it nothing is said, however long; what waits is given up with it, and waits on without")
    func without() async throws {
        let silent = try await bench("keep: 0d")
        try await silent.look(from: 0, to: 300)
        #expect(try await told(silent) == ["0 a/refunds firing limit"])
        let waiting = try await bench("for: 1d")
        try await waiting.look(from: 0, to: 300)
        #expect(try await waiting.open().contains("a/refunds pending"))
        let givenUp = try await bench("for: 1d, blind_limit: 2h")
        try await givenUp.look(from: 0, to: 115)
        #expect(try await givenUp.open().contains("a/refunds pending"))
        try await givenUp.look(at: 120)
        #expect(try await !givenUp.open().contains { $0.hasPrefix("a/refunds") })
        #expect(try await told(givenUp).isEmpty)
    }
}
