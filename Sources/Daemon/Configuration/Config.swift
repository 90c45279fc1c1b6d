package import Alerts
package import Curl
package import Facts
package import Language
package import Notify
package import Rules

/// The configuration as it is meant: validated, defaults filled in, units typed, secrets resolved. Only this travels.
package struct Config: Sendable {
    /// The file it was read from.
    package var path: String
    /// Of what the file says.
    package var digest: String
    package var database: DatabaseAddress
    /// Pack files, in the order the configuration names them, folders already opened.
    package var packs: [SourceText]
    package var listen: ListenAddress
    /// Where people reach the pages; without it no message carries a link.
    package var publicURL: String?
    /// Certificates of the authorities to trust in place of the system's; a path.
    package var caFile: String?
    /// Entries by id and by pattern, in the order of the file.
    package var stores: [StoreEntry]
    package var feeds: [FeedEntry]
    package var receivers: [ReceiverEntry]
    package var inhibitions: [Inhibition]
    /// Of what nobody is told, whatever store it is about.
    package var observed: [ObservedEntry] = []
    /// A dead man's switch that is told that all is watched.
    package var heartbeat: HeartbeatEntry?
    /// Who may see and do what on the pages.
    package var access = AccessTerms()
    /// What programs that watch the daemon see of single stores.
    package var metrics = MetricsEntry()
}

package enum DatabaseAddress: Sendable, Hashable {
    /// A file's path, relative to the configuration's folder when it was not absolute.
    case sqlite(path: String)
}

package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) { (self.host, self.port) = (host, port) }

    /// Whether only this machine can reach it.
    package var isLoopback: Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return host == "localhost" || host == "::1"
            || parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    package static let standard = ListenAddress(host: "127.0.0.1", port: 8420)
}

/// One store, or every store that fits a pattern and is not listed by id.
package struct StoreEntry: Sendable {
    package enum Subject: Sendable, Hashable {
        case id(String)
        /// `*` and `?` over the whole id.
        case match(String)
    }

    package var subject: Subject
    package var name: String?
    /// Empty in an entry that only adds parameters, confirmations and accepted breaches to another one of its store.
    package var pack: String
    package var timezone: String?
    package var currency: String?
    package var market: String?
    /// Where it stands, for messages about it.
    package var marketPlace: Range<Int>?
    package var labels: [String: String] = [:]
    /// Values of the pack's parameters that hold for this store, as written; they count as confirmed.
    package var parameters: [String: Passage] = [:]
    /// Where each of their names stands, for messages about it.
    package var parameterPlaces: [String: Range<Int>] = [:]
    package var confirmation: Confirmation = .none
    /// Of what nobody is told: everything, or some rules.
    package var observed: Confirmation = .none
    /// Breaches that somebody answers for, by rule.
    package var accepted: [String: Acceptance] = [:]
    package var acceptedPlaces: [String: Range<Int>] = [:]
    /// Which source brings a kind, where the default order should not decide.
    package var sources: [FactKind: String] = [:]
    /// Where the names of the pack and of the sources stand, for messages about them.
    package var packPlace: Range<Int> = 0..<0
    package var sourcePlaces: [FactKind: Range<Int>] = [:]
    /// More quarantined facts than this make the store unknown.
    package var quarantineLimit = StoreEntry.defaultQuarantineLimit
    package static let defaultQuarantineLimit = 10
    /// Standings and alerts follow marks, and not the platform's figures.
    package var countsMarks = false
    /// When nobody wants to hear of it.
    package var windows: [StoreWindow] = []
    /// How the store's platform is reached, as written; see `access`.
    var accessItem: ConfigFile.AccessItem?
    /// How the store's platform is reached; nil: its facts come by feeds and files.
    package var access: PlatformAccess?
    /// Where the entry stands, for messages about it.
    package var place: Range<Int> = 0..<0
    package var source: SourceText

    package enum Confirmation: Sendable, Hashable {
        case none, all
        case rules(Set<String>)
    }
}

