import Curl
import Facts
import Pull
import Rules

/// A store that is granted tokens: what it gives, and how its platform is asked.
struct Grantee: Sendable {
    let store: String
    let access: PlatformAccess
    let plan: PullPlan
    let token: PullPlan.TokenPlan
    let call: TokenCall

    /// nil where the platform's tokens are not refreshed.
    init?(_ store: String, _ access: PlatformAccess, _ plan: PullPlan, _ credentials: [String: Secret]) {
        guard let token = plan.token,
            let call = TokenCall(plan: plan, endpoint: access.endpoint, credentials: credentials)
        else { return nil }
        (self.store, self.access, self.plan, self.token, self.call) = (store, access, plan, token, call)
    }

    func giving(_ credentials: [String: Secret]) -> Grantee? { Grantee(store, access, plan, credentials) }

    /// What a consent is made of and the store does not give.
    var lacks: String { call.consentLacks.map { "'\($0)'" }.joined(separator: ", ") }

    /// Whether the configuration gives an access token.
    var isGiven: Bool { access.credentials[PullPlan.TokenPlan.credential(in: plan)] != nil }

    /// Why no token is to be had, and what to do.
    func words(_ why: String) -> String {
        call.hasConsent && !call.isOwn
            ? "\(why): ask the owner to consent, goodstanding auth \(store)"
            : "\(why): give what is lacking under the store's credentials:"
    }

    /// A refusal of the platform, with what to do.
    func advised(_ error: PullError, lostAt: Int64?) -> PullError {
        guard case .said(var saying) = error, call.hasConsent, !call.isOwn else { return error }
        let lost = lostAt.map {
            "; what it granted at \(Timestamp(seconds: $0)) was never kept, since the program or its disk failed then"
        }
        saying.advice =
            "no new access token is given: the consent is over or was taken back\(lost ?? ""); ask the owner to consent, "
            + "goodstanding auth \(store)"
        return .said(saying)
    }
}
