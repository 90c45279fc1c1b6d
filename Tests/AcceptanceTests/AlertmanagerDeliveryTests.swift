import Foundation
import Glibc
import TestSupport
import Testing

/// Debian's Alertmanager on loopback, which begins with nothing.
private final class Alertmanager: Sendable {
    let port: Int
    private let folder: Workplace
    private let pid: Int32
    private let isStopped = Flag()

    static let isThere = Tool.exists("prometheus-alertmanager")
    static let absence: Comment = """
        the package prometheus-alertmanager is not installed: nothing was sent to a real Alertmanager
        """

    /// - Parameter port: of one that was there before; else one that is free.
    init(port: Int? = nil) async throws {
        let chosen = try port ?? RawServer.freePort()
        (self.port, folder) = (chosen, try Workplace())
        try folder.write("am.yml", "route: {receiver: none}\nreceivers: [{name: none}]\n")
        let process = try #require(Tool("prometheus-alertmanager")).launch([
            "--config.file=\(folder.file("am.yml"))", "--storage.path=\(folder.file("data"))",
            "--web.listen-address=127.0.0.1:\(chosen)", "--cluster.listen-address=",
        ])
        pid = process.processIdentifier
        let isReady = await Wait.until(20) {
            Loopback.get("/-/ready", port: chosen)?.status == 200
        }
        try #require(isReady)
    }

    /// Once: its number may be another's afterwards.
    func stop() {
        if isStopped.isSet { return }
        isStopped.set()
        kill(pid, SIGKILL)
    }

    deinit { stop() }

    struct Alert: Decodable {
        var labels: [String: String]
        var annotations: [String: String]
        var fingerprint: String
        var startsAt: String
        var endsAt: String
    }

    /// What it has that goes on.
    var alerts: [Alert] {
        guard let page = Loopback.get("/api/v2/alerts", port: port) else { return [] }
        // The page is in one chunk, or in several.
        let text = page.text.drop { $0 != "[" }
        guard let end = text.lastIndex(of: "]") else { return [] }
        return (try? JSONDecoder().decode([Alert].self, from: Data(text[...end].utf8))) ?? []
    }

    var levels: [String] { alerts.compactMap { $0.labels["severity"] }.sorted() }
}

@Suite(
    "A real Alertmanager", .serialized, .enabled(if: Alertmanager.isThere, Alertmanager.absence),
    .timeLimit(.minutes(2)))
struct AlertmanagerDeliveryTests {
    @Test(
        "an alert is there until a real resolve, over the ends of both; a level change is a pair; a dead member is told of"
    )
    func wholeLife() async throws {
        let site = try Site(pack: Site.pack(rules: ["refunds: {require: refunds < refund_limit, prefer: refunds < 2}"]))
        let former = try await Alertmanager()
        try site.configure(
            stores: "[{match: \"*\", pack: shop, labels: {team: 东区}}]",
            receivers: ["{id: am, alertmanager: [\"http://127.0.0.1:\(former.port)\", \"http://127.0.0.1:1\"]}"])
        try await site.take(Site.refunds(2, at: "店 a"))
        try await RunningDaemon.running(site.config) { daemon in
            let isWarned = await Wait.until(20) { former.levels == ["warning"] }
            try #require(isWarned, "\(daemon.log)")
            let alert = former.alerts[0]
            #expect(alert.labels["alertname"] == "refunds" && alert.labels["store"] == "店 a")
            #expect(alert.labels["team"] == "东区" && alert.labels["platform"] == "shop")
            #expect(alert.annotations["value_refunds"] == "2")
            let end = try Date(
                alert.endsAt,
                strategy: .iso8601.year().month().day().timeZone(separator: .omitted).time(
                    includingFractionalSeconds: true
                ).timeSeparator(.colon))
            #expect((5.9 * 3600...6.1 * 3600).contains(end.timeIntervalSinceNow), "\(alert.endsAt)")
            _ = await daemon.stop()
        }
        #expect(former.levels == ["warning"])
        // Whatever it knew is gone; nothing happens at the store.
        let port = former.port
        former.stop()
        let manager = try await Alertmanager(port: port)
        #expect(manager.levels == [])
        try await RunningDaemon.running(site.config) { daemon in
            let isAgain = await Wait.until(20) { manager.levels == ["warning"] }
            try #require(isAgain, "\(daemon.log)")
            let isTold = await Wait.until(20) { !daemon.lines(with: "does not hear of the alerts that go on").isEmpty }
            #expect(isTold, "\(daemon.log)")
            try await site.take([Site.refund("r3", at: "店 a")])
            let isMajor = await Wait.until(20) { manager.levels == ["major"] }
            try #require(isMajor, "\(daemon.log) \(manager.levels)")
            try await site.take((1...3).map { Site.refund("r\($0)", at: "店 a", more: #","deleted":true"#) })
            let isOver = await Wait.until(20) { manager.levels == [] }
            try #require(isOver, "\(daemon.log) \(manager.levels)")
        }
        let tried = try await Program.run("alerts", "test", "am", "--config", site.config)
        #expect(tried.status == 0, "\(tried)")
        #expect(manager.alerts.map { $0.labels["alertname"] } == ["goodstanding_test"])
        manager.stop()
    }

    @Test("a webhook's fingerprint is the one that it gives the same labels")
    func fingerprint() async throws {
        let site = try Site()
        let manager = try await Alertmanager()
        let (kept, answered) = (Kept(), manager.port)
        try await Hook.serving({ _ in .status(200) }) { hook, address in
            try site.configure(receivers: [
                "{id: am, alertmanager: \"http://127.0.0.1:\(answered)\"}",
                "{id: bridge, webhook: \"\(address)\", format: alertmanager}",
            ])
            try await site.take(Site.refunds(3, at: "店 a"))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(
                    await Wait.until(20) { hook.arrivals.count == 1 && manager.alerts.count == 1 }, "\(daemon.log)")
            }
            kept.body = hook.arrivals[0].body
        }
        let body = try #require(try JSONSerialization.jsonObject(with: Data(kept.body)) as? [String: Any])
        let alerts = try #require(body["alerts"] as? [[String: Any]])
        #expect(alerts.map { $0["fingerprint"] as? String } == manager.alerts.map(\.fingerprint))
        #expect(alerts[0]["labels"] as? [String: String] == manager.alerts[0].labels)
    }

    private final class Kept { var body: [UInt8] = [] }
}
