import Facts
import Language

/// The section `source`: how the platform is pulled.
extension PackReading {
    mutating func pullPlan(_ cursor: YAMLCursor) -> PullPlan? {
        guard
            let keys = cursor.keys(
                [
                    "credentials", "address", "bases", "authorization", "headers", "token", "consenting", "access",
                    "revoke",
                    "report", "errors", "limits", "markets", "lag", "margin", "overlap", "reach", "reread", "bare",
                    "facts", "streams",
                ], required: ["authorization", "streams"])
        else { return nil }
        let credentials = keys["credentials"].map(self.credentials) ?? []
        let names = credentials.map(\.name)
        credentialNames = names
        guard let authorization = keys["authorization"].flatMap({ self.authorization($0, names) }) else { return nil }
        for entry in keys["facts"]?.entries() ?? [] { named[entry.key] = mapping(entry.value) }
        let streams = (keys["streams"]?.entries() ?? []).compactMap { stream($0, names, isDetail: false) }
        if streams.isEmpty, !log.hasErrors { cursor.error("a source without streams brings nothing") }
        refuseHoles(streams, keys["streams"])
        if let place = keys["streams"] { refuseStrayStandIns(streams, place) }
        let report = keys["report"].flatMap { reportPlan($0, names) }
        if keys["report"] == nil, let stream = streams.first(where: { $0.report != nil }) {
            keys["streams"]?.error("'\(stream.name)' is a report, and no source.report says how reports are had")
        }
        let address = keys["address"]?.string()
        if let address, let place = keys["address"] {
            if !address.hasPrefix("https://") {
                place.error("a platform's address begins with https://; '\(address)' does not")
            }
            refuseUnknown(PullPlan.names(in: address), place, names)
        }
        let markets = keys["markets"].map { self.markets($0, names, streams) } ?? []
        var plan = PullPlan(
            credentials: credentials, address: address, authorization: authorization,
            headers: keys["headers"].map { templates($0, names + ["guid"]) } ?? [],
            token: keys["token"].flatMap { token($0, names) }, report: report,
            consentingWords: keys["consenting"]?.words(), accessWords: keys["access"]?.words(),
            revokeWords: keys["revoke"]?.words(),
            errors: keys["errors"]?.items()?.compactMap(errorCheck) ?? [],
            limits: keys["limits"]?.items()?.compactMap { limit($0, streams) } ?? [], markets: markets,
            lag: keys["lag"]?.span() ?? .zero, margin: keys["margin"]?.span(),
            overlap: keys["overlap"]?.span() ?? .minutes(10),
            reach: keys["reach"]?.span(), rereads: keys["reread"]?.items()?.compactMap(reread) ?? [], streams: streams)
        plan.bases = keys["bases"].map { bases($0, names) } ?? []
        plan.bare = keys["bare"]?.items().map { Set($0.compactMap { $0.string() }) }
        return plan
    }

    private func refuseStrayStandIns(_ streams: [PullPlan.Stream], _ place: YAMLCursor) {
        for (number, stream) in streams.enumerated() {
            if let other = stream.instead {
                let isThere = streams[..<number].contains {
                    $0.name == other && ($0.optional?.remainder != nil || $0.optional?.other == stream.name)
                }
                if !isThere {
                    place.error(
                        "'\(stream.name)' stands in for '\(other)', which is no list before it that is optional and says what rests on others alone, or that has it as its 'else'"
                    )
                }
            }
            guard let other = stream.optional?.other else { continue }
            let standIn = streams.first { $0.name == other }
            if standIn?.instead != stream.name || standIn?.turn != stream.turn {
                place.error(
                    "'\(other)', which is asked where '\(stream.name)' is not known, says 'instead: \(stream.name)' and has the same 'only'"
                )
            }
        }
    }

    /// `[/admin/api/{version}, /admin]`.
    private func bases(_ cursor: YAMLCursor, _ credentials: [String]) -> [[String]] {
        (cursor.items() ?? []).compactMap { item in
            guard let path = item.string() else { return nil }
            guard path.hasPrefix("/"), path.count > 1 else {
                item.error("a path with which people know the address begins with /, such as /v3")
                return nil
            }
            refuseUnknown(PullPlan.names(in: path), item, credentials)
            return path.split(separator: "/").map(String.init)
        }
    }

    /// `{back: 31d, every: 7d}`.
    private func reread(_ cursor: YAMLCursor) -> PullPlan.Reread? {
        guard let keys = cursor.keys(["back", "every"], required: ["back", "every"]),
            let back = keys["back"]?.span(), let every = keys["every"]?.span()
        else { return nil }
        return PullPlan.Reread(back: back, every: every)
    }

    // MARK: Credentials

    /// `client_id`, `app_key|appKey` for one with another name, `region?` for one that may be missing, and
    /// `{region: na}`, or `{region|zone: na}`, for one that has a value of its own where nobody gives any.
    private func credentials(_ cursor: YAMLCursor) -> [PullPlan.Credential] {
        (cursor.items() ?? []).compactMap { item in
            if item.isMapping {
                guard let entry = item.entries()?.first, let standard = entry.value.string() else { return nil }
                let names = entry.key.split(separator: "|").map(String.init)
                return names.first.map {
                    PullPlan.Credential(
                        name: $0, aliases: Array(names.dropFirst()), isOptional: true, standard: standard)
                }
            }
            guard let text = item.string() else { return nil }
            let isOptional = text.hasSuffix("?")
            let names = (isOptional ? text.dropLast() : text[...]).split(separator: "|").map(String.init)
            guard let name = names.first else {
                item.error("a credential has a name, such as client_id, or access_token? where it may be missing")
                return nil
            }
            return PullPlan.Credential(name: name, aliases: Array(names.dropFirst()), isOptional: isOptional)
        }
    }

