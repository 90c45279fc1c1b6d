/// Amazon's Selling Partner API as its public models have it, with Login with Amazon before it.
extension PlatformDialect {
    package static let amazon = PlatformDialect(
        "amazon",
        credentials: [
            "client_id": "amzn1.application-oa2-client.made-up", "client_secret": "amzn1.oa2-cs.v1.made-up",
            "refresh_token": "Atzr|made-up+refresh/token==", "application_id": "amzn1.sp.solution.made-up",
            "selling_partner_id": "A2MADEUPSELLER",
        ], lateness: 120
    ) { call, desk in AmazonDialect.answer(call, &desk) }
}

/// The ids that Amazon makes of what happened.
package enum AmazonID {
    package static let marketplace = "ATVPDKIKX0DER"
    package static func order(_ number: Int) -> String {
        "114-\(PlainText.padded(1_000_000 + number, 7))-\(PlainText.padded(number * 7919 % 10_000_000, 7))"
    }
    package static func item(_ order: Int, _ line: Int) -> String { "6882\(PlainText.padded(order * 10 + line, 10))" }
    /// `Amazon RMA ID` of the returns report.
    package static func `return`(_ refund: Int) -> String { "Dmu\(PlainText.padded(refund, 6))RRMA" }
    /// How late the API shows what happened.
    package static let delay: Int64 = 120
}

enum AmazonDialect {
    static func answer(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let fault = desk.takeFault()
        let parts = call.path.split(separator: "/").map(String.init)
        if parts == ["auth", "o2", "token"] { return token(call, fault, &desk) }
        if parts.first == documents { return document(call, fault, &desk) }
        guard TimedTokens.admits(call.headers["x-amz-access-token"], fault, &desk) else {
            return refusal(
                403, "Unauthorized", "Access to requested resource is denied.",
                fault == .expired
                    ? "The access token you provided has expired."
                    : "The access token you provided is revoked, malformed or invalid.")
        }
        // An application without a role is told the same as one whose token is over.
        if parts.first == "reports", desk.credentials["roles"] == "orders" {
            return refusal(403, "Unauthorized", "Access to requested resource is denied.")
        }
        switch fault {
        case .throttled: return tooMany
        case .busy: return refusal(503, "ServiceUnavailable", "Service is temporarily unavailable. Please try again.")
        default: break
        }
        switch (call.method, Array(parts.prefix(3)), Array(parts.dropFirst(3))) {
        case ("GET", ["orders", "2026-01-01", "orders"], []) where desk.credentials["orders"] != "v0":
            return limited("searchOrders", (20, 3571), 5600, &desk) { orders(call, .model2026, $0) }
        case ("GET", ["orders", "v0", "orders"], []):
            return limited("getOrders", (20, 1198), 16_700, &desk) { orders(call, .v0, $0) }
        case ("GET", ["orders", "v0", "orders"], let rest) where rest.count == 1:
            return limited("getOrder", (30, 60), 500_000, &desk) { orderV0(rest[0], $0) }
        case ("GET", ["orders", "v0", "orders"], let rest) where rest.count == 2 && rest[1] == "orderItems":
            return limited("getOrderItems", (30, 60), 500_000, &desk) { itemsV0(rest[0], $0) }
        case ("POST", ["reports", "2021-06-30", "reports"], []):
            return limited("createReport", (15, 898), 16_700, &desk) { createReport(call, &$0) }
        case ("GET", ["reports", "2021-06-30", "reports"], let rest) where rest.count == 1:
            return limited("getReport", (15, 7), 2_000_000, &desk) { report(rest[0], fault, &$0) }
        case ("GET", ["reports", "2021-06-30", "documents"], let rest) where rest.count == 1:
            return limited("getReportDocument", (15, 898), 16_700, &desk) { reportDocument(rest[0], call, &$0) }
        default: return refusal(404, "NotFound", "Resource not found.")
        }
    }

