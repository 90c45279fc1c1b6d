/// eBay as its public documents have it: Fulfillment, Analytics and Post-Order behind one OAuth token.
extension PlatformDialect {
    package static let ebay = PlatformDialect(
        "ebay",
        credentials: [
            "client_id": "MadeUp-standing-PRD-0123456789", "client_secret": "PRD-made-up-secret",
            "refresh_token": "v^1.1#i^1#made-up-refresh", "redirect_uri": "Made_Up-MadeUp-standi-abcdef",
        ]
    ) { call, desk in EbayDialect.answer(call, &desk) }
}

/// The ids that eBay makes of what happened.
package enum EbayID {
    package static func order(_ number: Int) -> String {
        "17-\(PlainText.padded(10_000 + number, 5))-\(PlainText.padded(number * 7919 % 100_000, 5))"
    }
    package static func line(_ order: Int, _ line: Int) -> String { "1004\(PlainText.padded(order * 10 + line, 10))" }
    package static func item(_ product: Int) -> Int { 295_000_000_000 + product }
    package static func transaction(_ order: Int, _ line: Int) -> Int { 2_100_000_000_000 + order * 10 + line }
    package static func `return`(_ refund: Int) -> String { "53\(PlainText.padded(refund, 8))" }
    package static func `case`(_ refund: Int) -> Int { 5_400_000_000 + refund }
    package static func inquiry(_ refund: Int) -> Int { 5_500_000_000 + refund }
    package static func refund(_ refund: Int) -> String { "503\(PlainText.padded(refund, 7))" }
}

enum EbayDialect {
    private static let scope = "https://api.ebay.com/oauth/api_scope"

    static func answer(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let fault = desk.takeFault()
        let parts = call.path.split(separator: "/").map(String.init)
        if parts == ["identity", "v1", "oauth2", "token"] { return token(call, fault, &desk) }
        // Post-Order has the token under a scheme of its own.
        let scheme = parts.first == "post-order" ? "IAF " : "Bearer "
        let header = call.headers["authorization"]
        let token = header?.hasPrefix(scheme) == true ? header.map { String($0.dropFirst(scheme.count)) } : nil
        guard TimedTokens.admits(token, fault, &desk) else {
            return refusal(
                401, 1001, "Invalid access token",
                "Invalid access token. Check the value of the Authorization HTTP request header.", domain: "OAuth")
        }
        switch fault {
        case .throttled: return tooMany
        case .busy: return busy
        default: break
        }
        guard call.method == "GET" else { return unknownPath }
        switch parts.count > 3 ? Array(parts[0..<4]) : [] {
        case ["sell", "fulfillment", "v1", "order"] where parts.count <= 5:
            // The daily cap is not told.
            guard desk.admits("order", 600, per: 60) else { return tooMany }
            return parts.count == 5 ? order(parts[4], call, desk) : orders(call, desk)
        case ["post-order", "v2", "return", "search"], ["post-order", "v2", "casemanagement", "search"],
            ["post-order", "v2", "inquiry", "search"]:
            guard parts.count == 4 else { return unknownPath }
            guard desk.admits(parts[2], 600, per: 60) else { return tooMany }
            return search(parts[2], call, desk)
        case let path
        where parts.count == 4
            && (path.starts(with: ["post-order", "v2", "return"])
                || path.starts(with: ["post-order", "v2", "casemanagement"])):
            guard desk.admits(parts[2], 600, per: 60) else { return tooMany }
            return one(parts[2], parts[3], call, desk)
        case ["sell", "analytics", "v1", "seller_standards_profile"]:
            guard desk.admits("seller_standards_profile", 100, perApplication: 86_400) else { return tooMany }
            return standards(Array(parts.dropFirst(4)), desk)
        case ["sell", "analytics", "v1", "customer_service_metric"]:
            guard desk.admits("customer_service_metric", 400, perApplication: 86_400) else { return tooMany }
            return serviceMetric(Array(parts.dropFirst(4)), call, desk)
        default: return unknownPath
        }
    }

