package import Facts
import Rules

/// What is known of one grant: whose it is, what it allows, and everything of it that ends.
package struct Grant: Sendable {
    package var stores: [String]
    /// Whose store it is, as the platform says.
    package var owner: String?
    package var scopes: [String]
    /// Those that can do more than read.
    package var writing: [String]
    package var obtainedAt: Timestamp
    package var expiresAt: Timestamp?
    package var refreshExpiresAt: Timestamp?
    package var consentExpiresAt: Timestamp?
    /// What else ends, by the platform's own names.
    package var others: [(name: String, at: Timestamp)]
    /// There is something to get the next access token with.
    package var isRefreshed: Bool
    /// Each refresh begins the refresh token's time anew.
    package var isRolling: Bool

    init(_ entry: TokenEntry, _ plan: PullPlan.TokenPlan) {
        func moment(_ seconds: Int64?) -> Timestamp? { seconds.map { Timestamp(seconds: $0) } }
        (stores, owner, scopes) = (entry.stores, entry.owner, entry.scopes)
        writing = Grant.writing(entry.scopes, plan.readingScopes)
        obtainedAt = Timestamp(seconds: entry.obtainedAt)
        (expiresAt, refreshExpiresAt) = (moment(entry.expiresAt), moment(entry.refreshExpiresAt))
        consentExpiresAt = moment(entry.consentExpiresAt)
        others = (entry.ends ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, Timestamp(seconds: $0.value)) }
        isRefreshed = entry.refreshToken != nil || !plan.refresh.names.contains("refresh_token")
        isRolling = plan.isRolling
    }

    /// When somebody has to consent anew though all goes well; nil: never, or the platform does not say.
    package var ends: Timestamp? {
        let refresh = isRefreshed ? (isRolling ? nil : refreshExpiresAt) : expiresAt
        return [refresh, consentExpiresAt].compactMap { $0 }.min()
    }

    /// Everything that ends, the soonest first.
    package var dates: [(what: Words, at: Timestamp)] {
        let access =
            isRefreshed
            ? Words(en: "access token, refreshed before that", zh: "访问令牌（到期前自动刷新）")
            : Words(en: "access token", zh: "访问令牌")
        let refresh =
            isRolling
            ? Words(en: "refresh token, if nothing is refreshed until then", zh: "刷新令牌（期间若一直不刷新）")
            : Words(en: "refresh token", zh: "刷新令牌")
        let told: [(what: Words, at: Timestamp?)] =
            [
                (access, expiresAt), (refresh, isRefreshed ? refreshExpiresAt : nil),
                (Words(en: "consent", zh: "授权"), consentExpiresAt),
            ] + others.map { (Words($0.name), $0.at) }
        return told.compactMap { item in item.at.map { (item.what, $0) } }.sorted { $0.at < $1.at }
    }

    /// - Parameter reading: patterns of those that only read; empty: the words in them tell.
    private static func writing(_ scopes: [String], _ reading: [String]) -> [String] {
        let patterns = reading.map { Glob($0) }
        return scopes.filter { scope in
            guard patterns.isEmpty else { return !patterns.contains { $0.matches(scope) } }
            let scope = scope.lowercased()
            return ["write", "update", "delete", "create", "manage", "modify"].contains { scope.contains($0) }
        }
    }
}
