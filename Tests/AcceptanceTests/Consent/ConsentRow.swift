import Daemon
import Facts
import Foundation
import Simulation
import TestSupport
import Testing

/// A platform at which an owner consents: what a store gives, and what the grant has to say, all in seconds from then.
struct ConsentRow: Sendable, CustomTestStringConvertible {
    var pack: String
    var dialect: PlatformDialect
    /// Of the dialect's credentials, those that a store gives before anybody has consented.
    var credentials: [String]
    /// What else it gives.
    var more: [String: String] = [:]
    var owner: String?
    var scopes: [String] = []
    var writing: [String] = []
    var access: Int64
    var refresh: Int64?
    var consent: Int64?
    /// What else ends.
    var ends: [String: Int64] = [:]
    /// What the store's entry says besides.
    var entry = "quarantine_limit: 10"

    var testDescription: String { pack }

    static let back = ["redirect_uri": "https://made-up.example/back"]
    private static let year: Int64 = 31_536_000

    static let all: [ConsentRow] = [
        ConsentRow(
            pack: "pinduoduo", dialect: .pinduoduo, credentials: ["client_id", "client_secret"], more: back,
            owner: "204618337",
            scopes: [
                "pdd.mall.info.get", "pdd.order.basic.list.get", "pdd.order.information.get", "pdd.order.list.get",
                "pdd.order.number.list.increment.get", "pdd.pop.auth.token.create", "pdd.pop.auth.token.refresh",
                "pdd.refund.information.get", "pdd.refund.list.increment.get", "pdd.time.get",
            ],
            access: year, refresh: year, ends: ["r1": year, "r2": year, "w1": year, "w2": year]),
        ConsentRow(
            pack: "taobao", dialect: .taobao, credentials: ["app_key", "app_secret"], more: back,
            owner: "2088000000001", access: year, refresh: year, ends: ["r1": year, "r2": 86_400, "w1": year]),
        ConsentRow(
            pack: "jd", dialect: .jd, credentials: ["app_key", "app_secret", "buId"], more: back,
            owner: "made-up-jd-open-id", scopes: ["snsapi_base"], access: year),
        ConsentRow(
            pack: "douyin", dialect: .douyin, credentials: ["app_key", "app_secret", "service_id"], owner: "4463798",
            access: 604_800, refresh: 1_209_600),
        ConsentRow(
            pack: "kuaishou", dialect: .kuaishou, credentials: ["appkey", "signSecret", "app_secret"], more: back,
            owner: "made-up-open-id",
            scopes: ["merchant_order", "merchant_refund", "merchant_comment", "merchant_shop"], access: 172_800,
            refresh: 15_552_000),
        ConsentRow(
            pack: "amazon", dialect: .amazon, credentials: ["client_id", "client_secret", "application_id"],
            owner: "A2MADEUPSELLER", access: 3600, consent: year),
        ConsentRow(
            pack: "ebay", dialect: .ebay, credentials: ["client_id", "client_secret", "redirect_uri"],
            scopes: [
                "https://api.ebay.com/oauth/api_scope",
                "https://api.ebay.com/oauth/api_scope/sell.fulfillment.readonly",
                "https://api.ebay.com/oauth/api_scope/sell.analytics.readonly",
            ], access: 7200, refresh: 47_304_000),
        ConsentRow(
            pack: "shopify", dialect: .shopify, credentials: ["client_id", "client_secret", "shop"], more: back,
            owner: "made-up.myshopify.com",
            scopes: ["read_orders", "read_all_orders", "read_shopify_payments_disputes"], access: 3600,
            refresh: 7_776_000, entry: "timezone: UTC"),
        ConsentRow(
            pack: "mercadolibre", dialect: .mercadolibre, credentials: ["client_id", "client_secret", "user_id"],
            more: back, owner: "179571326", scopes: ["offline_access", "read"], access: 21_600, refresh: 15_552_000,
            entry: "timezone: UTC"),
        ConsentRow(
            pack: "shopee", dialect: .shopee, credentials: ["partner_id", "partner_key", "shop_id"], more: back,
            owner: "2000002", access: 14_400, refresh: 2_592_000, consent: year, entry: "market: SG"),
        ConsentRow(
            pack: "lazada", dialect: .lazada, credentials: ["app_key", "app_secret"], more: back, owner: "33747",
            access: 2_592_000, refresh: 15_552_000, entry: "market: MY"),
        ConsentRow(
            pack: "tiktok-shop", dialect: .tiktokShop,
            credentials: ["app_key", "app_secret", "service_id"], owner: "MADEUPOPENID",
            scopes: ["seller.order.info", "seller.return_refund.basic", "seller.product.write"],
            writing: ["seller.product.write"], access: 604_800, refresh: 15_552_000, entry: "market: GB"),
    ]

    static func of(_ pack: String) throws -> ConsentRow { try #require(all.first { $0.pack == pack }) }

    /// A folder whose configuration names one store, or several of the same owner, at a platform.
    func folder(
        _ endpoint: String, _ given: [String: String], stores: [String] = ["shop"], without: [String] = []
    ) throws -> Workplace {
        let folder = try Workplace()
        let named = credentials.compactMap { name in given[name].map { (name, $0) } } + more.sorted { $0.key < $1.key }
        let lines = named.filter { !without.contains($0.0) }.map { "      \($0.0): \"\($0.1)\"" }
        let entries = stores.map { store in
            """
              - id: \(store)
                name: 旗舰店
                pack: \(pack)
                endpoint: \(endpoint)
                \(entry)
                credentials:
            \(lines.joined(separator: "\n"))
            """
        }
        try folder.write(
            "goodstanding.yaml",
            "database: sqlite:ledger.db\nlisten: 127.0.0.1:0\nstores:\n\(entries.joined(separator: "\n"))\n")
        return folder
    }
}

extension PlatformHistory {
    /// A few days with little in them: what is looked at is who may look.
    static func little(until now: Int64) -> PlatformHistory {
        PlatformHistory(seed: 5, from: now - 3 * 86_400, days: 4, orders: 1)
    }
}

/// The parameters of an address, as a browser reads them.
func parameters(of address: String) -> [String: String] {
    let items = URLComponents(string: address)?.queryItems ?? []
    return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
}
