/// Walmart Marketplace as its public documents have it.
extension PlatformDialect {
    package static let walmart = PlatformDialect(
        "walmart",
        credentials: ["client_id": "00000000-1111-2222-3333-made-up", "client_secret": "made-up-walmart-secret"]
    ) { call, desk in WalmartDialect.answer(call, &desk) }
}

/// The ids that Walmart makes of what happened.
package enum WalmartID {
    /// `purchaseOrderId`.
    package static func order(_ number: Int) -> String { "17962\(PlainText.padded(number, 8))" }
    package static func customerOrder(_ number: Int) -> String { "52819\(PlainText.padded(number, 8))" }
    package static func `return`(_ refund: Int) -> String { "1037380489\(PlainText.padded(refund, 8))" }
}

enum WalmartDialect {
    static func answer(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let fault = desk.takeFault()
        if let reply = headerFault(call, &desk) { return reply }
        let parts = call.path.split(separator: "/").map(String.init)
        if parts == ["v3", "token"] { return token(call, fault, &desk) }
        guard TimedTokens.admits(call.headers["wm_sec.access_token"], fault, &desk) else { return unauthorized }
        switch fault {
        case .throttled: return tooMany(desk)
        case .busy: return gateway(500, "SYSTEM_ERROR.GMP_GATEWAY_API", "Internal System Error")
        default: break
        }
        guard call.method == "GET", parts.count > 1, parts[0] == "v3" else { return unknownPath }
        switch Array(parts.dropFirst()) {
        case ["orders"]: return limited("orders", &desk) { orders(call, $0) }
        case let rest where rest.count == 2 && rest[0] == "orders":
            return limited("order", &desk) { order(rest[1], $0) }
        case ["returns"]: return limited("returns", &desk) { returns(call, $0) }
        case let rest where rest.count == 4 && rest[0] == "insights" && rest[1] == "performance":
            return limited("insights " + rest[2], &desk) { performance(rest[2], rest[3], call, $0) }
        case ["insights", "prosellerbadge"]: return limited("badge", &desk) { _ in badge }
        default: return unknownPath
        }
    }

    /// By contract so many calls of each API a minute, that all come back when the next one begins: `calls a minute`. An answer says
    /// how many are left, and when there are more.
    private static func limited(
        _ name: String, _ desk: inout PlatformDesk, _ answer: (PlatformDesk) -> PlatformReply
    ) -> PlatformReply {
        guard let most = Int(desk.credentials["calls a minute"] ?? "") else {
            let name = name.hasPrefix("insights") || name == "badge" ? "insights" : name
            return desk.admits(name, 600, per: 60) ? answer(desk) : tooMany(desk)
        }
        let minute = desk.now / 60
        let place = "\(minute) of \(name)"
        let used = (Int(desk.credentials[place] ?? "") ?? 0) + 1
        desk.credentials[place] = "\(used)"
        let isFine = used <= most
        // Counted where the other limits are counted.
        if !isFine { desk.overruns += 1 }
        var reply = isFine ? answer(desk) : tooMany(desk)
        reply.headers.removeAll { $0.name.hasPrefix("x-") || $0.name == "Retry-After" }
        reply.headers += [
            ("x-current-token-count", "\(max(0, most - used))"),
            ("x-next-replenish-time", "\((minute + 1) * 60_000)"),
        ]
        return reply
    }

    /// What every call has to bring: a service name, an id that was not sent before, and the wish for JSON.
    private static func headerFault(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply? {
        guard call.headers["accept"]?.contains("application/json") == true else {
            // The answer's own language is XML.
            return PlatformReply(
                status: 200, headers: [("Content-Type", "application/xml")],
                text: #"<?xml version="1.0" encoding="UTF-8"?><ns2:list xmlns:ns2="http://walmart.com/mp/v3"/>"#)
        }
        guard call.headers["wm_svc.name"]?.isEmpty == false else {
            return gateway(400, "INVALID_REQUEST_HEADER.GMP_GATEWAY_API", "WM_SVC.NAME set blank or null")
        }
        let id = call.headers["wm_qos.correlation_id"] ?? ""
        let pieces = id.split(separator: "-", omittingEmptySubsequences: false)
        let isGUID = pieces.map(\.utf8.count) == [8, 4, 4, 4, 12] && id.allSatisfy { $0 == "-" || $0.isHexDigit }
        guard isGUID, desk.credentials["last correlation id"] != id else {
            return gateway(400, "INVALID_REQUEST_HEADER.GMP_GATEWAY_API", "WM_QOS.CORRELATION_ID is not a new GUID")
        }
        desk.credentials["last correlation id"] = id
        return nil
    }

    private static func token(
        _ call: PlatformCall, _ fault: PlatformFault?, _ desk: inout PlatformDesk
    ) -> PlatformReply {
        let pair = TimedTokens.basic(call)
        guard let pair, pair.name == desk.credentials["client_id"], pair.secret == desk.credentials["client_secret"]
        else { return unauthorized }
        if fault == .busy { return gateway(500, "SYSTEM_ERROR.GMP_GATEWAY_API", "Internal System Error") }
        guard fault != .throttled, desk.admits("token", 600, per: 60) else { return tooMany(desk) }
        guard call.method == "POST", TimedTokens.isForm(call),
            TimedTokens.field("grant_type", call) == "client_credentials"
        else { return gateway(400, "INVALID_REQUEST_PARAM.GMP_GATEWAY_API", "Invalid grant_type") }
        let given = TimedTokens.give("eyJraWQiOiJtYWRlLXVw", for: 900, &desk)
        return PlatformReply(["access_token": .string(given), "token_type": "Bearer", "expires_in": 900])
    }

    // MARK: What goes wrong

    /// Of the gateway before all APIs.
    private static func gateway(
        _ status: Int, _ code: String, _ text: String, headers: [(name: String, value: String)] = []
    ) -> PlatformReply {
        PlatformReply(status: status, headers: headers, ["error": [error(code, text)]])
    }

    /// Of an API behind it: a parameter that cannot be.
    static func wrong(_ name: String, _ api: String) -> PlatformReply {
        let error = error("INVALID_REQUEST_PARAM.GMP_\(api)_API", "Invalid request param \(name)", name)
        return PlatformReply(status: 400, ["errors": [error]])
    }

    static func notFound(_ api: String) -> PlatformReply {
        PlatformReply(status: 404, ["errors": [error("CONTENT_NOT_FOUND.GMP_\(api)_API", "Not found")]])
    }

    private static func error(_ code: String, _ text: String, _ field: String = "data") -> JSONText {
        [
            "code": .string(code), "field": .string(field), "description": .string(text), "info": .string(text),
            "severity": "ERROR", "category": "DATA", "causes": [], "errorIdentifiers": [:],
        ]
    }

    private static var unauthorized: PlatformReply {
        gateway(401, "UNAUTHORIZED.GMP_GATEWAY_API", "Unauthorized token or incorrect authorization header")
    }
    private static var unknownPath: PlatformReply { gateway(404, "CONTENT_NOT_FOUND.GMP_GATEWAY_API", "Not found") }

    private static func tooMany(_ desk: PlatformDesk) -> PlatformReply {
        gateway(
            429, "REQUEST_THRESHOLD_VIOLATED.GMP_GATEWAY_API", "Number of requests exceeded",
            headers: [
                ("x-current-token-count", "0"), ("x-next-replenish-time", "\((desk.now + 1) * 1000)"),
                ("Retry-After", "1"),
            ])
    }
}
