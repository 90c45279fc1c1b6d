import Foundation
import Glibc
import Simulation
import TestSupport
import Testing

@Suite("SIGHUP takes in a changed configuration, all of it or nothing", .serialized, .timeLimit(.minutes(3)))
struct ReloadTests {
    private static let twoStores = "[{id: a, pack: shop}, {id: b, pack: shop}]"

    /// What a receiver took, told apart by store, rule and event.
    private func heard(_ listener: Listener) async throws -> [HeardAlert] {
        try await listener.deliveries.filter(\.wasTaken).flatMap { try HeardAlert.all($0.body) }
    }

    @Test("a limit that moved, a rule and a store that were added are in force, and the log says all three")
    func taken() async throws {
        let site = try Site(pack: Site.pack(limit: 5))
        let listener = Listener()
        try await listener.serving { hook in
            let receiver = "{id: ops, webhook: \"\(hook)\"}"
            try site.configure(stores: "[{id: a, pack: shop}]", receivers: [receiver])
            try await site.take(Site.refunds(3, at: "a") + Site.refunds(4, at: "b"))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { daemon.page("/readyz")?.status == 200 }, "\(daemon.log)")
                #expect(await listener.deliveries.isEmpty, "three refunds are in order while five are too many")

                try site.folder.write(
                    "shop.yaml",
                    Site.pack(
                        limit: 3,
                        rules: ["refunds: {require: refunds < refund_limit}", "many: {require: refunds < 4}"]))
                try site.configure(stores: Self.twoStores, receivers: [receiver])
                daemon.send(SIGHUP)
                try #require(await Wait.until { (try? await heard(listener).count) == 3 }, "\(daemon.log)")
                let taken = try await heard(listener)
                #expect(
                    Set(taken.map { "\($0.store) \($0.rule) \($0.event)" }) == [
                        "a refunds firing", "b refunds firing", "b many firing",
                    ])
                #expect(
                    await listener.deliveries.map {
                        $0.text.components(separatedBy: "\"limit\":\"refunds < 3\"").count - 1
                    }
                    .reduce(0, +) == 2, "the new limit is shown")
                #expect(!daemon.lines(with: "refund_limit").isEmpty, "the limit that moved: \(daemon.log)")
                #expect(!daemon.lines(with: "rule 'many' added").isEmpty, "\(daemon.log)")
                #expect(!daemon.lines(with: "store 'b' added").isEmpty, "\(daemon.log)")
                #expect(daemon.page("/metrics")?.text.contains("\ngoodstanding_reloads_total 1\n") == true)
            }
        }
    }

    @Test("a store and a rule that are taken out resolve their alerts, each with its own reason")
    func removed() async throws {
        let both = ["refunds: {require: refunds < 3}", "many: {require: refunds < 2}"]
        let site = try Site(pack: Site.pack(rules: both))
        let listener = Listener()
        try await listener.serving { hook in
            let receiver = "{id: ops, webhook: \"\(hook)\"}"
            try site.configure(stores: Self.twoStores, receivers: [receiver])
            try await site.take(Site.refunds(3, at: "a") + Site.refunds(3, at: "b"))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { (try? await heard(listener).count) == 4 }, "\(daemon.log)")
                let fired = try await heard(listener)

                try site.configure(stores: "[{id: a, pack: shop}]", receivers: [receiver])
                // One store of two is half of them: it is meant.
                let accepted = try await Program.run("config", "accept", "--config", site.config)
                #expect(accepted.status == 0, "\(accepted.error)")
                daemon.send(SIGHUP)
                try #require(await Wait.until { (try? await heard(listener).count) == 6 }, "\(daemon.log)")
                let ofStore = try await heard(listener).suffix(2)
                #expect(
                    ofStore.allSatisfy { $0.store == "b" && $0.event == "resolved" && $0.reason == "store_removed" },
                    "\(ofStore)")

                try site.folder.write("shop.yaml", Site.pack(rules: [both[0]]))
                daemon.send(SIGHUP)
                try #require(await Wait.until { (try? await heard(listener).count) == 7 }, "\(daemon.log)")
                let ofRule = try #require(try await heard(listener).last)
                #expect(
                    ofRule.store == "a" && ofRule.rule == "many" && ofRule.event == "resolved"
                        && ofRule.reason == "rule_removed", "\(ofRule)")

                for resolved in ofStore + [ofRule] {
                    let firing = fired.first { $0.store == resolved.store && $0.rule == resolved.rule }
                    #expect(firing?.episode == resolved.episode, "a resolve names the episode that fired")
                }
                #expect(
                    !daemon.lines(with: "store 'b' removed").isEmpty
                        && !daemon.lines(with: "rule 'many' removed").isEmpty, "\(daemon.log)")
                // Not killed: what was being sent would come again, under its old id.
                #expect(await daemon.stop().status == 0)
            }
            // What was resolved stays so: the next start has nothing to say.
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { daemon.page("/readyz")?.status == 200 }, "\(daemon.log)")
                await Pause.milliseconds(500)
                let told = try await heard(listener).map { "\($0.store) \($0.rule) \($0.event) \($0.reason)" }
                #expect(told.count == 7, "\(told)")
            }
        }
    }

    @Test(
        "a limit loosened too far ends nothing, at a reload and at a start, until that is accepted; then all in one message"
    )
    func tooLoose() async throws {
        let site = try Site()
        let listener = Listener()
        let stores = (1...21).map { "s\($0)" }
        try await listener.serving { hook in
            try site.configure(
                stores: "[" + stores.map { "{id: \($0), pack: shop}" }.joined(separator: ", ") + "]",
                receivers: ["{id: ops, webhook: \"\(hook)\"}"])
            try await site.take(stores.flatMap { Site.refunds(3, at: $0) })
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { (try? await heard(listener).count) == 21 }, "\(daemon.log)")
                try site.folder.write("shop.yaml", Site.pack(limit: 30))
                daemon.send(SIGHUP)
                try #require(
                    await Wait.until { !daemon.lines(with: "it would end 21 alerts").isEmpty }, "\(daemon.log)")
                #expect(await daemon.stop().status == 0)
            }
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { daemon.page("/readyz")?.status == 200 }, "\(daemon.log)")
                #expect(!daemon.lines(with: "goes on: it would end 21 alerts").isEmpty, "\(daemon.log)")
                await Pause.milliseconds(500)
                #expect(try await heard(listener).count == 21, "nothing has ended")
                let accepted = try await Program.run("config", "accept", "--config", site.config)
                #expect(accepted.status == 0 && accepted.output.contains("21"), "\(accepted)")
                try #require(await Wait.until { (try? await heard(listener).count) == 42 }, "\(daemon.log)")
                let last = try HeardAlert.all(try #require(await listener.deliveries.last).body)
                #expect(last.count == 21 && Set(last.map(\.event)) == ["resolved"], "\(last)")
                #expect(Set(last.map(\.reason)) == ["limit_changed"])
            }
        }
    }

    @Test("the first receiver that a reload brings is told at once of what happens from then on")
    func firstReceiver() async throws {
        let site = try Site()
        let listener = Listener()
        try await listener.serving { hook in
            try site.configure()
            try await site.take(Site.refunds(1, at: "a"))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { daemon.page("/readyz")?.status == 200 }, "\(daemon.log)")
                try site.configure(receivers: ["{id: ops, webhook: \"\(hook)\"}"])
                daemon.send(SIGHUP)
                try #require(await Wait.until { !daemon.lines(with: "receiver 'ops' added").isEmpty }, "\(daemon.log)")
                try await site.take(Site.refunds(3, at: "a"))
                // The loops look by themselves after 15 and 30 seconds: it takes the bells to be quicker.
                #expect(await Wait.until(10) { await listener.deliveries.count == 1 }, "\(daemon.log)")
            }
        }
    }

    @Test("a broken file keeps the old configuration, and the log says why with file and line")
    func refused() async throws {
        let site = try Site()
        let listener = Listener()
        try await Metronome.ticking { tick in
            try await listener.serving { hook in
                let receiver = "{id: ops, webhook: \"\(hook)\"}"
                try site.configure(feeds: [tick], receivers: [receiver])
                let (pack, config) = (Site.pack(), try String(contentsOfFile: site.config, encoding: .utf8))
                try await RunningDaemon.running(site.config) { daemon in
                    let broken: [(file: String, text: String, place: String)] = [
                        ("shop.yaml", Site.pack(rules: ["refunds: {require: refundz < 3}"]), "shop.yaml:9:"),
                        ("shop.yaml", "pack: shop\n\tmetrics: {", "shop.yaml:2:"),
                        ("goodstanding.yaml", config + "reciever: []\n", "goodstanding.yaml:9:"),
                        (
                            "goodstanding.yaml", config.replacing("receivers:", with: "receivers: ["),
                            "goodstanding.yaml:"
                        ),
                        (
                            "goodstanding.yaml", config.replacing("pack: shop", with: "pack: shopp"),
                            "goodstanding.yaml:4:"
                        ),
                        (
                            "goodstanding.yaml", config.replacing(hook, with: "ftp://example/hook"),
                            "goodstanding.yaml:8:"
                        ),
                        ("goodstanding.yaml", config.replacing("ledger.db", with: "other.db"), "database"),
                        ("goodstanding.yaml", config + "ca_file: /etc/ssl/certs/ca-certificates.crt\n", "ca_file"),
                        ("goodstanding.yaml", "", "goodstanding.yaml"),
                    ]
                    for (index, fault) in broken.enumerated() {
                        let before = daemon.log.count
                        try site.folder.write(fault.file, fault.text)
                        daemon.send(SIGHUP)
                        let page = "\ngoodstanding_reload_failures_total \(index + 1)\n"
                        try #require(
                            await Wait.until { daemon.page("/metrics")?.text.contains(page) == true },
                            "\(fault): \(daemon.log)")
                        let said = daemon.log.dropFirst(before)
                        #expect(said.contains(fault.place) && said.contains("error"), "\(fault) is explained: \(said)")
                        try site.folder.write("shop.yaml", pack)
                        try site.folder.write("goodstanding.yaml", config)
                    }
                    // The old limits, stores, feed and receiver are all in force still.
                    try await site.take(Site.refunds(3, at: "a"))
                    try #require(await Wait.until { await listener.deliveries.count == 1 }, "\(daemon.log)")
                    #expect(try await heard(listener).map(\.event) == ["firing"])

                    daemon.send(SIGHUP)
                    try #require(
                        await Wait.until {
                            daemon.page("/metrics")?.text.contains("\ngoodstanding_reloads_total 1\n") == true
                        },
                        "a mended file is taken in: \(daemon.log)")
                    #expect(daemon.page("/healthz")?.status == 200)
                }
            }
        }
    }
}
