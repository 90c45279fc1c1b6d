import Crypto
import Curl
import Facts
import Foundation
import HTTPTypes
import Rules
import Testing

@testable import Pull

/// What is signed is what is sent, less the signature, but for what each platform leaves out.
@Suite("What is signed is what is sent")
struct SignedCallTests {
    /// Keys directly followed by their values, in the order of the keys' bytes.
    private func joined(_ parameters: [String: String], without names: String...) -> String {
        parameters.filter { !names.contains($0.key) }.sorted {
            Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8))
        }
        .map { $0.key + $0.value }.joined()
    }

    private func hmac(_ text: String, _ key: String) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: Data(key.utf8)))
            .map { String(format: "%02x", $0) }.joined()
    }

    private func md5(_ text: String) -> String {
        Insecure.MD5.hash(data: Data(text.utf8)).map { String(format: "%02X", $0) }.joined()
    }

    @Test(
        "Pinduoduo and JD: all of the form, wrapped in the secret",
        arguments: [("pinduoduo", "client_secret"), ("jd", "app_secret")])
    func wrapped(_ pack: String, _ secret: String) throws {
        let platform = try ShippedPlatform(pack)
        for stream in platform.plan.streams {
            let sent = form(try platform.request(stream.name))
            let secret = "given-\(secret)"
            #expect(sent["sign"] == md5(secret + joined(sent, without: "sign") + secret), "\(stream.name)")
            #expect(sent["access_token"] == "given-access_token" && !sent.values.contains(secret))
        }
    }

    @Test("Taobao: all of the form, keyed; nothing empty is sent")
    func taobao() throws {
        let platform = try ShippedPlatform("taobao")
        for stream in platform.plan.streams {
            let sent = form(try platform.request(stream.name))
            #expect(sent["sign"] == hmac(joined(sent, without: "sign"), "given-app_secret").uppercased())
            #expect(sent["session"] == "given-session" && !sent.values.contains(""), "\(sent)")
        }
    }

    @Test("Douyin: neither the token nor how it is signed")
    func douyin() throws {
        let platform = try ShippedPlatform("douyin")
        for stream in platform.plan.streams {
            let request = try platform.request(stream.name)
            var signed = query(request)
            signed["param_json"] = sent(request)
            let text = joined(signed, without: "sign", "sign_method", "access_token")
            let secret = "given-app_secret"
            #expect(query(request)["sign"] == hmac(secret + text + secret, secret), "\(stream.name)")
            #expect(query(request)["access_token"] == "given-access_token")
        }
    }

    @Test("Kuaishou: pairs and the signing secret, which is not sent")
    func kuaishou() throws {
        let platform = try ShippedPlatform("kuaishou")
        for stream in platform.plan.streams {
            let sent = query(try platform.request(stream.name))
            let pairs = sent.filter { $0.key != "sign" }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            let text = pairs.joined(separator: "&") + "&signSecret=given-signSecret"
            let code = HMAC<SHA256>.authenticationCode(
                for: Data(text.utf8), using: SymmetricKey(data: Data("given-signSecret".utf8)))
            #expect(sent["sign"] == Data(code).base64EncodedString(), "\(stream.name)")
            #expect(sent["signSecret"] == nil)
        }
    }

    @Test("Shopee: only who, where, when, and of which shop")
    func shopee() throws {
        let platform = try ShippedPlatform("shopee")
        for stream in platform.plan.streams {
            let request = try platform.request(stream.name)
            let (sent, path) = (query(request), String(request.head.path?.prefix { $0 != "?" } ?? ""))
            let text = "given-partner_id\(path)1772445600given-access_tokengiven-shop_id"
            #expect(sent["sign"] == hmac(text, "given-partner_key") && sent["timestamp"] == "1772445600")
        }
    }

    @Test("TikTok Shop: path, query and body, wrapped and keyed; Lazada: path and query, keyed")
    func paths() throws {
        for stream in try ShippedPlatform("tiktok-shop").plan.streams {
            let request = try ShippedPlatform("tiktok-shop").request(stream.name)
            let (parameters, path) = (query(request), String(request.head.path?.prefix { $0 != "?" } ?? ""))
            let text = path + joined(parameters, without: "sign", "access_token") + sent(request)
            #expect(parameters["sign"] == hmac("given-app_secret\(text)given-app_secret", "given-app_secret"))
        }
        for stream in try ShippedPlatform("lazada").plan.streams {
            let request = try ShippedPlatform("lazada").request(stream.name)
            let (parameters, path) = (query(request), String(request.head.path?.prefix { $0 != "?" } ?? ""))
            let text = path + joined(parameters, without: "sign")
            #expect(parameters["sign"] == hmac(text, "given-app_secret").uppercased())
        }
    }

    @Test(
        "no secret stands in an address, in a form or in a body",
        arguments: [
            "pinduoduo", "taobao", "jd", "douyin", "kuaishou", "amazon", "ebay", "shopify", "woocommerce", "walmart",
            "mercadolibre", "shopee", "tiktok-shop", "lazada",
        ])
    func secrets(_ pack: String) throws {
        let platform = try ShippedPlatform(pack)
        let secrets = platform.plan.credentials.map(\.name).filter {
            $0.lowercased().contains("secret") || $0.hasSuffix("_key")
        }
        .filter { !["app_key", "consumer_key"].contains($0) }
        for stream in platform.plan.streams {
            let request = try platform.request(stream.name)
            let text = "\(request.head.path ?? "") \(sent(request))"
            for secret in secrets { #expect(!text.contains("given-\(secret)"), "\(stream.name) \(secret)") }
        }
    }
}
