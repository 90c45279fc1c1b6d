import Foundation

extension PlatformDialect {
    /// TikTok Shop, the 202309 family.
    package static let tiktokShop = PlatformDialect(
        "tiktok-shop",
        credentials: [
            "app_key": "6made0up", "app_secret": "made0up0app0secret", "shop_cipher": "GCP_made_up",
            "access_token": "TTP_made_up_access", "refresh_token": "TTP_made_up_refresh",
            "service_id": "7000000000000000001",
        ]
    ) { call, desk in TikTokShop.answer(call, &desk) }
}

/// How TikTok Shop answers: `code` 0 when all is well, errors inside a 200.
enum TikTokShop {
    /// Codes that are not documented (of parameters, limits and troubles) are made up outside 105xxx and 360xxx, which
    /// are of tokens.
    struct Fault: Error {
        var status = 200
        var code: Int
        var message: String

        static func parameter(_ message: String) -> Fault { Fault(code: 12_000_001, message: message) }
        static let throttled = Fault(status: 429, code: 12_004_001, message: "Too many requests")
        static let busy = Fault(status: 500, code: 12_000_500, message: "Internal error, try again later")
    }

    static func answer(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        do throws(Fault) {
            return PlatformReply(envelope(0, "Success", try result(call, &desk)))
        } catch {
            return PlatformReply(status: error.status, envelope(error.code, error.message, nil))
        }
    }

    private static func envelope(_ code: Int, _ message: String, _ data: JSONText?) -> JSONText {
        var members: [(String, JSONText)] = [
            ("code", .int(code)), ("message", .string(message)),
            ("request_id", "202603020000000101890810281EA8"),
        ]
        if let data { members.append(("data", data)) }
        return .object(members)
    }

    private static func result(_ call: PlatformCall, _ desk: inout PlatformDesk) throws(Fault) -> JSONText {
        let fault = desk.takeFault()
        // Limits are not told; this is generous.
        let isAdmitted = desk.admits(call.path, 600, per: 60)
        if fault == .throttled || !isAdmitted { throw .throttled }
        if fault == .busy { throw .busy }
        if call.path == "/api/v2/token/refresh" { return try refreshed(call, &desk) }
        if call.path == "/api/v2/token/get" { return try created(call, &desk) }
        if fault == .expired { desk.credentials["access_token"] = nil }
        try check(call, desk)
        switch (call.method, call.path) {
        case ("POST", "/order/202309/orders/search"): return try orders(call, try filters(call), desk)
        case ("GET", "/order/202309/orders"): return try orders(withIDs: call.value("ids"), desk)
        case ("POST", "/return_refund/202309/returns/search"): return try returns(call, try filters(call), desk)
        case ("POST", "/return_refund/202309/cancellations/search"):
            // Cancellations show in the orders; none was asked for by a case of its own.
            return ["cancellations": [], "next_page_token": "", "total_count": 0]
        case ("GET", "/authorization/202309/shops"):
            return ["shops": .array(ciphers(desk).map { shop($0.cipher, $0.region) })]
        default: throw Fault(status: 404, code: 12_000_404, message: "Invalid path")
        }
    }

    /// The shops that the token is good for: one, or two where the owner has a second market.
    private static func ciphers(_ desk: PlatformDesk) -> [(cipher: String, region: String)] {
        let first = (desk.credentials["shop_cipher"] ?? "", "GB")
        guard let region = desk.credentials["second market"], let cipher = desk.credentials["second cipher"] else {
            return [first]
        }
        return [first, (cipher, region)]
    }

    private static func shop(_ cipher: String, _ region: String) -> JSONText {
        [
            "id": .string(region == "GB" ? "7000714532876273420" : "7000714532876273421"), "name": "Made-up shop",
            "region": .string(region), "cipher": .string(cipher),
        ]
    }

