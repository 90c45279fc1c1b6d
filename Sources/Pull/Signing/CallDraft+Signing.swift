import Facts
import Foundation
import Rules

/// What shows who asks, added as each platform wants it.
extension CallDraft {
    mutating func sign(
        _ authorization: PullPlan.Authorization, _ credentials: PlatformCredentials, _ asking: Asking
    ) {
        func secret(_ name: String) -> String { credentials[name] ?? "" }
        switch authorization {
        case .basic(let user, let password) where url.hasPrefix("https://"):
            headers.append(("Authorization", CallDraft.basic(secret(user), secret(password))))
        case .basic(let user, let password):
            query += [
                ("oauth_consumer_key", secret(user)), ("oauth_nonce", asking.guid.replacing("-", with: "")),
                ("oauth_signature_method", "HMAC-SHA256"), ("oauth_timestamp", asking.seconds),
                ("oauth_version", "1.0"),
            ]
            let signature = Signatures.oauth1(
                method: isPost ? "POST" : "GET", url: url, CallDraft.byName(query), consumerSecret: secret(password))
            query.append(("oauth_signature", signature))
        case .header(let name, let template):
            headers.append((name, PullPlan.filled(template) { secret($0) }))
        case .signature(let scheme): sign(scheme, secret, asking)
        }
    }

    /// HTTP Basic as it is, over plain HTTP too: what a token is asked for with.
    static func basic(_ user: String, _ password: String) -> String {
        "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }

    private static func byName(_ pairs: [(name: String, value: String)]) -> [String: String] {
        Dictionary(pairs.map { ($0.name, $0.value) }) { $1 }
    }

    private mutating func sign(_ scheme: SigningScheme, _ secret: (String) -> String, _ asking: Asking) {
        switch scheme {
        case .pinduoduo:
            form += [
                ("client_id", secret("client_id")), ("data_type", "JSON"), ("timestamp", asking.seconds),
            ]
            add("access_token", secret("access_token"), to: &form)
            form.append(("sign", Signatures.wrappedMD5(CallDraft.byName(form), secret: secret("client_secret"))))
        case .taobao:
            form += [
                ("app_key", secret("app_key")), ("format", "json"), ("sign_method", "hmac-sha256"),
                ("timestamp", PullPlan.Moments.china.text(asking.now, .utc)), ("v", "2.0"),
            ]
            add("session", secret("session"), to: &form)
            form.append(
                ("sign", Signatures.taobao(CallDraft.byName(form), secret: secret("app_secret"), .hmacSHA256)))
        case .jd:
            form += [
                ("360buy_param_json", (json ?? .object([])).text), ("access_token", secret("access_token")),
                ("app_key", secret("app_key")),
                ("timestamp", PullPlan.Moments.china.text(asking.now, .utc) + ".000+0800"), ("v", "2.0"),
            ]
            json = nil
            form.append(("sign", Signatures.wrappedMD5(CallDraft.byName(form), secret: secret("app_secret"))))
        case .douyin:
            let (method, body) = (dottedPath, (json ?? .object([])).text)
            json = json ?? .object([])
            let signature = Signatures.douyin(
                appKey: secret("app_key"), method: method, body: body, timestamp: asking.seconds,
                secret: secret("app_secret"))
            query += [
                ("app_key", secret("app_key")), ("method", method), ("timestamp", asking.seconds), ("v", "2"),
                ("sign", signature), ("sign_method", "hmac-sha256"),
            ]
            add("access_token", secret("access_token"), to: &query)
        case .kuaishou:
            var parameters: [(name: String, value: String)] = [
                ("access_token", secret("access_token")), ("appkey", secret("appkey")), ("method", dottedPath),
                ("signMethod", "HMAC_SHA256"), ("timestamp", String(asking.now.microseconds / 1000)), ("version", "1"),
            ]
            if let json { parameters.append(("param", json.text)) }
            json = nil
            parameters.append(
                (
                    "sign",
                    Signatures.kuaishou(
                        CallDraft.byName(parameters), signSecret: secret("signSecret"), .hmacSHA256)
                ))
            if isPost { form += parameters } else { query += parameters }
        case .xiaohongshu:
            let method = form.first { $0.name == "method" }?.value ?? ""
            let signature = Signatures.xiaohongshu(
                method: method, appID: secret("appId"), timestamp: asking.seconds, secret: secret("appSecret"))
            let own: [(name: String, value: JSONText)] = [
                ("appId", .string(secret("appId"))), ("method", .string(method)),
                ("timestamp", .string(asking.seconds)), ("version", .string("2.0")), ("sign", .string(signature)),
                ("accessToken", .string(secret("accessToken"))),
            ]
            (json, form) = ((json ?? .object([])).adding(own), [])
        case .shopee:
            let (partner, token, shop) = (secret("partner_id"), secret("access_token"), secret("shop_id"))
            let signature = Signatures.shopee(
                partner: partner, path: path, timestamp: asking.seconds, token: token, shop: token.isEmpty ? "" : shop,
                key: secret("partner_key"))
            query += [("partner_id", partner), ("timestamp", asking.seconds), ("sign", signature)]
            if !token.isEmpty { query += [("access_token", token), ("shop_id", shop)] }
        case .lazada:
            query += [
                ("app_key", secret("app_key")), ("sign_method", "sha256"),
                ("timestamp", String(asking.now.microseconds / 1000)),
            ]
            add("access_token", secret("access_token"), to: &query)
            query.append(
                ("sign", Signatures.lazada(path: path, CallDraft.byName(query), secret: secret("app_secret"))))
        case .tiktokShop:
            query += [("app_key", secret("app_key")), ("timestamp", asking.seconds)]
            headers.append(("x-tts-access-token", secret("access_token")))
            let signature = Signatures.tiktokShop(
                path: path, CallDraft.byName(query), body: json?.text ?? "", secret: secret("app_secret"))
            query.append(("sign", signature))
        }
    }

    /// `/order/searchList` is the method `order.searchList`.
    private var dottedPath: String { path.split(separator: "/").joined(separator: ".") }

    private func add(_ name: String, _ value: String, to pairs: inout [(name: String, value: String)]) {
        if !value.isEmpty { pairs.append((name, value)) }
    }
}

extension Asking {
    /// Since 1970.
    var seconds: String { String(now.microseconds / 1_000_000) }

    /// One that no other call has (RFC 9562, version 8); without its dashes 32 characters.
    var guid: String {
        let hex = Digests.lowerHex(Digests.sha256("\(now.microseconds) \(nonce)"))
        let digits = Array(hex)
        func part(_ range: Range<Int>) -> String { String(digits[range]) }
        return [part(0..<8), part(8..<12), "8" + part(13..<16), "8" + part(17..<20), part(20..<32)].joined(
            separator: "-")
    }
}
