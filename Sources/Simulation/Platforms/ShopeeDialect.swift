import Crypto

extension PlatformDialect {
    /// Shopee Open Platform v2: calls signed in their query, errors told inside a 200, refresh tokens good once.
    package static let shopee = PlatformDialect(
        "shopee",
        credentials: [
            "partner_id": "1000001", "partner_key": "6d6164652d75702d706172746e65722d6b6579", "shop_id": "2000002",
            "access_token": "shopee-access-0-made-up", "refresh_token": "shopee-refresh-0-made-up",
            "code": "shopee-code-0-made-up",
        ]
    ) { call, desk in ShopeeGateway.answer(call, &desk) }
}

/// The gateway: who asks, whether the signature is right, and which call is meant.
package enum ShopeeGateway {
    static let currency = "SGD"
    /// The widest window of the list calls.
    static let widest: Int64 = 15 * 86_400

    /// What is wrong, in the platform's words.
    struct Refusal: Error {
        var error: String
        var message: String

        static func param(_ message: String) -> Refusal { Refusal(error: "error_param", message: message) }
    }

    static func answer(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let fault = desk.takeFault()
        if fault == .expired { desk.credentials["access_token"] = desk.newToken("unknown-access") }
        do {
            guard call.path.hasPrefix("/api/v2/") else { throw wrongPath }
            let name = String(call.path.dropFirst("/api/v2/".count)).replacing("/", with: ".")
            // The limits are not published.
            guard desk.admits(name, 600, per: 60), fault != .throttled else {
                throw Refusal(
                    error: "error_rate_limit",
                    message: "Too many requests. You have reached the rate limit. Please try again later.")
            }
            if fault == .busy { throw Refusal(error: "error_server", message: "Something wrong. Please try later.") }
            if name.hasPrefix("auth.") {
                try check(call, desk, isShopCall: false)
                return reply(try token(name, call, &desk), desk)
            }
            try check(call, desk, isShopCall: true)
            try checkToken(call, &desk)
            guard call.method == "GET" else { throw wrongPath }
            return reply(["response": try response(name, call, desk)], desk)
        } catch let refusal as Refusal {
            return PlatformReply([
                "error": .string(refusal.error), "message": .string(refusal.message),
                "request_id": .string(requestID(desk)),
            ])
        } catch {
            return PlatformReply(status: 500, text: "")
        }
    }

    private static func reply(_ members: JSONText, _ desk: PlatformDesk) -> PlatformReply {
        guard case .object(let own) = members else { return PlatformReply(members) }
        return PlatformReply(
            .object([("error", ""), ("message", ""), ("request_id", .string(requestID(desk)))] + own))
    }

    private static func response(_ name: String, _ call: PlatformCall, _ desk: PlatformDesk) throws -> JSONText {
        switch name {
        case "order.get_order_list": try orderList(call, desk)
        case "order.get_order_detail": try orderDetail(call, desk)
        case "returns.get_return_list": try returnList(call, desk)
        case "returns.get_return_detail": try returnDetail(call, desk)
        case "product.get_comment": try comments(call, desk)
        case "account_health.get_shop_performance": shopPerformance
        case "account_health.get_metric_source_detail": try metricSource(call, desk)
        case "account_health.get_penalty_point_history": try penaltyPoints(call, desk)
        case "account_health.get_punishment_history": try punishments(call, desk)
        case "account_health.get_late_orders": try lateOrders(call, desk)
        default: throw wrongPath
        }
    }

    private static let wrongPath = Refusal.param(
        "Permission denied. This API is currently offline or the request path is incorrect.")

    // MARK: Who asks

    /// Query and clock of every call; neither the body nor the other members of the query are signed.
    private static func check(_ call: PlatformCall, _ desk: PlatformDesk, isShopCall: Bool) throws {
        guard let partner = call.value("partner_id") else { throw Refusal.param("There is no partner_id in query.") }
        guard UInt32(partner) != nil else {
            throw Refusal.param("Partner_id is invalid, should be an integer between 0 and 4294967295.")
        }
        guard partner == desk.credentials["partner_id"] else {
            throw Refusal(error: "error_auth", message: "partner_id is invalid")
        }
        guard let stamp = call.value("timestamp") else { throw Refusal.param("no timestamp.") }
        guard let seconds = UInt32(stamp), String(seconds) == stamp else {
            throw Refusal.param("Timestamp is invalid, should be an integer between 0 and 4294967295.")
        }
        guard abs(Int64(seconds) - desk.now) <= 300 else { throw Refusal.param("Timestamp is expired.") }
        guard let sign = call.value("sign") else { throw Refusal.param("There is no sign in query.") }
        var text = partner + call.path + stamp
        if isShopCall {
            guard let token = call.value("access_token") else {
                throw Refusal.param("There is no access_token in query.")
            }
            guard let shop = call.value("shop_id") else { throw Refusal.param("There is no shop_id in query.") }
            guard UInt32(shop) != nil else {
                throw Refusal.param("shop_id is invalid, should be an integer between 0 and 4294967295.")
            }
            text += token + shop
        }
        guard sign == signature(text, key: desk.credentials["partner_key"] ?? "") else {
            throw Refusal(error: "error_sign", message: "Wrong sign.")
        }
    }

    private static func checkToken(_ call: PlatformCall, _ desk: inout PlatformDesk) throws {
        guard call.value("shop_id") == desk.credentials["shop_id"] else {
            throw Refusal(error: "error_auth", message: "Invalid partner_id or shopid.")
        }
        // The four hours of the token that was there at the start begin with its first use.
        let until = desk.credentials["access_token_until"].flatMap { Int64($0) } ?? desk.now + 14_400
        desk.credentials["access_token_until"] = String(until)
        guard call.value("access_token") == desk.credentials["access_token"], desk.now < until else {
            // Spelled as the documents spell it.
            throw Refusal(error: "invalid_acceess_token", message: "Invalid access_token, please have a check.")
        }
    }

    static func signature(_ text: String, key: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(text.utf8), using: SymmetricKey(data: Array(key.utf8)))
        return code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func requestID(_ desk: PlatformDesk) -> String {
        "made-up-\(desk.calls.values.reduce(0, +))"
    }
}
