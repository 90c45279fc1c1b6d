import Alerts
import Facts
import Language
import Notify

/// The configuration file as it is written: nothing filled in, nothing opened, secrets still references.
struct ConfigFile {
    var database: Placed<String>?
    var packs: [Placed<String>] = []
    var listen: Placed<String>?
    var publicURL: Placed<String>?
    var caFile: Placed<String>?
    var accounts: [AccountItem] = []
    var stores: [StoreItem] = []
    var feeds: [FeedItem] = []
    var receivers: [ReceiverItem] = []
    var inhibitions: [Inhibition] = []
    /// Packs, and rules as `pack/rule`, of which nobody is told.
    var observed: [Placed<String>] = []
    var heartbeat: HeartbeatItem?
    var access: AccessTerms?
    var metrics: MetricsEntry?

    struct HeartbeatItem {
        var url: Placed<SecretReference>
        var every: TimeSpan?
    }

    enum StoreItem {
        case entry(StoreEntry)
        /// A file of entries, or a folder of such files.
        case path(Placed<String>)
    }

    struct FeedItem {
        var id: Placed<String>
        var url: Placed<String>
        var headers: [(name: Placed<String>, value: Placed<SecretReference>)] = []
        var every: TimeSpan?
        var staleAfter: TimeSpan?
        var overlap: TimeSpan?
        var kinds: [FactKind]?
    }

    /// An application's key, given once for all its stores.
    struct AccountItem {
        var id: Placed<String>
        var pack: Placed<String>
        var credentials: [(name: Placed<String>, value: Placed<SecretReference>)] = []
        var expires: [(name: Placed<String>, day: LocalDay)] = []
        var callsPerSecond: Int?
    }

    struct AccessItem: Sendable {
        var account: Placed<String>?
        var endpoint: Placed<String>?
        var credentials: [(name: Placed<String>, value: Placed<SecretReference>)] = []
        var every: TimeSpan?
        var staleAfter: TimeSpan?
        var since: TimeSpan?
        var streams: [(name: Placed<String>, every: TimeSpan)] = []
        var expires: [(name: Placed<String>, day: LocalDay)] = []
    }

    struct ReceiverItem {
        var id: Placed<String>
        var writing: ReceiverWriting
        var route: Route
        /// Where it listens; of a command nothing. Only a cluster has several.
        var urls: [Placed<SecretReference>] = []
        var secret: Placed<SecretReference>?
        var chat: String?
        var from: Placed<String>?
        var to: [Placed<String>] = []
        var user: String?
        /// A program and its arguments.
        var command: [Placed<String>] = []
        var hold: TimeSpan?
        var afterOutage = ReceiverEntry.AfterOutage.each
        /// A file.
        var template: Placed<String>?
        var fallback: Placed<String>?
        var expires: TimeSpan?
    }
}

/// Something written, and where, for messages about it.
struct Placed<Value> {
    var value: Value
    var place: Range<Int>
    var source: SourceText
}

extension Placed: Sendable where Value: Sendable {}
