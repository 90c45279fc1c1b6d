extension PlatformDialect {
    /// Lazada Open Platform, the shop of one country.
    package static let lazada = PlatformDialect(
        "lazada",
        credentials: [
            "app_key": "123456", "app_secret": "made-up-app-secret", "access_token": "50000-made-up-access",
            "refresh_token": "50001-made-up-refresh",
        ]
    ) { call, desk in Lazada.answer(call, &desk) }
}

/// How Lazada answers: always with status 200, and `code` "0" when all is well.
enum Lazada {
    struct Fault: Error {
        var type = "ISV"
        var code: String
        var message: String
    }

    static func answer(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        var path = call.path
        if path.hasPrefix("/rest/") { path = String(path.dropFirst(5)) }
        do throws(Fault) {
            let members = try result(path, call, &desk)
            return PlatformReply(.object([("code", "0")] + members + [("request_id", "0ba2887315172940728551014")]))
        } catch {
            return PlatformReply([
                "type": .string(error.type), "code": .string(error.code), "message": .string(error.message),
                "request_id": "0ba2887315172940728551014",
            ])
        }
    }

    private static func result(
        _ path: String, _ call: PlatformCall, _ desk: inout PlatformDesk
    ) throws(Fault) -> [(String, JSONText)] {
        guard call.method == "GET" || path.hasPrefix("/auth/") else {
            throw Fault(code: "UnsupportedMethod", message: "The request method is not supported")
        }
        let sent = call.query + (call.method == "POST" ? call.form : [])
        try check(sent, path, desk)
        let fault = desk.takeFault()
        // Limits are not told; this is generous.
        if !desk.admits(path, 600, per: 60) || fault == .throttled {
            throw Fault(
                code: "ApiCallLimit",
                message: "The API access frequency exceeds the limit. this ban will last 1 seconds")
        }
        if fault == .busy {
            throw Fault(type: "ISP", code: "ServiceUnavailable", message: "The service is not available at present")
        }
        if path == "/auth/token/refresh" { return try refreshed(sent, &desk) }
        if path == "/auth/token/create" { return try created(sent, &desk) }
        if fault == .expired { desk.credentials["access_token"] = nil }
        let isFresh = Int64(desk.credentials["access_token_until"] ?? "").map { desk.now < $0 } ?? true
        guard isFresh, let token = call.value("access_token"), token == desk.credentials["access_token"] else {
            throw Fault(code: "IllegalAccessToken", message: "The specified access token is invalid or expired")
        }
        switch path {
        case "/orders/get": return try orders(call, desk)
        case "/order/items/get": return try items(call, desk)
        case "/orders/items/get": return try itemsOfMany(call, desk)
        case "/seller/performance/get": return performance
        default: throw Fault(code: "InvalidApiPath", message: "The specified API path is invalid")
        }
    }

    private static func check(
        _ sent: [(name: String, value: String)], _ path: String, _ desk: PlatformDesk
    ) throws(Fault) {
        let values = Dictionary(sent.map { ($0.name, $0.value) }) { first, _ in first }
        for name in ["app_key", "timestamp", "sign_method", "sign"] where values[name]?.isEmpty ?? true {
            throw Fault(code: "MissingParameter", message: "The input parameter \"\(name)\" is missing")
        }
        guard values["app_key"] == desk.credentials["app_key"] else {
            throw Fault(code: "InvalidAppKey", message: "The specified App Key is invalid")
        }
        let stamp = values["timestamp"] ?? ""
        guard let moment = Int64(stamp).map({ $0 / 1000 }) ?? PlatformFormats.moment(stamp),
            abs(moment - desk.now) <= 7200
        else { throw Fault(code: "IllegalTimestamp", message: "The specified timestamp is too far from UTC time") }
        guard values["sign_method"] == "sha256" else {
            throw Fault(code: "InvalidSignMethod", message: "The specified sign method is not supported")
        }
        let pairs = sent.filter { $0.name != "sign" }
            .sorted { Array($0.name.utf8).lexicographicallyPrecedes($1.name.utf8) }
        let base = path + pairs.map { $0.name + $0.value }.joined()
        let code = PlatformFormats.hexHMAC(base.utf8, key: desk.credentials["app_secret"] ?? "").uppercased()
        guard values["sign"] == code else {
            throw Fault(
                code: "IncompleteSignature", message: "The request signature does not conform to platform standards")
        }
    }

    /// Lives of tokens are those of an app that is online: 30 and 180 days. That a refresh token dies on use is not
    /// said, so it does not.
    private static func refreshed(
        _ sent: [(name: String, value: String)], _ desk: inout PlatformDesk
    ) throws(Fault) -> [(String, JSONText)] {
        let token = sent.first { $0.name == "refresh_token" }?.value
        guard let token, token == desk.credentials["refresh_token"] else {
            throw Fault(code: "IllegalRefreshToken", message: "The specified refresh token is invalid or expired")
        }
        return given(token, &desk)
    }

    /// For the code of a consent.
    private static func created(
        _ sent: [(name: String, value: String)], _ desk: inout PlatformDesk
    ) throws(Fault) -> [(String, JSONText)] {
        guard desk.takeCode(sent.first { $0.name == "code" }?.value) else {
            throw Fault(code: "InvalidCode", message: "Invalid authorization code")
        }
        let refresh = desk.newToken("50001")
        desk.credentials["refresh_token"] = refresh
        return given(refresh, &desk)
    }

    private static func given(_ token: String, _ desk: inout PlatformDesk) -> [(String, JSONText)] {
        let access = desk.newToken("50000")
        desk.credentials["access_token"] = access
        desk.credentials["access_token_until"] = "\(desk.now + 2_592_000)"
        return [
            ("access_token", .string(access)), ("refresh_token", .string(token)), ("expires_in", 2_592_000),
            ("refresh_expires_in", 15_552_000), ("country", "my"), ("account_platform", "seller_center"),
            ("account", "john.doe@example.com"),
            (
                "country_user_info",
                [["country": "my", "user_id": "69904", "seller_id": "33747", "short_code": "MY10MADE"]]
            ),
        ]
    }
}
