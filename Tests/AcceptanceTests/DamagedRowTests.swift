import TestSupport
import Testing

@Suite("A row that cannot be read makes its own store unknown, and stops nothing else", .timeLimit(.minutes(2)))
struct DamagedRowTests {
    @Test(
        "day buckets or facts, at the start of the daemon",
        arguments: [
            "UPDATE blocks SET cells = x'FFFFFF' WHERE number >> 32 = (SELECT number FROM stores WHERE id = 'bad')",
            """
            UPDATE stores SET plan = NULL WHERE id = 'bad';
            UPDATE refunds SET status = 99 WHERE store = (SELECT number FROM stores WHERE id = 'bad')
            """,
        ])
    func atTheStart(_ damage: String) async throws {
        let site = try Site()
        try await Metronome.ticking { tick in
            try site.configure(feeds: [tick])
            try await site.take(Site.refunds(1, at: "bad", more: #","status":"open""#))
            try await site.take(Site.refunds(3, at: "good"))
            try site.damage(damage)
            try await RunningDaemon.running(site.config) { daemon in
                try #require(
                    try await site.comes(
                        to: ["good|firing"], "SELECT store, state FROM alerts WHERE rule NOT LIKE 'health:%'"),
                    "\(daemon.log)")
                #expect(await Wait.until { daemon.counts(1, "unknown") }, "\(daemon.log)")
                #expect(daemon.page("/readyz")?.status == 200)
                let pulls = daemon.lines(with: "feed 'tick'").count
                try #require(await Wait.until { daemon.lines(with: "feed 'tick'").count > pulls + 3 })
                #expect(daemon.lines(with: "error", "'bad'").count == 1, "told once: \(daemon.log)")
            }
        }
    }

    @Test("day buckets, while it runs")
    func whileItRuns() async throws {
        let site = try Site()
        try await Metronome.ticking { tick in
            try site.configure(feeds: [tick])
            try await site.take(Site.refunds(1, at: "bad", more: #","status":"open""#))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { daemon.counts(1, "ok") }, "\(daemon.log)")
                try site.damage(
                    "UPDATE blocks SET cells = x'FFFFFF'; UPDATE stores SET revision = revision + 1; UPDATE ledger SET value = value + 1 WHERE name = 'revision'"
                )
                try #require(await Wait.until { daemon.counts(1, "unknown") }, "\(daemon.log)")
                try await site.take(Site.refunds(3, at: "good"))
                #expect(
                    try await site.comes(
                        to: ["good|firing"], "SELECT store, state FROM alerts WHERE rule NOT LIKE 'health:%'"),
                    "\(daemon.log)")
            }
        }
    }
}
