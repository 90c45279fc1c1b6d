package import Facts

/// What a pack says about pulling its platform: which addresses are asked, how an answer goes on, and how its documents
/// become facts. A value: `Pull` does what it says.
package struct PullPlan: Sendable {
    /// The names of what a store gives under `credentials:`, as the platform calls them.
    package var credentials: [String]
    /// Where all addresses begin; a store's `endpoint:` replaces it. nil: a store has to give one.
    package var address: String?
    package var authorization: Authorization
    /// How long the platform may take to show what happened: as of so long before a request all is known.
    package var lag: TimeSpan
    /// By how much each pull looks back before the one before it.
    package var overlap: TimeSpan
    /// How long a first pull may look back; nil: as far as one likes.
    package var reach: TimeSpan?
    /// Pulled one after another.
    package var streams: [Stream]

    package enum Authorization: Sendable, Hashable {
        /// HTTP Basic over TLS; over plain HTTP one-legged OAuth 1.0a, which sends no secret.
        case basic(user: String, password: String)
        /// A header field with a template of credentials: `Bearer {token}`.
        case header(name: String, template: String)
    }

    /// One list that the platform keeps.
    package struct Stream: Sendable {
        package var name: String
        /// Behind the address; may name `{item}` where it is asked for one item of another.
        package var path: String
        /// By name, in the order written: templates of `{from}` (since the last pull), `{since}` (all
        /// that the first pull asked for), `{until}`, `{page}`, `{cursor}` and `{item}`.
        package var query: [(name: String, template: String)]
        /// How moments are written in them.
        package var moments: Moments
        package var paging: Paging
        /// Where the items are in an answer; of no names the answer itself.
        package var items: [String]
        package var facts: [FactMapping]
        /// What is asked for each item that has it.
        package var details: Details?
    }

    package struct Details: Sendable {
        /// Only of items that have something here that is neither null nor empty.
        package var of: [String]
        /// The id by which it is asked.
        package var item: [String]
        /// One page each.
        package var streams: [Stream]
    }

    package enum Paging: Sendable, Hashable {
        /// All in one answer.
        case single
        /// `{page}` counts from here; an empty page is the last.
        case number(first: Int)
        /// The address of the next page stands at this path; null or missing on the last.
        case link([String])
        /// `{cursor}` is what stands at this path; null, missing or empty on the last.
        case cursor([String])
    }

    /// How a platform writes moments.
    package enum Moments: String, Sendable, CaseIterable {
        /// `2026-03-02T10:00:00Z`, any offset.
        case rfc3339
        /// `2026-03-02T10:00:00`, meant as UTC.
        case gmt
        /// The same on the store's clock.
        case local
        case unix
        case unixMilliseconds = "unix_ms"
    }

    /// How one item, or each of a list in it, becomes a fact.
    package struct FactMapping: Sendable {
        package var kind: FactKind
        /// A list in the item, each of whose elements is one fact; of no names the item itself.
        package var each: [String]
        /// Only where all of these hold: a path, and the texts that it may have.
        package var conditions: [(term: Term, texts: [String])]
        package var id: Term
        package var updatedAt: Term?
        package var members: [(member: Member, term: Term)]
    }

    /// Where a value comes from.
    package struct Term: Sendable {
        package enum Origin: Sendable, Hashable {
            /// So many levels up from the element: 1 is the item that holds it.
            case path([String], up: Int)
            /// Of an item that is asked for another: that one's id.
            case item
            case constant(String)
        }

        package var origin: Origin
        /// How a moment is written.
        package var moments: Moments = .rfc3339
        /// The platform's words and ours. A word that is not here sends the fact to quarantine, but for `otherwise`.
        package var words: [String: String]?
        /// Other words are no value, as a person has said so.
        package var passesOver = false
        /// Without its sign: `-10.00` is 10.
        package var isAbsolute = false
        /// Only where this has one of these texts; else there is no value.
        package var conditions: [(term: Term, texts: [String])] = []

        package init(_ origin: Origin) { self.origin = origin }
    }

    /// What a finished pull makes complete.
    package var kinds: FactKinds {
        func kinds(_ stream: Stream) -> FactKinds {
            FactKinds(stream.facts.map(\.kind)).union(
                (stream.details?.streams ?? []).reduce(into: []) { $0.formUnion(kinds($1)) })
        }
        return streams.reduce(into: []) { $0.formUnion(kinds($1)) }
    }
}