    func refuseUnknown(_ used: [String], _ cursor: YAMLCursor, _ credentials: [String]) {
        for name in used where !credentials.contains(name) {
            cursor.error("'\(name)' is no credential of this source\(NearestName.hint(for: name, among: credentials))")
        }
    }

    func authorization(_ cursor: YAMLCursor, _ credentials: [String]) -> PullPlan.Authorization? {
        guard let keys = cursor.keys(["basic", "header", "value", "signature"]) else { return nil }
        if let basic = keys["basic"] {
            let names = basic.items()?.compactMap { $0.string() } ?? []
            refuseUnknown(names, basic, credentials)
            guard names.count == 2 else {
                basic.error("basic is a list of two credentials: the user's and the password's")
                return nil
            }
            return .basic(user: names[0], password: names[1])
        }
        if let signature = keys["signature"] {
            let words = SigningScheme.allCases.map(\.rawValue)
            guard let scheme = signature.word(of: words).flatMap(SigningScheme.init(rawValue:)) else { return nil }
            for name in scheme.credentials where !credentials.contains(name) {
                signature.error("the signature of \(scheme.rawValue) needs the credential '\(name)'")
            }
            return .signature(scheme)
        }
        guard let name = keys["header"]?.string(), let value = keys["value"], let template = value.string() else {
            cursor.error(
                "authorization is {basic: [USER, PASSWORD]}, {header: NAME, value: \"Token {token}\"} or {signature: NAME}"
            )
            return nil
        }
        refuseUnknown(PullPlan.names(in: template), value, credentials)
        return .header(name: name, template: template)
    }

    /// Names, and templates of what is known there.
    func templates(_ cursor: YAMLCursor, _ known: [String]) -> [(name: String, template: String)] {
        (cursor.entries() ?? []).map { entry in
            let template = entry.value.string() ?? ""
            for name in PullPlan.names(in: template) where !known.contains(name) {
                let hint = NearestName.hint(for: name, among: known)
                let all = "; there are \(known.map { "{\($0)}" }.joined(separator: ", "))"
                entry.value.error("'{\(name)}' is not known here\(hint.isEmpty ? all : hint)")
            }
            return (name: entry.key, template: template)
        }
    }

    // MARK: Errors

    private func errorCheck(_ cursor: YAMLCursor) -> PullPlan.ErrorCheck? {
        let classes = PullPlan.ErrorClass.allCases
        guard
            let keys = cursor.keys(
                ["at", "good", "by", "message", "says", "cost", "whose", "waits"] + classes.map(\.rawValue),
                required: ["at"]),
            let at = keys["at"]?.string().map(Self.names)
        else { return nil }
        func texts(_ cursor: YAMLCursor?) -> [String]? { cursor?.items()?.compactMap { $0.string() } }
        func paths(_ cursor: YAMLCursor?) -> [[String]] { cursor.map(Self.paths) ?? [] }
        let says = keys["says"]?.keys(classes.map(\.rawValue))
        return PullPlan.ErrorCheck(
            at: at, good: texts(keys["good"]), by: [at] + paths(keys["by"]), message: paths(keys["message"]),
            classes: classes.compactMap { word in texts(keys[word.rawValue]).map { (word, $0) } },
            says: classes.compactMap { word in texts(says?[word.rawValue]).map { (word, $0) } },
            cost: keys["cost"]?.string().map(Self.names), whose: keys["whose"].map(whose) ?? [],
            waits: (keys["waits"]?.entries() ?? []).compactMap { entry in wait(entry.value).map { (entry.key, $0) } })
    }

    /// `1h`, or the time of day at which it may be asked again, `00:00+08:00`.
    private func wait(_ cursor: YAMLCursor) -> PullPlan.ErrorCheck.Wait? {
        guard let text = cursor.string() else { return nil }
        guard let day = text.wholeMatch(of: /(\d\d):(\d\d)([+-])(\d\d):(\d\d)/) else {
            return cursor.span().map { .span($0) }
        }
        let numbers = [day.1, day.2, day.4, day.5].compactMap { Int64($0) }
        guard numbers.count == 4, numbers[0] < 24, numbers[1] < 60, numbers[2] < 24, numbers[3] < 60 else {
            cursor.error("a time of day is 00:00+08:00")
            return nil
        }
        let offset = (numbers[2] * 60 + numbers[3]) * (day.3 == "-" ? -1 : 1)
        return .until(((numbers[0] * 60 + numbers[1] - offset) * 60 + 86_400) % 86_400)
    }

    /// `{platform: ["52101"]}`.
    private func whose(_ cursor: YAMLCursor) -> [(PullPlan.Limit.Scope, [String])] {
        let scopes: [PullPlan.Limit.Scope] = [.platform, .application]
        guard let keys = cursor.keys(scopes.map(\.rawValue)) else { return [] }
        return scopes.compactMap { scope in
            keys[scope.rawValue].flatMap { $0.items()?.compactMap { $0.string() } }.map { (scope, $0) }
        }
    }

    // MARK: Paths

    /// One path, or several of which the first that is there counts.
    static func paths(_ cursor: YAMLCursor) -> [[String]] {
        if cursor.isList { return cursor.items()?.compactMap { $0.string().map(names) } ?? [] }
        return cursor.string().map { [names($0)] } ?? []
    }

    static func names(_ path: String) -> [String] { path == "." ? [] : path.split(separator: ".").map(String.init) }
}
