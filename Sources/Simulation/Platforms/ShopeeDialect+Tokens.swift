/// The token calls, whose answers have no `response` around them.
extension ShopeeGateway {
    static func token(_ name: String, _ call: PlatformCall, _ desk: inout PlatformDesk) throws -> JSONText {
        guard call.method == "POST", let body = JSONText(reading: call.body) else {
            throw Refusal.param("parse data failed")
        }
        // Ids are numbers in the body, though the query has them as text.
        guard body.member("partner_id")?.wholeNumber.map({ String($0) }) == desk.credentials["partner_id"] else {
            throw Refusal.param("Invalid partner_id.")
        }
        guard let shop = body.member("shop_id")?.wholeNumber, String(shop) == desk.credentials["shop_id"] else {
            throw Refusal.param("shopid is invalid")
        }
        switch name {
        case "auth.token.get":
            guard desk.takeCode(body.member("code")?.words) else {
                throw Refusal(error: "error_auth", message: "Invalid code.")
            }
            return renewed(&desk)
        case "auth.access_token.get":
            guard let token = body.member("refresh_token")?.words else {
                throw Refusal.param("Wrong parameters, detail: refresh_token.")
            }
            guard token == desk.credentials["refresh_token"] else {
                throw Refusal(
                    error: "error_shop_refresh_token",
                    message: "Your refresh token is error ,please check refresh token or shopid.")
            }
            if let until = desk.credentials["refresh_token_until"].flatMap({ Int64($0) }), desk.now >= until {
                throw Refusal(error: "refresh_token_expired", message: "Your refresh_token expired.")
            }
            guard case .object(let members) = renewed(&desk) else { return .null }
            return .object(
                [("partner_id", .number(desk.credentials["partner_id"] ?? "")), ("shop_id", .int(shop))] + members)
        default:
            throw Refusal.param("Permission denied. This API is currently offline or the request path is incorrect.")
        }
    }

    /// Whether the old access token stays good for a while is not documented; here only the newest pair is.
    private static func renewed(_ desk: inout PlatformDesk) -> JSONText {
        let (access, refresh) = (desk.newToken("shopee-access"), desk.newToken("shopee-refresh"))
        desk.credentials["access_token"] = access
        desk.credentials["refresh_token"] = refresh
        desk.credentials["access_token_until"] = String(desk.now + 14_400)
        desk.credentials["refresh_token_until"] = String(desk.now + 30 * 86_400)
        return ["access_token": .string(access), "refresh_token": .string(refresh), "expire_in": 14_400]
    }
}
