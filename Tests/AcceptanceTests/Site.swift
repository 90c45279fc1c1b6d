import Foundation
import TestSupport
import Testing

/// A folder with a pack, a configuration and a ledger, small enough to be judged by hand: three refunds in thirty days
/// are one too many.
final class Site: Sendable {
    let folder: Workplace

    /// - Parameter pack: kept as `shop.yaml`.
    init(pack: String = Site.pack()) throws {
        folder = try Workplace()
        try folder.write("shop.yaml", pack)
    }

    var config: String { folder.file("goodstanding.yaml") }
    var ledger: String { folder.file("ledger.db") }

    static let anyStore = "[{match: \"*\", pack: shop}]"

    /// The limit stands on line 5, the rules begin on line 8.
    static func pack(limit: Int = 3, rules: [String] = ["refunds: {require: refunds < refund_limit}"]) -> String {
        """
        pack: shop
        timezone: UTC
        currency: EUR
        parameters:
          refund_limit: {type: number, values: [{value: \(limit)}]}
        metrics:
          refunds: count(refund by refunded_at over 30d)
        rules:
        """ + rules.map { "\n  \($0)" }.joined() + "\n"
    }

    /// Writes the configuration. Feeds and receivers are entries of flow lists, or blocks of their own.
    func configure(
        stores: String = Site.anyStore, feeds: [String] = [], receivers: [String] = [], listen: String = "127.0.0.1:0"
    ) throws {
        func list(_ name: String, _ entries: [String]) -> String {
            entries.isEmpty ? "\(name): []" : "\(name):" + entries.map { "\n  - \($0)" }.joined()
        }
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            packs: [shop.yaml]
            listen: \(listen)
            stores: \(stores)
            \(list("feeds", feeds))
            \(list("receivers", receivers))

            """)
    }

    /// Refunds of the day before yesterday, which count in every window of whole days that ends yesterday.
    static func refunds(_ count: Int, at store: String, more: String = "") -> [String] {
        (1...count).map { refund("r\($0)", at: store, more: more) }
    }

    static func refund(_ id: String, at store: String, more: String = "") -> String {
        let moment = Date(timeIntervalSinceNow: -2 * 86_400).formatted(.iso8601)
        return #"{"kind":"refund","store":"\#(store)","id":"\#(id)","refunded_at":"\#(moment)"\#(more)}"#
    }

    /// Imports facts beside whatever runs.
    func take(_ lines: [String], environment: [String: String] = [:]) async throws {
        let text = Data((lines.joined(separator: "\n") + "\n").utf8)
        let imported = try await Program.run("import", "--config", config, "-", input: text, environment: environment)
        try #require(imported.status == 0, "\(imported.error)")
    }

    /// The standing of every watched store, as `check` prints it.
    func standings(environment: [String: String] = [:]) async throws -> [String: String] {
        let checked = try await Program.run(
            "check", "--config", config, "--format", "json", environment: environment)
        let report = try JSONSerialization.jsonObject(with: Data(checked.output.utf8)) as? [String: Any]
        let stores = try #require(report?["stores"] as? [[String: Any]], "\(checked.error)")
        return Dictionary(
            uniqueKeysWithValues: stores.map { ($0["store"] as? String ?? "", $0["standing"] as? String ?? "") })
    }

    /// The rows of an answer of the ledger's own tables, asked as a person asks: with the sqlite3 program.
    ///
    /// It blocks its thread for some milliseconds; `Tool` keeps three files open for every run that does not.
    func ask(_ sql: String) throws -> [String] {
        let shell = try #require(Tool("sqlite3"), "the package sqlite3 is not installed")
        let answer = try shell.run(["-readonly", "-cmd", ".timeout 10000", ledger, sql])
        return String(decoding: answer, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Writes into the ledger what the program never would.
    func damage(_ sql: String) throws {
        _ = try #require(Tool("sqlite3")).run(["-cmd", ".timeout 10000", ledger, sql])
    }

    /// Whether the answer came to be this one; asked less often than a file is read, as every question is a process.
    func comes(to answer: [String], _ sql: String, within seconds: Int = 30) async throws -> Bool {
        try await Wait.until(seconds, every: 100) { try ask(sql) == answer }
    }
}

/// A feed without facts: its pulls, one a second, have the daemon judge again and again.
enum Metronome {
    static func ticking(_ body: @escaping @Sendable (String) async throws -> Void) async throws {
        try await FeedServer(lines: [], pageSize: 1).serving { address in
            try await body("{id: tick, url: \"\(address)/facts\", every: 1s}")
        }
    }
}
