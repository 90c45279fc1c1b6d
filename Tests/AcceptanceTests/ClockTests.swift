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
                        try await told("firing", 1, listener, daemon)
                        #expect(try site.ask("SELECT fired_at - since >= 4000000 FROM alerts") == ["1"])

                        // The limit is raised, so that the same three refunds are in order.
                        try site.folder.write("shop.yaml", pack(limit: 4))
                        daemon.send(SIGHUP)
                        try #require(
                            try await site.comes(to: ["recovering"], "SELECT state FROM alerts"), "\(daemon.log)")
                        let began = try #require(try site.ask("SELECT observed_at - elapsed FROM alerts").first)
                        try await told("resolved", 2, listener, daemon)
                        #expect(try site.ask("SELECT ended_at - \(began) >= 4000000 FROM alerts") == ["1"])
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
                try await told("firing", 1, listener, daemon)
                #expect(try site.ask("SELECT fired_at - since >= 4000000 FROM alerts") == ["1"])
            }
        }
    }

    /// The event comes though nothing changes any more.
    private func told(_ event: String, _ count: Int, _ listener: Listener, _ daemon: RunningDaemon) async throws {
        try #require(await Wait.until { await listener.deliveries.count == count }, "\(event): \(daemon.log)")
        let alert = try await HeardAlert.read(listener.deliveries[count - 1].body)
        #expect(alert.event == event && alert.store == "a", "\(alert)")
    }
}
