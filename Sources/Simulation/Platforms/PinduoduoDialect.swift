extension PlatformDialect {
    /// Pinduoduo's gateway, after its call guide and the pages of its order and after-sales calls.
    package static let pinduoduo = PlatformDialect(
        "pinduoduo",
        credentials: [
            "client_id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "client_secret": "made-up-pinduoduo-client-secret",
            "access_token": "made-up-pinduoduo-access-token", "refresh_token": "made-up-pinduoduo-refresh-token",
            "code": "made-up-pinduoduo-code",
        ], lateness: 180
    ) { call, desk in
        guard call.path == "/api/router", call.method == "POST" else { return PlatformReply(status: 404, text: "") }
        do throws(PinduoduoRefusal) {
            guard let request = PinduoduoRequest(call) else { throw .common("body") }
            return PlatformReply(try PinduoduoDialect.answer(request, &desk))
        } catch {
            return error.reply
        }
    }
}

enum PinduoduoDialect {
    /// Most calls in so many seconds for one shop. Where the documents give none, 600 in a minute.
    private static let rates: [String: (most: Int, seconds: Int64)] = [
        "pdd.pop.auth.token.create": (600, 60), "pdd.pop.auth.token.refresh": (600, 60), "pdd.time.get": (600, 60),
        "pdd.mall.info.get": (600, 60), "pdd.order.list.get": (10_000, 60), "pdd.order.basic.list.get": (600, 60),
        "pdd.order.number.list.increment.get": (3000, 60), "pdd.order.information.get": (30_000, 60),
        "pdd.refund.list.increment.get": (100, 10), "pdd.refund.information.get": (1400, 1),
    ]
    /// The same for all shops of one application.
    private static let ratesOfApplications: [String: (most: Int, seconds: Int64)] = [
        "pdd.refund.list.increment.get": (500, 1)
    ]
    private static let withoutToken: Set = ["pdd.pop.auth.token.create", "pdd.pop.auth.token.refresh", "pdd.time.get"]

    static func answer(_ request: PinduoduoRequest, _ desk: inout PlatformDesk) throws(PinduoduoRefusal) -> JSONText {
        let type = try request.common("type")
        guard let rate = rates[type] else { throw .common("type") }
        try verify(request, desk)
        let needsToken = !withoutToken.contains(type)
        switch desk.takeFault() {
        case .throttled: throw .throttled
        case .busy: throw .busy
        case .expired where needsToken: endToken(&desk)
        default: break
        }
        if needsToken {
            try verifyToken(request, desk)
            // What the application may not ask; nothing by itself.
            if (desk.credentials["forbidden"] ?? "").split(separator: ",").contains(type[...]) { throw .noRight }
        }
        guard desk.admits(type, rate.most, per: rate.seconds) else { throw .tooOften }
        if let rate = ratesOfApplications[type],
            !desk.admits(type + " of the application", rate.most, perApplication: rate.seconds)
        {
            throw .tooOften
        }
        switch type {
        case "pdd.pop.auth.token.create": return try createToken(request, &desk)
        case "pdd.pop.auth.token.refresh": return try refreshToken(request, &desk)
        case "pdd.time.get": return ["time_get_response": ["time": .string(BeijingTime.text(desk.now))]]
        case "pdd.mall.info.get": return mall
        case "pdd.order.list.get": return try orderList(request, desk, root: "order_list_get_response", isBasic: false)
        case "pdd.order.basic.list.get":
            return try orderList(request, desk, root: "order_basic_list_get_response", isBasic: true)
        case "pdd.order.number.list.increment.get": return try changedOrders(request, desk)
        case "pdd.order.information.get": return try orderInformation(request, desk)
        case "pdd.refund.list.increment.get": return try changedRefunds(request, desk)
        default: return try refundInformation(request, desk)
        }
    }

    private static let mallID: Int64 = 204_618_337
    private static let mall: JSONText = [
        "mall_info_get_response": [
            "mall_id": .int(mallID), "mall_name": "Made-up mall", "mall_desc": "", "logo": "", "merchant_type": 1,
        ]
    ]

    // MARK: Who asks

    private static func verify(_ request: PinduoduoRequest, _ desk: PlatformDesk) throws(PinduoduoRefusal) {
        let client = try request.common("client_id")
        guard let stamp = Int64(try request.common("timestamp")), abs(stamp - desk.now) <= 600 else {
            throw .common("timestamp")
        }
        let sign = try request.common("sign")
        // XML is documented as well, and nobody here reads it.
        guard (request.values["data_type"] ?? "JSON") == "JSON" else { throw .common("data_type") }
        guard (request.values["version"] ?? "V1") == "V1" else { throw .common("version") }
        guard client == desk.credentials["client_id"] else { throw .badToken }
        var signed = request.values
        signed["sign"] = nil
        guard sign == WrappedMD5.signature(signed, secret: desk.credentials["client_secret"] ?? "") else {
            throw .badSign
        }
    }

    private static func verifyToken(_ request: PinduoduoRequest, _ desk: PlatformDesk) throws(PinduoduoRefusal) {
        let token = try request.common("access_token")
        if token == desk.credentials["ended_access_token"] { throw .overToken }
        guard token == desk.credentials["access_token"] else { throw .badToken }
        if let end = desk.credentials["expires_at"].flatMap({ Int64($0) }), desk.now >= end { throw .overToken }
    }

    private static func endToken(_ desk: inout PlatformDesk) {
        guard let token = desk.credentials.removeValue(forKey: "access_token") else { return }
        desk.credentials["ended_access_token"] = token
    }

    private static func createToken(
        _ request: PinduoduoRequest, _ desk: inout PlatformDesk
    ) throws(PinduoduoRefusal) -> JSONText {
        // A code is good once.
        guard desk.takeCode(try request.text("code")) else { throw .parameter("code") }
        desk.credentials["expires_at"] = nil
        desk.credentials["refresh_token"] = desk.newToken("pinduoduo-refresh")
        return ["pop_auth_token_create_response": newTokens(&desk)]
    }

    private static func refreshToken(
        _ request: PinduoduoRequest, _ desk: inout PlatformDesk
    ) throws(PinduoduoRefusal) -> JSONText {
        guard try request.text("refresh_token") == desk.credentials["refresh_token"] else { throw .badToken }
        return ["pop_auth_token_refresh_response": newTokens(&desk)]
    }

    /// The refresh token stays as it is, since nothing says that it dies; and a refresh does not extend the term, which
    /// is a year, since nothing says how long it is.
    private static func newTokens(_ desk: inout PlatformDesk) -> JSONText {
        if desk.credentials["access_token"] != nil { endToken(&desk) }
        let token = desk.newToken("pinduoduo-access")
        let end = desk.credentials["expires_at"].flatMap { Int64($0) } ?? desk.now + 31_536_000
        desk.credentials["access_token"] = token
        desk.credentials["expires_at"] = "\(end)"
        let (left, until) = (JSONText.int(end - desk.now), JSONText.int(end))
        return [
            "access_token": .string(token), "refresh_token": .string(desk.credentials["refresh_token"] ?? ""),
            "expires_in": left, "expires_at": until, "refresh_token_expires_in": left,
            "refresh_token_expires_at": until, "owner_id": .string("\(mallID)"), "owner_name": "pdd_made_up_mall",
            "scope": .array(rates.keys.sorted().map { .string($0) }), "r1_expires_in": left, "r1_expires_at": until,
            "r2_expires_in": left, "r2_expires_at": until, "w1_expires_in": left, "w1_expires_at": until,
            "w2_expires_in": left, "w2_expires_at": until,
        ]
    }
}
