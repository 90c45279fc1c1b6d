package import Curl
package import Facts
import HTTPTypes
package import Rules

/// How a store's access token is had: what is asked, and what the answer says. Pure.
package struct TokenCall: Sendable {
    private let plan: PullPlan
    private let token: PullPlan.TokenPlan
    private let endpoint: String?
    private let credentials: PlatformCredentials

    /// nil where the platform's tokens are not refreshed.
    ///
    /// - Parameter credentials: what the store gives, and in place of its refresh token the newest one.
    package init?(plan: PullPlan, endpoint: String?, credentials: [String: Secret]) {
        guard let token = plan.token else { return nil }
        // The token that is over is no part of the call for the next one.
        let known = credentials.filter { !PullPlan.TokenPlan.credentials.contains($0.key) }
        (self.plan, self.token, self.endpoint) = (plan, token, endpoint)
        self.credentials = PlatformCredentials(known, of: plan)
    }

    /// nil where something is not there of which it is made, or its address cannot be asked.
    package func refresh(at asking: Asking) -> Request? { request(own ?? token.refresh, [:], asking) }

    /// A token is had with what the store gives alone, whatever was granted before.
    package var isOwn: Bool { own != nil }

    private var own: PullPlan.TokenRequest? {
        guard let own = token.own, credentials["refresh_token"] == nil,
            own.names.allSatisfy({ credentials[$0] != nil }), !hasConsent || !consentLacks.isEmpty
        else { return nil }
        return own
    }

    /// For what a consent gave.
    package func exchange(code: String, at asking: Asking) -> Request? {
        token.exchange.flatMap { request($0, ["code": code], asking) }
    }

    /// Where the store's owner consents; nil where the pack tells no such address, or what it is made of is not given.
    package func consent(state: String, at asking: Asking) -> String? {
        guard let consent = token.consent, consentLacks.isEmpty else { return nil }
        func value(_ name: String) -> String? { name == "state" ? state : credentials[name] }
        let address = PullPlan.filled(consent.address) { value($0).map(PercentEncoding.strict) }
        let path = address.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" }
        var draft = CallDraft(isPost: false, url: address, path: String(path))
        draft.query = consent.query.map { ($0.name, PullPlan.filled($0.template, value)) }
        if let authorization = consent.authorization { draft.sign(authorization, credentials, asking) }
        return draft.address
    }

    /// What the address of a consent, or the call for its code, is made of and is not given.
    package var consentLacks: [String] {
        let names = (token.consent?.names ?? []) + (token.exchange?.names.filter { $0 != "code" } ?? [])
        var lacks: [String] = []
        for name in names where credentials[name] == nil && !lacks.contains(name) { lacks.append(name) }
        return lacks
    }

    /// Whether a consent is that of the owner that the store is configured for; true where nothing is said of it.
    package func isOwner(_ owner: String?) -> Bool {
        guard let owner, let expected = token.ownerIs.flatMap({ credentials[$0] }) else { return true }
        return owner == expected
    }

    /// Whether the platform has consents that are described.
    package var hasConsent: Bool { token.consent != nil && token.exchange != nil }

    package func answer(_ pasted: String) throws(ConsentAnswer.Fault) -> ConsentAnswer {
        try ConsentAnswer(pasted, of: token.consent ?? PullPlan.Consent(address: "")) { credentials[$0] }
    }

    /// The scopes that a consent asks for, where its address says so.
    package var askedScopes: [String] {
        let template = token.consent?.query.first { $0.name == "scope" }?.template ?? ""
        return Self.words(PullPlan.filled(template) { credentials[$0] })
    }

    private func request(_ call: PullPlan.TokenRequest, _ more: [String: String], _ asking: Asking) -> Request? {
        func value(_ name: String) -> String? { more[name] ?? credentials[name] }
        func filled(_ pairs: [(name: String, template: String)]) -> [(name: String, value: String)]? {
            // What need not be given is left out; a token or a code has to be there.
            let pairs = pairs.filter { pair in
                !PullPlan.names(in: pair.template).contains { value($0) == nil && isOptional($0) }
            }
            guard pairs.allSatisfy({ PullPlan.names(in: $0.template).allSatisfy { value($0) != nil } }) else {
                return nil
            }
            return pairs.map { ($0.name, PullPlan.filled($0.template, value)) }
        }
        func isOptional(_ name: String) -> Bool {
            name != "refresh_token" && plan.credentials.contains { $0.name == name && $0.isOptional }
        }
        guard let address = PlatformSource.address(of: plan, endpoint: endpoint ?? call.address, credentials),
            let query = filled(call.query), let form = filled(call.form),
            (call.json?.names ?? []).allSatisfy({ value($0) != nil })
        else { return nil }
        var draft = CallDraft(isPost: call.isPost, url: address + call.path, path: call.path)
        (draft.query, draft.form, draft.json) = (query, form, call.json?.filled(value))
        for header in plan.headers
        where PullPlan.names(in: header.template).allSatisfy({ $0 == "guid" || value($0) != nil }) {
            let text = PullPlan.filled(header.template) { $0 == "guid" ? asking.guid : value($0) }
            draft.headers.append((header.name, text))
        }
        if case .basic(let user, let password)? = call.authorization {
            draft.headers.append(("Authorization", CallDraft.basic(value(user) ?? "", value(password) ?? "")))
        } else if let authorization = call.authorization {
            draft.sign(authorization, credentials, asking)
        }
        return draft.request
    }

    /// What a platform grants.
    package struct Grant: Sendable, Hashable {
        package var accessToken: Secret
        /// nil: it does not say.
        package var expiresAt: Timestamp?
        /// In place of the one before.
        package var refreshToken: Secret?
        package var refreshExpiresAt: Timestamp?
        /// What else ends, by the platform's own names.
        package var ends: [String: Timestamp] = [:]
        /// Whose store it is, as the platform says.
        package var owner: String?
        package var scopes: [String] = []
    }

    package func grant(from reply: Reply, at now: Timestamp) throws(PullError) -> Grant {
        let opened = reply.body.withUnsafeBytes { bytes in
            Result { () throws(JSONDocument.Fault) in try JSONDocument(bytes) }
        }
        let document = try? opened.get()
        func text(_ paths: [[String]]) -> String? {
            paths.lazy.compactMap { document?.root[$0]?.text }.first { !$0.isEmpty }
        }
        // What holds a token is a grant, also where it lacks the word by which answers to other calls say that all is well.
        let isGrant = reply.status.kind == .successful && text(token.accessToken) != nil
        if !isGrant,
            let error = PlatformVerdict(plan: plan, credentials: credentials).error(in: reply, document, now: now)
        {
            // Whoever is refused here gets no new token by asking for one.
            if case .said(var saying) = error, saying.meaning == .expired || saying.meaning == nil {
                if saying.code.isEmpty { saying.code = code(in: document) }
                saying.meaning = .refused
                throw .said(saying)
            }
            if case .rejected(let status) = error {
                throw .said(PlatformSaying(status: status, code: code(in: document), message: "", meaning: .refused))
            }
            throw error
        }
        guard let document else { throw .noJSON("the answer to the call for a token", reply.body) }
        guard let access = text(token.accessToken) else {
            // Some say their errors with status 200, in words of their own for these calls.
            let said = code(in: document)
            if !said.isEmpty {
                throw .said(
                    PlatformSaying(
                        status: reply.status.code, code: said, message: message(in: document), meaning: .refused))
            }
            let places = token.accessToken.map { $0.joined(separator: ".") }.joined(separator: ", ")
            throw .unreadable("the answer to the call for a token has none at \(places)")
        }
        func at(_ text: String?) -> Timestamp? {
            // In milliseconds it is a thousand times as much as any moment in seconds.
            text.flatMap(Int64.init).map { Timestamp(seconds: min(max(0, $0 > 1 << 36 ? $0 / 1000 : $0), 1 << 40)) }
        }
        func after(_ text: String?) -> Timestamp? {
            text.flatMap(Int64.init).map { now + .seconds(min(max(0, $0), 1 << 40)) }
        }
        // Who can ask anew each time needs nothing to refresh with, nor is the owner told of its end.
        let refresh = isOwn ? nil : text(token.refreshToken).map { Secret($0) }
        let lasts = refresh == nil ? nil : token.refreshLives.map { now + $0 }
        // 0 stands for what was not given, and not for what is over as soon as it is.
        func given(_ text: String?) -> String? { text == "0" ? nil : text }
        return Grant(
            accessToken: Secret(access), expiresAt: at(text(token.expiresAt)) ?? after(text(token.expiresIn)),
            refreshToken: refresh,
            refreshExpiresAt: isOwn
                ? nil : at(given(text(token.refreshExpiresAt))) ?? after(given(text(token.refreshExpiresIn))) ?? lasts,
            ends: Dictionary(
                token.ends.compactMap { end -> (String, Timestamp)? in
                    // 0 stands for a right that was not given.
                    guard let found = text(end.paths), found != "0" else { return nil }
                    return (end.isMoment ? at(found) : after(found)).map { (end.name, $0) }
                }, uniquingKeysWith: { first, _ in first }),
            owner: text(token.owner).map { String($0.prefix(200)) }, scopes: scopes(in: document))
    }

    private func scopes(in document: JSONDocument) -> [String] {
        let found = token.scopes.lazy.compactMap { document.root[$0] }.first { !$0.isNull }
        guard let found else { return [] }
        let texts = found.isArray ? found.elements.compactMap(\.text) : [found.text ?? ""]
        return texts.flatMap(Self.words).map { String($0.prefix(200)) }
    }

    private static func words(_ text: String) -> [String] { text.split { " ,".contains($0) }.map(String.init) }

    /// OAuth's own word for what is wrong (RFC 6749, 5.2), or a number in its place.
    private func code(in document: JSONDocument?) -> String {
        let found = ["error", "code"].lazy.compactMap { document?.root[$0]?.text }.first { !$0.isEmpty && $0 != "0" }
        return credentials.masked(found ?? "")
    }

    private func message(in document: JSONDocument?) -> String {
        let names = ["error_description", "message", "msg"]
        return credentials.masked(names.lazy.compactMap { document?.root[$0]?.text }.first { !$0.isEmpty } ?? "")
    }

    // MARK: Whose tokens they are

    /// The application at this platform's address: its first credential, never a secret in clear.
    package var application: String {
        let address = PlatformSource.address(of: plan, endpoint: endpoint, credentials) ?? ""
        return Self.hash([plan.credentials.first.flatMap { credentials[$0.name] } ?? "", address])
    }

    /// Where the store itself gives what is refreshed with, or nothing of the kind is needed, the key under which its tokens
    /// are kept: the same for all stores that give the same, and another once somebody gives something else. nil: they come
    /// of a consent.
    package var givenKey: String? {
        if let given = credentials["refresh_token"] { return Self.hash([application, "refresh", given]) }
        if let own { return Self.hash([application, "own"] + own.names.map { credentials[$0] ?? "" }) }
        return token.refresh.names.contains("refresh_token") ? nil : Self.hash([application, "application"])
    }

    /// For what a consent gives to a store.
    package func consentKey(of store: String) -> String { Self.hash([application, "store", store]) }

    private static func hash(_ parts: [String]) -> String {
        Digests.lowerHex(Array(Digests.sha256(parts.joined(separator: "\n")).prefix(16)))
    }
}
