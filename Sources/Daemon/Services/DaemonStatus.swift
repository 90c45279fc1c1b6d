package import Facts
package import Ledgers
package import Rules

/// What the daemon says of itself at one moment: the one value behind the health pages, the metrics and systemd's
/// status.
package struct DaemonStatus: Sendable {
    package var version: String
    package var startedAt: Timestamp
    /// False until every watched store was judged once after the start, and while evaluation fails.
    package var isReady = false
    package var standings: [Standing: Int] = [:]
    /// Alerts by state.
    package var alerts: [String: Int] = [:]
    package var feeds: [Feed] = []
    package var noticesOwed = 0
    /// Of these, put off after a failed attempt.
    package var noticesDelayed = 0
    /// The same by receiver; those to whom nothing is owed are left out.
    package var outbox: [String: OutboxCount] = [:]
    /// The receivers that take nothing, and since when.
    package var receiversDown: [String: Timestamp] = [:]
    /// Consents, secrets and certificates whose end is known.
    package var expiries: [Expiry] = []
    /// What is pulled less than configured, to keep to half of a platform's limit.
    package var slowed: [Slowed] = []
    /// Why a changed configuration is not in force, or not wholly.
    package var refusal: String?
    package var counters = Counters()
    package var lastEvaluationAt: Timestamp?
    package var lastEvaluationSeconds: Double?

    /// Since the start; they only grow.
    package struct Counters: Sendable, Hashable {
        package var facts = 0
        package var pages = 0
        package var pullFailures = 0
        package var evaluations = 0
        package var noticesDelivered = 0
        package var deliveryFailures = 0
        /// Given up, by receiver.
        package var noticesAbandoned: [String: Int] = [:]
        package var reloads = 0
        package var reloadFailures = 0
        package init() {}
    }

    package struct Feed: Sendable, Hashable {
        package var id: String
        package var finishedAt: Timestamp?
        package var consecutiveFailures: Int

        package init(id: String, finishedAt: Timestamp?, consecutiveFailures: Int) {
            (self.id, self.finishedAt, self.consecutiveFailures) = (id, finishedAt, consecutiveFailures)
        }
    }

    package struct Expiry: Sendable, Hashable {
        package var name: String
        package var stores: [String]
        package var account: String?
        /// Of a certificate: the host that shows it, or the file in which it stands.
        package var place: String?
        package var ends: Timestamp

        package init(name: String, stores: [String], account: String?, place: String? = nil, ends: Timestamp) {
            (self.name, self.stores, self.account, self.place, self.ends) = (name, stores, account, place, ends)
        }
    }

    package struct Slowed: Sendable, Hashable {
        /// Of the platform.
        package var pack: String
        /// The account, or the store, whose limit it is.
        package var application: String
        /// That are pulled more seldom, and that are not pulled at all.
        package var (slower, heldBack): (Int, Int)

        package init(pack: String, application: String, slower: Int, heldBack: Int) {
            (self.pack, self.application, self.slower, self.heldBack) = (pack, application, slower, heldBack)
        }
    }

    package init(version: String, startedAt: Timestamp) { (self.version, self.startedAt) = (version, startedAt) }

    /// One line: what `systemctl status` shows.
    package var line: String {
        let order = Standing.worstFirst
        let stores = order.compactMap { standing in
            standings[standing].flatMap { $0 > 0 ? "\($0) \(standing.rawValue)" : nil }
        }
        let total = standings.values.reduce(0, +)
        let (slower, heldBack) = slowed.reduce((0, 0)) { ($0.0 + $1.slower, $0.1 + $1.heldBack) }
        let slowness =
            slowed.isEmpty
            ? "" : "; limits: \(slower) pulled less than configured\(heldBack > 0 ? ", \(heldBack) not pulled" : "")"
        let down = receiversDown.keys.sorted()
        let trouble = down.isEmpty ? "" : "; takes nothing: \(down.joined(separator: ", "))"
        return
            "\(total) store\(total == 1 ? "" : "s"): \(stores.isEmpty ? "none judged yet" : stores.joined(separator: ", ")); \(noticesOwed) notice\(noticesOwed == 1 ? "" : "s") owed\(trouble)\(slowness)\(refusal.map { "; configuration held back: \($0)" } ?? "")"
    }
}
