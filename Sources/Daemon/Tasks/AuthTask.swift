import Curl
package import Facts
import Foundation
import Language
import Ledgers
import Pull
import Rules

/// Consents of stores' owners: asked for, taken in, listed, tried and forgotten.
package struct AuthTask: Sendable {
    private let config: String?
    private let level: String

    package init(config: String?, log level: String) { (self.config, self.level) = (config, level) }

    /// What is known of one consent.
    package struct Grant: Sendable {
        package var stores: [String]
        /// Whose store it is, as the platform says.
        package var owner: String?
        package var scopes: [String]
        package var obtainedAt: Timestamp
        package var expiresAt: Timestamp?
        package var refreshExpiresAt: Timestamp?
        package var isRefreshed: Bool

        init(_ entry: TokenFile.Entry) {
            func moment(_ seconds: Int64?) -> Timestamp? { seconds.map { Timestamp(seconds: $0) } }
            (stores, owner, scopes) = (entry.stores, entry.owner, entry.scopes)
            obtainedAt = Timestamp(seconds: entry.obtainedAt)
            (expiresAt, refreshExpiresAt) = (moment(entry.expiresAt), moment(entry.refreshExpiresAt))
            isRefreshed = entry.refreshToken != nil
        }

        /// When somebody has to consent again; nil: the platform does not say.
        package var ends: Timestamp? { isRefreshed ? refreshExpiresAt : expiresAt }

        /// Those that can do more than read.
        package var writing: [String] {
            scopes.filter { scope in
                let scope = scope.lowercased()
                return ["write", "update", "delete", "create", "manage", "modify"].contains { scope.contains($0) }
            }
        }
    }

    private struct Subject {
        var assembly: Assembly
        var store: String
        var access: PlatformAccess
        var plan: PullPlan
        var call: TokenCall
    }

    private func subject(_ store: String) throws -> Subject {
        let assembly = try Assembly.open(config: config, log: level, asksOthers: true)
        let known = assembly.fleet.pullSubjects.compactMap(\.store)
        guard let watched = assembly.fleet.watched(store), let access = watched.access, let plan = watched.pack.pull
        else {
            let hint = NearestName.hint(for: store, among: known)
            throw TaskError("there is no store '\(store)' whose platform is pulled\(hint)", isUsage: true)
        }
        guard let call = TokenCall(plan: plan, endpoint: access.endpoint, credentials: access.credentials) else {
            throw TaskError(
                "the pack '\(watched.pack.name)' has no tokens that end: what the store gives under credentials: is all",
                isUsage: true)
        }
        return Subject(assembly: assembly, store: store, access: access, plan: plan, call: call)
    }

    /// The address at which the owner of a store consents. What it brings back is remembered, and held against the answer.
    package func address(of store: String) async throws -> String {
        let subject = try subject(store)
        let state = String(UInt64.random(in: 0 ... .max), radix: 36) + String(UInt64.random(in: 0 ... .max), radix: 36)
        guard let address = subject.call.consent(state: state) else {
            throw TaskError(
                subject.call.hasConsent
                    ? "the store lacks a credential of which the address is made, such as redirect_uri"
                    : "the pack does not say where an owner consents; consent at the platform, and give the tokens under credentials:",
                isUsage: true)
        }
        let keeper = subject.assembly.tokenKeeper(subject.assembly.transport())
        try keeper.file.change { $0.consents[store] = state }
        return address
    }

    /// Takes in what the owner's consent led to.
    ///
    /// - Parameter pasted: the whole address to which the platform led back, or the code alone.
    package func take(_ pasted: String, for store: String) async throws -> Grant {
        let subject = try subject(store)
        let text = pasted.trimmingCharacters(in: .whitespacesAndNewlines)
        let transport = subject.assembly.transport()
        let keeper = subject.assembly.tokenKeeper(transport)
        var code = text
        if text.contains("://") {
            let items = URLComponents(string: text)?.queryItems ?? []
            func value(_ names: String...) -> String? {
                items.first { names.contains($0.name) && $0.value?.isEmpty == false }?.value
            }
            if let refusal = value("error") {
                throw TaskError("the platform led back with '\(refusal.prefix(80))': nothing was consented to")
            }
            guard let found = value("code", "auth_code", "spapi_oauth_code") else {
                throw TaskError("this address holds no code; paste the whole address to which the platform led back")
            }
            let expected = try keeper.file.read().consents[store]
            guard let expected, value("state") == expected else {
                throw TaskError(
                    "the answer does not belong to the consent that was asked for last (its state differs): begin anew with `goodstanding auth \(store)`"
                )
            }
            code = found
        }
        guard !code.isEmpty else { throw TaskError("nothing was pasted", isUsage: true) }
        let entry = try await keeper.exchange(code, of: store, subject.access, subject.plan)
        await transport.shutDown()
        return Grant(entry)
    }

    package func list() throws -> [Grant] {
        let assembly = try Assembly.open(config: config, log: level)
        let file = assembly.tokenKeeper(assembly.transport()).file
        return try file.read().grants.values.map { Grant($0) }.sorted { $0.stores.lexicographicallyPrecedes($1.stores) }
    }

    /// Gets a token that is good now, and asks for nothing else.
    package func check(_ store: String) async throws -> Grant? {
        let subject = try subject(store)
        let transport = subject.assembly.transport()
        let keeper = subject.assembly.tokenKeeper(transport)
        _ = try await keeper.credentials(of: store, subject.access, subject.plan)
        await transport.shutDown()
        return try keeper.file.read().grants[subject.call.owner].map { Grant($0) }
    }

    /// Forgets the tokens of a store; false where there were none.
    package func revoke(_ store: String) async throws -> Bool {
        let subject = try subject(store)
        var isForgotten = false
        try subject.assembly.tokenKeeper(subject.assembly.transport()).file.change { contents in
            isForgotten = contents.grants.removeValue(forKey: subject.call.owner) != nil
            contents.consents[store] = nil
        }
        return isForgotten
    }
}
