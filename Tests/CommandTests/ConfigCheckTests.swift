import Foundation
import TestSupport
import Testing

@Suite("config check reads configuration and packs, and touches nothing else")
struct ConfigCheckTests {
    @Test("a good configuration is summed up, and no ledger is made")
    func good() async throws {
        let folder = try Workplace()
        try folder.write("goodstanding.yaml", Sample.configuration)
        try folder.write("shop.yaml", Sample.pack)
        let ended = try await folder.run("config", "check")
        #expect(ended.status == 0 && ended.error == "")
        try expectGolden(ended.output, "config-check.txt")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left.sorted() == ["goodstanding.yaml", "shop.yaml"])
    }

    @Test("--config is looked at first, then GOODSTANDING_CONFIG, then the folder")
    func whereItIs() async throws {
        let folder = try Workplace()
        let nothing = "database: sqlite:ledger.db\nstores: []\n"
        for name in ["goodstanding.yaml", "named.yaml", "asked.yaml"] { try folder.write(name, nothing) }
        let environment = ["GOODSTANDING_CONFIG": folder.file("named.yaml")]
        let asked = try await folder.run("config", "check", "--config", "asked.yaml", environment: environment)
        #expect(asked.output.hasPrefix("asked.yaml"))
        let named = try await folder.run("config", "check", environment: environment)
        #expect(named.output.hasPrefix(folder.file("named.yaml")))
        let local = try await folder.run("config", "check", environment: ["GOODSTANDING_CONFIG": ""])
        #expect(local.output.hasPrefix("./goodstanding.yaml"))
    }

    @Test("everything that is wrong is said at once, with line and caret")
    func everythingWrong() async throws {
        let folder = try Workplace()
        try folder.write("shop.yaml", Sample.pack)
        try folder.write(
            "goodstanding.yaml",
            """
            database: mysql:ledger.db
            packs: [shop.yaml, nowhere.yaml]
            listne: 127.0.0.1:8420
            stores:
              - {id: south, pack: shop, timezone: Asia/Shangai}
              - {id: south, pack: shop, quarantine_limit: lots}
            feeds:
              - {id: erp, url: "ftp://erp.example/facts", every: soon}
            receivers:
              - id: ops
                webhook: https://ops.example/hook
                secret: {env: NO_SUCH_SECRET}
            """)
        let ended = try await folder.run("config", "check")
        #expect(ended.status == 64 && ended.output == "")
        try expectGolden(ended.error.replacing(folder.path + "/", with: ""), "config-check-wrong.txt")
    }

    @Test("a store without a market is told what is not asked of it")
    func market() async throws {
        let folder = try Workplace()
        func check(_ market: String) async throws -> Program.Outcome {
            try folder.write(
                "goodstanding.yaml",
                """
                database: sqlite:ledger.db
                stores:
                  - {id: shop, pack: walmart\(market), credentials: {client_id: {env: ID}, client_secret: {env: KEY}}}
                """)
            return try await folder.run("config", "check", environment: ["ID": "abc", "KEY": "QvXz-1"])
        }
        let without = try await check("")
        #expect(without.status == 0)
        for words in ["names no market", "response_rate", "write market: US"] {
            #expect(without.error.contains(words), "\(words) in \(without.everything)")
        }
        // The other markets have none of it, and that is that.
        for market in ["US", "CA"] {
            #expect(!(try await check(", market: \(market)")).everything.contains("names no market"))
        }
    }

    @Test("a store of which nobody brings anything is told what it lacks")
    func unpulled() async throws {
        let folder = try Workplace()
        func check(_ entry: String, _ more: String = "") async throws -> Program.Outcome {
            try folder.write("goodstanding.yaml", "database: sqlite:ledger.db\nstores:\n\(entry)\n\(more)\n")
            return try await folder.run("config", "check", environment: ["KEY": "QvXz-1"])
        }
        let bare = try await check("  - {id: s, pack: pinduoduo}")
        let words =
            "store 's' is not pulled: it has neither account: nor credentials:; to pull it give client_id, client_secret; else bring its facts by a feed or files."
        #expect(bare.status == 0 && bare.output.lines.contains("  " + words), "\(bare.everything)")
        let shop = try await check(
            "  - {id: a, pack: woocommerce, timezone: UTC}\n  - {id: b, pack: woocommerce, timezone: UTC}")
        #expect(
            shop.output.contains(
                "store 'a' and 1 more are not pulled: they have neither account: nor credentials:; to pull them give endpoint, consumer_key, consumer_secret;"
            ), "\(shop.everything)")
        for quiet in [
            try await check("  - {id: s, pack: pinduoduo, sources: {order: file}}"),
            try await check("  - {id: s, pack: pinduoduo}", "feeds: [{id: erp, url: \"http://127.0.0.1:1/facts\"}]"),
            try await check("  - {match: \"s*\", pack: pinduoduo}"),
            try await check("  - {id: s, pack: pinduoduo, credentials: {client_id: abc, client_secret: {env: KEY}}}"),
        ] { #expect(quiet.status == 0 && !quiet.output.contains("not pulled"), "\(quiet.everything)") }
    }

    @Test("doctor tells it too, until somebody has imported facts of the store")
    func unpulledByDoctor() async throws {
        let folder = try Workplace()
        try folder.write("goodstanding.yaml", "database: sqlite:ledger.db\nstores: [{id: s, pack: pinduoduo}]\n")
        let before = try await folder.run("doctor")
        #expect(before.output.contains("warn  store 's' is not pulled: "), "\(before.everything)")
        let fact = #"{"kind":"rating","store":"s","id":"1","score":5,"rated_at":"2026-02-20T00:00:00Z"}"#
        try #require(try await folder.run("import", "-", input: fact).status == 0)
        #expect(!(try await folder.run("doctor")).output.contains("not pulled"))
    }

    static let consents: [(pack: String, given: String, name: String, token: String)] = [
        ("pinduoduo", "client_id: a", "redirect_uri", "access_token"),
        ("ebay", "client_id: a", "redirect_uri", "access_token"),
        ("taobao", "app_key: a", "redirect_uri", "session"),
        ("mercadolibre", "client_id: a", "redirect_uri", "access_token"),
        ("douyin", "app_key: a", "service_id", "access_token"),
        ("shopify", "client_id: a, shop: a", "redirect_uri", "access_token"),
    ]

    @Test("what an owner cannot consent without is told of each platform alike", arguments: consents)
    func consent(_ row: (pack: String, given: String, name: String, token: String)) async throws {
        let folder = try Workplace()
        func check(_ more: String) async throws -> Program.Outcome {
            try folder.write(
                "goodstanding.yaml",
                "database: sqlite:ledger.db\nstores:\n  - {id: s, pack: \(row.pack), endpoint: \"https://s.example\", credentials: {\(row.given)\(more)}}\n"
            )
            return try await folder.run("config", "check", environment: ["T": "QvXz-1"])
        }
        let words = "this store lacks '\(row.name)', without which nobody can consent; or give \(row.token)"
        #expect(try await check("").error.contains("warning: " + words))
        for given in [", \(row.name): abc", ", \(row.token): {env: T}", ", refresh_token: {env: T}"] {
            let ended = try await check(given)
            #expect(!ended.error.contains("nobody can consent"), "\(given): \(ended.everything)")
        }
    }

    /// A user who has mended one file should not find the next fault only then.
    @Test("a fault of one layer does not hide those of the next")
    func everyLayer() async throws {
        let folder = try Workplace()
        try folder.write("circle.yaml", "pack: circle\nmetrics:\n  a: b\n  b: a\n")
        try folder.write("shop.yaml", Sample.pack)
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            listne: 127.0.0.1:8420
            packs: [circle.yaml, shop.yaml]
            stores:
              - {id: north, pack: shpo}
              - {id: south, pack: shop, parameters: {dispute_limt: 4}}
            receivers:
              - {id: ops, webhook: "https://ops.example/hook", secret: {env: NO_SUCH_SECRET}}
            """)
        let ended = try await folder.run("config", "check")
        #expect(ended.status == 64)
        let faults = ["'listne'", "NO_SUCH_SECRET", "a → b → a", "'shpo'", "'dispute_limt'"]
        #expect(faults.filter { !ended.error.contains($0) } == [], "these are not said yet:\n\(ended.error)")
    }

    @Test("the caret stands under the name that is wrong, not under its value")
    func caret() async throws {
        let folder = try Workplace()
        try folder.write("shop.yaml", Sample.pack)
        let entry = "  - {id: south, pack: shop, parameters: {dispute_limt: 4}}"
        try folder.write(
            "goodstanding.yaml", "database: sqlite:ledger.db\npacks: [shop.yaml]\nstores:\n\(entry)\n")
        let ended = try await folder.run("config", "check")
        let lines = ended.error.lines
        #expect(lines[0].hasPrefix("./goodstanding.yaml:4:42: error:") && lines[0].contains("dispute_limit"))
        #expect(lines[1] == entry)
        #expect(lines[2] == String(repeating: " ", count: 41) + "^~~~~~~~~~~~")
    }

    struct Warned: Sendable, CustomTestStringConvertible {
        var what: String
        var line: String
        var words: String
        var testDescription: String { what }
    }

    static let warned: [Warned] = [
        Warned(
            what: "a secret written out",
            line:
                #"receivers: [{id: ops, webhook: "https://o.org", secret: whsec_VGhpc0lzVmVyeVNlY3JldEluZGVlZA==}]"#,
            words: "secret"),
        Warned(what: "plain http", line: #"feeds: [{id: erp, url: "http://erp.example/facts"}]"#, words: "http"),
    ]

    @Test("what is unwise is warned of and accepted, and no secret is repeated", arguments: warned)
    func warning(_ row: Warned) async throws {
        let folder = try Workplace()
        try folder.write("goodstanding.yaml", "database: sqlite:ledger.db\nstores: []\n\(row.line)\n")
        let ended = try await folder.run("config", "check")
        #expect(ended.status == 0)
        #expect(ended.error.contains("goodstanding.yaml:3:") && ended.error.contains("warning:"), "\(ended.error)")
        #expect(ended.error.contains(row.words) && !ended.everything.contains("VGhpc0lz"))
    }

    @Test("plain http on loopback is nothing to warn of")
    func loopback() async throws {
        let folder = try Workplace()
        let feeds = #"feeds: [{id: erp, url: "http://127.0.0.1:8000/facts"}]"#
        try folder.write("goodstanding.yaml", "database: sqlite:ledger.db\nstores: []\n\(feeds)\n")
        let ended = try await folder.run("config", "check")
        #expect(ended.status == 0 && ended.error == "")
    }
}
