/// Who brings facts: a store's platform, a feed, a file given to `import`, or a person.
///
/// For one store every kind has one source at a time (of `measure`: every name); see `SourcePrecedence`.
package enum SourceName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The platform's open API, pulled store by store.
    case platform
    /// A feed of the configuration, by its id; one feed may bring many stores.
    case feed(String)
    case file
    case hand

    /// What others push: a feed of that name that nobody pulls.
    package static let push = SourceName.feed("push")

    /// The form in the ledger's tables, in messages and in the configuration: `platform`, `feed:erp`, `file`, `hand`.
    package var description: String {
        switch self {
        case .platform: "platform"
        case .feed(let id): "feed:" + id
        case .file: "file"
        case .hand: "hand"
        }
    }

    /// Reads what `description` writes; nil for anything else.
    package init?(_ text: String) {
        switch text {
        case "platform": self = .platform
        case "file": self = .file
        case "hand": self = .hand
        default:
            guard text.hasPrefix("feed:"), text.utf8.count > 5 else { return nil }
            self = .feed(String(text.dropFirst(5)))
        }
    }

    /// The order of trust where nothing is configured: platform, feeds by name, file, hand.
    package static func < (a: SourceName, b: SourceName) -> Bool {
        if case .feed(let first) = a, case .feed(let second) = b { return first < second }
        return a.rank < b.rank
    }

    private var rank: Int {
        switch self {
        case .platform: 0
        case .feed: 1
        case .file: 2
        case .hand: 3
        }
    }
}