    /// Holds a call against its bucket: so many at once, refilled over so many seconds. An application of few users may be
    /// given a part of the usual rate only: `rate divisor`.
    ///
    /// - Parameter rate: in millionths of a call a second.
    private static func limited(
        _ name: String, _ bucket: (burst: Int, seconds: Int64), _ rate: Int64, _ desk: inout PlatformDesk,
        _ answer: (inout PlatformDesk) -> PlatformReply
    ) -> PlatformReply {
        let divisor = Int64(desk.credentials["rate divisor"] ?? "") ?? 1
        // It tells the rate alone, and not always.
        let told: [(name: String, value: String)] =
            desk.calls[name, default: 0] % 3 == 2 ? [] : [("x-amzn-RateLimit-Limit", decimal(rate / divisor))]
        guard desk.admits(name, bucket.burst, per: bucket.seconds * divisor) else {
            var reply = tooMany
            reply.headers += told
            return reply
        }
        var reply = answer(&desk)
        reply.headers.append(("x-amzn-RequestId", "made-up-\(desk.calls.values.reduce(0, +))"))
        reply.headers += told
        return reply
    }

    /// `0.0167` of 16700 millionths, `2.0` of two million.
    private static func decimal(_ millionths: Int64) -> String {
        var digits = PlainText.padded(Int(millionths % 1_000_000), 6)
        while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }
        return "\(millionths / 1_000_000).\(digits)"
    }

    /// Login with Amazon.
    private static func token(
        _ call: PlatformCall, _ fault: PlatformFault?, _ desk: inout PlatformDesk
    ) -> PlatformReply {
        guard call.method == "POST", TimedTokens.isForm(call) else {
            return tokenRefusal(400, "invalid_request", "The request is missing a required parameter")
        }
        guard TimedTokens.field("client_id", call) == desk.credentials["client_id"],
            TimedTokens.field("client_secret", call) == desk.credentials["client_secret"]
        else { return tokenRefusal(401, "invalid_client", "Client authentication failed") }
        if fault == .busy { return tokenRefusal(500, "server_error", "The server encountered a runtime error") }
        // Its limit is not told.
        guard fault != .throttled, desk.admits("token", 600, per: 60) else {
            return tokenRefusal(429, "slow_down", "The client is making too many requests")
        }
        switch TimedTokens.field("grant_type", call) {
        case "refresh_token": break
        case "authorization_code":
            guard desk.takeCode(TimedTokens.field("code", call)) else {
                return tokenRefusal(400, "invalid_grant", "The request has an invalid grant parameter : code")
            }
            desk.credentials["refresh_token"] = desk.newToken("Atzr|made-up")
        default: return tokenRefusal(400, "unsupported_grant_type", "The grant type is not supported")
        }
        let isNew = TimedTokens.field("grant_type", call) == "authorization_code"
        let refresh = isNew ? desk.credentials["refresh_token"] : TimedTokens.field("refresh_token", call)
        guard let refresh, refresh == desk.credentials["refresh_token"] else {
            return tokenRefusal(400, "invalid_grant", "The request has an invalid grant parameter : refresh_token")
        }
        let given = TimedTokens.give("Atza|made-up", for: 3600, &desk)
        return PlatformReply([
            "access_token": .string(given), "refresh_token": .string(refresh), "token_type": "bearer",
            "expires_in": 3600,
        ])
    }

    // MARK: What goes wrong

    static func refusal(_ status: Int, _ code: String, _ message: String, _ details: String = "") -> PlatformReply {
        PlatformReply(
            status: status, headers: [("x-amzn-RequestId", "made-up")],
            ["errors": [["code": .string(code), "message": .string(message), "details": .string(details)]]])
    }

    static func wrong(_ name: String) -> PlatformReply { refusal(400, "InvalidInput", "Invalid Input", name) }

    private static func tokenRefusal(_ status: Int, _ error: String, _ text: String) -> PlatformReply {
        PlatformReply(status: status, ["error_description": .string(text), "error": .string(error)])
    }

    private static var tooMany: PlatformReply {
        refusal(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
    }
}
