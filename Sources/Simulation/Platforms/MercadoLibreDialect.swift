import Foundation

extension PlatformDialect {
    /// Mercado Libre: access tokens of six hours, and refresh tokens that are good once.
    package static let mercadolibre = PlatformDialect(
        "mercadolibre",
        credentials: [
            "client_id": "4000000000000001", "client_secret": "made-up-client-secret", "user_id": "179571326",
            "access_token": "APP_USR-4000000000000001-made-up-179571326",
            "refresh_token": "TG-made-up-179571326",
        ]
    ) { call, desk in MercadoLibre.answer(call, &desk) }
}

/// How Mercado Libre answers.
enum MercadoLibre {
    static let offset = -240

    static func answer(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let parts = call.path.split(separator: "/").map(String.init)
        let fault = desk.takeFault()
        if parts == ["oauth", "token"] {
            return answer(fault, "oauth/token", &desk) { desk in token(call, &desk) }
        }
        guard call.method == "GET" else { return refused(405, "method_not_allowed", "Method not allowed") }
        if fault == .expired { desk.credentials["access_token"] = nil }
        guard isAllowed(call, desk) else {
            return PlatformReply(status: 401, ["code": "unauthorized", "message": "invalid access token"])
        }
        let name = parts.map { Int($0) == nil ? $0 : "id" }.joined(separator: "/")
        return answer(fault, name, &desk) { desk in
            switch parts.count {
            case 2 where parts == ["orders", "search"]: return orders(call, desk)
            case 2 where parts[0] == "orders": return order(parts[1], desk)
            case 2 where parts[0] == "users": return user(parts[1], desk)
            case 2 where parts[0] == "shipments": return shipment(parts[1], desk)
            case 3 where parts == ["global", "users", "seller_reputation"]: return global(desk)
            case 4 where parts == ["post-purchase", "v1", "claims", "search"]: return claims(call, desk)
            case 4 where parts.starts(with: ["post-purchase", "v1", "claims"]): return claim(parts[3], desk)
            case 5 where parts.starts(with: ["post-purchase", "v1", "claims"]) && parts[4] == "affects-reputation":
                return affectsReputation(parts[3], desk)
            default: return refused(404, "not_found", "Resource not found")
            }
        }
    }

    /// Limits are not published; this is generous.
    private static func answer(
        _ fault: PlatformFault?, _ name: String, _ desk: inout PlatformDesk,
        _ body: (inout PlatformDesk) -> PlatformReply
    ) -> PlatformReply {
        let isAdmitted = desk.admits(name, 600, per: 60)
        if fault == .throttled || !isAdmitted { return refused(429, "too_many_requests", "local_rate_limited") }
        if fault == .busy { return refused(500, "internal_error", "Internal server error") }
        return body(&desk)
    }

    static func refused(_ status: Int, _ error: String, _ message: String) -> PlatformReply {
        PlatformReply(
            status: status,
            ["message": .string(message), "error": .string(error), "status": .int(status), "cause": []])
    }

    // MARK: Tokens

    private static func isAllowed(_ call: PlatformCall, _ desk: PlatformDesk) -> Bool {
        guard let token = desk.credentials["access_token"], call.headers["authorization"] == "Bearer \(token)" else {
            return false
        }
        return Int64(desk.credentials["access_token_until"] ?? "").map { desk.now < $0 } ?? true
    }

    private static func token(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        guard call.method == "POST" else { return refused(405, "method_not_allowed", "Method not allowed") }
        // Secrets in the address are refused: parameters go in the body.
        guard call.query.isEmpty, let sent = sent(call) else {
            return refused(400, "invalid_request", "the parameters must be sent in the body")
        }
        guard sent["client_id"] == desk.credentials["client_id"],
            sent["client_secret"] == desk.credentials["client_secret"]
        else { return refused(400, "invalid_client", "invalid client_id or client_secret") }
        let isFine: Bool
        switch sent["grant_type"] {
        case "refresh_token":
            isFine = sent["refresh_token"] != nil && sent["refresh_token"] == desk.credentials["refresh_token"]
        case "authorization_code": isFine = sent["redirect_uri"] != nil && desk.takeCode(sent["code"])
        default: return refused(400, "unsupported_grant_type", "the grant_type is not supported")
        }
        guard isFine else {
            let message = """
                Error validating grant. Your authorization code or refresh token may be expired or it was already used
                """
            return refused(400, "invalid_grant", message)
        }
        let (access, next) = (desk.newToken("APP_USR"), desk.newToken("TG"))
        (desk.credentials["access_token"], desk.credentials["refresh_token"]) = (access, next)
        desk.credentials["access_token_until"] = "\(desk.now + 21_600)"
        return PlatformReply([
            "access_token": .string(access), "token_type": "Bearer", "expires_in": 21_600,
            "scope": .string(desk.credentials["scopes"] ?? "offline_access read"),
            "user_id": .number(desk.credentials["user_id"] ?? "0"),
            "refresh_token": .string(next),
        ])
    }

    /// A form, or JSON.
    private static func sent(_ call: PlatformCall) -> [String: String]? {
        let type = call.headers["content-type"] ?? ""
        if type.hasPrefix("application/json") {
            return (try? JSONSerialization.jsonObject(with: Data(call.body)) as? [String: Any])?
                .mapValues { "\($0)" }
        }
        guard type.hasPrefix("application/x-www-form-urlencoded") else { return nil }
        return Dictionary(call.form.map { ($0.name, $0.value) }) { first, _ in first }
    }
}
