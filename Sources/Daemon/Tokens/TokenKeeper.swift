package import Curl
package import Facts
import Logging
package import Pull
import Rules

/// Gives each store's platform the access token that is good now: refreshed a while before its end, by one refresher an
/// owner, and kept on the disk before it is used, since the refresh token of before may be good no more.
package actor TokenKeeper {
    private let file: TokenFile
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
    func credentials(
        of store: String, _ access: PlatformAccess, _ plan: PullPlan, refused: Secret? = nil
    ) async throws -> [String: Secret] {
        guard let call = TokenCall(plan: plan, endpoint: access.endpoint, credentials: access.credentials) else {
            return access.credentials
        }
        let name = PullPlan.TokenPlan.credential(in: plan)
        let given = access.credentials[name]
        let entry = try file.read()[call.owner]
        if let entry, isGood(entry, refused) {
            return access.credentials.merging([name: Secret(entry.accessToken)]) { $1 }
        }
        // One that was configured is used as long as it is taken.
        if entry == nil, let given, given != refused { return access.credentials }
        let granted = try await refreshed(store, access, plan, call)
        return access.credentials.merging([name: Secret(granted.accessToken)]) { $1 }
    }

    private func isGood(_ entry: TokenFile.Entry, _ refused: Secret?) -> Bool {
        let now = clock.now
        let lasts = entry.expiresAt.map { Timestamp(seconds: $0) - TokenKeeper.ahead > now } ?? true
        return lasts && Secret(entry.accessToken) != refused
    }

    private func refreshed(
        _ store: String, _ access: PlatformAccess, _ plan: PullPlan, _ call: TokenCall
    ) async throws -> TokenFile.Entry {
        if let task = underWay[call.owner] { return try await task.value }
        let task = Task { try await refresh(store, access, plan, call.owner) }
        underWay[call.owner] = task
        defer { underWay[call.owner] = nil }
        return try await task.value
    }

    private func refresh(
        _ store: String, _ access: PlatformAccess, _ plan: PullPlan, _ owner: String
    ) async throws -> TokenFile.Entry {
        let kept = try file.read()[owner]
        var credentials = access.credentials
        if let newest = kept?.refreshToken { credentials["refresh_token"] = Secret(newest) }
        let asking = Asking(now: clock.now, nonce: UInt64.random(in: 0 ... .max))
        guard
            let request = TokenCall(plan: plan, endpoint: access.endpoint, credentials: credentials)?.refresh(
                at: asking)
        else {
            throw PullError.said(
                PlatformSaying(
                    status: 401, code: "", message: "there is nothing by which a new access token could be had",
                    meaning: .refused))
        }
        let reply: Reply
        do throws(TransportError) { reply = try await transport.send(request) } catch {
            throw PullError.transport(error)
        }
        // proof: made just now of the same
        let grant = try TokenCall(plan: plan, endpoint: access.endpoint, credentials: credentials)!
            .grant(from: reply, at: clock.now)
        var entries = try file.read()
        let stores = Set((entries[owner]?.stores ?? []) + [store]).sorted()
        let entry = TokenFile.Entry(
            grant, stores: stores, refreshToken: credentials["refresh_token"]?.reveal(), at: clock.now)
        entries[owner] = entry
        try file.write(entries)
        return entry
    }
}
