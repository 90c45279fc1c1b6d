import Foundation

/// How each platform signs a call: what is sent, the secret → the signature. Pure; proven on the vectors that the
/// platforms' documents and public tests give.
///
/// What is signed is what is sent, before it is encoded for the URL, less the signature itself.
package enum Signatures {
    /// Pinduoduo, and JD's router: MD5 in upper case over the secret, all parameters and the secret again.
    package static func wrappedMD5(_ parameters: [String: String], secret: String) -> String {
        Digests.upperHex(Digests.md5(secret + Digests.joined(parameters) + secret))
    }

    package enum TaobaoMethod: String, Sendable, CaseIterable {
        case md5
        case hmac
        case hmacSHA256 = "hmac-sha256"
    }

    /// TOP. Empty parameters are neither sent nor signed; keyed digests are not wrapped in the secret.
    package static func taobao(_ parameters: [String: String], secret: String, _ method: TaobaoMethod) -> String {
        let text = Digests.joined(parameters.filter { !$0.value.isEmpty })
        return switch method {
        case .md5: Digests.upperHex(Digests.md5(secret + text + secret))
        case .hmac: Digests.upperHex(Digests.hmacMD5(text, key: secret))
        case .hmacSHA256: Digests.upperHex(Digests.hmacSHA256(text, key: secret))
        }
    }

    /// Douyin: wrapped in the secret and keyed by it. The access token is not signed.
    package static func douyin(
        appKey: String, method: String, body: String, timestamp: String, secret: String
    ) -> String {
        let text = "app_key\(appKey)method\(method)param_json\(body)timestamp\(timestamp)v2"
        return Digests.lowerHex(Digests.hmacSHA256(secret + text + secret, key: secret))
    }

    package enum KuaishouMethod: String, Sendable, CaseIterable {
        case md5 = "MD5"
        case hmacSHA256 = "HMAC_SHA256"
    }

    /// Kuaishou: `k=v` joined by `&`, the signing secret, which is never sent, at the end.
    package static func kuaishou(
        _ parameters: [String: String], signSecret: String, _ method: KuaishouMethod
    ) -> String {
        let text =
            parameters.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { "\($0.key)=\($0.value)" }.joined(separator: "&") + "&signSecret=\(signSecret)"
        return switch method {
        case .md5: Digests.lowerHex(Digests.md5(text))
        case .hmacSHA256: Data(Digests.hmacSHA256(text, key: signSecret)).base64EncodedString()
        }
    }

    /// Xiaohongshu: four parameters only, whatever else is sent.
    package static func xiaohongshu(method: String, appID: String, timestamp: String, secret: String) -> String {
        Digests.lowerHex(Digests.md5("\(method)?appId=\(appID)&timestamp=\(timestamp)&version=2.0\(secret)"))
    }

    /// Shopee: neither body nor other parameters are signed. Without token and shop it is a public call.
    package static func shopee(
        partner: String, path: String, timestamp: String, token: String = "", shop: String = "", key: String
    ) -> String {
        Digests.lowerHex(Digests.hmacSHA256(partner + path + timestamp + token + shop, key: key))
    }

    /// TikTok Shop: path, parameters and body, wrapped in the secret and keyed by it.
    package static func tiktokShop(
        path: String, _ parameters: [String: String], body: String, secret: String
    ) -> String {
        let signed = parameters.filter { $0.key != "sign" && $0.key != "access_token" }
        return Digests.lowerHex(
            Digests.hmacSHA256(secret + path + Digests.joined(signed) + body + secret, key: secret))
    }

    /// Lazada: the path before the parameters, not wrapped.
    package static func lazada(path: String, _ parameters: [String: String], secret: String) -> String {
        Digests.upperHex(Digests.hmacSHA256(path + Digests.joined(parameters), key: secret))
    }

    /// OAuth 1.0a with one leg (RFC 5849), as WooCommerce takes it over plain HTTP.
    ///
    /// - Parameter url: without its query.
    package static func oauth1(
        method: String, url: String, _ parameters: [String: String], consumerSecret: String
    ) -> String {
        let pairs = parameters.map { (PercentEncoding.strict($0.key), PercentEncoding.strict($0.value)) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        let text = pairs.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        let base = [method, url, text].map(PercentEncoding.strict).joined(separator: "&")
        return Data(Digests.hmacSHA256(base, key: consumerSecret + "&")).base64EncodedString()
    }
}
