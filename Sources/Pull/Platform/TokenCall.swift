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
    package func refresh(at asking: Asking) -> Request? { request(token.refresh, [:], asking) }

    /// For what a consent gave.
    package func exchange(code: String, at asking: Asking) -> Request? {
        token.exchange.flatMap { request($0, ["code": code], asking) }
    }

    /// Where the store's owner consents; nil where the pack tells no such address, or what it is made of is not given.
    package func consent(state: String) -> String? {
        func value(_ name: String) -> String? { name == "state" ? state : credentials[name] }
        guard let template = token.consent, PullPlan.names(in: template).allSatisfy({ value($0) != nil }) else {
            return nil
        }
        return PullPlan.filled(template) { value($0).map(PercentEncoding.strict) }
    }

    /// Whether the platform has consents that are described.
    package var hasConsent: Bool { token.consent != nil && token.exchange != nil }

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
        /// Whose store it is, as the platform says.
        package var owner: String?
        package var scopes: [String] = []
    }

    package func grant(from reply: Reply, at now: Timestamp) throws(PullError) -> Grant {
        let opened = reply.body.withUnsafeBytes { bytes in
            Result { () throws(JSONDocument.Fault) in try JSONDocument(bytes) }
        }
        let document = try? opened.get()
        if let error = PlatformVerdict(plan: plan, credentials: credentials).error(in: reply, document, now: now) {
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
        guard let document else { throw .unreadable("the answer to the call for a token is no JSON document") }
        func text(_ path: [String]?) -> String? { path.flatMap { document.root[$0]?.text } }
        guard let access = text(token.accessToken), !access.isEmpty else {
            throw .unreadable(
                "the answer to the call for a token has none at \(token.accessToken.joined(separator: "."))")
        }
        func moment(_ seconds: [String]?, _ at: [String]?) -> Timestamp? {
            if let moment = text(at).flatMap(Int64.init) { return Timestamp(seconds: min(moment, 1 << 40)) }
            return text(seconds).flatMap(Int64.init).map { now + .seconds(min(max(0, $0), 1 << 40)) }
        }
        return Grant(
            accessToken: Secret(access), expiresAt: moment(token.expiresIn, token.expiresAt),
            refreshToken: text(token.refreshToken).flatMap { $0.isEmpty ? nil : Secret($0) },
            refreshExpiresAt: moment(token.refreshExpiresIn, token.refreshExpiresAt),
            owner: text(token.owner).map(credentials.masked), scopes: scopes(in: document))
    }

    private func scopes(in document: JSONDocument) -> [String] {
        guard let found = token.scopes.flatMap({ document.root[$0] }) else { return [] }
        let texts = found.isArray ? found.elements.compactMap(\.text) : [found.text ?? ""]
        return texts.flatMap { $0.split { " ,".contains($0) }.map(String.init) }.map(credentials.masked)
    }

    /// OAuth's own word for what is wrong (RFC 6749, 5.2).
    private func code(in document: JSONDocument?) -> String {
        credentials.masked(document?.root["error"]?.text ?? "")
    }

    /// Who is granted: the same for all stores that give the same, and another once somebody gives something else.
    package var owner: String {
        let parts = plan.credentials.map { $0.name + "=" + (credentials[$0.name] ?? "") }
        return Digests.lowerHex(Array(Digests.sha256(parts.joined(separator: "\n")).prefix(16)))
    }
}
