import Crypto

extension PlatformDialect {
    /// Kuaishou shops: everything in the query, the business parameters as one JSON text there, times in milliseconds.
    package static let kuaishou = PlatformDialect(
        "kuaishou",
        credentials: [
            "appkey": "ks700000000000000001", "app_id": "ks700000000000000001", "app_secret": "made-up-app-secret",
            "signSecret": "6d6164652d75702d7369676e", "access_token": "kuaishou-access-0-made-up",
            "refresh_token": "kuaishou-refresh-0-made-up", "code": "kuaishou-code-0-made-up",
        ]
    ) { call, desk in KuaishouGateway.answer(call, &desk) }
}

/// The gateway: system parameters, signature, token, and which call is meant.
package enum KuaishouGateway {
    /// What is wrong. The numbers for tokens and limits are not published: made up here, the words tell what is meant.
    struct Refusal: Error {
        var result: Int
        var code: String
        var message: String
        var subMessage: String

        static func system(_ result: Int, _ code: String, _ message: String) -> Refusal {
            Refusal(result: result, code: code, message: message, subMessage: message)
        }
        /// Of a business parameter; these numbers are seen in a published answer.
        static func parameter(_ message: String) -> Refusal {
            Refusal(result: 2001, code: "807000", message: "业务处理失败", subMessage: message)
        }
    }

    static func answer(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let fault = desk.takeFault()
        if fault == .expired { desk.credentials["access_token"] = desk.newToken("unknown-access") }
        do {
            let method = String(call.path.dropFirst()).replacing("/", with: ".")
            guard desk.admits(method, 600, per: 60), fault != .throttled else {
                throw Refusal.system(802_006, "802006", "调用频率超过限制，请稍后再试")
            }
            if fault == .busy { throw Refusal.system(801_000, "801000", "服务繁忙，请稍后再试") }
            if method.hasPrefix("oauth2.") { return PlatformReply(try token(method, call, &desk)) }
            let parameters = try check(call, method, &desk)
            return PlatformReply([
                "result": 1, "error_msg": "SUCCESS", "code": "1", "msg": "SUCCESS",
                "data": try data(method, parameters, desk),
            ])
        } catch let refusal as Refusal {
            return PlatformReply([
                "result": .int(refusal.result), "error_msg": .string(refusal.subMessage),
                "code": .string(refusal.code), "msg": .string(refusal.message),
                "sub_code": .string(String(refusal.result)), "sub_msg": .string(refusal.subMessage),
            ])
        } catch {
            return PlatformReply(status: 500, text: "")
        }
    }

    private static func data(_ method: String, _ parameters: JSONText, _ desk: PlatformDesk) throws -> JSONText {
        switch method {
        case "open.order.cursor.list": try orderList(parameters, desk)
        case "open.seller.order.refund.pcursor.list": try refundList(parameters, desk)
        case "open.seller.order.refund.detail": try refundDetail(parameters, desk)
        case "open.comment.list.get": try commentList(parameters, desk)
        case "open.score.shop.get": shopScore
        default: throw Refusal.system(804_000, "804000", "method不存在")
        }
    }

    // MARK: Who asks

    /// The business parameters, once those of the system, the signature and the token are right.
    private static func check(
        _ call: PlatformCall, _ method: String, _ desk: inout PlatformDesk
    ) throws -> JSONText {
        // All the calls answered here are asked with GET.
        guard call.method == "GET" else { throw Refusal.system(804_001, "804001", "请求方式错误，应为GET") }
        func needed(_ name: String) throws -> String {
            guard let value = call.value(name), !value.isEmpty else {
                throw Refusal.system(804_002, "804002", "\(name)不能为空")
            }
            return value
        }
        guard try needed("appkey") == desk.credentials["appkey"] else {
            throw Refusal.system(803_001, "803001", "appkey无效")
        }
        guard try needed("method") == method else { throw Refusal.system(804_000, "804000", "method与路径不一致") }
        guard try needed("version") == "1" else { throw Refusal.system(804_003, "804003", "version无效") }
        let stamp = try needed("timestamp")
        // Milliseconds, to be seen by their number of digits; how far the clocks may differ is not told: ten minutes.
        guard let moment = Int64(stamp), stamp.utf8.count == 13, abs(moment / 1000 - desk.now) <= 600 else {
            throw Refusal.system(804_004, "804004", "timestamp无效")
        }
        let signMethod = try needed("signMethod")
        guard ["MD5", "HMAC_SHA256"].contains(signMethod) else {
            throw Refusal.system(804_005, "804005", "signMethod无效")
        }
        let token = try needed("access_token")
        let sign = try needed("sign")
        guard sign == signature(call.query, desk.credentials["signSecret"] ?? "", signMethod) else {
            throw Refusal.system(803_002, "803002", "sign校验失败")
        }
        // The two days of the token that was there at the start begin with its first use.
        let until = desk.credentials["access_token_until"].flatMap { Int64($0) } ?? desk.now + 172_800
        desk.credentials["access_token_until"] = String(until)
        guard token == desk.credentials["access_token"], desk.now < until else {
            throw Refusal.system(28, "28", "access_token已过期或无效")
        }
        guard let text = call.value("param") else { return .object([]) }
        guard let parameters = JSONText(reading: Array(text.utf8)), case .object = parameters else {
            throw Refusal.system(804_006, "804006", "param解析失败")
        }
        return parameters
    }

    /// Over all that is sent but the signature, before it is encoded for the query; the secret stands at the end.
    static func signature(
        _ query: [(name: String, value: String)], _ secret: String, _ method: String
    ) -> String {
        let pairs = query.filter { $0.name != "sign" }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { "\($0.name)=\($0.value)" }
        let text = Array((pairs + ["signSecret=\(secret)"]).joined(separator: "&").utf8)
        if method == "HMAC_SHA256" {
            let key = SymmetricKey(data: Array(secret.utf8))
            return Base64.text(of: Array(HMAC<SHA256>.authenticationCode(for: text, using: key)))
        }
        return Insecure.MD5.hash(data: text).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    // MARK: Tokens

    private static func token(_ method: String, _ call: PlatformCall, _ desk: inout PlatformDesk) throws -> JSONText {
        let sent: [(name: String, value: String)]
        switch (method, call.method) {
        case ("oauth2.access_token", "GET"): sent = call.query
        case ("oauth2.refresh_token", "POST"):
            guard call.headers["content-type"]?.hasPrefix("application/x-www-form-urlencoded") == true else {
                throw Refusal.system(100_200_100, "100200100", "invalid_request")
            }
            sent = call.form
        default: throw Refusal.system(804_000, "804000", "method不存在")
        }
        func value(_ name: String) -> String? { sent.first { $0.name == name }?.value }
        guard value("app_id") == desk.credentials["app_id"], value("app_secret") == desk.credentials["app_secret"]
        else {
            throw Refusal.system(100_200_101, "100200101", "invalid_client")
        }
        let isNew = method == "oauth2.access_token"
        guard value("grant_type") == (isNew ? "code" : "refresh_token") else {
            throw Refusal.system(100_200_102, "100200102", "unsupported_grant_type")
        }
        let name = isNew ? "code" : "refresh_token"
        let until = desk.credentials["refresh_token_until"].flatMap { Int64($0) }
        let isFine =
            isNew
            ? desk.takeCode(value(name))
            : value(name) != nil && value(name) == desk.credentials[name] && until.map { desk.now < $0 } ?? true
        guard isFine else { throw Refusal.system(100_200_103, "100200103", "invalid_grant") }
        // Whether an old refresh token is good again is not told: here only the newest pair is.
        let (access, refresh) = (desk.newToken("kuaishou-access"), desk.newToken("kuaishou-refresh"))
        desk.credentials["access_token"] = access
        desk.credentials["refresh_token"] = refresh
        desk.credentials["access_token_until"] = String(desk.now + 172_800)
        desk.credentials["refresh_token_until"] = String(desk.now + 15_552_000)
        return [
            "result": 1, "access_token": .string(access), "expires_in": 172_800, "refresh_token": .string(refresh),
            "refresh_token_expires_in": 15_552_000, "open_id": "made-up-open-id",
            "scopes": ["merchant_order", "merchant_refund", "merchant_comment", "merchant_shop"],
        ]
    }
}
