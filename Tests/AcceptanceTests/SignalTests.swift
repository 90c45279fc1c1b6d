import Facts
import Foundation
import Glibc
import Simulation
import TestSupport
import Testing

/// A stop asked for by a service manager or a person. Each promise is 10 s, of which the daemon should need little.
@Suite("The daemon ends when it is told to, and loses nothing by it", .serialized, .timeLimit(.minutes(3)))
struct SignalTests {
    @Test("a signal right after the ready message is not lost", arguments: 1...4)
    func early(_ round: Int) async throws {
        let site = try Site()
        try site.configure()
        // `running` returns from its wait on the ready message, at most 20 ms after it was written.
        try await RunningDaemon.running(site.config) { daemon in
            let ended = await daemon.stop(round == 4 ? SIGINT : SIGTERM)
            #expect(ended.status == 0, "\(ended.error)")
            #expect(ended.output.isEmpty, "a daemon has no results to print")
            #expect(!ended.error.contains(" error "), "an end that was asked for is no error: \(ended.error)")
        }
    }

    /// Between the first instruction and the first pull there is much that a stop may meet half done.
    @Test("a signal at any moment of the start ends it cleanly")
    func starting() async throws {
        let site = try Site()
        try site.configure(
            feeds: ["{id: erp, url: \"http://127.0.0.1:9/facts\"}"],
            receivers: ["{id: ops, webhook: \"http://127.0.0.1:9/hook\"}"])
        try await site.take(Site.refunds(3, at: "a"))
        // How long a start takes here, to its last step and a little more.
        let began = ContinuousClock.now
        try await RunningDaemon.running(site.config) { _ in }
        let start = Int((ContinuousClock.now - began) / .milliseconds(1))
        var random = SeededGenerator(seed: 11)
        var (clean, unclean) = (0, [String]())
        for _ in 0..<40 {
            let milliseconds = Int.random(in: 0...start, using: &random)
            let starting = try RunningDaemon.starting(site.config)
            await Pause.milliseconds(milliseconds)
            let ended = await starting.stop()
            // 143: it had not yet said what a signal means to it, and the system ended it.
            if ended.status == 0 { clean += 1 }
            guard ended.status != 0, ended.status != 128 + SIGTERM else { continue }
            unclean.append("after \(milliseconds) ms: \(ended.status), \(ended.error)")
        }
        #expect(clean > 0, "none of 40 came late enough to be heard")
        #expect(unclean.isEmpty, "\(unclean.count) of 40, such as \(unclean.first ?? "")")
        #expect(try await Program.run("verify", "--config", site.config).status == 0)
    }

    @Test("a delivery that never ends does not hold it up, and comes under the same id after the next start")
    func stalledDelivery() async throws {
        let site = try Site()
        let listener = Listener()
        await listener.plan([.stall])
        try await listener.serving { hook in
            try site.configure(receivers: ["{id: ops, webhook: \"\(hook)\"}"])
            try await site.take(Site.refunds(3, at: "a"))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { await listener.deliveries.count == 1 }, "\(daemon.log)")
                let ended = await daemon.stop()
                #expect(ended.status == 0, "\(ended.error)")
            }
            try await RunningDaemon.running(site.config) { daemon in
                // No more than the two seconds after any first failure.
                try #require(await Wait.until(10) { await listener.deliveries.count == 2 }, "\(daemon.log)")
            }
        }
        let deliveries = await listener.deliveries
        #expect(deliveries[0].id == deliveries[1].id && deliveries[0].body == deliveries[1].body)
        #expect(deliveries[1].wasTaken)
    }

    @Test("a delivery that is being answered is finished and settled, and not sent again")
    func answeredDelivery() async throws {
        let site = try Site()
        let gate = Gate()
        try await Hook.serving({ $0 == 0 ? .held(gate) : .status(204) }) { hook, address in
            try site.configure(receivers: ["{id: ops, webhook: \"\(address)\"}"])
            try await site.take(Site.refunds(3, at: "a"))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { hook.arrivals.count == 1 }, "\(daemon.log)")
                daemon.send(SIGTERM)
                await Pause.milliseconds(500)
                gate.open()
                let ended = await daemon.ending(within: 10)
                #expect(ended.status == 0, "\(ended.error)")
            }
            #expect(try site.ask("SELECT state, attempts FROM notices") == ["taken|1"])
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { daemon.page("/readyz")?.status == 200 }, "\(daemon.log)")
                await Pause.milliseconds(1500)
            }
            #expect(hook.arrivals.count == 1, "what was taken is not sent again")
        }
    }

    @Test("a pull that never ends does not hold it up, and goes on at the last committed page")
    func stalledPull() async throws {
        let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970))
        let today = LocalDay(number: Int32(now.microseconds / 86_400_000_000))
        let marketplace = MadeUpMarketplace(
            seed: 3, stores: [MadeUpStore(id: "a", story: .healthy, ordersPerDay: 40, turn: today)],
            days: today.advanced(by: -20)..<today, now: now, pageSize: 200)
        let pages = (await marketplace.history.count + 199) / 200
        try #require(pages > 3)
        await marketplace.plan([nil, nil, .stall])
        let site = try Site(pack: "pack: shop\ntimezone: Asia/Shanghai\n")
        try await marketplace.serving { feed in
            try site.configure(feeds: ["{id: erp, url: \"\(feed)\", every: 1h}"])
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { await marketplace.requests.count == 3 }, "\(daemon.log)")
                // The second page is committed while the third is asked for.
                try #require(try await Wait.until(every: 100) { try await site.facts() == 400 }, "\(daemon.log)")
                let ended = await daemon.stop()
                #expect(ended.status == 0, "\(ended.error)")
            }
            #expect(try await site.facts() == 400)
            try await RunningDaemon.running(site.config) { daemon in
                let whole = await marketplace.history.count
                try #require(try await Wait.until(every: 100) { try await site.facts() == whole }, "\(daemon.log)")
            }
        }
        let cursors = await marketplace.requests.map { $0.query["cursor"] }
        #expect(cursors.count == pages + 1, "no page but the stalled one was asked for twice")
        #expect(cursors[2] != nil && cursors[3] == cursors[2])
    }
}

extension Site {
    /// How many facts the ledger holds of the kinds that the marketplace tells.
    fileprivate func facts() async throws -> Int {
        let counts = try ask(
            ["orders", "refunds", "ratings", "cases"].map { "SELECT count(*) FROM \($0)" }.joined(
                separator: " UNION ALL "))
        return counts.compactMap { Int($0) }.reduce(0, +)
    }
}
