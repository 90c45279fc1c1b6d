import TestSupport
import Testing

@Suite("check prints standings for people, programs, monitoring and pipelines")
struct CheckReportTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var golden: String
        var arguments: [String]
        var language = "C.UTF-8"
        var testDescription: String { golden }
    }

    static let rows: [Row] = [
        Row(golden: "check.txt", arguments: ["check"]),
        Row(golden: "check.zh.txt", arguments: ["check"], language: "zh_CN.UTF-8"),
        Row(golden: "check-all.txt", arguments: ["check", "--all"]),
        Row(golden: "check.nagios.txt", arguments: ["check", "--format", "nagios"]),
        Row(golden: "check.junit.xml", arguments: ["check", "--format", "junit"]),
        Row(golden: "check.json", arguments: ["check", "--format", "json"]),
    ]

    @Test("each format says the same of the same stores", arguments: rows)
    func formats(_ row: Row) async throws {
        let sample = try await Sample()
        let printed = try await sample.folder.run(
            row.arguments + ["--at", Sample.at], environment: ["LANG": row.language])
        try expectGolden(readable(printed.output), row.golden)
        #expect(printed.status == 2, "one store is in breach, whatever the format")
        #expect(printed.error == "", "a result leaves nothing on standard error")
    }

    /// JSON in lines; without the moment up to which a rule was evaluated, which the contract does not name.
    private func readable(_ text: String) -> String {
        text.broken(before: "store", "rule", "gate").replacing(/"covered_to":"[^"]*",/, with: "")
    }

    @Test("JSON has the members that the contract names")
    func json() async throws {
        let printed = try await Sample().at("check", "--format", "json")
        let report = try Check(printed.output)
        #expect(report.at == "2026-03-02T04:00:00Z")
        #expect(report.standing == "breach")
        #expect(
            report.stores.mapValues(\.standing) == [
                "shop-oak": "ok", "shop-fir": "warning", "shop-elm": "breach", "shop-ivy": "unjudged",
                "shop-fig": "unknown", "silent": "unknown",
            ])
        let elm = try #require(report.stores["shop-elm"])
        #expect(elm.rules.map(\.rule) == ["disputes", "score"])
        #expect(elm.rules.map(\.judgedTo) == ["2026-03-01", "2026-03-01"])
        #expect(elm.rules[0].values == ["paid_orders": 7, "dispute_orders": 3, "dispute_rate": 3.0 / 7])
        #expect(elm.gates == [Check.Gate(gate: "campaign", open: false, because: ["disputes", "score"])])
        // What cannot be told is neither open nor closed.
        let silent = try #require(report.stores["silent"])
        #expect(silent.gates == [Check.Gate(gate: "campaign", open: nil, because: ["disputes", "score"])])
        #expect(report.stores["shop-fir"]?.gates == [Check.Gate(gate: "campaign", open: true, because: [])])
    }

    @Test("JUnit is XML that counts what it holds")
    func junit() async throws {
        let printed = try await Sample().at("check", "--format", "junit")
        let suites = try JUnit.read(printed.output)
        #expect(suites.map(\.name) == ["shop-elm", "shop-fig", "shop-fir", "shop-ivy", "shop-oak", "silent"])
        for suite in suites {
            #expect(suite.tests == suite.cases.count, "\(suite.name)")
            for (counted, kind) in [(suite.failures, "failure"), (suite.errors, "error"), (suite.skipped, "skipped")] {
                #expect(counted == suite.cases.count { $0.outcome == kind }, "\(suite.name) \(kind)")
            }
        }
        let outcomes = suites.map { $0.cases.map { $0.outcome ?? "passed" } }
        #expect(
            outcomes == [
                ["failure", "failure"], ["error", "error"], ["failure", "passed"], ["skipped", "skipped"],
                ["passed", "passed"], ["error", "error"],
            ])
    }

    @Test("a suggested limit that nobody confirmed only warns, and is not presented as the platform's")
    func suggested() async throws {
        let folder = try Workplace.watchingEveryStore()
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            stores:
              - {id: doubted, pack: marketplace, timezone: Asia/Shanghai}
              - {id: trusted, pack: marketplace, timezone: Asia/Shanghai, confirmed: true}
            """)
        let disputes = (1...9).map { "02-1\($0)" }
        let facts = ["doubted", "trusted"].flatMap {
            Sample.store($0, orders: 25, disputes: disputes, scores: [])
        }
        let imported = try await folder.run(
            "import", "-", "--complete-until", Sample.complete, input: facts.joined(separator: "\n"))
        try #require(imported.status == 0, "\(imported.error)")

        let table = try await folder.run("check", "--store", "doubted", "--at", Sample.at)
        let line = try #require(table.output.lines.first { $0.contains("Dispute refunds in 30 days") })
        #expect(line.hasPrefix("warning") && line.contains("suggested, not confirmed"))
        #expect(table.status == 3 || table.status == 1, "nothing of it is a breach")
        let json = try Check(try await folder.run("check", "--at", Sample.at, "--format", "json").output)
        let standings = json.stores.mapValues { $0.rules.first { $0.rule == "dispute-refunds" }?.standing }
        #expect(standings == ["doubted": "warning", "trusted": "breach"])
    }
}