    private static func check(_ call: PlatformCall, _ desk: PlatformDesk) throws(Fault) {
        guard call.value("app_key") == desk.credentials["app_key"] else {
            throw Fault(code: 106_001, message: "Invalid credentials. The 'app_key' is invalid")
        }
        // How far it may be off is not told: ten minutes.
        guard let stamp = Int64(call.value("timestamp") ?? ""), abs(stamp - desk.now) <= 600 else {
            throw Fault(code: 106_013, message: "The 'timestamp' is missing or too far off")
        }
        let pairs = call.query.filter { $0.name != "sign" && $0.name != "access_token" }
            .sorted { Array($0.name.utf8).lexicographicallyPrecedes($1.name.utf8) }
        let secret = desk.credentials["app_secret"] ?? ""
        var base = Array((secret + call.path + pairs.map { $0.name + $0.value }.joined()).utf8)
        let type = call.headers["content-type"] ?? ""
        if call.method != "GET", !type.hasPrefix("multipart/form-data") { base += call.body }
        base += Array(secret.utf8)
        guard call.value("sign") == PlatformFormats.hexHMAC(base, key: secret) else {
            throw Fault(code: 106_001, message: "Invalid credentials. The 'sign' query parameter is invalid")
        }
        let isFresh = Int64(desk.credentials["access_token_until"] ?? "").map { desk.now < $0 } ?? true
        guard let token = call.headers["x-tts-access-token"], !token.isEmpty else {
            throw Fault(code: 36_009_004, message: "The 'x-tts-access-token' header is invalid")
        }
        guard isFresh, token == desk.credentials["access_token"] else {
            throw Fault(code: 105_002, message: "Expired credentials. The 'access_token' has expired")
        }
        guard
            call.path.hasPrefix("/authorization/")
                || ciphers(desk).contains(where: { $0.cipher == call.value("shop_cipher") })
        else { throw .parameter("Invalid 'shop_cipher'") }
    }

    /// The body: one JSON object of filters, which may be empty.
    private static func filters(_ call: PlatformCall) throws(Fault) -> [String: Any] {
        guard call.headers["content-type"]?.hasPrefix("application/json") == true else {
            throw .parameter("Content-Type must be application/json")
        }
        if call.body.isEmpty { return [:] }
        guard let body = try? JSONSerialization.jsonObject(with: Data(call.body)) as? [String: Any] else {
            throw .parameter("The body is not a JSON object")
        }
        return body
    }

    /// Expiry is told as moments. That a refresh token dies on use is not said, so it does not.
    private static func refreshed(_ call: PlatformCall, _ desk: inout PlatformDesk) throws(Fault) -> JSONText {
        guard call.method == "GET", call.value("grant_type") == "refresh_token" else {
            throw Fault(code: 36_004_001, message: "grant_type must be refresh_token")
        }
        guard call.value("app_key") == desk.credentials["app_key"],
            call.value("app_secret") == desk.credentials["app_secret"]
        else { throw Fault(code: 36_004_002, message: "app_key or app_secret is invalid") }
        guard let refresh = call.value("refresh_token"), refresh == desk.credentials["refresh_token"] else {
            throw Fault(code: 36_004_004, message: "refresh_token is invalid or expired")
        }
        return given(refresh, &desk)
    }

    /// For the code of a consent.
    private static func created(_ call: PlatformCall, _ desk: inout PlatformDesk) throws(Fault) -> JSONText {
        guard call.method == "GET", call.value("grant_type") == "authorized_code" else {
            throw Fault(code: 36_004_001, message: "grant_type must be authorized_code")
        }
        guard call.value("app_key") == desk.credentials["app_key"],
            call.value("app_secret") == desk.credentials["app_secret"]
        else { throw Fault(code: 36_004_002, message: "app_key or app_secret is invalid") }
        guard desk.takeCode(call.value("auth_code")) else {
            throw Fault(code: 36_004_003, message: "auth_code is invalid or expired")
        }
        let refresh = desk.newToken("TTP-refresh")
        desk.credentials["refresh_token"] = refresh
        return given(refresh, &desk)
    }

    private static func given(_ refresh: String, _ desk: inout PlatformDesk) -> JSONText {
        let access = desk.newToken("TTP")
        let until = desk.now + 7 * 86_400
        (desk.credentials["access_token"], desk.credentials["access_token_until"]) = (access, "\(until)")
        return [
            "access_token": .string(access), "access_token_expire_in": .int(until), "refresh_token": .string(refresh),
            "refresh_token_expire_in": .int(desk.now + 180 * 86_400), "open_id": "MADEUPOPENID",
            "seller_name": "John Doe", "seller_base_region": "GB", "user_type": 0,
            "granted_scopes": ["seller.order.info", "seller.return_refund.basic", "seller.product.write"],
        ]
    }
}
