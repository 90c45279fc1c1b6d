import Facts

/// The section `token` of a source: how an access token is had, and kept good.
extension PackReading {
    func token(_ cursor: YAMLCursor, _ credentials: [String]) -> PullPlan.TokenPlan? {
        guard
            let keys = cursor.keys(
                [
                    "refresh", "own", "refreshed_within", "rolling", "exchange", "consent", "access_token",
                    "refresh_token",
                    "expires_in", "expires_at", "refresh_expires_in", "refresh_expires_at", "refresh_lives", "ends_in",
                    "ends_at", "owner", "owner_is", "scopes", "reads", "tells",
                ], required: ["refresh", "access_token"]),
            let refresh = keys["refresh"].flatMap({ tokenRequest($0, credentials) })
        else { return nil }
        if !credentials.contains(where: PullPlan.TokenPlan.credentials.contains) {
            cursor.error(
                "a token that is refreshed is the credential access_token; add `access_token?` to credentials:")
        }
        if let consent = keys["consent"], keys["exchange"] == nil {
            consent.error("a consent gives a code, and `exchange:` says how a token is had for it")
        }
        func paths(_ key: String) -> [[String]] { keys[key].map(Self.paths) ?? [] }
        func ends(_ key: String, isMoment: Bool) -> [PullPlan.End] {
            (keys[key]?.entries() ?? []).map { entry in
                PullPlan.End(name: entry.key, paths: Self.paths(entry.value), isMoment: isMoment)
            }
        }
        let ownerIs = keys["owner_is"]?.string()
        if let ownerIs, let place = keys["owner_is"] { refuseUnknown([ownerIs], place, credentials) }
        var plan = PullPlan.TokenPlan(
            refresh: refresh, refreshedWithin: keys["refreshed_within"]?.span(),
            isRolling: keys["rolling"]?.bool() ?? false,
            exchange: keys["exchange"].flatMap { tokenRequest($0, credentials + ["code"]) },
            consent: keys["consent"].flatMap { consent($0, credentials) }, accessToken: paths("access_token"),
            refreshToken: paths("refresh_token"), expiresIn: paths("expires_in"), expiresAt: paths("expires_at"),
            refreshExpiresIn: paths("refresh_expires_in"), refreshExpiresAt: paths("refresh_expires_at"),
            refreshLives: keys["refresh_lives"]?.span(),
            ends: ends("ends_in", isMoment: false) + ends("ends_at", isMoment: true), owner: paths("owner"),
            ownerIs: ownerIs, scopes: paths("scopes"),
            readingScopes: keys["reads"]?.items()?.compactMap { $0.string() } ?? [])
        plan.own = keys["own"].flatMap { tokenRequest($0, credentials) }
        plan.tells = keys["tells"].flatMap { telling($0, credentials) }
        return plan
    }

    /// `{get: /users/me, credentials: {user_id: id}}`.
    private func telling(_ cursor: YAMLCursor, _ credentials: [String]) -> PullPlan.Telling? {
        let own = ["items", "name", "market", "credentials"]
        guard let keys = cursor.keys(own + Self.requestKeys, required: ["credentials"]),
            let request = tokenRequest(keys, cursor, credentials), let entries = keys["credentials"]?.entries()
        else { return nil }
        for entry in entries { refuseUnknown([entry.key], entry.value, credentials) }
        return PullPlan.Telling(
            request: request, items: keys["items"].map(Self.paths) ?? [[]],
            name: keys["name"]?.string().map(Self.names), market: keys["market"]?.string().map(Self.names),
            credentials: entries.compactMap { entry in
                entry.value.string().map { (name: entry.key, path: Self.names($0)) }
            })
    }

    /// An address alone, or with its parameters apart and what the platform leads back with.
    private func consent(_ cursor: YAMLCursor, _ credentials: [String]) -> PullPlan.Consent? {
        guard cursor.isMapping else {
            return consentAddress(cursor, credentials).map { address in
                refuseStateless(PullPlan.names(in: address), cursor)
                return PullPlan.Consent(address: address)
            }
        }
        guard
            let keys = cursor.keys(
                ["address", "query", "authorization", "code", "state", "owner", "same", "lives"], required: ["address"]),
            let place = keys["address"], let address = consentAddress(place, credentials)
        else { return nil }
        var consent = PullPlan.Consent(address: address)
        consent.query = keys["query"].map { templates($0, credentials + ["state"]) } ?? []
        consent.authorization = keys["authorization"].flatMap { authorization($0, credentials) }
        consent.code = keys["code"]?.string() ?? consent.code
        consent.state = keys["state"]?.string() ?? consent.state
        consent.owner = keys["owner"]?.string()
        consent.same = (keys["same"]?.entries() ?? []).compactMap { entry in
            refuseUnknown([entry.key], entry.value, credentials)
            return entry.value.string().map { (credential: entry.key, parameter: $0) }
        }
        consent.lives = keys["lives"]?.span()
        refuseStateless(
            PullPlan.names(in: address) + consent.query.flatMap { PullPlan.names(in: $0.template) }, cursor)
        return consent
    }

    private func consentAddress(_ cursor: YAMLCursor, _ credentials: [String]) -> String? {
        guard let address = cursor.string() else { return nil }
        if !address.hasPrefix("https://") { cursor.error("the address of a consent begins with https://") }
        refuseUnknown(PullPlan.names(in: address).filter { $0 != "state" }, cursor, credentials)
        return address
    }

    /// By the state an answer is known as that to what was asked.
    private func refuseStateless(_ names: [String], _ cursor: YAMLCursor) {
        if !names.contains("state") { cursor.error("the address of a consent carries {state}") }
    }

    private func tokenRequest(_ cursor: YAMLCursor, _ credentials: [String]) -> PullPlan.TokenRequest? {
        cursor.keys(Self.requestKeys).flatMap { tokenRequest($0, cursor, credentials) }
    }

    private static let requestKeys = ["address", "get", "post", "query", "form", "json", "authorization"]

    private func tokenRequest(
        _ keys: YAMLKeys, _ cursor: YAMLCursor, _ credentials: [String]
    ) -> PullPlan.TokenRequest? {
        guard let path = (keys["post"] ?? keys["get"])?.string() else {
            if cursor.isMapping { cursor.error("\(cursor.path) lacks 'post', the address at which a token is had") }
            return nil
        }
        return PullPlan.TokenRequest(
            address: keys["address"]?.string(), path: path, isPost: keys["post"] != nil,
            query: keys["query"].map { templates($0, credentials) } ?? [],
            form: keys["form"].map { templates($0, credentials) } ?? [],
            json: keys["json"].map { json($0, credentials) },
            authorization: keys["authorization"].flatMap { authorization($0, credentials) })
    }
}
