package import Curl
package import Facts
import HTTPTypes
package import Rules

/// Whose store an access token is for, asked with the token itself, so that no person has to look it up. Pure.
package struct TellingCall: Sendable {
    private let plan: PullPlan
    private let telling: PullPlan.Telling
    private let endpoint: String?
    private let credentials: PlatformCredentials
    /// Of the store, by which one of several is known.
    private let market: String?

    /// nil where the platform's tokens tell nothing that the store does not give.
    ///
    /// - Parameter credentials: what the store gives, with the access token that is good now.
    package init?(plan: PullPlan, endpoint: String?, market: String?, credentials: [String: Secret]) {
        let known = PlatformCredentials(credentials, of: plan)
        guard let telling = plan.token?.tells, telling.credentials.contains(where: { known[$0.name] == nil }) else {
            return nil
        }
        (self.plan, self.telling, self.endpoint, self.market) = (plan, telling, endpoint, market)
        self.credentials = known
    }

    /// What the grant of the token tells itself, where that is all that would be asked for: whose it is.
    package func told(by owner: String) -> [String: String]? {
        guard telling.market == nil, let name = plan.token?.ownerIs, telling.credentials.map(\.name) == [name],
            !owner.isEmpty
        else { return nil }
        return [name: owner]
    }

    /// nil where the address cannot be asked.
    package func request(at asking: Asking) -> Request? {
        let call = telling.request
        guard let address = PlatformSource.address(of: plan, endpoint: endpoint ?? call.address, credentials) else {
            return nil
        }
        func filled(_ pairs: [(name: String, template: String)]) -> [(name: String, value: String)] {
            pairs.compactMap { pair in credentials.filled(pair.template).map { (pair.name, $0) } }
        }
        var draft = CallDraft(isPost: call.isPost, url: address + call.path, path: call.path)
        (draft.query, draft.form, draft.json) = (
            filled(call.query), filled(call.form), call.json?.filled { credentials[$0] }
        )
        for header in plan.headers {
            draft.headers.append(
                (header.name, PullPlan.filled(header.template) { $0 == "guid" ? asking.guid : credentials[$0] ?? "" }))
        }
        draft.sign(call.authorization ?? plan.authorization, credentials, asking)
        return draft.request
    }

    /// The credentials that the answer tells, by name.
    ///
    /// - Throws: PullError where it is none, or where nobody can say which of several stores is meant.
    package func answer(_ reply: Reply, at now: Timestamp) throws(PullError) -> [String: String] {
        let document = PlatformSource.document(reply.body)
        if let error = PlatformVerdict(plan: plan, credentials: credentials).error(in: reply, document, now: now) {
            throw error
        }
        let names = telling.credentials.map(\.name).joined(separator: ", ")
        guard let found = telling.items.lazy.compactMap({ document?.root[$0] }).first else {
            throw .unreadable("the answer that tells \(names) does not hold it")
        }
        let all = found.isArray ? found.elements : [found]
        let here = all.filter { item in
            guard let market, let path = telling.market else { return true }
            return item[path]?.text?.lowercased() == market.lowercased()
        }
        guard let item = here.first, here.count == 1 else { throw .needsConsent(words(all, here.count, names)) }
        var told: [String: String] = [:]
        for (name, path) in telling.credentials {
            guard let text = item[path]?.text, !text.isEmpty, text.utf8.count <= 500 else {
                throw .unreadable("the answer that tells \(names) has none at \(path.joined(separator: "."))")
            }
            told[name] = text
        }
        return told
    }

    private func words(_ all: [JSONNode], _ here: Int, _ names: String) -> String {
        let way = "give \(names) under the store's credentials:"
        if all.isEmpty { return "the access token is good for no store: the owner has to consent for one, or \(way)" }
        let known = all.prefix(20).map { item in
            let name = telling.name.flatMap { item[$0]?.text } ?? "one without a name"
            let market = telling.market.flatMap { item[$0]?.text }.map { " (\($0))" } ?? ""
            return credentials.masked(name + market)
        }
        let list = known.joined(separator: ", ")
        let which = market.map { "and \(here) of them are of the market \($0)" } ?? "and the store names no market"
        let market = telling.market == nil ? "" : "name the store's `market:`, or "
        return "the access token is good for \(list), \(which): \(market)\(way)"
    }
}
