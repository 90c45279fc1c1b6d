import Curl
import Facts
import Pull
import Rules

/// Gives each store's platform the access token that is good now: refreshed a while before its end, by one refresher a
/// grant, and kept on the disk before it is used, since the refresh token of before may be good no more.
package actor TokenKeeper {
    let file: TokenFile
    let transport: any Transport
    let clock: any WallClock
    private let hold: Hold
    private var underWay: [String: Task<TokenEntry, any Error>] = [:]
    /// Granted, and not on the disk yet since it could not be written: not used before it is.
    private var unwritten: [String: TokenEntry] = [:]
    /// What the platform said of a refresh token that it takes no more: it is not asked again with each pull.
    private var refusals: [String: (token: Secret?, error: PullError, until: Timestamp)] = [:]
    private static let refusalLasts = TimeSpan.hours(1)
    /// What was told of a store with a token that the configuration gives.
    private var remembered: [String: (token: Secret?, market: String, told: [String: String])] = [:]
    /// So long before its end a token is refreshed: a page of the pull is to be read with it.
    static let ahead = TimeSpan.minutes(5)
    /// By how much clocks may differ where a platform refreshes only in the last time before the end.
    private static let margin = TimeSpan.minutes(10)

    init(file: TokenFile, transport: any Transport, clock: any WallClock, hold: Hold) {
        (self.file, self.transport, self.clock, self.hold) = (file, transport, clock, hold)
    }

    /// What the store gives, with the access token that is good now.
    ///
    /// - Parameters:
    ///   - market: of the store, by which one of several that a token is good for is known.
    ///   - refused: the token that the platform no longer takes; another one is got.
    /// - Throws: PullError where there is none, or it cannot be kept.
    func credentials(
        of store: String, _ access: PlatformAccess, _ plan: PullPlan, market: String? = nil, refused: Secret? = nil
    ) async throws -> [String: Secret] {
        let given = try await credentials(of: store, access, plan, replacing: refused)
        func telling(_ given: [String: Secret]) -> TellingCall? {
            TellingCall(plan: plan, endpoint: access.endpoint, market: market, credentials: given)
        }
        guard let call = telling(given) else { return given }
        do {
            return try await told(store, access, plan, given, market: market, call)
        } catch let error as PullError {
            // A token may be over though nobody was told; with a new one it may go well.
            guard error.isExpiry, refused == nil, let token = given[PullPlan.TokenPlan.credential(in: plan)] else {
                throw error
            }
            let anew = try await credentials(of: store, access, plan, replacing: token)
            guard let call = telling(anew) else { return anew }
            return try await told(store, access, plan, anew, market: market, call)
        }
    }

    private func credentials(
        of store: String, _ access: PlatformAccess, _ plan: PullPlan, replacing refused: Secret?
    ) async throws -> [String: Secret] {
        guard let grantee = Grantee(store, access, plan, access.credentials) else { return access.credentials }
        let name = PullPlan.TokenPlan.credential(in: plan)
        let given = access.credentials[name]
        do {
            let contents = try file.read()
            // By which it is known who shares the platform's limits.
            let shared =
                contents.key(of: store, grantee.call).map { [PlatformSource.grantCredential: Secret($0)] } ?? [:]
            let own = access.credentials.merging(shared) { $1 }
            func with(_ entry: TokenEntry) -> [String: Secret] {
                own.merging([name: Secret(entry.accessToken)]) { $1 }
            }
            let entry = contents.entry(of: store, grantee.call)
            if let entry, isGood(entry, grantee.token, refused) {
                try note(store, in: entry, contents.key(of: store, grantee.call))
                return with(entry)
            }
            // One that was configured is used as long as it is taken.
            if entry == nil, let given, given != refused { return own }
            do {
                return with(try await refreshed(grantee, refused))
            } catch {
                // One that is near its end is good until then, whatever keeps the next one away.
                guard let entry, isTaken(entry, refused), unwritten.isEmpty else { throw error }
                return with(entry)
            }
        } catch let error as TokenFileError {
            throw PullError.unkept("\(error)")
        }
    }

    /// Whose tokens they are is kept with them, so that forgetting those of one store leaves the others theirs.
    private func note(_ store: String, in entry: TokenEntry, _ key: String?) throws(TokenFileError) {
        guard let key, !entry.stores.contains(store) else { return }
        try file.change { contents in
            guard var known = contents.grants[key] else { return }
            known.stores = (known.stores + [store]).sorted()
            contents.grants[key] = known
        }
    }

    private func isGood(_ entry: TokenEntry, _ token: PullPlan.TokenPlan, _ refused: Secret?) -> Bool {
        guard isTaken(entry, refused) else { return false }
        return Self.refreshes(entry, token).map { $0 > clock.now } ?? true
    }

    /// When a token is refreshed; nil: nobody says when it ends.
    static func refreshes(_ entry: TokenEntry, _ token: PullPlan.TokenPlan) -> Timestamp? {
        guard let end = entry.expiresAt else { return nil }
        // One that lives no longer than that time is used for the first half of it.
        let half = TimeSpan.seconds(max(0, end - entry.obtainedAt) / 2)
        let ahead = token.refreshedWithin.map { min($0 - TokenKeeper.margin, half) } ?? TokenKeeper.ahead
        return Timestamp(seconds: end) - ahead
    }

    /// Why nothing can come of refreshing it any more; nil: something can.
    static func isOver(_ entry: TokenEntry, _ token: PullPlan.TokenPlan, at now: Timestamp) -> Words? {
        if let end = entry.refreshExpiresAt.map({ Timestamp(seconds: $0) }), end <= now {
            return Words(en: "the consent ended at \(end)", zh: "授权已于 \(end) 到期")
        }
        guard token.refreshedWithin != nil, let end = entry.expiresAt.map({ Timestamp(seconds: $0) }), end <= now else {
            return nil
        }
        return Words(
            en: "the access token ended at \(end), and this platform refreshes none that is over",
            zh: "访问令牌已于 \(end) 到期，该平台不再刷新")
    }

    private func isTaken(_ entry: TokenEntry, _ refused: Secret?) -> Bool {
        Secret(entry.accessToken) != refused && entry.expiresAt.map { Timestamp(seconds: $0) > clock.now } ?? true
    }

    // MARK: Refreshing

    /// Stores of one grant that come at once wait for the same refresh.
    private func refreshed(_ grantee: Grantee, _ refused: Secret?) async throws -> TokenEntry {
        let key = try key(of: grantee)
        if let task = underWay[key] { return try await task.value }
        let task = Task { try await refresh(grantee, key, refused) }
        underWay[key] = task
        defer { underWay[key] = nil }
        return try await task.value
    }

    private func key(of grantee: Grantee) throws -> String {
        guard let key = try file.read().key(of: grantee.store, grantee.call) else {
            let why = grantee.isGiven ? "the access token that is configured is not taken" : "nobody has consented yet"
            throw PullError.needsConsent(grantee.words(why))
        }
        return key
    }

    private func refresh(_ grantee: Grantee, _ key: String, _ refused: Secret?) async throws -> TokenEntry {
        if let kept = unwritten[key] { return try keep(kept, under: key) }
        // The refresh token may be in use where the ledger itself is: with this call it would be good for neither.
        if let reason = hold.reason { throw PullError.needsConsent(Hold.words(reason).en) }
        let lock = try await RefreshLock.hold(key, beside: file, clock)
        defer { withExtendedLifetime(lock) {} }
        let before = try file.read().grants[key]
        // Another process may have refreshed it while this one waited.
        if let before, isGood(before, grantee.token, refused) { return before }
        try refuseHopeless(before, grantee)
        var credentials = grantee.access.credentials
        if let newest = before?.refreshToken { credentials["refresh_token"] = Secret(newest) }
        let used = credentials["refresh_token"]
        if let known = refusals[key], known.token == used, known.until > clock.now { throw known.error }
        guard let anew = grantee.giving(credentials), let request = anew.call.refresh(at: asking) else {
            throw PullError.needsConsent(grantee.words("there is nothing to get a new access token with"))
        }
        // That the file can be written is tried first: what is granted and cannot be kept is lost.
        let now = clock.now.microseconds / 1_000_000
        try file.change { $0.grants[key]?.askedAt = now }
        do {
            let grant = try await granted(request, anew.call)
            let entry = TokenEntry(grant, grantee.call, grantee.token, store: grantee.store, at: clock.now)
                .after(before, refreshToken: used)
            return try keep(entry, under: key)
        } catch let error as PullError {
            // Whatever was answered, nothing was granted that is lost.
            if error.isAnswer { try file.change { $0.grants[key]?.askedAt = nil } }
            guard error.needsPerson else { throw error }
            let advised = grantee.advised(error, lostAt: before?.askedAt)
            refusals[key] = (used, advised, clock.now + TokenKeeper.refusalLasts)
            throw advised
        }
    }

    /// Where nothing can come of asking, the owner is needed: what it is refreshed with is over, or the platform refreshes
    /// only in the last time before the end of a token, and no more afterwards.
    private func refuseHopeless(_ entry: TokenEntry?, _ grantee: Grantee) throws(PullError) {
        if let entry, let why = Self.isOver(entry, grantee.token, at: clock.now) {
            throw .needsConsent(grantee.words(why.en))
        }
        guard let within = grantee.token.refreshedWithin else { return }
        guard let end = entry?.expiresAt.map({ Timestamp(seconds: $0) }) else {
            // One of which nobody knows when it ends may be refreshed still: the platform says whether.
            return
        }
        guard end - within <= clock.now else {
            throw .needsConsent(
                grantee.words(
                    "the access token is not taken though it was to last until \(end): the consent was taken back"))
        }
    }

    private func keep(_ entry: TokenEntry, under key: String) throws(TokenFileError) -> TokenEntry {
        unwritten[key] = entry
        try file.change { $0.keep(entry, under: key) }
        unwritten[key] = nil
        refusals[key] = nil
        return entry
    }

    // MARK: What was told

    func toldInMemory(_ store: String, _ token: Secret?, market: String) -> [String: String]? {
        remembered[store].flatMap { $0.token == token && $0.market == market ? $0.told : nil }
    }

    func remember(_ told: [String: String], of store: String, _ token: Secret?, market: String) {
        remembered[store] = (token, market, told)
    }

    // MARK: Consent

    /// For the code that a consent gave.
    func exchange(_ answer: ConsentAnswer, of grantee: Grantee) async throws -> TokenEntry {
        guard let request = grantee.call.exchange(code: answer.code, at: asking) else {
            throw TaskError(
                Words(
                    en: "the store lacks \(grantee.lacks), of which the call for the token is made",
                    zh: "店铺缺少 \(grantee.lacks)，无法组成换取令牌的请求"), isUsage: true)
        }
        try file.change { _ in }
        let grant = try await granted(request, grantee.call)
        var entry = TokenEntry(grant, grantee.call, grantee.token, store: grantee.store, at: clock.now)
        guard grantee.call.isOwner(entry.owner) else {
            throw TaskError(
                Words(
                    en:
                        "this is the consent of another owner than the '\(grantee.token.ownerIs ?? "")' that is configured; nothing was kept",
                    zh: "此授权的店主与配置的“\(grantee.token.ownerIs ?? "")”不符，未保存任何内容"))
        }
        entry.owner = entry.owner ?? answer.owner.map { String($0.prefix(200)) }
        if entry.scopes.isEmpty { entry.scopes = grantee.call.askedScopes }
        entry.consentedAt = entry.obtainedAt
        entry.consentExpiresAt = grantee.token.consent?.lives.map { entry.obtainedAt + $0.microseconds / 1_000_000 }
        let consented = entry
        return try file.change { contents in
            contents.consent(consented, of: grantee.store, grantee.call)
            return contents.entry(of: grantee.store, grantee.call) ?? consented
        }
    }

    var asking: Asking { Asking(now: clock.now, nonce: UInt64.random(in: 0 ... .max)) }

    private func granted(_ request: Request, _ call: TokenCall) async throws -> TokenCall.Grant {
        let reply: Reply
        do throws(TransportError) {
            reply = try await transport.send(request)
        } catch {
            throw PullError.transport(error)
        }
        return try call.grant(from: reply, at: clock.now)
    }
}
