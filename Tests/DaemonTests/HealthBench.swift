import Alerts
import Facts
import Foundation
import Ledgers
import Notify
import Rules
import TestSupport
import Testing

@testable import Daemon

/// Stores of one platform, a ledger, and the daemon's looks at their data, one at a time. They are pulled every 15
/// minutes, and stale after 45.
final class HealthBench {
    private(set) var assembly: Assembly
    let start = Timestamp(seconds: 1_780_315_200)
    private let folder: Folder
    private var stores = ResidentStores()
    private var health = HealthPass()
    private var isFirst = true

    static func pack(_ name: String = "shop") -> String {
        """
        pack: \(name)
        timezone: UTC
        metrics: {refunds: count(refund by refunded_at over 30d)}
        rules: {refunds: {require: refunds < 3}}
        source:
          credentials: [app, key]
          address: https://shop.example
          authorization: {header: Authorization, value: "{key}"}
          streams:
            refunds: {get: /o, query: {since: "{from}"}, items: list, facts: [{kind: refund, id: id}]}
        """
    }

    static func platform(_ id: String, more: String = "") -> String {
        "{id: \(id), pack: shop, credentials: {app: a, key: k}\(more)}"
    }

    /// - Parameters:
    ///   - stores: their entries.
    ///   - more: further lines of the configuration.
    ///   - receivers: in place of a webhook that hears of everything and a person.
    init(_ entries: [String], more: String = "", receivers: [String] = HealthBench.receivers) async throws {
        folder = try Folder()
        self.receivers = receivers
        try folder.write(Self.pack(), to: "shop.yaml")
        try folder.write(Self.text(entries, more, receivers), to: "goodstanding.yaml")
        assembly = try Assembly.open(config: folder.path + "/goodstanding.yaml", log: "critical", access: .serve)
        assembly.clock = ManualClock(start)
        _ = try await assembly.adopt { _ in }
    }

    static let receivers = [
        #"{id: ops, webhook: "http://127.0.0.1:1/hook"}"#, #"{id: duty, ntfy: "http://127.0.0.1:1/topic"}"#,
    ]
    private let receivers: [String]

    private static func text(_ entries: [String], _ more: String, _ receivers: [String]) -> String {
        """
        database: sqlite:ledger.db
        packs: [shop.yaml]
        receivers:
        \(receivers.map { "  - \($0)" }.joined(separator: "\n"))
        stores:
        \(entries.map { "  - \($0)" }.joined(separator: "\n"))
        \(more)
        """
    }

    var ledger: String { folder.path + "/ledger.db" }
    var config: String { folder.path + "/goodstanding.yaml" }

    /// Writes a configuration that nobody takes in yet, with a pack of its own. Gives its path.
    @discardableResult
    func write(_ entries: [String], as name: String = "goodstanding.yaml", pack: String? = nil) throws -> String {
        var text = Self.text(entries, "", receivers)
        if let pack {
            try folder.write(pack, to: "other/shop.yaml")
            text = text.replacing("packs: [shop.yaml]", with: "packs: [other/shop.yaml]")
        }
        try folder.write(text, to: name)
        return folder.path + "/" + name
    }

    /// Another configuration, as after a restart.
    func reconfigure(_ entries: [String], more: String = "", pack: String = HealthBench.pack()) async throws {
        try folder.write(pack, to: "shop.yaml")
        try folder.write(Self.text(entries, more, receivers), to: "goodstanding.yaml")
        let (fleet, _) = try Assembly.fleet(config: folder.path + "/goodstanding.yaml")
        assembly = Assembly(
            config: fleet.config, fleet: fleet, ledger: assembly.ledger, clock: assembly.clock, logger: assembly.logger)
        _ = try await assembly.adopt { _ in }
        try await assembly.takeOverRenamed()
        restart()
    }

    /// Forgets all that is held in memory.
    func restart() { (stores, health, isFirst) = (ResidentStores(), HealthPass(), true) }

    // MARK: What happens

    /// A whole pull of a store's platform, or of a feed, a number of minutes after the start.
    func pulled(_ store: String?, at minute: Int64, feed: String? = nil, _ facts: [Fact] = []) async throws {
        let at = start + .minutes(minute)
        _ = try await assembly.ledger.commit(
            FactBatch(
                source: feed.map { .feed($0) } ?? .platform, facts: facts,
                cursor: PullCursor(store: store, state: "pull=1"),
                finish: PullFinish(stores: store.map { .these([$0]) } ?? .all, kinds: .all, until: at),
                part: .last(of: .pull), readAt: at),
            under: assembly.fleet.planBook(at: at))
    }

    /// A file of one store, at the start.
    func imported(_ facts: [Fact], of store: String, until: Timestamp? = nil) async throws {
        _ = try await assembly.ledger.commit(
            FactBatch(
                source: .file, facts: facts,
                finish: PullFinish(
                    stores: .these([store]), kinds: .all, until: until ?? start),
                part: .last(of: .pull), readAt: start),
            under: assembly.fleet.planBook(at: start))
    }

    /// A page in the middle of a pull.
    func began(_ store: String, at minute: Int64, _ facts: [Fact]) async throws {
        let at = start + .minutes(minute)
        _ = try await assembly.ledger.commit(
            FactBatch(
                source: .platform, facts: facts, cursor: PullCursor(store: store, state: "pull=1"),
                part: .more(of: .pull), readAt: at),
            under: assembly.fleet.planBook(at: at))
    }

