import Facts
import Foundation
import Glibc
import Simulation
import Synchronization
import TestSupport
import Testing

@Suite("A ledger has one daemon, and others may work beside it", .serialized, .timeLimit(.minutes(3)))
struct OneLedgerTests {
    @Test("a second run, and a pull, are refused with the holder's pid, and neither harms it")
    func refused() async throws {
        let site = try Site()
        try await Metronome.ticking { tick in
            try site.configure(feeds: [tick])
            try await RunningDaemon.running(site.config) { daemon in
                for command in ["run", "pull"] {
                    let second = try await RunningDaemon.refused(command, site.config)
                    #expect(second.status == 1, "\(command): \(second.error)")
                    #expect(second.error.contains("\(daemon.pid)"), "\(command) names the holder: \(second.error)")
                    #expect(second.output.isEmpty)
                }
                // By another way to the same file, too.
                let link = try Site()
                try FileManager.default.createSymbolicLink(atPath: link.ledger, withDestinationPath: site.ledger)
                try link.configure()
                let linked = try await RunningDaemon.refused("run", link.config)
                #expect(linked.status == 1 && linked.error.contains("\(daemon.pid)"), "\(linked.error)")
                #expect(daemon.page("/healthz")?.status == 200)
            }
            // The holder was killed: nothing is left behind that keeps the next one out.
            let pulled = try await Program.run("pull", "--config", site.config)
            #expect(pulled.status == 0, "\(pulled.error)")
            try await RunningDaemon.running(site.config) { daemon in #expect(daemon.page("/healthz")?.status == 200) }
        }
    }

    @Test("a run beside a pull that is under way is refused as well")
    func refusedByPull() async throws {
        let site = try Site()
        let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970))
        let marketplace = MadeUpMarketplace(
            seed: 1, stores: [], days: LocalDay(number: 0)..<LocalDay(number: 0), now: now)
        await marketplace.plan([.stall])
        try await marketplace.serving { feed in
            try site.configure(feeds: ["{id: erp, url: \"\(feed)\"}"])
            let pull = try Program.Running(["pull", "--config", site.config])
            let isUnderWay = await Wait.until { await marketplace.requests.count == 1 }
            let second = try await RunningDaemon.refused("run", site.config)
            pull.send(SIGKILL)
            _ = await pull.finish()
            try #require(isUnderWay)
            #expect(second.status == 1 && second.error.contains("\(pull.pid)"), "\(second.error)")
        }
    }

    /// What `import` writes is seen by the daemon at its slow tick at the latest: that is what the test waits for. The
    /// feed meanwhile stands in the middle of its second pull, whose first page alone is one refund too many.
    @Test("imported facts are judged and told while half a pull is not; check and export work beside")
    func besides() async throws {
        let site = try Site()
        let feed = HalvedFeed(opening: [Site.refunds(1, at: "pulled")])
        let listener = Listener()
        try await listener.serving { hook in
            try await RawServer.running({ feed.answer($0) }) { server in
                try site.configure(
                    feeds: ["{id: erp, url: \"http://127.0.0.1:\(server.port)/facts\", every: 1s, stale_after: 1h}"],
                    receivers: ["{id: ops, webhook: \"\(hook)\"}"])
                try await RunningDaemon.running(site.config) { daemon in
                    // The second page of the second pull is asked for, so its first page is committed.
                    try #require(await Wait.until { feed.isHeld }, "\(daemon.log)")
                    try #require(try await site.comes(to: ["3"], "SELECT count(*) FROM refunds"), "\(daemon.log)")

                    try await site.take(Site.refunds(3, at: "imported"))
                    #expect(try await site.standings()["imported"] == "breach", "check sees what was imported at once")
                    let exported = try await Program.run("export", "--config", site.config, "--store", "imported")
                    let told = exported.output.split(separator: "\n").filter { $0.contains(#""kind":"refund""#) }
                    #expect(exported.status == 0 && told.count == 3, "\(exported.error)")

                    try #require(await Wait.until(75) { await listener.deliveries.count >= 1 }, "\(daemon.log)")
                    let first = try await HeardAlert.read(listener.deliveries[0].body)
                    #expect(first.store == "imported" && first.event == "firing", "\(first)")
                    #expect(feed.isHeld, "the pull was under way all the time")

                    feed.letGo()
                    try #require(
                        try await site.comes(to: ["2"], "SELECT count(*) FROM refunds WHERE deleted = 1", within: 60),
                        "\(daemon.log)")
                    await Pause.milliseconds(2500)
                    let all = try await listener.deliveries.map { try HeardAlert.read($0.body) }
                    #expect(all.map(\.store) == ["imported"], "the whole pull leaves one refund, which is in order")
                }
                #expect(try await site.standings() == ["imported": "breach", "pulled": "ok"])
                let verified = try await Program.run("verify", "--config", site.config)
                #expect(verified.status == 0, "\(verified.output)")
            }
        }
    }
}
