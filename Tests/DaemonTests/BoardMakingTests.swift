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
}
