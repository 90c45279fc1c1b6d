package import Facts

/// What a pack says about pulling its platform: which addresses are asked, how an answer goes on, and how its documents
/// become facts. A value: `Pull` does what it says.
package struct PullPlan: Sendable {
    /// What a store gives under `credentials:`, as the platform calls it.
    package var credentials: [Credential]
    /// Where all addresses begin, with `{credential}`; a store's `endpoint:` replaces it. nil: a store has to give one.
    package var address: String?
    /// Paths with which people know the address, the longest first: an endpoint that ends so means what comes before. A
    /// segment in braces is a credential, which it gives.
    package var bases: [[String]] = []
    package var authorization: Authorization
    /// Sent with every request: names, and templates of credentials.
    package var headers: [(name: String, template: String)] = []
    /// How an access token is had where it does not live long; nil: what the store gives is good.
    package var token: TokenPlan?
    /// How reports are had, where some streams are reports.
    package var report: ReportPlan?
    /// For the owner: who consents, and what to mind.
    package var consentingWords: Words?
    /// For those who configure the store: how its access is had; and where the owner takes it back.
    package var accessWords: Words?
    package var revokeWords: Words?
    /// How an answer says that it is none; the first that applies decides.
    package var errors: [ErrorCheck] = []
    package var limits: [Limit] = []
    /// What a store's `market:` decides, in the order of the pack; empty: whatever is written there is taken.
    package var markets: [Market] = []
    /// How long the platform may take to show what happened: as of so long before a request all is known.
    package var lag: TimeSpan
    /// How long before its beginning a pull stops asking; nil: by the lag.
    package var margin: TimeSpan?
    /// By how much each pull looks back before the one before it.
    package var overlap: TimeSpan
    /// How long a first pull may look back; nil: as far as one likes.
    package var reach: TimeSpan?
    /// Besides, what is so old is read again so often: what a platform shows without saying that it was changed.
    package var rereads: [Reread] = []
    /// Pulled one after another.
    package var streams: [Stream]
    /// What may stand where a list would be: of an answer that holds nothing else there it is empty; nil: an answer always
    /// has its list.
    package var bare: Set<String>?

    /// What is known of a market before a store of it says anything.
    package struct Market: Sendable, Hashable {
        package var name: String
        /// Credentials, as far as the store and its account do not give them.
        package var credentials: [String: String]
        /// In which orders there are paid; nil: the pack's.
        package var currency: String?
    }

    package struct Reread: Sendable, Hashable {
        package var back: TimeSpan
        package var every: TimeSpan
    }

    package struct Credential: Sendable, Hashable {
        package var name: String
        /// Other names under which a store may give it.
        package var aliases: [String]
        package var isOptional: Bool
        /// Where a store does not give it.
        package var standard: String?
    }

    package enum Authorization: Sendable, Hashable {
        /// HTTP Basic over TLS; over plain HTTP one-legged OAuth 1.0a, which sends no secret.
        case basic(user: String, password: String)
        /// A header field with a template of credentials: `Bearer {token}`.
        case header(name: String, template: String)
        case signature(SigningScheme)
    }

    /// How a document says that it is an error, and of which class.
    package struct ErrorCheck: Sendable {
        package var at: [String]
        /// What stands there when all is well; nil: nothing does.
        package var good: [String]?
        /// Where the codes stand by which it is classed; `at` is the first.
        package var by: [[String]]
        package var message: [[String]]
        /// Codes, or their beginnings with `*`; `?` is any character. What is not here is refused for good.
        package var classes: [(ErrorClass, [String])]
        /// Where a platform's codes are not known: what the message of a code of none of the classes holds, in any case.
        package var says: [(ErrorClass, [String])]
        /// Where GraphQL tells what a query costs; how long to wait follows from it.
        package var cost: [String]?
        /// Codes that are about more than the store: all that the application, or everybody, asks of the platform.
        package var whose: [(Limit.Scope, [String])] = []
        /// How long a code means that one should wait, where the answer does not say it: `70036` that a day's calls are used up.
        package var waits: [(String, Wait)] = []

        package enum Wait: Sendable, Hashable {
            case span(TimeSpan)
            /// Until a time of day, in seconds after midnight UTC.
            case until(Int64)

            package func from(_ now: Timestamp) -> TimeSpan {
                switch self {
                case .span(let span): return span
                case .until(let second):
                    let today = now.microseconds / 1_000_000 % 86_400
                    return .seconds(second > today ? second - today : second - today + 86_400)
                }
            }
        }
    }

    package enum ErrorClass: String, Sendable, CaseIterable {
        /// Too many calls: wait.
        case throttled
        /// The platform cannot answer now: ask again.
        case busy
        /// The access token is over: refresh it.
        case expired
        /// What was configured is not taken: somebody has to mend it.
        case refused
        /// There is nothing, said as an error.
        case nothing
    }

    /// So many calls in a time, or so many points of what calls cost.
    package struct Limit: Sendable, Hashable {
        /// Calls, or points where `cost` is given.
        package var amount: Int
        package var per: TimeSpan
        /// How many may come at once, where the platform tells it: `amount` then is the refill.
        package var burst: Int?
        package var scope: Scope
        /// nil: each call counts one.
        package var cost: Cost?
        /// Of these streams together, or of these calls of `ReportPlan.Call`; empty: of all.
        package var streams: [String]
        /// Where an answer's head says more of the limit than is known.
        package var headers = Headers()
        /// The platform states none: this is the care that we take.
        package var isOurs = false

        /// What a call of that stream counts.
        package func cost(of stream: String) -> Int { cost?.expected[stream] ?? 1 }

        /// Names of header fields; nil: there is none.
        package struct Headers: Sendable, Hashable {
            /// How many calls a second come back.
            package var rate: String?
            /// How many calls are left.
            package var left: String?
            /// When there are some again, in seconds or milliseconds since 1970.
            package var again: String?

            package init(rate: String? = nil, left: String? = nil, again: String? = nil) {
                (self.rate, self.left, self.again) = (rate, left, again)
            }
        }

        /// Whose calls are counted together: `account` are all stores that the application asks with one consent, and
        /// `platform` is everybody.
        package enum Scope: String, Sendable, CaseIterable { case store, account, application, platform }

        /// What calls cost, where a platform counts points.
        package struct Cost: Sendable, Hashable {
            /// What a call of each stream costs, as long as no answer has told.
            package var expected: [String: Int]
            package var told = Told()

            package init(expected: [String: Int], told: Told = Told()) { (self.expected, self.told) = (expected, told) }
        }

        /// Paths at which an answer tells of points; nil: it does not.
        package struct Told: Sendable, Hashable {
            /// How many the call had to find there, which another like it will need too.
            package var asked: [String]?
            /// How many it took in the end.
            package var spent: [String]?
            /// How many are left.
            package var left: [String]?
            /// How many there are at most.
            package var size: [String]?
            /// How many come back in a second.
            package var rate: [String]?

            package init() {}
        }
    }

    /// Of a store that names none: the market whose credentials are those that it is asked with.
    package func market(of credential: (String) -> String?) -> String? {
        markets.first { market in
            !market.credentials.isEmpty && market.credentials.allSatisfy { credential($0.key) == $0.value }
        }?.name
    }

    /// Whose calls an answer may stop beside the store's own.
    package var stoppedScopes: Set<Limit.Scope> { Set(errors.flatMap { $0.whose.map(\.0) }) }

    /// With streams that are asked less often, by name.
    ///
    /// - Parameter callsPerSecond: what an application may ask in all, as its owner knows it, where the platform states no
    ///   limit; nil: as careful as the pack is.
    package func paced(_ every: [String: TimeSpan], callsPerSecond: Int? = nil) -> PullPlan {
        var plan = self
        for place in plan.limits.indices where plan.limits[place].isOurs && plan.limits[place].scope == .application {
            guard let callsPerSecond else { break }
            (plan.limits[place].amount, plan.limits[place].per) = (callsPerSecond, .seconds(1))
        }
        for place in plan.streams.indices {
            guard let slower = every[plan.streams[place].name] else { continue }
            plan.streams[place].every = max(slower, plan.streams[place].every ?? .zero)
        }
        return plan
    }

    /// Nothing in it asks about a time: every pull brings all that there is, from the beginning.
    package var asksForAll: Bool {
        let all = streams.flatMap { [$0] + ($0.details?.streams ?? []) }
        return reach == nil
            && all.allSatisfy { stream in
                let templates = (stream.query + stream.form).flatMap { PullPlan.names(in: $0.template) }
                return stream.window == nil && stream.reach == nil && stream.report == nil && stream.open == nil
                    && Set(templates + (stream.json?.names ?? [])).isDisjoint(with: ["from", "since", "until"])
            }
    }

    /// Of all calls, where it is one and the same.
    package var onePath: String? {
        let paths = streams.flatMap { [$0] + ($0.details?.streams ?? []) }.map(\.path)
        return paths.count > 1 && Set(paths).count == 1 ? paths[0] : nil
    }

    /// An endpoint without a path that the calls bring themselves, and the credentials that stood in it. Of a platform that
    /// has one address for all calls, whoever gives that one means the same.
    package func withoutBase(_ endpoint: String) -> (address: String, given: [String: String]) {
        var parts = endpoint.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        while parts.last == "" { parts.removeLast() }
        let one = onePath.map { $0.split(separator: "/").map(String.init) }.map { [$0] } ?? []
        // Behind the scheme, nothing, and the host.
        for base in bases + one where base.count <= parts.count - 3 {
            let end = zip(base, parts.suffix(base.count))
            guard end.allSatisfy({ $0.hasPrefix("{") ? !$1.isEmpty : $0 == $1 }) else { continue }
            let given = end.filter { $0.0.hasPrefix("{") }.map { (String($0.0.dropFirst().dropLast()), $0.1) }
            return (
                parts.dropLast(base.count).joined(separator: "/"), Dictionary(given, uniquingKeysWith: { $1 })
            )
        }
        return (parts.joined(separator: "/"), [:])
    }

    /// What a finished pull makes complete.
    package var kinds: FactKinds {
        streams.reduce(into: []) { $0.formUnion($1.kinds) }
    }
}
