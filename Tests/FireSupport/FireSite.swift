import Foundation
import TestSupport

/// Where the daemon under fire lives: its folder, its ledger on a small disk, its configuration.
struct FireSite: Sendable {
    let folder: Workplace
    /// nil where mounting is not allowed: then it never fills.
    let disk: SmallDisk?

    init(diskMebibytes: Int) throws {
        folder = try Workplace()
        disk = try SmallDisk(mebibytes: diskMebibytes)
        let rules = (0..<Fire.rules).map { "  r\($0): {require: refunds < refund_limit}\n" }.joined()
        try folder.write(
            "shop.yaml",
            """
            pack: shop
            timezone: UTC
            currency: EUR
            parameters:
              refund_limit: {type: number, values: [{value: 3}]}
            metrics:
              refunds: count(refund by refunded_at over 30d)
            rules:
            \(rules)
            """)
    }

    private var config: String { folder.file("goodstanding.yaml") }
    private var ledger: String { (disk?.path ?? folder.path) + "/ledger.db" }

    func configure(hook: String, _ posts: [(post: Post, address: String)], _ desk: Desk) throws {
        let teams = posts.map(\.post.id) + [Desk.id]
        let stores = teams.map { "  - {match: \"\($0)-*\", pack: shop, labels: {team: \($0)}}\n" }
        let receivers = posts.map { "  - \($0.post.entry($0.address))\n" } + ["  - \(desk.entry)\n"]
        try folder.write(
            "goodstanding.yaml",
            """
            database: "sqlite:\(ledger)"
            packs: [shop.yaml]
            listen: 127.0.0.1:0
            stores:
              - {match: "plain-*", pack: shop}
            \(stores.joined())
            receivers:
              - {id: ops, webhook: "\(hook)", secret: {env: HOOK_KEY}}
            \(receivers.joined())
            """)
    }

    /// Of the day before yesterday.
    static func refund(_ number: Int, at store: String, isDeleted: Bool = false) -> String {
        let moment = Date(timeIntervalSinceNow: -2 * 86_400).formatted(.iso8601)
        let more = isDeleted ? #","deleted":true"# : ""
        return #"{"kind":"refund","store":"\#(store)","id":"f\#(number)","refunded_at":"\#(moment)"\#(more)}"#
    }

    func start() throws -> Program.Running {
        try Program.Running(["run", "--config", config, "--log-level", "error"], environment: Post.environment)
    }

    /// Imports facts beside whatever runs, again and again while the disk is full.
    func take(_ lines: [String]) async throws {
        let text = Data((lines.joined(separator: "\n") + "\n").utf8)
        var said = ""
        for _ in 0..<120 {
            let imported = try await Program.Running(
                ["import", "--config", config, "-"], input: text, environment: Post.environment
            ).finish()
            if imported.status == 0 { return }
            said = imported.error
            await Pause.milliseconds(500)
        }
        throw FireFailure("nothing can be imported: \(said.suffix(1000))")
    }

    /// The rows of an answer of the ledger's own tables, asked as a person asks: with the sqlite3 program.
    func ask(_ sql: String) async throws -> [String] {
        guard let shell = Tool("sqlite3") else { throw FireFailure("the package sqlite3 is not installed") }
        let answer: [UInt8] = try await shell.run(["-readonly", "-cmd", ".timeout 10000", ledger, sql])
        return String(decoding: answer, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Whether the answer came to be this one. While the disk is full nothing may be asked.
    func comes(to answer: String, _ sql: String, within seconds: Int) async -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end, !Task.isCancelled {
            if (try? await ask(sql)) == [answer] { return true }
            await Pause.milliseconds(400)
        }
        return false
    }
}
