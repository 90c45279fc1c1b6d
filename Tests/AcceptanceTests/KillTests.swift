import Facts
import Foundation
import Glibc
import Simulation
import TestSupport
import Testing

@Suite("A kill loses nothing and doubles nothing", .serialized)
struct KillTests {
    /// The daemon judges by the real clock, so that is when the marketplace lives.
    private static let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970))
    private static let today = LocalDay(number: Int32((now.microseconds / 1_000_000 + 8 * 3600) / 86_400))

    private func marketplace(pageSize: Int) -> MadeUpMarketplace {
        let stories: [MadeUpStore.Story] = [.healthy, .sliding, .late, .tiny]
        let stores = (0..<12).map { number in
            MadeUpStore(
                id: "shop-\(number)", story: stories[number % 4], ordersPerDay: 6, turn: Self.today.advanced(by: -15))
        }
        return MadeUpMarketplace(
            seed: 5, stores: stores, days: Self.today.advanced(by: -40)..<Self.today, now: Self.now, pageSize: pageSize)
    }

    private func configuration(_ folder: Workplace, _ name: String, feed: String? = nil, hook: String? = nil, port: Int = 0) throws -> String {
        try folder.write(
            "\(name).yaml",
            """
            database: sqlite:\(name).db
            packs: [\(Dataset.pack("kill"))]
            listen: 127.0.0.1:\(port)
            stores: [{match: "*", pack: kill}]
            feeds: [\(feed.map { "{id: erp, url: \"\($0)\", every: 1s, stale_after: 1d}" } ?? "")]
            receivers: [\(hook.map { "{id: ops, webhook: \"\($0)\"}" } ?? "")]
            """)
        return folder.file("\(name).yaml")
    }

    /// What the ledger says: every fact, and every figure at one moment.
    private func content(_ config: String) async throws -> [String] {
        let facts = try await Program.run("export", "--config", config)
        let figures = try await Program.run("metrics", "--config", config, "--at", Self.now.description, "--format", "csv")
        let verified = try await Program.run("verify", "--config", config)
        #expect(facts.status == 0 && figures.status == 0 && verified.status == 0, "\(facts.error)\(figures.error)\(verified.output)")
        return [facts.output, figures.output]
    }

    @Test("an import killed at random moments and repeated equals one that was left alone")
    func imports() async throws {
        let folder = try Workplace()
        let lines = await marketplace(pageSize: 500).history
        try #require(lines.count > 3000)
        try folder.write("facts.jsonl", lines.joined(separator: "\n") + "\n")
        let whole = try configuration(folder, "whole")
        try #require(try await Program.run("import", "--config", whole, folder.file("facts.jsonl")).status == 0)

        let killed = try configuration(folder, "killed")
        var random = SeededGenerator(seed: 41)
        for _ in 0..<20 {
            let running = try Program.Running(["import", "--config", killed, folder.file("facts.jsonl")])
            await Pause.milliseconds(Int.random(in: 20...1500, using: &random))
            running.send(SIGKILL)
            _ = await running.finish()
        }
        let last = try await Program.run("import", "--config", killed, folder.file("facts.jsonl"))
        try #require(last.status == 0, "\(last.error)")
        #expect(try await content(killed) == content(whole))
    }

    @Test("a daemon killed 30 times while it pulls, judges and delivers ends where an undisturbed pull does, every alert delivered")
    func daemon() async throws {
        let folder = try Workplace()
        let marketplace = marketplace(pageSize: 40)
        let listener = Listener()
        try await marketplace.serving { feed in
            let whole = try configuration(folder, "whole", feed: feed)
            let pulled = try await Program.run("pull", "--config", whole)
            try #require(pulled.status == 0, "\(pulled.error)")
            try await listener.serving { hook in
                let killed = try configuration(folder, "killed", feed: feed, hook: hook, port: try RawServer.freePort())
                // Some deliveries fail as well.
                await listener.plan((0..<40).map { $0 % 3 == 0 ? .status(500) : nil })
                var random = SeededGenerator(seed: 7)
                for _ in 0..<30 {
                    let running = try Program.Running(["run", "--config", killed])
                    await Pause.milliseconds(Int.random(in: 50...1200, using: &random))
                    running.send(SIGKILL)
                    _ = await running.finish()
                }
                let running = try Program.Running(["run", "--config", killed])
                // Quiet for three seconds after everything was pulled: nothing is owed any more.
                var (count, quiet) = (-1, 0)
                for _ in 0..<240 where quiet < 12 {
                    await Pause.milliseconds(250)
                    let deliveries = await listener.deliveries.count
                    quiet = deliveries == count && deliveries > 0 ? quiet + 1 : 0
                    count = deliveries
                }
                running.send(SIGTERM)
                let ended = await running.finish()
                #expect(ended.status == 0, "\(ended.error)")
                #expect(try await content(killed) == content(whole))
            }
        }
        try await check(listener.deliveries)
    }

    /// Every firing arrived, in order, and whatever came again came under the same id with the same body.
    private func check(_ deliveries: [Listener.Delivery]) throws {
        var bodies: [String: [UInt8]] = [:]
        var taken: Set<String> = []
        for delivery in deliveries {
            let id = try #require(delivery.headers["webhook-id"])
            if let known = bodies[id] { #expect(known == delivery.body, "the same notice says the same") }
            bodies[id] = delivery.body
            if delivery.wasTaken { taken.insert(id) }
        }
        #expect(taken == Set(bodies.keys), "what failed was sent again until it was taken")
        #expect(bodies.count >= 3, "stores that slide have alerts")
        var episodes: Set<String> = []
        for body in bodies.values {
            let message = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
            let alerts = try #require((message["data"] as? [String: Any])?["alerts"] as? [[String: Any]])
            for alert in alerts where alert["event"] as? String == "firing" {
                #expect(episodes.insert(alert["episode"] as? String ?? "").inserted, "an episode fires once")
            }
        }
    }
}
