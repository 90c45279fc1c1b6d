package import Simulation

/// A made-up platform, the pack that pulls it, and what has to come of it.
package struct PlatformRow: Sendable, CustomStringConvertible {
    package var pack: String
    package var dialect: PlatformDialect
    var truth: @Sendable (PlatformHistory, Int64) -> [KnownFact]
    /// Of the dialect's credentials, those that a store gives; the others are the platform's own affair.
    var credentials: [String]
    /// Kinds of which the pack says why it does not bring them.
    var without: [String] = []
    /// What else the store's entry says.
    package var more = ""
    /// Some of it is told by reports, which one pull asks for and a later one reads.
    package var hasReports = false
    /// Buyers may change the stars that they gave. Of the others the reference knows no such change.
    package var changesRatings = false
    /// The seller may delete what was there. Of the others the reference tells of no such way.
    package var deletes = false
    /// A store can have a new access token without its owner.
    var renews = true

    /// What may go wrong at it.
    package var faults: [PlatformFault] {
        [.hangUp, .cut, .status(500), .status(503), .garbage, .throttled, .busy] + (renews ? [.expired] : [])
            + [.again, .reordered]
    }

    package var description: String { pack }

    /// A store of it in a configuration.
    ///
    /// - Parameter given: the platform's credentials, of which a store names its own.
    package func entry(_ id: String, at endpoint: String, _ given: [String: String]) -> String {
        let credentials = credentials.compactMap { name in given[name].map { "      \(name): \"\($0)\"\n" } }
        return "  - id: \(id)\n    pack: \(pack)\n    endpoint: \(endpoint)\n"
            + (more.isEmpty ? "" : "    \(more)\n") + "    credentials:\n" + credentials.joined()
    }

    package static let all: [PlatformRow] = [
        PlatformRow(
            pack: "pinduoduo", dialect: .pinduoduo, truth: PinduoduoTruth.facts,
            credentials: ["client_id", "client_secret", "access_token", "refresh_token"]),
        PlatformRow(
            pack: "taobao", dialect: .taobao, truth: TaobaoTruth.facts,
            credentials: ["app_key", "app_secret", "session"], changesRatings: true, renews: false),
        PlatformRow(
            pack: "jd", dialect: .jd, truth: JDTruth.facts,
            credentials: ["app_key", "app_secret", "access_token", "buId", "operatePin", "operateNick"],
            renews: false),
        PlatformRow(
            pack: "douyin", dialect: .douyin, truth: DouyinTruth.facts,
            credentials: ["app_key", "app_secret", "access_token", "refresh_token"]),
        PlatformRow(
            pack: "kuaishou", dialect: .kuaishou, truth: KuaishouTruth.facts,
            credentials: ["appkey", "signSecret", "app_secret", "access_token", "refresh_token"]),
        PlatformRow(
            pack: "ebay", dialect: .ebay, truth: EbayTruth.facts,
            credentials: ["client_id", "client_secret", "refresh_token"]),
        PlatformRow(
            pack: "walmart", dialect: .walmart, truth: WalmartTruth.facts,
            credentials: ["client_id", "client_secret"], more: "market: US"),
        PlatformRow(
            pack: "shopify", dialect: .shopify, truth: ShopifyTruth.facts, credentials: ["access_token"],
            more: "timezone: UTC", renews: false),
        PlatformRow(
            pack: "woocommerce", dialect: .woocommerce, truth: WooCommerceTruth.facts,
            credentials: ["consumer_key", "consumer_secret"], more: "timezone: UTC\n    currency: EUR", deletes: true,
            renews: false),
        PlatformRow(
            pack: "mercadolibre", dialect: .mercadolibre, truth: MercadoLibreTruth.facts,
            credentials: ["client_id", "client_secret", "refresh_token"],
            more: "timezone: UTC\n    market: MLM"),
        PlatformRow(
            pack: "shopee", dialect: .shopee, truth: ShopeeTruth.facts,
            credentials: ["partner_id", "partner_key", "shop_id", "access_token", "refresh_token"],
            more: "market: SG", changesRatings: true),
        PlatformRow(
            pack: "lazada", dialect: .lazada, truth: LazadaTruth.facts,
            credentials: ["app_key", "app_secret", "access_token", "refresh_token"], more: "market: MY"),
        PlatformRow(
            pack: "tiktok-shop", dialect: .tiktokShop, truth: TikTokShopTruth.facts,
            credentials: ["app_key", "app_secret", "access_token", "refresh_token"], more: "market: GB"),
        PlatformRow(
            pack: "amazon", dialect: .amazon, truth: AmazonTruth.facts,
            credentials: ["client_id", "client_secret", "refresh_token"], more: "since: 45d", hasReports: true),
    ]
}
