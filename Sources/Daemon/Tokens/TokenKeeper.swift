package import Curl
package import Facts
package import Pull
package import Rules

/// Gives each store's platform the access token that is good now: refreshed a while before its end, by one refresher an
/// owner, and kept on the disk before it is used, since the refresh token of before may be good no more.
package actor TokenKeeper {
    let file: TokenFile
    private let transport: any Transport
    private let clock: any WallClock
    private var underWay: [String: Task<TokenFile.Entry, any Error>] = [:]
    /// So long before its end a token is refreshed: a page of the pull is to be read with it.
    private static let ahead = TimeSpan.minutes(5)

    init(file: TokenFile, transport: any Transport, clock: any WallClock) {
        (self.file, self.transport, self.clock) = (file, transport, clock)
    }

    /// What the store gives, with the access token that is good now.
    ///
    /// - Parameter refused: the token that the platform no longer takes; another one is got.
    /// - Throws: PullError where the platform gives none, TokenFileError where it cannot be kept.
    func credentials(
        of store: String, _ access: PlatformAccess, _ plan: PullPlan, refused: Secret? = nil
    ) async throws -> [String: Secret] {
        guard let call = TokenCall(plan: plan, endpoint: access.endpoint, credentials: access.credentials) else {
            return access.credentials
        }
        let name = PullPlan.TokenPlan.credential(in: plan)
        let given = access.credentials[name]
        let entry = try file.read().grants[call.owner]
        if let entry, isGood(entry, refused) {
            return access.credentials.merging([name: Secret(entry.accessToken)]) { $1 }
        }
        // One that was configured is used as long as it is taken.
        if entry == nil, let given, given != refused { return access.credentials }
        let granted = try await refreshed(store, access, plan, call.owner)
        return access.credentials.merging([name: Secret(granted.accessToken)]) { $1 }
    }

    private func isGood(_ entry: TokenFile.Entry, _ refused: Secret?) -> Bool {
        let lasts = entry.expiresAt.map { Timestamp(seconds: $0) - TokenKeeper.ahead > clock.now } ?? true
        return lasts && Secret(entry.accessToken) != refused
    }

    private func refreshed(
        _ store: String, _ access: PlatformAccess, _ plan: PullPlan, _ owner: String
    ) async throws -> TokenFile.Entry {
        if let task = underWay[owner] { return try await task.value }
        let task = Task { try await refresh(store, access, plan, owner) }
        underWay[owner] = task
        defer { underWay[owner] = nil }
        return try await task.value
    }

    private func refresh(
        _ store: String, _ access: PlatformAccess, _ plan: PullPlan, _ owner: String
    ) async throws -> TokenFile.Entry {
        var credentials = access.credentials
        if let newest = try file.read().grants[owner]?.refreshToken { credentials["refresh_token"] = Secret(newest) }
        let call = TokenCall(plan: plan, endpoint: access.endpoint, credentials: credentials)
        guard let call, let request = call.refresh(at: asking) else {
            throw PullError.said(
                PlatformSaying(
                    status: 401, code: "",
                    message: "there is nothing to get a new access token with: goodstanding auth \(store)",
                    meaning: .refused))
        }
        return try await obtain(
            request, call, owner: owner, store: store, refreshToken: credentials["refresh_token"])
    }

    /// For the code that a consent gave.
    func exchange(
        _ code: String, of store: String, _ access: PlatformAccess, _ plan: PullPlan
    ) async throws -> TokenFile.Entry {
        let call = TokenCall(plan: plan, endpoint: access.endpoint, credentials: access.credentials)
        guard let call, let request = call.exchange(code: code, at: asking) else {
            throw TaskError(
                "something is not given of which the call for the token is made; see the pack's `exchange:`")
        }
        return try await obtain(request, call, owner: call.owner, store: store, refreshToken: nil)
    }

    private var asking: Asking { Asking(now: clock.now, nonce: UInt64.random(in: 0 ... .max)) }

    private func obtain(
        _ request: Request, _ call: TokenCall, owner: String, store: String, refreshToken: Secret?
    ) async throws -> TokenFile.Entry {
        let reply: Reply
        do throws(TransportError) {
            reply = try await transport.send(request)
        } catch {
            throw PullError.transport(error)
        }
        let grant = try call.grant(from: reply, at: clock.now)
        var kept: TokenFile.Entry?
        let now = clock.now
        try file.change { contents in
            let before = contents.grants[owner]
            let stores = Set((before?.stores ?? []) + [store]).sorted()
            kept = TokenFile.Entry(
                grant, stores: stores, before: before, refreshToken: refreshToken?.reveal(), at: now)
            contents.grants[owner] = kept
            contents.consents[store] = nil
        }
        // proof: set above, or thrown
        return kept!
    }
}
