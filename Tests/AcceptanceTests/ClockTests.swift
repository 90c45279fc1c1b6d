import Foundation
import Glibc
import Simulation
import TestSupport
import Testing

/// `for` and `keep` are lengths of time, not counts of changes: they pass at a store where nothing new happens. The
/// feed that covers the store is pulled every other second, and another has the daemon look in between as well.
@Suite("An alert's clocks run while a store's facts stay as they are", .serialized, .timeLimit(.minutes(2)))
struct ClockTests {
    private func pack(limit: Int) -> String {
        Site.pack(limit: limit, rules: ["refunds: {require: refunds < refund_limit, for: 4s, keep: 4s}"])
    }

    @Test("an alert fires when `for` has passed and resolves when `keep` has, without a new fact")
    func clocks() async throws {
        let site = try Site(pack: pack(limit: 3))
        let listener = Listener()
        try await listener.serving { hook in
            try await Metronome.ticking { tick in
                try await FeedServer(lines: Site.refunds(3, at: "a"), pageSize: 10).serving { feed in
                    try site.configure(
                        feeds: [tick, "{id: erp, url: \"\(feed)/facts\", every: 2s}"],
                        receivers: ["{id: ops, webhook: \"\(hook)\"}"])
                    try await RunningDaemon.running(site.config) { daemon in
                        try #require(try await site.comes(to: ["pending"], "SELECT state FROM alerts"), "\(daemon.log)")
                        try await told("firing", 1, since: .now, listener, daemon)

                        // The limit is raised, so that the same three refunds are in order.
                        try site.folder.write("shop.yaml", pack(limit: 4))
                        daemon.send(SIGHUP)
                        try #require(
                            try await site.comes(to: ["recovering"], "SELECT state FROM alerts"), "\(daemon.log)")
                        try await told("resolved", 2, since: .now, listener, daemon)
                    }
                }
            }
        }
    }

    @Test("an alert of a store without a feed fires when `for` has passed: nothing else happens there")
    func alone() async throws {
        let site = try Site(
            pack: Site.pack(rules: [
                #"scores: {require: latest(value of measure where name == "dsr" by at over 30d) >= 4.7, for: 4s}"#
            ]))
        let listener = Listener()
        try await listener.serving { hook in
            try site.configure(receivers: ["{id: ops, webhook: \"\(hook)\"}"])
            let moment = Date(timeIntervalSinceNow: -86_400).formatted(.iso8601)
            try await site.take([
                #"{"kind":"measure","store":"a","id":"m1","name":"dsr","at":"\#(moment)","value":4.5}"#
            ])
            try await RunningDaemon.running(site.config) { daemon in
                try #require(try await site.comes(to: ["pending"], "SELECT state FROM alerts"), "\(daemon.log)")
                try await told("firing", 1, since: .now, listener, daemon)
            }
        }
    }

    /// The event comes when its time has passed: not at once, and not only with the next change.
    private func told(
        _ event: String, _ count: Int, since start: ContinuousClock.Instant, _ listener: Listener,
        _ daemon: RunningDaemon
    ) async throws {
        #expect(await listener.deliveries.count == count - 1, "\(event) is not told before its time")
        try #require(await Wait.until(25) { await listener.deliveries.count == count }, "\(event): \(daemon.log)")
        #expect(ContinuousClock.now - start > .seconds(2), "\(event) is not told before its time")
        let alert = try await HeardAlert.read(listener.deliveries[count - 1].body)
        #expect(alert.event == event && alert.store == "a", "\(alert)")
    }
}
