import Alerts
import Facts
import Ledgers
import TestSupport
import Testing

@testable import Daemon

@Suite("A rule that is called otherwise keeps its alert and what happened to it")
struct RenamedRuleTests {
    private static let stores = ["{id: a, pack: shop}", "{id: b, pack: shop}"]
    private static let renamed = HealthBench.pack()
        .replacing(
            "{refunds: {require: refunds < 3}}", with: "{returns: {require: refunds < 3, previous_ids: [refunds]}}")

    private func bench() async throws -> HealthBench {
        let bench = try await HealthBench(Self.stores)
        for store in ["a", "b"] {
            try await bench.imported(try bench.refunds(1...(store == "a" ? 3 : 1), at: store), of: store)
        }
        try await bench.look(at: 0)
        return bench
    }

    @Test("it goes on in one episode, is told nothing of it, and ends under its new name")
    func goesOn() async throws {
        let bench = try await bench()
        let before = try #require(try await bench.assembly.ledger.openAlerts().first { $0.key.rule == "refunds" })
        let fleet = try Assembly.fleet(config: bench.config).fleet
        try await bench.reconfigure(Self.stores, pack: Self.renamed)
        try await bench.look(at: 5)
        #expect(try await bench.notices() == [["a/refunds firing limit"]], "that was told before")
        let ledger = bench.assembly.ledger
        let after = try #require(try await ledger.openAlerts().first { $0.key.rule == "returns" })
        #expect(after.episode == before.episode && after.since == before.since)
        #expect(try await bench.open() == ["a/returns firing"])
        let key = AlertKey(store: "a", rule: "returns")
        #expect(try await ledger.events(.alert(key), limit: 9).map(\.kind) == [.firing])
        for store in ["a", "b"] {
            let key = AlertKey(store: store, rule: "returns")
            let changes = try await ledger.standingChanges(of: key, until: bench.start + .days(1), limit: 9)
            #expect(changes.map(\.judgedAt) == [bench.start], "it stands where it stood, and that is known: \(store)")
        }
        #expect(
            FleetDifferences.words(from: fleet, to: bench.assembly.fleet) == ["shop rule 'refunds' is now 'returns'"])
        try await bench.imported([Fact(.refund, store: "a", id: "r1", isDeleted: true)], of: "a")
        try await bench.look(at: 10)
        #expect(try await bench.notices().dropFirst() == [["a/returns resolved corrected"]])
    }

    @Test("before it is taken in, it ends nothing")
    func loss() async throws {
        let bench = try await bench()
        let open = try await bench.assembly.ledger.openAlerts()
        let old = bench.assembly.fleet
        let path = try bench.write(Self.stores, as: "new.yaml", pack: Self.renamed)
        let new = try Assembly.fleet(config: path).fleet
        #expect(FleetLoss(of: new, open: open, watched: []).ending.isEmpty)
        let clearing = Clearing(fleet: new, ledger: bench.assembly.ledger, now: bench.start)
        #expect(try await clearing.endings(of: open, before: old).isEmpty)
        let loose = try bench.write(Self.stores, as: "loose.yaml", pack: Self.renamed.replacing("< 3", with: "< 9"))
        let looser = Clearing(
            fleet: try Assembly.fleet(config: loose).fleet, ledger: bench.assembly.ledger, now: bench.start)
        #expect(
            try await looser.endings(of: open, before: old).map(\.key) == [AlertKey(store: "a", rule: "refunds")],
            "but a looser limit does, by whatever name")
    }

    @Test("so does one of a pack that is called otherwise, as long as it keeps its name")
    func pack() async throws {
        let bench = try await bench()
        try await bench.reconfigure(
            ["{id: a, pack: market}", "{id: b, pack: market}"], pack: HealthBench.pack("market"))
        try await bench.look(at: 5)
        #expect(try await bench.open() == ["a/refunds firing"])
        #expect(try await bench.notices() == [["a/refunds firing limit"]])
    }
}
