import Alerts
import Facts
import Rules
import TestSupport
import Testing

@testable import Daemon

@Suite("A board of the day")
struct BoardMakingTests {
    @Test("has nothing of what is only observed: no store of which all is, and of others no such rule")
    func observed() async throws {
        let pack = HealthBench.pack().replacing(
            "{refunds: {require: refunds < 3}}",
            with: "{refunds: {require: refunds < 3}, more: {require: refunds < 2}}")
        let entries = [
            "{id: a, pack: shop, observe: true}", "{id: b, pack: shop, observe: [more]}", "{id: c, pack: shop}",
        ]
        let bench = try await HealthBench(["{id: a, pack: shop}"])
        try await bench.reconfigure(entries, pack: pack)
        for store in ["a", "b", "c"] { try await bench.imported(try bench.refunds(1...3, at: store), of: store) }
        let board = try await BoardMaking(
            assembly: bench.assembly, route: Route(receiver: "ops"), calendar: .utc, expiries: []
        ) {}.board()
        #expect(board.standings == [.breach: 2])
        #expect(board.outside.map { "\($0.key.store)/\($0.key.rule)" } == ["b/refunds", "c/more", "c/refunds"])
    }

    @Test("what rolls off within a week is told of what is outside, and of what is nearest to a limit")
    func leaving() async throws {
        let bench = try await HealthBench(["{id: a, pack: shop}", "{id: b, pack: shop}", "{id: c, pack: shop}"])
        try await bench.reconfigure(
            ["a", "b", "c"].map { "{id: \($0), pack: shop}" },
            pack: HealthBench.pack().replacing("over 30d", with: "over 5d"))
        for (store, count) in [("a", 3), ("b", 1)] {
            try await bench.imported(try bench.refunds(1...count, at: store), of: store)
        }
        func board() async throws -> Board {
            try await BoardMaking(
                assembly: bench.assembly, route: Route(receiver: "ops"), calendar: .utc, expiries: []
            ) {}.board()
        }
        #expect(
            try await board().leaving.map {
                "\($0.key.store) \($0.standing): " + $0.words.map(\.en).joined(separator: "; ")
            }
                == [
                    "a breach: 3 of 3 facts behind it leave the window on 2026-06-05",
                    "b ok: 1 of 1 fact behind it leaves the window on 2026-06-05",
                ])
        try await bench.reconfigure(["a", "b", "c"].map { "{id: \($0), pack: shop}" })
        #expect(try await board().leaving.isEmpty, "over 30 days they stay for weeks")
    }
}
