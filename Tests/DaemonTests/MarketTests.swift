import Curl
import Daemon
import Facts
import Language
import Rules
import TestSupport
import Testing

@Suite("A store's market decides where and for what its platform is asked")
struct MarketTests {
    private func folder(_ entry: String) throws -> Folder {
        try Folder(["goodstanding.yaml": "database: sqlite:ledger.db\nstores:\n  - {id: s, \(entry)}\n"])
    }

    /// What the store gives to its platform in the end.
    private func given(_ entry: String) throws -> [String: String] {
        let path = try folder(entry)
        let fleet = try Assembly.fleet(config: path.path + "/goodstanding.yaml", environment: [:]).fleet
        return try #require(fleet.watched("s")?.access).credentials.mapValues { $0.reveal() }
    }

    private func errors(_ entry: String) throws -> [Diagnostic] {
        let path = try folder(entry)
        do {
            _ = try Assembly.fleet(config: path.path + "/goodstanding.yaml", environment: [:])
            return []
        } catch {
            return error.diagnostics.filter { $0.severity == .error }
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var pack: String
        var market: String?
        var credentials: String
        /// Besides those.
        var expected: [String: String]
        var testDescription: String { "\(pack) \(market ?? "without a market")" }
        var entry: String {
            "pack: \(pack)\(market.map { ", market: \($0)" } ?? ""), timezone: UTC, credentials: {\(credentials)}"
        }
    }

    private static let amazon = "client_id: a, client_secret: b, refresh_token: c"
    static let rows = [
        Row(
            pack: "amazon", market: "DE", credentials: amazon,
            expected: [
                "region": "eu", "marketplace_ids": "A1PA6795UKMFR9",
                "seller_central": "sellercentral-europe.amazon.com",
            ]),
        Row(
            pack: "amazon", market: "JP", credentials: amazon,
            expected: [
                "region": "fe", "marketplace_ids": "A1VC38T7YXB528", "seller_central": "sellercentral.amazon.co.jp",
            ]),
        Row(
            pack: "amazon", market: "US", credentials: amazon,
            expected: [
                "region": "na", "marketplace_ids": "ATVPDKIKX0DER", "seller_central": "sellercentral.amazon.com",
            ]),
        // As before: the pack's own words hold.
        Row(pack: "amazon", market: nil, credentials: amazon, expected: [:]),
        // Whose marketplace is given, that one's market it is.
        Row(
            pack: "amazon", market: nil, credentials: amazon + ", marketplace_id: A1PA6795UKMFR9",
            expected: [
                "region": "eu", "marketplace_id": "A1PA6795UKMFR9",
                "seller_central": "sellercentral-europe.amazon.com",
            ]),
        // A region holds many.
        Row(pack: "amazon", market: nil, credentials: amazon + ", region: eu", expected: ["region": "eu"]),
        // Who sells in two names both, and the region follows from one of them.
        Row(
            pack: "amazon", market: "FR", credentials: amazon + ", marketplace_ids: \"A13V1IB3VIYZZH,APJ6JRA9NG5V4\"",
            expected: [
                "region": "eu", "marketplace_ids": "A13V1IB3VIYZZH,APJ6JRA9NG5V4",
                "seller_central": "sellercentral-europe.amazon.com",
            ]),
        Row(
            pack: "lazada", market: "MY", credentials: "app_key: a, app_secret: b, access_token: c",
            expected: ["site": "com.my"]),
        Row(
            pack: "ebay", market: "UK", credentials: amazon,
            expected: ["program": "PROGRAM_UK", "marketplace": "EBAY_GB"]),
        Row(
            pack: "ebay", market: "GB", credentials: amazon,
            expected: ["program": "PROGRAM_UK", "marketplace": "EBAY_GB"]),
        // Under the platform's own name it is given as well.
        Row(
            pack: "ebay", market: "UK", credentials: amazon + ", marketplace_id: EBAY_IE",
            expected: ["program": "PROGRAM_UK"]),
        Row(
            pack: "amazon", market: "FR", credentials: amazon + ", marketplaceIds: A1PA6795UKMFR9",
            expected: ["region": "eu", "seller_central": "sellercentral-europe.amazon.com"]),
        Row(
            pack: "mercadolibre", market: "MLB", credentials: amazon,
            expected: ["auth_host": "auth.mercadolivre.com.br"]),
        Row(
            pack: "tiktok-shop", market: "US", credentials: "app_key: a, app_secret: b, access_token: c",
            expected: ["services": "services.us.tiktokshop.com"]),
        Row(
            pack: "tiktok-shop", market: "GB", credentials: "app_key: a, app_secret: b, access_token: c", expected: [:]),
        Row(pack: "walmart", market: "CA", credentials: "client_id: a, client_secret: b", expected: ["market": "ca"]),
    ]

    @Test("what follows from it need not be given, and what is given stands", arguments: rows)
    func follows(_ row: Row) throws {
        var expected = row.expected
        for pair in row.credentials.split(separator: ", ") where !pair.hasPrefix("marketplace_ids") {
            let parts = pair.split(separator: ": ").map(String.init)
            expected[parts[0]] = parts[1]
        }
        #expect(try given(row.entry) == expected)
    }

    static let others = [
        ("amazon", "de", "knows no market 'de'; there are US, CA, MX, BR,"), ("amazon", "de", "; did you mean 'DE'?"),
        ("amazon", "Germany", "knows no market 'Germany'; there are US, CA,"),
        ("shopee", "XX", "there are SG, MY, PH, TH, VN, ID, TW, BR, MX, CO, CL"),
        ("lazada", "SGP", "did you mean 'SG'?"), ("ebay", "GLOBL", "did you mean 'GLOBAL'?"),
    ]

    @Test("one that the pack does not know is an error at its place, with the nearest and all", arguments: others)
    func unknown(_ row: (pack: String, market: String, words: String)) throws {
        // Whether or not it is pulled: its limits would be those of no market.
        let found = try errors("pack: \(row.pack), timezone: UTC, market: \(row.market)")
        #expect(found.count == 1, "\(found.map(\.message))")
        let diagnostic = try #require(found.first)
        #expect(diagnostic.message.contains(row.words), "\(diagnostic.message)")
        #expect(diagnostic.render().contains(":3:"), "\(diagnostic.render())")
    }

    @Test("a pack without a table takes any word, as before")
    func open() throws {
        #expect(try errors("pack: marketplace, timezone: UTC, market: anywhere").isEmpty)
    }

    @Test("a table that names what is not there is an error of the pack")
    func pack() throws {
        func errors(_ markets: String, _ stream: String = "") -> [String] {
            let text = """
                pack: p
                timezone: UTC
                source:
                  credentials: [key, {region: na}]
                  authorization: {header: Authorization, value: "{key}"}
                  markets: \(markets)
                  streams:
                    orders: {get: /o, items: list, \(stream)facts: [{kind: order, id: id}]}
                """
            return PackReader.read(SourceText(name: "p.yaml", text: text), isBuiltIn: false).1
                .filter { $0.severity == .error }.map(\.message)
        }
        #expect(errors("{US: {region: na}, GB: {}}", "markets: [US], ") == [])
        #expect(errors("{US: {regio: na}}").contains { $0.contains("did you mean 'region'") })
        #expect(errors("{US: {}}", "markets: [CA], ").contains { $0.contains("the market 'CA'") })
    }

    @Test(
        "orders are paid in the currency of the market that is named or given, and in the store's own before that",
        arguments: [
            ("market: DE", "EUR"), ("currency: GBP, market: DE", "GBP"), ("name: a", "USD"),
        ])
    func currency(_ more: String, _ expected: String) throws {
        func currency(_ credentials: String) throws -> String? {
            let path = try folder("pack: amazon, timezone: UTC, \(more), credentials: {\(credentials)}")
            return try Assembly.fleet(config: path.path + "/goodstanding.yaml", environment: [:]).fleet.watched("s")?
                .store.currency
        }
        #expect(try currency(Self.amazon) == expected)
        let inJapan = try currency(Self.amazon + ", marketplaceIds: \"A1VC38T7YXB528,ATVPDKIKX0DER\"")
        #expect(inJapan == (more == "name: a" ? "JPY" : expected))
    }
}
