import Crypto

extension PlatformDialect {
    /// Douyin shops: system parameters in the query, the business parameters as a JSON body, signed as it is sent.
    package static let douyin = PlatformDialect(
        "douyin",
        credentials: [
            "app_key": "7000000000000000001", "app_secret": "6d6164652d75702d736563726574", "shop_id": "4463798",
            "access_token": "douyin-access-0-made-up", "refresh_token": "douyin-refresh-0-made-up",
            "code": "douyin-code-0-made-up", "service_id": "33001",
        ]
    ) { call, desk in DouyinGateway.answer(call, &desk) }
}

/// The gateway: system parameters, signature, token, and which call is meant.
package enum DouyinGateway {
    /// What is wrong, in the platform's words.
    struct Refusal: Error {
        var code: Int
        var message: String
        var subCode: String
        var subMessage: String

        static func missing(_ name: String, _ message: String) -> Refusal {
            Refusal(code: 40_001, message: "缺少必选参数", subCode: "isv.\(name)-missing", subMessage: message)
        }
        static func invalid(_ name: String, _ message: String) -> Refusal {
            Refusal(code: 40_003, message: "非法的参数", subCode: "isv.\(name)", subMessage: message)
        }
        /// Of a business parameter: which of 40001 to 40004 means what is not told; the last two by the others' order.
        static func parameter(_ message: String, isMissing: Bool = false) -> Refusal {
            Refusal(
                code: isMissing ? 40_002 : 40_004, message: isMissing ? "缺少必选参数" : "非法的参数",
                subCode: isMissing ? "isv.parameter-missing" : "isv.parameter-invalid", subMessage: message)
        }
    }

    static func answer(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let fault = desk.takeFault()
        if fault == .expired { desk.credentials["access_token"] = desk.newToken("unknown-access") }
        do {
            let method = String(call.path.dropFirst()).replacing("/", with: ".")
            // The limits are not published, nor the words beside 60000.
            guard desk.admits(method, 600, per: 60), fault != .throttled else {
                throw Refusal(
                    code: 60_000, message: "请求被限流", subCode: "isp.flow-limit", subMessage: "访问太频繁，请稍后再试")
            }
            if fault == .busy {
                throw Refusal(
                    code: 20_000, message: "服务不可用", subCode: "isp.service-unavailable", subMessage: "服务不可用，请稍后重试")
            }
            let parameters = try check(call, method, desk)
            let data: JSONText
            if method.hasPrefix("token.") {
                data = try token(method, parameters, &desk)
            } else {
                try checkToken(call, &desk)
                data = try response(method, parameters, desk)
            }
            return reply(10_000, "success", "", "", [("data", data)], desk)
        } catch let refusal as Refusal {
            return reply(refusal.code, refusal.message, refusal.subCode, refusal.subMessage, [], desk)
        } catch {
            return PlatformReply(status: 500, text: "")
        }
    }

    private static func reply(
        _ code: Int, _ message: String, _ subCode: String, _ subMessage: String, _ data: [(String, JSONText)],
        _ desk: PlatformDesk
    ) -> PlatformReply {
        PlatformReply(
            .object(
                [
                    ("code", .int(code)), ("msg", .string(message)), ("sub_code", .string(subCode)),
                    ("sub_msg", .string(subMessage)),
                    ("log_id", .string("made-up-\(desk.calls.values.reduce(0, +))")),
                ] + data))
    }

    private static func response(
        _ method: String, _ parameters: JSONText, _ desk: PlatformDesk
    ) throws -> JSONText {
        switch method {
        case "order.searchList": try orderList(parameters, desk)
        case "afterSale.List": try afterSaleList(parameters, desk)
        case "shop.reputation": reputation(desk)
        case "shop.getExperienceScore": experienceScore
        default:
            throw Refusal(code: 70_000, message: "API已下线", subCode: "isp.api-offline", subMessage: "接口不存在或已下线")
        }
    }

    // MARK: Who asks

    /// The parameters of the body, once query and signature are right.
    private static func check(_ call: PlatformCall, _ method: String, _ desk: PlatformDesk) throws -> JSONText {
        guard call.method == "POST", call.headers["content-type"]?.hasPrefix("application/json") == true else {
            throw Refusal.invalid("parameter-format-invalid", "需要用POST请求，内容为JSON")
        }
        guard let key = call.value("app_key") else { throw Refusal.missing("app-id", "认证失败，app_key不存在") }
        guard key == desk.credentials["app_key"] else {
            throw Refusal.invalid("app-id-invalid", "认证失败，app_key格式不正确，应为19位纯数字")
        }
        guard call.value("method") == method else { throw Refusal.invalid("method-invalid", "method与路径不一致") }
        guard call.value("v") == "2" else { throw Refusal.invalid("version-invalid", "v应为2") }
        guard let stamp = call.value("timestamp") else { throw Refusal.missing("timestamp", "timestamp不能为空") }
        guard let seconds = Int64(stamp) else { throw Refusal.invalid("timestamp-format-error", "时间戳格式错误") }
        // How far the clocks may differ is not told: ten minutes, as at the neighbours.
        guard abs(seconds - desk.now) <= 600 else { throw Refusal.invalid("timestamp-invalid", "时间戳不合法") }
        guard let sign = call.value("sign") else {
            throw Refusal.missing("signature", "获取签名失败，请根据文档确保参数拼装正确")
        }
        let body = String(decoding: call.body, as: UTF8.self)
        guard let parameters = JSONText(reading: call.body), case .object = parameters else {
            throw Refusal.invalid("parameter-format-invalid", "业务参数json解析失败")
        }
        let secret = desk.credentials["app_secret"] ?? ""
        let text = "\(secret)app_key\(key)method\(method)param_json\(body)timestamp\(stamp)v2\(secret)"
        // A body that is not compact, or whose names are not in order, is signed wrongly whatever it was signed with.
        guard parameters.sortedByName.text == body, sign == signature(text, secret, call.value("sign_method")) else {
            throw Refusal.invalid("signature-invalid", "签名校验失败")
        }
        return parameters
    }

    /// Without `sign_method` it is MD5.
    static func signature(_ text: String, _ secret: String, _ method: String?) -> String {
        let bytes =
            method == "hmac-sha256"
            ? Array(
                HMAC<SHA256>.authenticationCode(
                    for: Array(text.utf8), using: SymmetricKey(data: Array(secret.utf8))))
            : Array(Insecure.MD5.hash(data: Array(text.utf8)))
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func checkToken(_ call: PlatformCall, _ desk: inout PlatformDesk) throws {
        guard let token = call.value("access_token"), !token.isEmpty else {
            throw Refusal.missing("access-token", "认证失败，access_token不能为空")
        }
        guard token == desk.credentials["access_token"] else {
            throw token == desk.credentials["old_access_token"]
                ? Refusal.invalid("access-token-no-existed", "access_token不存在，请使用最新的access_token访问")
                : Refusal.invalid("access-token-expired", "access_token已过期")
        }
        // The seven days of the token that was there at the start begin with its first use.
        let until = desk.credentials["access_token_until"].flatMap { Int64($0) } ?? desk.now + 604_800
        desk.credentials["access_token_until"] = String(until)
        guard desk.now < until else { throw Refusal.invalid("access-token-expired", "access_token已过期") }
    }

    // MARK: Tokens

    private static func token(_ method: String, _ parameters: JSONText, _ desk: inout PlatformDesk) throws -> JSONText {
        func failed(_ reason: String, _ message: String) -> Refusal {
            Refusal(
                code: 50_001, message: "平台处理失败", subCode: "dop.token-generate-failed:\(reason)",
                subMessage: "生成token失败，\(message)")
        }
        let grant = parameters.member("grant_type")?.words
        switch (method, grant) {
        case ("token.create", "authorization_code"):
            guard desk.takeCode(parameters.member("code")?.words) else {
                throw failed("code-invalid", "code参数不正确，请引导商家重新授权获取code")
            }
        case ("token.create", "authorization_self"):
            // As text or number: the documents leave it open.
            let shop = parameters.member("shop_id")
            guard shop?.words ?? shop?.wholeNumber.map({ String($0) }) == desk.credentials["shop_id"] else {
                throw failed("shop-id-invalid", "shop_id参数不正确")
            }
        case ("token.refresh", "refresh_token"):
            guard let token = parameters.member("refresh_token")?.words, token == desk.credentials["refresh_token"]
            else {
                throw failed("token-invalid", "token不存在")
            }
            if let until = desk.credentials["refresh_token_until"].flatMap({ Int64($0) }), desk.now >= until {
                throw failed("token-expired", "token已过期")
            }
        default: throw failed("grant-type-invalid", "grant_type参数取值不正确")
        }
        // Whether the old pair stays good for a while is not told; here only the newest is.
        let (access, refresh) = (desk.newToken("douyin-access"), desk.newToken("douyin-refresh"))
        desk.credentials["old_access_token"] = desk.credentials["access_token"]
        desk.credentials["access_token"] = access
        desk.credentials["refresh_token"] = refresh
        desk.credentials["access_token_until"] = String(desk.now + 604_800)
        desk.credentials["refresh_token_until"] = String(desk.now + 1_209_600)
        return [
            "access_token": .string(access), "expires_in": 604_800, "refresh_token": .string(refresh), "scope": "SCOPE",
            "shop_id": .number(desk.credentials["shop_id"] ?? "0"), "shop_name": "Made-up shop",
        ]
    }
}
