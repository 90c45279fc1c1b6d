import Crypto

extension PlatformDialect {
    /// WooCommerce's REST API v3 as a shop serves it over plain HTTP: calls are signed by OAuth 1.0a with one leg.
    package static let woocommerce = PlatformDialect(
        "woocommerce", credentials: ["consumer_key": "ck_made_up", "consumer_secret": "cs_made_up"]
    ) { call, desk in WooCommerce.answer(call, &desk) }
}

/// How WooCommerce answers.
enum WooCommerce {
    static func answer(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let fault = desk.takeFault()
        // How often it may be asked is each host's own affair; nobody tells it before.
        if fault == .throttled {
            return refused(429, "too_many_requests", "Too many requests", headers: [("Retry-After", "2")])
        }
        if fault == .busy { return refused(503, "internal_server_error", "The site is in maintenance mode") }
        let parts = call.path.split(separator: "/").map(String.init)
        guard parts.starts(with: ["wp-json", "wc", "v3"]) else { return noRoute }
        if let reason = unsigned(call, &desk) {
            return refused(401, "woocommerce_rest_authentication_error", reason)
        }
        guard call.method == "GET" else { return noRoute }
        let list = Array(parts.dropFirst(3))
        desk.count(list.first ?? "")
        switch list {
        case ["orders"]: return orders(call, desk)
        case ["products", "reviews"]: return reviews(call, desk)
        case _ where list.count == 3 && list[0] == "orders" && list[2] == "refunds": return refunds(list[1], call, desk)
        default: return noRoute
        }
    }

    private static var noRoute: PlatformReply {
        refused(404, "rest_no_route", "No route was found matching the URL and request method.")
    }

    static func refused(
        _ status: Int, _ code: String, _ message: String, headers: [(name: String, value: String)] = []
    ) -> PlatformReply {
        PlatformReply(
            status: status, headers: headers,
            ["code": .string(code), "message": .string(message), "data": ["status": .int(status)]])
    }

    /// OAuth 1.0a (RFC 5849), read anew: why a call is not taken; nil where it is right. Over plain HTTP a key in a header
    /// or in the address is none.
    private static func unsigned(_ call: PlatformCall, _ desk: inout PlatformDesk) -> String? {
        guard call.headers["authorization"] == nil, call.value("consumer_secret") == nil else {
            return "a secret was sent over plain HTTP"
        }
        guard Set(call.query.map(\.name)).count == call.query.count else { return "a parameter was given twice" }
        guard let key = call.value("oauth_consumer_key"), key == desk.credentials["consumer_key"] else {
            return "Consumer key is invalid."
        }
        guard call.value("oauth_signature_method") == "HMAC-SHA256" else {
            return "Invalid signature - signature method is invalid."
        }
        guard let stamp = call.value("oauth_timestamp").flatMap({ Int64($0) }), abs(stamp - desk.now) <= 900 else {
            return "Invalid timestamp."
        }
        var pairs: [(name: String, value: String)] = []
        for (name, value) in call.query where name != "oauth_signature" {
            pairs.append((PlainText.escaped(name), PlainText.escaped(value)))
        }
        pairs.sort { ($0.name, $0.value) < ($1.name, $1.value) }
        let parameters = pairs.map { $0.name + "=" + $0.value }.joined(separator: "&")
        let base =
            call.method + "&" + PlainText.escaped(call.origin + call.path) + "&" + PlainText.escaped(parameters)
        var code = HMAC<SHA256>(key: SymmetricKey(data: Array("\(desk.credentials["consumer_secret"] ?? "")&".utf8)))
        code.update(data: Array(base.utf8))
        guard call.value("oauth_signature") == Base64.text(of: Array(code.finalize())) else {
            return "Invalid signature - provided signature does not match."
        }
        guard let nonce = call.value("oauth_nonce"), !nonce.isEmpty, desk.takeNonce(nonce, within: 900) else {
            return "Invalid nonce - nonce has already been used."
        }
        return nil
    }
}
