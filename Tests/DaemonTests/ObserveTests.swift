import Alerts
import Facts
import Language
import Ledgers
import TestSupport
import Testing

@testable import Daemon

@Suite("What is only observed is kept and told to nobody")
struct ObserveTests {
    private struct Way: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var entry = ""
        var more = ""
        /// Whether the store's data is observed with it.
        var isWhole = true
    }

    private static let ways = [
        Way(testDescription: "a store", entry: ", observe: true"),
        Way(testDescription: "a rule of a store", entry: ", observe: [refunds]", isWhole: false),
        Way(testDescription: "a pack", more: "observe: [shop]"),
        Way(testDescription: "a rule of a pack", more: "observe: [shop/refunds]", isWhole: false),
    ]

    @Test("everything runs, nothing is sent, and the end of it is not sent either", arguments: ways)
    private func kept(_ way: Way) async throws {
        let entries = [HealthBench.platform("a", more: way.entry)]
        let bench = try await HealthBench(entries, more: way.more)
        try await bench.pulled("a", at: 0, try bench.refunds(1...3, at: "a"))
        try await bench.look(at: 0)
        try await bench.failed("a", at: 5, .auth)
        try await bench.look(at: 5)
        #expect(try await bench.open() == ["a/health:platform firing", "a/refunds firing"])
        #expect(try await bench.told() == (way.isWhole ? [] : ["5 a/health:platform firing auth"]))
        #expect(try await bench.journal().first == "a/refunds firing observed")
        let alert = try #require(try await bench.assembly.ledger.openAlerts().first { $0.key.rule == "refunds" })
        #expect(alert.told == nil && alert.isUntold, "by which it is known once nobody observes any more")
        let listed = try await bench.listed()
        #expect(listed.contains("a/refunds true") && listed.contains("a/health:platform \(way.isWhole)"))
        #expect(try await bench.observed() == (way.isWhole ? ["a/health:platform firing"] : []) + ["a/refunds firing"])
        try await bench.pulled("a", at: 10, ["r1", "r2"].map { Fact(.refund, store: "a", id: $0, isDeleted: true) })
        try await bench.look(at: 10)
        #expect(try await bench.open().isEmpty)
        #expect(try await bench.told().filter { $0.contains("refunds") }.isEmpty)
    }

    @Test("who was told before observing began hears of the end, and of nothing between")
    func toldBefore() async throws {
        let bench = try await HealthBench([HealthBench.platform("a")])
        try await bench.pulled("a", at: 0, try bench.refunds(1...3, at: "a"))
        try await bench.look(at: 0)
        try await bench.reconfigure([HealthBench.platform("a", more: ", observe: true")])
        try await bench.failed("a", at: 5, .auth)
        try await bench.look(at: 5)
        try await bench.pulled("a", at: 10, ["r1", "r2"].map { Fact(.refund, store: "a", id: $0, isDeleted: true) })
        try await bench.look(at: 10)
        #expect(try await bench.told().map { String($0.prefix { $0 != "(" }) }.count == 2)
        #expect(try await bench.told().last?.hasPrefix("10 a/refunds resolved") == true)
    }

    @Test("what still stands when nobody only observes any more is told then, once")
    func nowTold() async throws {
        let bench = try await HealthBench([HealthBench.platform("a", more: ", observe: true")])
        try await bench.pulled("a", at: 0, try bench.refunds(1...3, at: "a"))
        try await bench.look(at: 0)
        #expect(try await bench.told() == [])
        try await bench.reconfigure([HealthBench.platform("a")])
        try await bench.look(at: 5)
        try await bench.look(at: 10)
        #expect(try await bench.told() == ["5 a/refunds firing limit"])
        try await bench.pulled("a", at: 15, ["r1", "r2"].map { Fact(.refund, store: "a", id: $0, isDeleted: true) })
        try await bench.look(at: 15)
        #expect(try await bench.told().count == 2)
    }

    @Test("names that are not there are told with the nearest")
    func misspelt() throws {
        for (entry, more, words) in [
            (", observe: [refund]", "", "has no rule 'refund' to observe"),
            ("", "observe: [shpo]", "there is no pack 'shpo' to observe"),
            ("", "observe: [shop/refund]", "has no rule 'refund' to observe"),
        ] {
            let folder = try Folder([
                "shop.yaml": HealthBench.pack(),
                "goodstanding.yaml": """
                database: sqlite:l.db
                packs: [shop.yaml]
                stores: [\(HealthBench.platform("a", more: entry))]
                \(more)
                """,
            ])
            let error = #expect(throws: ConfigurationError.self) {
                try Assembly.fleet(config: folder.path + "/goodstanding.yaml", environment: [:])
            }
            #expect(error?.diagnostics.contains { $0.message.contains(words) } == true, "\(words)")
        }
    }
}
