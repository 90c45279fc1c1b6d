import Foundation
import Simulation
import TestSupport
import Testing

@Suite("A store's platform is pulled by what its pack says", .timeLimit(.minutes(2)))
struct ShopPullTests {
    /// A shop of forty days that end now.
    private func shop(_ seed: UInt64, orders: Int = 3) -> MadeUpPlatform {
        let now = Int64(Date().timeIntervalSince1970)
        let history = PlatformHistory(seed: seed, from: now - 40 * 86_400, days: 40, orders: orders)
        return MadeUpPlatform(.woocommerce, history: history) { Int64(Date().timeIntervalSince1970) }
    }

    private func folder(_ endpoint: String, secret: String = "cs_made_up", more: String = "") throws -> Workplace {
        let folder = try Workplace()
        try folder.write("secret", secret + "\n")
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            stores:
              - id: shop
                pack: woocommerce
                timezone: UTC
                currency: EUR
                endpoint: \(endpoint)
                credentials: {consumer_key: ck_made_up, consumer_secret: {file: secret}}
                \(more)
            """)
        return folder
    }

    private func count(_ kind: String, _ folder: Workplace) async throws -> Int {
        try await folder.run("export", "--kinds", kind).output.split(separator: "\n").count {
            $0.contains("\"kind\":\"\(kind)\"")
        }
    }

    @Test("the commands: a pull brings all of it, the next one asks for what changed since, and it is judged")
    func commands() async throws {
        let shop = shop(1)
        try await shop.serving { endpoint in
            let folder = try folder(endpoint)
            await shop.setHorizon(Int64(Date().timeIntervalSince1970) - 120)
            let first = try await folder.run("pull")
            try #require(first.status == 0, "\(first.everything)")
            #expect(!first.everything.contains("cs_made_up"))
            let horizon = await shop.desk.shown
            let (found, there) = (try await count("order", folder), shop.history.orders(at: horizon).count)
            #expect(found == there, "\(first.everything)")
            let asked = await shop.requests
            let second = try await folder.run("pull", "--store", "shop")
            try #require(second.status == 0, "\(second.everything)")
            #expect(second.everything.contains(" 0 of them new or changed"), "\(second.everything)")
            #expect(await shop.requests - asked < 10)
            let standing = try await folder.run("check", "--all")
            #expect(standing.output.contains("refund_rate"), "\(standing.everything)")
            let why = try await folder.run("explain", "--store", "shop")
            #expect(why.output.contains("refund (platform): complete from"), "\(why.output.prefix(900))")
        }
    }

    @Test("who wants to look farther back has everything pulled again")
    func farther() async throws {
        let shop = shop(6, orders: 2)
        try await shop.serving { endpoint in
            let folder = try folder(endpoint, more: "since: 10d")
            try #require(try await folder.run("pull").status == 0)
            let some = try await count("order", folder)
            let all = shop.history.orders(at: await shop.now - 120).count
            #expect(some < all && some >= 10, "\(some) of \(all)")
            let config = try String(contentsOfFile: folder.file("goodstanding.yaml"), encoding: .utf8)
            try folder.write("goodstanding.yaml", config.replacing("since: 10d", with: "since: 90d"))
            try #require(try await folder.run("pull").status == 0)
            #expect(try await count("order", folder) >= all)
        }
    }

    @Test("a wrong secret is told without it, and what is not known is unknown")
    func refused() async throws {
        let shop = shop(5, orders: 1)
        try await shop.serving { endpoint in
            let folder = try folder(endpoint, secret: "cs_of_another")
            let ended = try await folder.run("pull")
            #expect(ended.status == 1 && ended.everything.contains("check the store's credentials"), "\(ended)")
            #expect(!ended.everything.contains("cs_of_another"))
            #expect(try await folder.run("check").status == 3)
            let doctor = try await folder.run("doctor")
            #expect(doctor.everything.contains("store 'shop'") && !doctor.everything.contains("cs_of_another"))
            // A server that takes passwords alone answers the same to what is signed.
            #expect(doctor.everything.contains("OAuth 1.0a") && doctor.everything.contains("serve it over https"))
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var entry: String
        var words: String
        var testDescription: String { words }
    }

    private static let wrong = [
        Row(
            entry: "{id: s, pack: woocommerce, timezone: UTC, credentials: {consumer_key: a, consumer_secret: b}}",
            words: "lacks 'endpoint'"),
        Row(
            entry:
                "{id: s, pack: woocommerce, timezone: UTC, endpoint: \"https://shop.example\", credentials: {consumer_key: a}}",
            words: "lacks the credential 'consumer_secret'"),
        Row(
            entry:
                "{id: s, pack: woocommerce, timezone: UTC, endpoint: \"https://shop.example\", credentials: {consumer_key: a, consumer_secrt: b}}",
            words: "did you mean 'consumer_secret'?"),
        Row(
            entry:
                "{id: s, pack: woocommerce, timezone: UTC, endpoint: \"http://shop.example\", credentials: {consumer_key: a, consumer_secret: b}}",
            words: "plain http:// is taken on this machine alone"),
        Row(
            entry: "{id: s, pack: etsy, endpoint: \"https://shop.example\"}",
            words: "does not say how its platform is pulled"),
        Row(
            entry: "{match: \"s*\", pack: woocommerce, timezone: UTC, endpoint: \"https://shop.example\"}",
            words: "is for one store"),
    ]

    @Test("a slip beside a secret shows no line that may hold it", arguments: ["credentials", "credentails"])
    func slips(_ key: String) async throws {
        let folder = try Workplace()
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            stores:
              - id: shop
                pack: woocommerce
                timezone: UTC
                endpoint: https://shop.example
                \(key):
                  consumer_ky: QvXz-1
                  consumer_secrt: QvXz-2
            """)
        let ended = try await folder.run("config", "check")
        #expect(ended.status != 0 && !ended.everything.contains("QvXz"), "\(ended.everything)")
        try folder.write("stores.yaml", "- id: shop\n  pack: woocommerce\n  \(key):\n    consumer_ky: QvXz-3\n")
        try folder.write("goodstanding.yaml", "database: sqlite:ledger.db\nstores: [stores.yaml]\n")
        let apart = try await folder.run("config", "check")
        #expect(apart.status != 0 && !apart.everything.contains("QvXz"), "\(apart.everything)")
    }

    @Test("what a pack asks for and an entry does not give is told with its place", arguments: wrong)
    func configuration(_ row: Row) async throws {
        let folder = try Workplace()
        try folder.write("goodstanding.yaml", "database: sqlite:ledger.db\nstores:\n  - \(row.entry)\n")
        let ended = try await folder.run("config", "check")
        #expect(ended.status != 0 && ended.everything.contains(row.words), "\(ended.everything)")
    }
}