/// How one store's platform is reached.
package struct PlatformAccess: Sendable {
    /// In place of the platform's address.
    package var endpoint: String?
    /// By the names that the platform gives them.
    package var credentials: [String: Secret]
    package var every: TimeSpan
    package var staleAfter: TimeSpan
    /// How far back the first pull looks; nil: as far as the pack does.
    package var since: TimeSpan?
    /// Readings of the pack that are asked for less often than the pack says, by the stream's name.
    package var streams: [String: TimeSpan] = [:]
    /// The account whose credentials it shares.
    package var account: String?
    /// What the platform lets its account's application ask in all, where its documents state no limit.
    package var callsPerSecond: Int?
    /// Its plan fits in no limit: it is not pulled.
    package var isHeldBack = false
    /// The day on which a credential ends, as its owner was told, by the credential's name.
    package var expires: [String: Expiring] = [:]

    package struct Expiring: Sendable, Hashable {
        package var day: LocalDay
        /// It stands at the account.
        package var isAccounts: Bool
    }
}

/// The open way in for an ERP: `GET url?updated_after=T&cursor=C`.
package struct FeedEntry: Sendable {
    package var id: String
    package var url: String
    package var headers: [(name: String, value: Secret)]
    package var every: TimeSpan
    package var staleAfter: TimeSpan
    package var overlap: TimeSpan
    /// What it declares to bring; nil: all kinds.
    package var kinds: [FactKind]?
}

/// Where it is told, and how often.
package struct HeartbeatEntry: Sendable, Hashable {
    package var url: Secret
    package var every: TimeSpan
}

/// A pack, or a rule as `pack/rule`, that is only observed: all of it runs and is kept, and nobody is told.
package struct ObservedEntry: Sendable {
    package var name: String
    package var place: Range<Int>
    package var source: SourceText

    var pack: String { name.split(separator: "/", maxSplits: 1).first.map(String.init) ?? "" }
    /// nil: all of the pack.
    var rule: String? {
        let parts = name.split(separator: "/", maxSplits: 1)
        return parts.count == 2 ? String(parts[1]) : nil
    }
}

/// Somebody who wants to hear: a kind of receiver and its address.
package struct ReceiverEntry: Sendable {
    package var id: String
    package var writing: ReceiverWriting
    package var route: Route
    package var address: ReceiverAddress
    /// For signing, or to be let in; nil sends without.
    package var secret: Secret?
    /// How long what goes on at Alertmanager goes on there by itself.
    package var hold = Receiver.standardHold
    /// Who is told when it takes nothing.
    package var fallback: String?
    /// What becomes of all that waited while it took nothing.
    package var afterOutage = AfterOutage.each
    package enum AfterOutage: String, Sendable, CaseIterable {
        /// Each goes by itself, in order.
        case each
        /// One message says what happened meanwhile, and where it stands.
        case digest
    }
    package static let afterOutages = AfterOutage.allCases.map(\.rawValue)
    /// What it has not taken within this is given up.
    package var expires = ReceiverEntry.standardExpiry
    package static let standardExpiry = TimeSpan.hours(72)

    /// The keys of its kinds, and the words for what it is shown, for the schema.
    package static let kinds = ReceiverKind.allCases.map(\.rawValue)
    package static let languages = MessageLanguage.allCases.map(\.rawValue)
    package static let evidences = EvidenceShown.allCases.map(\.rawValue)
    package static let formats = WebhookFormat.allCases.map(\.rawValue)

    /// Keys that not every kind has.
    static let keys = [
        "chat", "language", "evidence", "template", "format", "from", "to", "user", "hold", "after_outage",
    ]

    static func has(_ key: String, _ kind: ReceiverKind) -> Bool {
        switch key {
        case "chat": kind.needsChat
        case "evidence": true
        case "after_outage": kind.isForPeople && kind.bundles
        case "language", "template": kind.isForPeople
        case "format": kind == .webhook
        case "hold": kind == .alertmanager
        default: kind == .email
        }
    }

    func receiver() throws(Receiver.Fault) -> Receiver {
        var receiver = try Receiver(id: id, kind: writing.kind, address: address, secret: secret)
        (receiver.hold, receiver.language) = (hold, writing.message.language)
        return receiver
    }
}
