import Foundation

/// The page in a browser at which a shop's owner consents, one for each platform, after the public documents alone.
package struct ConsentPage: Sendable {
    let host: String
    let path: String
    /// Parameters that have to be there, and the credential that they have to be; nil: anything.
    let needs: [String: String?]
    /// The parameter that says where to lead back; nil: to the address that is registered with the application.
    let back: String?
    var code = "code"
    var hasState = true
    /// What else the address brings, and the credential that it is.
    var brings: [String: String] = [:]
    /// Within so many seconds of the time that the address was signed with.
    var signedFor: Int64?

    package static let registered = "https://made-up.example/led-back"

    static func page(of platform: String, _ credentials: [String: String]) -> ConsentPage? {
        switch platform {
        case "pinduoduo":
            ConsentPage(
                host: "fuwu.pinduoduo.com", path: "/service-market/auth",
                needs: ["response_type": nil, "client_id": "client_id"], back: "redirect_uri")
        case "taobao":
            ConsentPage(
                host: "oauth.taobao.com", path: "/authorize", needs: ["response_type": nil, "client_id": "app_key"],
                back: "redirect_uri")
        case "jd":
            ConsentPage(
                host: "open-oauth.jd.com", path: "/oauth2/to_login",
                needs: ["response_type": nil, "app_key": "app_key", "scope": nil], back: "redirect_uri")
        case "douyin":
            ConsentPage(
                host: "fuwu.jinritemai.com", path: "/authorize", needs: ["service_id": "service_id"], back: nil)
        case "kuaishou":
            ConsentPage(
                host: "open.kwaixiaodian.com", path: "/oauth/authorize",
                needs: ["response_type": nil, "app_id": "app_id", "scope": nil], back: "redirect_uri")
        case "amazon":
            ConsentPage(
                host: "sellercentral.amazon.com", path: "/apps/authorize/consent",
                needs: ["application_id": "application_id"], back: nil, code: "spapi_oauth_code",
                brings: ["selling_partner_id": "selling_partner_id"])
        case "ebay":
            ConsentPage(
                host: "auth.ebay.com", path: "/oauth2/authorize",
                needs: ["response_type": nil, "client_id": "client_id", "redirect_uri": "redirect_uri", "scope": nil],
                back: nil)
        case "shopify":
            ConsentPage(
                host: credentials["shop"] ?? "", path: "/admin/oauth/authorize",
                needs: ["client_id": "client_id", "scope": nil], back: "redirect_uri", brings: ["shop": "shop"])
        case "mercadolibre":
            ConsentPage(
                host: "auth.mercadolibre.com.ar", path: "/authorization",
                needs: ["response_type": nil, "client_id": "client_id"], back: "redirect_uri")
        case "shopee":
            ConsentPage(
                host: "partner.shopeemobile.com", path: "/api/v2/shop/auth_partner",
                needs: ["partner_id": "partner_id"],
                back: "redirect", hasState: false, brings: ["shop_id": "shop_id"], signedFor: 300)
        case "lazada":
            ConsentPage(
                host: "auth.lazada.com", path: "/oauth/authorize",
                needs: ["response_type": nil, "client_id": "app_key"], back: "redirect_uri")
        case "tiktok-shop":
            ConsentPage(
                host: "services.tiktokshop.com", path: "/open/authorize", needs: ["service_id": "service_id"],
                back: nil,
                brings: ["app_key": "app_key"])
        default: nil
        }
    }

    /// Where the browser is led; nil: the page shows an error, for the address is not right.
    func lead(_ address: URLComponents, consents: Bool, _ desk: inout PlatformDesk) -> String? {
        let sent = Dictionary((address.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { first, _ in first }
        guard address.scheme == "https", address.host == host, address.path == path else { return nil }
        for (name, credential) in needs {
            guard let value = sent[name], !value.isEmpty else { return nil }
            if let credential, value != desk.credentials[credential] { return nil }
        }
        if sent.keys.contains("response_type"), sent["response_type"] != "code" { return nil }
        if let signedFor {
            guard let stamp = sent["timestamp"].flatMap({ Int64($0) }), abs(stamp - desk.now) <= signedFor else {
                return nil
            }
            let text = (sent["partner_id"] ?? "") + path + "\(stamp)"
            guard sent["sign"] == ShopeeGateway.signature(text, key: desk.credentials["partner_key"] ?? "") else {
                return nil
            }
        }
        guard var led = URLComponents(string: back.map { sent[$0] ?? "" } ?? ConsentPage.registered), led.host != nil
        else { return nil }
        var items = led.queryItems ?? []
        if consents {
            let given = desk.newToken(host == "auth.ebay.com" ? "v^1.1#i^1#p^3#t^Ul4x" : "code")
            desk.credentials["code"] = given
            desk.credentials["code_until"] = "\(desk.now + 120)"
            items.append(URLQueryItem(name: code, value: given))
            for (name, credential) in brings.sorted(by: { $0.key < $1.key }) {
                items.append(URLQueryItem(name: name, value: desk.credentials[credential]))
            }
        } else {
            items.append(URLQueryItem(name: "error", value: "access_denied"))
        }
        if hasState, let state = sent["state"] { items.append(URLQueryItem(name: "state", value: state)) }
        led.queryItems = items
        return led.string
    }
}

extension MadeUpPlatform {
    /// The shop's owner opens an address and consents, or does not.
    ///
    /// - Returns: where the platform leads the browser; nil: to a page with an error.
    package func open(_ address: String, consents: Bool = true) -> String? {
        guard let address = URLComponents(string: address) else { return nil }
        return consent(at: address, consents: consents)
    }
}