    func failed(
        _ store: String?, at minute: Int64, _ trouble: PullTrouble, feed: String? = nil, _ words: String = "it failed"
    ) async throws {
        try await assembly.ledger.noteFailure(
            of: feed.map { .feed($0) } ?? .platform, store: store, state: "pull=1", at: start + .minutes(minute),
            because: words, trouble: trouble)
    }

    /// Facts of one store that count from two days ago on.
    func refunds(_ ids: ClosedRange<Int>, at store: String) throws -> [Fact] {
        let member = try #require(Schema[.refund].member("refunded_at"))
        return ids.map {
            var fact = Fact(.refund, store: store, id: "r\($0)")
            fact.numbers[member.slot] = (start - .hours(48)).microseconds
            return fact
        }
    }

    /// Looks once, a number of minutes after the start.
    @discardableResult
    func look(
        at minute: Int64, endsRemoved: Bool = true, kept: Set<AlertKey> = [], shown: Shown? = nil,
        skew: ClockSkew.Reading? = nil
    ) async throws -> HealthPass.Outcome? {
        let clock = start + .minutes(minute)
        (assembly.clock as? ManualClock).map { $0.advance(by: clock - $0.now) }
        let expiries = ExpiryBook(
            try assembly.fleet.expiries(assembly.fleet.tokenFile.read()), shown: shown?.expiries ?? [],
            hosts: shown?.hosts ?? [], caFile: nil, asksOthers: false)
        _ = try await stores.refresh(by: Arrivals(), assembly, clock: clock) {}
        _ = try await EvaluatePass(
            assembly: assembly, clock: clock, endsRemoved: endsRemoved, kept: kept, beat: {}
        ).run(over: &stores, isFirst: isFirst)
        isFirst = false
        let outcome = try await health.run(
            over: stores, expiries, skew: skew, assembly, clock: clock, endsRemoved: endsRemoved)
        for receiver in assembly.config.receivers {
            _ = try await Gathering(assembly: assembly, isJudging: false).run(receiver)
        }
        return outcome
    }

    /// What servers showed, and which were asked.
    struct Shown {
        var hosts: Set<String>
        var expiries: [Expiry] = []
    }

    /// Looks every five minutes, both ends among them.
    func look(from first: Int64, to last: Int64) async throws {
        for minute in stride(from: first, through: last, by: 5) { try await look(at: minute) }
    }

    // MARK: What became of it

    /// What the webhook is owed, in order: `30 a/health:platform firing auth`; after the minute of the event.
    func told() async throws -> [String] {
        try await assembly.ledger.outbox(nil, limit: 1000).reversed().filter { $0.notice.receiver == "ops" }.map {
            let body = try JSONSerialization.jsonObject(with: Data($0.notice.body)) as? [String: Any]
            let alert = try #require(((body?["data"] as? [String: Any])?["alerts"] as? [[String: Any]])?.first)
            // Of the event, not of the message.
            let made = try #require((body?["timestamp"] as? String).flatMap { Timestamp($0) })
            let minute = (made - start).microseconds / 60_000_000
            let cause = (alert["health"] as? [String: Any])?["cause"] as? String ?? alert["reason"] as? String ?? ""
            return "\(minute) \($0.notice.key.store)/\($0.notice.key.rule) \(alert["event"] ?? "") \(cause)"
        }
    }

    /// The notices that the webhook is owed, in order, each with its alerts: `a/refunds raised limit_changed`.
    func notices() async throws -> [[String]] {
        try await assembly.ledger.outbox(nil, limit: 1000).reversed().filter { $0.notice.receiver == "ops" }.map {
            let body = try JSONSerialization.jsonObject(with: Data($0.notice.body)) as? [String: Any]
            let alerts = try #require((body?["data"] as? [String: Any])?["alerts"] as? [[String: Any]])
            return alerts.map {
                "\($0["store"] ?? "")/\($0["rule"] ?? "") \($0["event"] ?? "") \($0["reason"] ?? "")"
            }
        }
    }

    /// What people read last.
    func message() async throws -> String {
        let entry = try #require(
            try await assembly.ledger.outbox(nil, limit: 1000).first { $0.notice.receiver == "duty" })
        let body = try JSONSerialization.jsonObject(with: Data(entry.notice.body)) as? [String: Any]
        return "\(body?["title"] ?? "")\n\(body?["message"] ?? "")"
    }

    /// Those that are open: `a/health:platform firing`.
    func open() async throws -> [String] {
        try await assembly.ledger.openAlerts().map { "\($0.key.store)/\($0.key.rule) \($0.state.rawValue)" }.sorted()
    }

    /// As the command lists them, with whether nobody is told: `a/refunds true`.
    func listed() async throws -> [String] {
        try await AlertsTask(.file(folder.path + "/goodstanding.yaml", log: "critical")).list(nil)
            .map { "\($0.alert.key.store)/\($0.alert.key.rule) \($0.isObserved)" }
    }

    /// What would have been sent, the newest first.
    func observed() async throws -> [String] {
        try await AlertsTask(.file(folder.path + "/goodstanding.yaml", log: "critical")).observed("a*")
            .map { "\($0.event.key.store)/\($0.event.key.rule) \($0.event.kind.rawValue)" }
    }

    /// Of all events, oldest first: `a/health:platform firing outage`.
    func journal() async throws -> [String] {
        try await assembly.ledger.events(.all, limit: 1000).sorted { ($0.at, $0.key) < ($1.at, $1.key) }.map {
            "\($0.key.store)/\($0.key.rule) \($0.kind.rawValue)\($0.withheld.map { " \($0.rawValue)" } ?? "")"
        }
    }
}
