package import Facts

extension PullPlan {
    /// How an access token is had, and kept good.
    package struct TokenPlan: Sendable {
        package var refresh: TokenRequest
        /// By which a shop of the application's own has a token, without a consent and without a refresh token; nil: there
        /// is no such call.
        package var own: TokenRequest?
        /// A token is refreshed only in this time before its end, and no more once it is over; nil: whenever one likes.
        package var refreshedWithin: TimeSpan?
        /// Each refresh begins the time of the refresh token anew: it ends only where nobody refreshes.
        package var isRolling = false
        /// For a consent's code; nil: the platform has none, or nobody has described it.
        package var exchange: TokenRequest?
        package var consent: Consent?
        /// Where an answer has them; of several places the first that holds something. A new refresh token replaces the one
        /// before, which then is no longer good.
        package var accessToken: [[String]]
        package var refreshToken: [[String]] = []
        /// In seconds from now.
        package var expiresIn: [[String]] = []
        /// In seconds since 1970.
        package var expiresAt: [[String]] = []
        package var refreshExpiresIn: [[String]] = []
        package var refreshExpiresAt: [[String]] = []
        /// How long a refresh token lives where no answer tells; nil: nobody knows.
        package var refreshLives: TimeSpan?
        /// What else ends, by the platform's own names.
        package var ends: [End] = []
        /// Whose store it is, and what was consented to: a text with blanks or commas, or a list.
        package var owner: [[String]] = []
        /// The credential that has to be the owner: a consent of another one is none for this store.
        package var ownerIs: String?
        package var scopes: [[String]] = []
        /// What a token is asked for once: credentials that a store then need not give; nil: it gives all.
        package var tells: Telling?
        /// Patterns with `*` of scopes that allow no more than to read; empty: words such as `write` tell those that do.
        package var readingScopes: [String] = []

        /// What platforms call an access token.
        package static let credentials = ["access_token", "session", "accessToken"]

        /// What the platform of a plan calls it.
        package static func credential(in plan: PullPlan) -> String {
            plan.credentials.first { credentials.contains($0.name) }?.name ?? credentials[0]
        }
    }

    /// Where an owner consents, and what the address to which the platform leads back says.
    package struct Consent: Sendable {
        /// Templates of credentials and `{state}`.
        package var address: String
        package var query: [(name: String, template: String)] = []
        /// Some platforms want this address signed as calls are.
        package var authorization: Authorization?
        /// What its parameters are called.
        package var code = "code"
        package var state = "state"
        /// Whose consent it is.
        package var owner: String?
        /// Parameters that have to say the same as a credential: the consent is one for this very store.
        package var same: [(credential: String, parameter: String)] = []
        /// How long a consent lasts, however often tokens are refreshed; nil: as long as nobody takes it back.
        package var lives: TimeSpan?

        package init(address: String) { self.address = address }

        /// What it is made of, but for the state.
        package var names: [String] {
            var names = PullPlan.names(in: address) + query.flatMap { PullPlan.names(in: $0.template) }
            if case .signature(let scheme)? = authorization {
                names += scheme.credentials.filter { !TokenPlan.credentials.contains($0) }
            }
            return names.filter { $0 != "state" }
        }
    }

    /// Whose store a token is for, asked with the token itself.
    package struct Telling: Sendable {
        package var request: TokenRequest
        /// Where the answer has the stores that the token is good for; of no names it is the one itself.
        package var items: [[String]]
        /// Where an item has what people call it, and the market that it is in.
        package var name: [String]?
        package var market: [String]?
        /// Credentials, and where an item has them.
        package var credentials: [(name: String, path: [String])]
    }

    /// Something of a grant that ends by itself, such as one level of rights.
    package struct End: Sendable, Hashable {
        package var name: String
        package var paths: [[String]]
        /// Since 1970; else from now.
        package var isMoment: Bool
    }

    package struct TokenRequest: Sendable {
        /// In place of the source's address.
        package var address: String?
        package var path: String
        package var isPost: Bool
        package var query: [(name: String, template: String)]
        package var form: [(name: String, template: String)]
        package var json: JSONTemplate?
        package var authorization: Authorization?

        /// The credentials that it is made of.
        package var names: [String] {
            var names = (query + form).flatMap { PullPlan.names(in: $0.template) } + (json?.names ?? [])
            switch authorization {
            case .basic(let user, let password)?: names += [user, password]
            case .header(_, let template)?: names += PullPlan.names(in: template)
            case .signature(let scheme)?: names += scheme.credentials.filter { !TokenPlan.credentials.contains($0) }
            case nil: break
            }
            return names
        }
    }
}
