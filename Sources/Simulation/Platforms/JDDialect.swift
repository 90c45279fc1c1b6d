extension PlatformDialect {
    /// JD's older gateway (`routerjson`), after its guide and the pages of its order and after-sales calls.
    package static let jd = PlatformDialect(
        "jd",
        credentials: [
            "app_key": "9A8B7C6D5E4F30211203F4E5D6C7B8A9", "app_secret": "made-up-jd-app-secret",
            "access_token": "made-up-jd-access-token", "refresh_token": "made-up-jd-refresh-token",
            "buId": "10203040", "operatePin": "made-up-pin", "operateNick": "made-up-nick",
        ]
    ) { call, desk in
        switch call.path {
        case "/routerjson": return JDDialect.answer(call, &desk)
        case "/oauth2/refresh_token": return JDDialect.refreshToken(call, &desk)
        case "/oauth2/access_token": return JDDialect.createToken(call, &desk)
        default: return PlatformReply(status: 404, text: "")
        }
    }
}

enum JDDialect {
    private static let methods: Set = [
        "jingdong.pop.order.search", "jingdong.asc.query.list", "jingdong.pop.afs.soa.refundapply.queryPageList",
        "jingdong.pop.PopCommentJsfService.getVenderCommentsForJos",
    ]

    /// What was sent, in the query, in the body or in both.
    private static func values(_ call: PlatformCall) -> [String: String] {
        Dictionary((call.query + call.form).map { ($0.name, $0.value) }) { $1 }
    }

    static func answer(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let values = values(call)
        do throws(JDRefusal) {
            let method = try verify(values, desk)
            switch desk.takeFault() {
            case .throttled: throw .tooOften
            case .busy: throw .unavailable
            case .expired: desk.credentials["access_token"] = nil
            default: break
            }
            guard let token = values["access_token"], !token.isEmpty else { throw .noToken }
            guard token == desk.credentials["access_token"] else { throw .badToken }
            if let end = desk.credentials["access_token_expires_at"].flatMap({ Int64($0) }), desk.now >= end {
                throw .badToken
            }
            // How many calls are allowed is not published.
            guard desk.admits(method, 600, per: 60) else { throw .tooOften }
            guard let parameters = JDParameters(values["360buy_param_json"] ?? "{}") else {
                throw .parameter("360buy_param_json")
            }
            switch method {
            case "jingdong.pop.order.search": return PlatformReply(orderSearch(parameters, desk))
            case "jingdong.asc.query.list": return PlatformReply(try serviceList(parameters, desk))
            case "jingdong.pop.afs.soa.refundapply.queryPageList":
                return PlatformReply(try refundApplications(parameters, desk))
            default: return PlatformReply(try comments(parameters, desk))
            }
        } catch {
            return error.reply
        }
    }

    // MARK: Who asks

    /// The method.
    private static func verify(_ values: [String: String], _ desk: PlatformDesk) throws(JDRefusal) -> String {
        guard let method = values["method"], methods.contains(method) else { throw .method }
        guard let key = values["app_key"], !key.isEmpty else { throw .noKey }
        guard key == desk.credentials["app_key"] else { throw .badKey }
        guard values["v"] == "2.0" else { throw .version }
        // Six minutes, not ten.
        guard let sent = BeijingTime.secondsWithOffset(values["timestamp"] ?? ""), abs(sent - desk.now) <= 360 else {
            throw .timestamp
        }
        var signed = values
        for name in ["sign", "format", "sign_method"] { signed[name] = nil }
        let sign = WrappedMD5.signature(signed, secret: desk.credentials["app_secret"] ?? "")
        guard values["sign"] == sign else { throw .sign }
        return method
    }

    /// OAuth at `open-oauth.jd.com`. A token that is over cannot be renewed, only authorised anew; and where the end is
    /// known (`access_token_expires_at`), it can be renewed in the last 24 hours only.
    static func refreshToken(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let values = values(call)
        guard values["app_key"] == desk.credentials["app_key"], values["app_secret"] == desk.credentials["app_secret"],
            values["grant_type"] == "refresh_token", desk.credentials["access_token"] != nil,
            let refresh = values["refresh_token"], refresh == desk.credentials["refresh_token"]
        else { return refusedToken }
        if let end = desk.credentials["access_token_expires_at"].flatMap({ Int64($0) }) {
            guard (end - 86_400..<end).contains(desk.now) else { return refusedToken }
        }
        return newToken(refresh, &desk)
    }

    /// For the code of a consent, which is good once.
    static func createToken(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let values = values(call)
        guard values["app_key"] == desk.credentials["app_key"], values["app_secret"] == desk.credentials["app_secret"],
            values["grant_type"] == "authorization_code", desk.takeCode(values["code"])
        else { return PlatformReply(["code": 400, "msg": "code is invalid or expired"]) }
        let refresh = desk.newToken("jd-refresh")
        desk.credentials["refresh_token"] = refresh
        return newToken(refresh, &desk)
    }

    /// Good for a year, as of an application that is online.
    private static func newToken(_ refresh: String, _ desk: inout PlatformDesk) -> PlatformReply {
        let token = desk.newToken("jd-access")
        desk.credentials["access_token"] = token
        desk.credentials["access_token_expires_at"] = "\(desk.now + 31_536_000)"
        return PlatformReply([
            "access_token": .string(token), "refresh_token": .string(refresh), "expires_in": 31_536_000,
            "token_type": "bearer", "scope": "snsapi_base", "open_id": "made-up-jd-open-id", "uid": "1000000001",
            "time": .int(desk.now * 1000), "code": 0,
        ])
    }

    private static let refusedToken = PlatformReply(["code": 400, "msg": "refresh_token is invalid or expired"])
}
