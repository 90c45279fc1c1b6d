import Simulation
import Testing

/// A made-up platform, the pack that pulls it, and what has to come of it.
struct PlatformRow: Sendable, CustomTestStringConvertible {
    var pack: String
    var dialect: PlatformDialect
    var truth: @Sendable (PlatformHistory, Int64) -> [KnownFact]
    /// Of the dialect's credentials, those that a store gives; the others are the platform's own affair.
    var credentials: [String]
    /// What else the store's entry says.
    var more = ""
    /// Days before the first pull.
    var days = 40

    var testDescription: String { pack }

    static let all: [PlatformRow] = [
        PlatformRow(
            pack: "taobao", dialect: .taobao, truth: TaobaoTruth.facts,
            credentials: ["app_key", "app_secret", "session"]),
        PlatformRow(
            pack: "douyin", dialect: .douyin, truth: DouyinTruth.facts,
            credentials: ["app_key", "app_secret", "access_token", "refresh_token"]),
        PlatformRow(
            pack: "ebay", dialect: .ebay, truth: EbayTruth.facts,
            credentials: ["client_id", "client_secret", "refresh_token"]),
        PlatformRow(
            pack: "walmart", dialect: .walmart, truth: WalmartTruth.facts,
            credentials: ["client_id", "client_secret"], more: "market: US"),
        PlatformRow(
            pack: "shopee", dialect: .shopee, truth: ShopeeTruth.facts,
            credentials: ["partner_id", "partner_key", "shop_id", "access_token", "refresh_token"],
            more: "market: SG"),
    ]
}
