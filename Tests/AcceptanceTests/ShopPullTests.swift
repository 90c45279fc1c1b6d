import Foundation
import Simulation
import TestSupport
import Testing

@Suite("A store's platform is pulled by what its pack says", .timeLimit(.minutes(2)))
struct ShopPullTests {
    /// A shop of forty days that end now, and a folder whose configuration knows it.
    private func shop(_ seed: UInt64 = 1, orders: Int = 8) async -> MadeUpShop {
        let now = Int64(Date().timeIntervalSince1970)
        let shop = MadeUpShop(seed: seed, now: now - 40 * 86_400)
        await shop.live(days: 40, orders: orders)
        return shop
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

    private func text(_ seconds: Int64?) -> String? {
        seconds.map { Date(timeIntervalSince1970: TimeInterval($0)).ISO8601Format() }
    }

    private func amount(_ cents: Int) -> Decimal { Decimal(cents) / 100 }

    /// What the ledger holds, a line a fact, beside what the shop knows.
    private func compare(_ folder: Workplace, with shop: MadeUpShop) async throws {
        var known: [String: [String: Any]] = [:]
        for line in try await folder.run("export").output.split(separator: "\n") {
            guard let fact = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let kind = fact["kind"] as? String, let id = fact["id"] as? String
            else { continue }
            known["\(kind)/\(id)"] = fact
        }
        var expected = 0
        for order in await shop.orders {
            expected += 2
            let fact = try #require(known["order/\(order.id)"], "\(order)")
            #expect(fact["placed_at"] as? String == text(order.created))
            #expect(fact["paid_at"] as? String == text(order.paid))
            #expect(fact["completed_at"] as? String == text(order.completed))
            #expect(fact["updated_at"] as? String == text(order.modified))
            let words = ["pending": "open", "processing": "paid", "completed": "completed", "cancelled": "canceled"]
            #expect(fact["status"] as? String == words[order.status], "\(order)")
            #expect((fact["amount"] as? String).flatMap { Decimal(string: $0) } == amount(order.total))
            #expect(known["line/\(order.id * 10)"]?["order"] as? String == String(order.id))
            for refund in order.refunds {
                expected += 1
                let fact = try #require(known["refund/\(refund.id)"], "\(refund) of \(order)")
                #expect(fact["order"] as? String == String(order.id))
                #expect(fact["refunded_at"] as? String == text(refund.created))
                #expect((fact["amount"] as? String).flatMap { Decimal(string: $0) } == amount(refund.amount))
            }
        }
        for review in await shop.reviews where review.isApproved {
            expected += 1
            #expect((known["rating/\(review.id)"]?["score"] as? NSNumber)?.intValue == review.rating)
        }
        #expect(
            known.values.count { ["order", "line", "refund", "rating"].contains($0["kind"] as? String) } == expected)
        let everything = known.values.map { "\($0)" }.joined()
        #expect(!everything.contains("John") && !everything.contains("example.com"), "no personal data")
    }

    @Test("a first pull brings all of it, and the next ones what changed, also of old orders", arguments: [1, 2])
    func whole(_ seed: UInt64) async throws {
        let shop = await shop(seed)
        try await shop.serving { endpoint in
            let folder = try folder(endpoint)
            let first = try await folder.run("pull")
            try #require(first.status == 0, "\(first.everything)")
            #expect(!first.everything.contains("cs_made_up"))
            try await compare(folder, with: shop)
            for _ in 0..<5 { await shop.refund() }
            await shop.approveAll()
            let asked = await shop.asked.count
            let second = try await folder.run("pull", "--store", "shop")
            try #require(second.status == 0, "\(second.everything)")
            try await compare(folder, with: shop)
            // Only what changed was asked for again, and the reviews.
            #expect(await shop.asked.count - asked < 20)
            let standing = try await folder.run("check", "--all")
            #expect(standing.output.contains("refund_rate"), "\(standing.everything)")
            let why = try await folder.run("explain", "--store", "shop")
            #expect(why.output.contains("refund (platform): complete from"), "\(why.output.prefix(900))")
        }
    }

    @Test("orders that are refunded while the list is walked are lost by no page")
    func meanwhile() async throws {
        let shop = await shop(3)
        try await shop.serving { endpoint in
            let folder = try folder(endpoint)
            for page in 2...3 { await shop.refund(10, beforePage: page) }
            try #require(try await folder.run("pull").status == 0)
            try #require(try await folder.run("pull").status == 0)
            try await compare(folder, with: shop)
        }
    }

    @Test("who wants to look farther back has everything pulled again")
    func farther() async throws {
        let shop = await shop(6, orders: 2)
        try await shop.serving { endpoint in
            let folder = try folder(endpoint, more: "since: 10d")
            try #require(try await folder.run("pull").status == 0)
            let all = await shop.orders.count
            let some = try await folder.run("export", "--kinds", "order").output.split(separator: "\n").count
            #expect(some < all && some >= 10, "\(some) of \(all)")
            let config = try String(contentsOfFile: folder.file("goodstanding.yaml"), encoding: .utf8)
            try folder.write("goodstanding.yaml", config.replacing("since: 10d", with: "since: 90d"))
            try #require(try await folder.run("pull").status == 0)
            try await compare(folder, with: shop)
        }
    }

    @Test("a shop that throttles, fails and hangs up is asked again, and nothing is lost or doubled")
    func troubles() async throws {
        let shop = await shop(4)
        try await shop.serving { endpoint in
            let folder = try folder(endpoint)
            await shop.trouble([.throttled, .failing, .cutOff])
            let ended = try await folder.run("pull")
            try #require(ended.status == 0, "\(ended.everything)")
            try await compare(folder, with: shop)
        }
    }

    @Test("a wrong secret is told without it, and what is not known is unknown")
    func refused() async throws {
        let shop = await shop(5, orders: 1)
        try await shop.serving { endpoint in
            let folder = try folder(endpoint, secret: "cs_of_another")
            let ended = try await folder.run("pull")
            #expect(ended.status == 1 && ended.everything.contains("it does not take the credentials"), "\(ended)")
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
