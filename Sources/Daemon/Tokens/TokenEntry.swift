import Curl
import Facts
import Pull
import Rules

/// What is kept of one grant. All moments in seconds since 1970.
struct TokenEntry: Codable, Sendable, Hashable {
    /// For people: the stores that use it.
    var stores: [String]
    /// `TokenCall.application`; of one that an older version kept nil.
    var application: String?
    var accessToken: String
    var expiresAt: Int64?
    var refreshToken: String?
    var refreshExpiresAt: Int64?
    /// Each refresh begins the time of the refresh token anew.
    var isRolling: Bool?
    var obtainedAt: Int64
    /// When the owner consented, and how long that lasts; nil: nobody consented here, or as long as nobody takes it back.
    var consentedAt: Int64?
    var consentExpiresAt: Int64?
    /// What else ends, by the platform's own names.
    var ends: [String: Int64]?
    var owner: String?
    var scopes: [String]
    /// What the platform told of each store when it was asked with this grant's token, by store and by the credential's
    /// name.
    var told: [String: [String: String]]?
    /// For which market each store was asked; empty: for none. One that an older version kept is asked again.
    var toldMarkets: [String: String]?
    /// A new token was asked for then. Where it is still there, the answer was never kept.
    var askedAt: Int64?

    init(_ grant: TokenCall.Grant, _ call: TokenCall, _ plan: PullPlan.TokenPlan, store: String, at now: Timestamp) {
        func seconds(_ moment: Timestamp?) -> Int64? { moment.map { $0.microseconds / 1_000_000 } }
        (stores, application, accessToken) = ([store], call.application, grant.accessToken.reveal())
        expiresAt = seconds(grant.expiresAt)
        refreshToken = grant.refreshToken?.reveal()
        refreshExpiresAt = seconds(grant.refreshExpiresAt)
        isRolling = plan.isRolling
        obtainedAt = now.microseconds / 1_000_000
        ends = grant.ends.isEmpty ? nil : grant.ends.mapValues { $0.microseconds / 1_000_000 }
        (owner, scopes) = (grant.owner, grant.scopes)
    }

    /// With what a refresh does not tell and the grant before it did.
    func after(_ before: TokenEntry?, refreshToken used: Secret?) -> TokenEntry {
        var entry = self
        entry.stores = before?.stores ?? stores
        entry.refreshToken = refreshToken ?? used?.reveal()
        entry.refreshExpiresAt = refreshExpiresAt ?? before?.refreshExpiresAt
        entry.ends = ends ?? before?.ends
        entry.owner = owner ?? before?.owner
        // What was told of another owner's stores is not this one's.
        if owner == nil || before?.owner == nil || owner == before?.owner {
            (entry.told, entry.toldMarkets) = (told ?? before?.told, toldMarkets ?? before?.toldMarkets)
        }
        entry.scopes = scopes.isEmpty ? before?.scopes ?? [] : scopes
        (entry.consentedAt, entry.consentExpiresAt) = (before?.consentedAt, before?.consentExpiresAt)
        return entry
    }

    func isSameOwner(as other: TokenEntry) -> Bool { owner != nil && owner == other.owner }
}
