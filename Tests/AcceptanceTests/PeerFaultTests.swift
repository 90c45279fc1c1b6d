import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// Where other programs of this kind are known to lose or to send what they ought not, tried on the daemon.
@Suite("Where others fail", .serialized, .timeLimit(.minutes(3)))
struct PeerFaultTests {
    private static let rules = [
        "refunds: {require: refunds < refund_limit, severity: critical}",
        "few: {require: refunds < 2}",
    ]

    /// Each notice once, however often it came.
    private func heard(_ hook: Hook) throws -> [String] {
        var ids: Set<String> = []
        return try hook.arrivals.filter { ids.insert($0.id).inserted }.map { arrival in
            try HeardAlert.all(arrival.body).map { "\($0.event) \($0.store) \($0.rule)" }.sorted()
                .joined(separator: " + ")
        }
    }

    /// Healthchecks marks first and sends after: what it is killed between is never sent.
    @Test("killed after a notice was sent and before that was noted, the daemon sends it again, under its id")
    func unheardAnswer() async throws {
        let site = try Site()
        let gate = Gate()
        try await Hook.serving({ $0 == 0 ? .held(gate) : .status(204) }) { hook, address in
            try site.configure(receivers: ["{id: ops, webhook: \"\(address)\"}"])
            try await site.take(Site.refunds(3, at: "a"))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until(20) { hook.arrivals.count == 1 }, "\(daemon.log)")
                daemon.send(SIGKILL)
            }
            gate.open()
            #expect(try site.ask("SELECT state, attempts FROM notices") == ["owed|0"])
            try await RunningDaemon.running(site.config) { daemon in
                try #require(
                    try await site.comes(to: ["taken"], "SELECT state FROM notices", within: 20), "\(daemon.log)")
            }
            #expect(hook.arrivals.count == 2)
            #expect(Set(hook.arrivals.map(\.id)).count == 1 && Set(hook.arrivals.map(\.body)).count == 1)
        }
    }

    /// Alertmanager leaves a receiver that heard of a firing without its end when a silence begins in between.
    @Test("a silence that begins after a firing was told does not swallow its resolve")
    func silencedResolve() async throws {
        let site = try Site()
        try await Hook.serving({ _ in .status(204) }) { hook, address in
            try site.configure(receivers: ["{id: ops, webhook: \"\(address)\"}"])
            try await site.take(Site.refunds(3, at: "a"))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until(20) { hook.arrivals.count == 1 }, "\(daemon.log)")
                let silence = try await Program.run(
                    "alerts", "silence", "--store", "*", "--until", "2h", "--why", "x", "--by", "mei", "--config",
                    site.config)
                try #require(silence.status == 0, "\(silence)")
                try await site.take(
                    Site.refunds(3, at: "b") + [Site.refund("r3", at: "a", more: #","deleted":true"#)])
                try #require(await Wait.until(30) { hook.arrivals.count == 2 }, "\(daemon.log)")
                #expect(
                    try await site.comes(
                        to: ["b|silence"], "SELECT store, cause FROM notice_items WHERE state = 'waiting'"),
                    "the silence is in force")
                #expect(try heard(hook) == ["firing a refunds", "resolved a refunds"])
            }
        }
    }

    /// Alertmanager (#4064) sends what an inhibition held back when it starts, before it has heard of the cause again.
    @Test("a start tells nothing that another alert or a silence holds back, however it came to the end before")
    func heldOverRestarts() async throws {
        let site = try Site(pack: Site.pack(rules: Self.rules))
        try await Hook.serving({ _ in .status(204) }) { hook, address in
            try site.configure(receivers: ["{id: ops, webhook: \"\(address)\"}"])
            let text = try String(contentsOfFile: site.config, encoding: .utf8)
            try site.folder.write(
                "goodstanding.yaml",
                text + "inhibit: [{source: {rule: refunds}, target: {rule: few}, equal: [store]}]\n")
            let silence = try await Program.run(
                "alerts", "silence", "--store", "quiet", "--until", "2h", "--why", "x", "--by", "mei", "--config",
                site.config)
            try #require(silence.status == 0, "\(silence)")
            try await site.take(Site.refunds(3, at: "a") + Site.refunds(2, at: "quiet"))
            let held = "SELECT store, rule, cause FROM notice_items WHERE state = 'waiting' ORDER BY store"
            var expected = ["firing a refunds"]
            for (number, signal) in [SIGKILL, SIGTERM, SIGKILL].enumerated() {
                // Of a store of its own, so that what is told in this life shows that all was looked at.
                let store = "new-\(number)"
                if number > 0 {
                    try await site.take(Site.refunds(2, at: store))
                    expected.append("firing \(store) few")
                }
                try await RunningDaemon.running(site.config) { daemon in
                    try #require(
                        try await Wait.until(20) { try heard(hook).count == expected.count }, "\(daemon.log)")
                    #expect(try await site.comes(to: ["a|few|inhibited", "quiet|few|silence"], held), "\(daemon.log)")
                    daemon.send(signal)
                    _ = await daemon.ending(within: 10)
                }
            }
            #expect(try heard(hook) == expected)
        }
    }

    /// Prometheus ends an alert of which it hears nothing (`endsAt`), Grafana one whose series is missing twice.
    @Test("a feed that dies, or that names a store no more, resolves nothing")
    func noFalseRecovery() async throws {
        enum Feed { case telling, dead, silent }
        let site = try Site()
        let feed = Mutex(Feed.telling)
        try await RawServer.running({ connection in
            while connection.readHead() != nil {
                let now = feed.withLock { $0 }
                let facts = now == .telling ? Site.refunds(3, at: "a").joined(separator: ",") : ""
                let page = #"{"facts":[\#(facts)],"next":null}"#
                let head = now == .dead ? "500 No" : "200 OK"
                connection.write("HTTP/1.1 \(head)\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)")
            }
        }) { server in
            try await Hook.serving({ _ in .status(204) }) { hook, address in
                try site.configure(
                    feeds: ["{id: erp, url: \"http://127.0.0.1:\(server.port)/facts\", every: 1s, stale_after: 3s}"],
                    receivers: ["{id: ops, webhook: \"\(address)\"}"])
                try await RunningDaemon.running(site.config) { daemon in
                    try #require(await Wait.until(20) { hook.arrivals.count == 1 }, "\(daemon.log)")
                    feed.withLock { $0 = .dead }
                    try #require(await Wait.until(30) { daemon.counts(1, "unknown") }, "\(daemon.log)")
                    #expect(
                        try await site.comes(
                            to: ["firing|1"], "SELECT state, is_blind FROM alerts WHERE rule = 'refunds'"),
                        "\(daemon.log)")
                    feed.withLock { $0 = .silent }
                    try #require(await Wait.until(40) { daemon.counts(1, "breach") }, "\(daemon.log)")
                    #expect(try site.ask("SELECT state FROM alerts WHERE rule = 'refunds'") == ["firing"])
                    #expect(try heard(hook) == ["firing a refunds"])
                }
            }
        }
    }
}
