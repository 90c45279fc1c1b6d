/// The ways in which platforms want a call signed that are more than a header field. Each adds its platform's own
/// parameters to a call, from credentials of fixed names.
package enum SigningScheme: String, Sendable, CaseIterable {
    case pinduoduo, taobao, jd, douyin, kuaishou, xiaohongshu, shopee, lazada
    case tiktokShop = "tiktok-shop"

    /// The credentials that it signs with, by the names that the platform gives them.
    package var credentials: [String] {
        switch self {
        case .pinduoduo: ["client_id", "client_secret", "access_token"]
        case .taobao: ["app_key", "app_secret", "session"]
        case .jd, .douyin, .lazada, .tiktokShop: ["app_key", "app_secret", "access_token"]
        case .kuaishou: ["appkey", "signSecret", "access_token"]
        case .xiaohongshu: ["appId", "appSecret", "accessToken"]
        case .shopee: ["partner_id", "partner_key", "shop_id", "access_token"]
        }
    }
}