    private static func token(
        _ call: PlatformCall, _ fault: PlatformFault?, _ desk: inout PlatformDesk
    ) -> PlatformReply {
        guard call.method == "POST", TimedTokens.isForm(call) else {
            return tokenRefusal(400, "invalid_request", "request is malformed")
        }
        let pair = TimedTokens.basic(call)
        guard let pair, pair.name == desk.credentials["client_id"], pair.secret == desk.credentials["client_secret"]
        else { return tokenRefusal(401, "invalid_client", "client authentication failed") }
        if fault == .busy { return tokenRefusal(503, "temporarily_unavailable", "try again later") }
        guard fault != .throttled, desk.admits("token", 50_000, perApplication: 86_400) else { return tooMany }
        if TimedTokens.field("grant_type", call) == "authorization_code" { return consented(call, &desk) }
        guard TimedTokens.field("grant_type", call) == "refresh_token" else {
            // An application's own token reads nothing of a seller.
            return tokenRefusal(400, "unsupported_grant_type", "grant type in request is not supported")
        }
        let refresh = TimedTokens.field("refresh_token", call)
        guard let refresh, refresh == desk.credentials["refresh_token"] else {
            return tokenRefusal(400, "invalid_grant", "the provided authorization refresh token is invalid")
        }
        let scopes = TimedTokens.field("scope", call)?.split(separator: " ") ?? []
        guard scopes.allSatisfy({ $0 == scope || $0.hasPrefix(scope + "/") }) else {
            return tokenRefusal(400, "invalid_scope", "the requested scope is invalid, unknown or malformed")
        }
        let given = TimedTokens.give("v^1.1#i^1#ebay", for: 7200, &desk)
        return PlatformReply([
            "access_token": .string(given), "expires_in": 7200, "token_type": "User Access Token",
        ])
    }

    /// For the code of a consent; the refresh token that comes with it lasts 18 months, however often it is used.
    private static func consented(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        guard TimedTokens.field("redirect_uri", call) == desk.credentials["redirect_uri"],
            desk.takeCode(TimedTokens.field("code", call))
        else {
            return tokenRefusal(
                400, "invalid_grant", "the provided authorization grant code is invalid or was issued to another client"
            )
        }
        let refresh = desk.newToken("v^1.1#i^1#ebay-refresh")
        desk.credentials["refresh_token"] = refresh
        let given = TimedTokens.give("v^1.1#i^1#ebay", for: 7200, &desk)
        return PlatformReply([
            "access_token": .string(given), "expires_in": 7200, "token_type": "User Access Token",
            "refresh_token": .string(refresh), "refresh_token_expires_in": 47_304_000,
        ])
    }

    // MARK: What goes wrong

    static func refusal(
        _ status: Int, _ code: Int, _ message: String, _ long: String? = nil, domain: String = "API_FULFILLMENT",
        parameters: [(String, String)] = []
    ) -> PlatformReply {
        let named = parameters.map { JSONText.object([("name", .string($0.0)), ("value", .string($0.1))]) }
        return PlatformReply(
            status: status,
            [
                "errors": [
                    [
                        "errorId": .int(code), "domain": .string(domain),
                        "category": status < 500 ? "REQUEST" : "APPLICATION", "message": .string(message),
                        "longMessage": .string(long ?? message), "parameters": .array(named),
                    ]
                ]
            ])
    }

    private static func tokenRefusal(_ status: Int, _ error: String, _ text: String) -> PlatformReply {
        PlatformReply(status: status, ["error": .string(error), "error_description": .string(text)])
    }

    private static var tooMany: PlatformReply {
        refusal(
            429, 2001, "Too many requests.", "The request limit has been reached for the resource.", domain: "ACCESS")
    }
    private static var busy: PlatformReply { refusal(500, 30500, "System error") }
    private static var unknownPath: PlatformReply { refusal(404, 2002, "Resource not found", domain: "ACCESS") }
}
