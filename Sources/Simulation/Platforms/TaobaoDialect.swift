extension PlatformDialect {
    /// Taobao's open platform (TOP), after the descriptions of its trade, refund and rating calls.
    package static let taobao = PlatformDialect(
        "taobao",
        credentials: [
            "app_key": "12300987", "app_secret": "made-up-taobao-app-secret", "session": "made-up-taobao-session",
            "refresh_token": "made-up-taobao-refresh-token", "code": "made-up-taobao-code",
        ]
    ) { call, desk in
        switch call.path {
        case "/router/rest": return TaobaoDialect.answer(call, &desk)
        case "/token": return TaobaoDialect.token(call, &desk)
        default: return PlatformReply(status: 404, text: "")
        }
    }
}

enum TaobaoDialect {
    private static let methods: Set = [
        "taobao.trades.sold.get", "taobao.trades.sold.increment.get", "taobao.refunds.receive.get",
        "taobao.refund.get", "taobao.traderates.get", "taobao.shop.seller.get",
    ]

    static func answer(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let request = TaobaoRequest(call)
        let isJSON = request.values["format"] == "json"
        do throws(TaobaoRefusal) {
            guard ["GET", "POST"].contains(call.method) else {
                throw .init(code: 9, message: "Http Action Not Allowed")
            }
            let method = try verify(request, desk)
            switch desk.takeFault() {
            case .throttled: throw .tooOften
            case .busy: throw .busy
            case .expired: desk.credentials["session"] = nil
            default: break
            }
            guard let session = request.values["session"] else { throw .init(code: 26, message: "Missing session") }
            guard session == desk.credentials["session"] else { throw .badSession }
            // How many calls are allowed is not published.
            guard desk.admits(method, 600, per: 60) else { throw .tooOften }
            let answer = try answer(method, request, desk)
            // The default is XML, which nobody here reads.
            guard isJSON else { return PlatformReply(status: 200, text: "<response/>") }
            return PlatformReply(answer)
        } catch {
            return error.reply(isJSON: isJSON)
        }
    }

    private static func answer(
        _ method: String, _ request: TaobaoRequest, _ desk: PlatformDesk
    ) throws(TaobaoRefusal) -> JSONText {
        switch method {
        case "taobao.trades.sold.get": try soldTrades(request, desk)
        case "taobao.trades.sold.increment.get": try changedTrades(request, desk)
        case "taobao.refunds.receive.get": try receivedRefunds(request, desk)
        case "taobao.refund.get": try refund(request, desk)
        case "taobao.traderates.get": try rates(request, desk)
        default: try shop(request)
        }
    }

    // MARK: Who asks

    /// The method. Codes 32 and 33 are not in the copies of the list that we have; they are the next in its row.
    private static func verify(_ request: TaobaoRequest, _ desk: PlatformDesk) throws(TaobaoRefusal) -> String {
        guard let method = request.values["method"] else { throw .init(code: 21, message: "Missing Method") }
        guard methods.contains(method) else { throw .init(code: 22, message: "Invalid Method") }
        guard let key = request.values["app_key"] else { throw .init(code: 28, message: "Missing App Key") }
        guard key == desk.credentials["app_key"] else { throw .init(code: 29, message: "Invalid App Key") }
        guard let stamp = request.values["timestamp"] else { throw .init(code: 30, message: "Missing Timestamp") }
        guard let sent = BeijingTime.seconds(stamp), abs(sent - desk.now) <= 600 else {
            throw .init(code: 31, message: "Invalid Timestamp")
        }
        guard let version = request.values["v"] else { throw .init(code: 32, message: "Missing Version") }
        guard version == "2.0" else { throw .init(code: 33, message: "Invalid Version") }
        guard ["json", "xml", nil].contains(request.values["format"]) else {
            throw .init(code: 23, message: "Invalid Format")
        }
        guard let sign = request.values["sign"] else { throw .init(code: 24, message: "Missing Signature") }
        guard sign == request.signature(secret: desk.credentials["app_secret"] ?? "") else {
            throw .init(code: 25, message: "Invalid signature")
        }
        return method
    }

    /// OAuth at `oauth.taobao.com`. How long tokens live depends on the application; here they live until they are
    /// replaced. The refresh token stays, since nothing says that it dies.
    static func token(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let values = TaobaoRequest(call).values
        guard call.method == "POST", values["client_id"] == desk.credentials["app_key"],
            values["client_secret"] == desk.credentials["app_secret"]
        else { return refusedToken("invalid_client") }
        switch values["grant_type"] {
        case "authorization_code":
            guard values["redirect_uri"] != nil, desk.takeCode(values["code"]) else {
                return refusedToken("invalid_grant")
            }
            desk.credentials["refresh_token"] = desk.newToken("taobao-refresh")
        case "refresh_token":
            guard let token = values["refresh_token"], token == desk.credentials["refresh_token"] else {
                return refusedToken("invalid_grant")
            }
        default: return refusedToken("unsupported_grant_type")
        }
        let session = desk.newToken("taobao-session")
        desk.credentials["session"] = session
        return PlatformReply([
            "access_token": .string(session), "refresh_token": .string(desk.credentials["refresh_token"] ?? ""),
            "token_type": "Bearer", "expires_in": 31_536_000, "re_expires_in": 31_536_000,
            "r1_expires_in": 31_536_000, "r2_expires_in": 86_400, "w1_expires_in": 31_536_000, "w2_expires_in": 0,
            "taobao_user_id": "2088000000001",
            "taobao_user_nick": "made-up-shop",
        ])
    }

    private static func refusedToken(_ error: String) -> PlatformReply {
        PlatformReply(status: 400, ["error": .string(error), "error_description": .string(error)])
    }
}
