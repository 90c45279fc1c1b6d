import Foundation
import TestSupport
import Testing

@Suite("pull --plan holds the configuration against the platforms' limits", .timeLimit(.minutes(2)))
struct PullPlanTests {
    private func folder(_ stores: [String], more: String = "") throws -> Workplace {
        let folder = try Workplace()
        let entries = stores.map {
            "  - {id: \($0), pack: ebay, account: app, credentials: {refresh_token: {env: TOKEN}}\(more)}"
        }
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            accounts:
              - {id: app, pack: ebay, credentials: {client_id: made-up, client_secret: {env: TOKEN}}}
            stores:
            \(entries.joined(separator: "\n"))

            """)
        return folder
    }

    private let secret = ["TOKEN": "made-up-token"]

    @Test("four stores read eBay's profile of standards 16 times a day, of 100 that it allows")
    func fits() async throws {
        let folder = try folder((1...4).map { "shop-\($0)" })
        let ended = try await folder.run("pull", "--plan", "--format", "json", environment: secret)
        #expect(ended.status == 0, "\(ended.everything)")
        let report = try #require(JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any])
        let limit = try #require(
            (report["limits"] as? [[String: Any]])?.first { $0["methods"] as? [String] == ["standards"] })
        #expect(limit["daily"] as? Int == 16 && limit["percent"] as? Int == 16 && limit["refused"] as? Bool == false)
        #expect(limit["application"] as? String == "app" && (limit["stores"] as? [String])?.count == 4)
        #expect((report["assumed"] as? [String])?.count == 4, "nothing is known of them")
        #expect(!FileManager.default.fileExists(atPath: folder.file("ledger.db")), "it makes no ledger")
        #expect(!ended.everything.contains("made-up"), "neither a key nor a token is shown")
        let table = try await folder.run("pull", "--plan", environment: secret)
        #expect(
            table.output.contains("standards") && table.output.contains("16%") && table.output.contains("100 a day"))
        #expect(table.output.contains("shop-1 and 3 more"), "stores that come to the same are one line")
        let chinese = try await folder.run(
            "pull", "--plan", environment: secret.merging(["LC_ALL": "zh_CN.UTF-8"]) { $1 })
        #expect(chinese.output.contains("每天 100 次"))
    }

    @Test("more than half of a limit is refused, with the nearest plan that fits, and that fits")
    func refused() async throws {
        // 20 stores ask 80 times a day; once in twelve hours they ask 40 times.
        let stores = (1...20).map { "shop-\($0)" }
        let folder = try folder(stores)
        let ended = try await folder.run("pull", "--plan", environment: secret)
        #expect(ended.status == 64 && ended.output.contains("80%"), "\(ended.everything)")
        #expect(ended.error.contains("`streams: {standards: {every: 12h}}`"), "\(ended.error)")
        let checked = try await folder.run("config", "check", environment: secret)
        #expect(checked.status == 64 && checked.error.contains("goodstanding.yaml:5:"), "\(checked.error)")
        #expect(checked.error.contains("100 a day"))
        let mended = try self.folder(stores, more: ", streams: {standards: {every: 12h}}")
        #expect(try await mended.run("pull", "--plan", environment: secret).status == 0)
        let right = try await mended.run("config", "check", environment: secret)
        #expect(right.status == 0, "\(right.error)")
    }

    @Test("where a platform counts what calls cost the plan counts it too")
    func points() async throws {
        let folder = try Workplace()
        func plan(_ every: String) async throws -> Program.Outcome {
            try folder.write(
                "goodstanding.yaml",
                """
                database: sqlite:ledger.db
                stores:
                  - {id: shop, pack: shopify, timezone: UTC, every: \(every), credentials: {shop: a.example, access_token: {env: TOKEN}}}

                """)
            return try await folder.run("pull", "--plan", "--orders", "0", environment: secret)
        }
        // Three queries, 96 times a day: 753 and 903 and 154 points.
        let quarter = try await plan("15m")
        #expect(quarter.status == 0, "\(quarter.everything)")
        for words in ["100 points in 1s", "173760 points", "8640000 points", "3%"] {
            #expect(quarter.output.contains(words), "\(words) in \(quarter.output)")
        }
        let json = try await folder.run(
            "pull", "--plan", "--orders", "0", "--format", "json", environment: secret)
        #expect(json.output.contains(#""calls":null,"points":100,"per":1"#), "\(json.output)")
        let seconds = try await plan("15s")
        #expect(seconds.status == 64, "\(seconds.everything)")
        #expect(
            seconds.error.contains("needs 10425600 points a day")
                && seconds.error.contains("`every: 15m`, 173760 points a day"), "\(seconds.error)")
    }

    @Test("only readings can be asked for less often than the rest")
    func orders() async throws {
        let folder = try folder(["shop-1"], more: ", streams: {orders: {every: 12h}}")
        let ended = try await folder.run("config", "check", environment: secret)
        #expect(ended.status == 64 && ended.error.contains("brings more than readings"), "\(ended.error)")
        let misspelt = try self.folder(["shop-1"], more: ", streams: {standard: {every: 12h}}")
        let refused = try await misspelt.run("config", "check", environment: secret)
        #expect(refused.status == 64 && refused.error.contains("'standards'"), "\(refused.error)")
    }
}
