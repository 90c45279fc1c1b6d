import Foundation
import Glibc
import TestSupport
import Testing

/// Debian's Prometheus on loopback, which scrapes one daemon every second.
private final class Prometheus {
    let port: Int
    private let folder: Workplace
    private let pid: Int32

    static let isThere = Tool.exists("prometheus") && Tool.exists("promtool")
    static let absence: Comment = "the package prometheus is not installed: no real Prometheus has scraped the daemon"

    init(scraping target: Int, rules: String) async throws {
        (port, folder) = (try RawServer.freePort(), try Workplace())
        try folder.write("rules.yml", rules)
        try folder.write(
            "prometheus.yml",
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ['\(folder.file("rules.yml"))']
            scrape_configs: [{job_name: goodstanding, static_configs: [{targets: ['127.0.0.1:\(target)']}]}]

            """)
        let process = try #require(Tool("prometheus")).launch([
            "--config.file=\(folder.file("prometheus.yml"))", "--storage.tsdb.path=\(folder.file("data"))",
            "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
        ])
        pid = process.processIdentifier
        let isReady = await Wait.until(20) { Loopback.get("/-/ready", port: port)?.status == 200 }
        try #require(isReady)
    }

    deinit { kill(pid, SIGKILL) }

    /// What it answers to a query, each sample as its labels and its value.
    func ask(_ query: String) throws -> [(labels: [String: String], value: Double)] {
        let escaped = query.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        guard let page = Loopback.get("/api/v1/query?query=\(escaped)", port: port) else { return [] }
        let text = page.text.drop { $0 != "{" }
        guard let end = text.lastIndex(of: "}") else { return [] }
        let answer = try JSONSerialization.jsonObject(with: Data(text[...end].utf8)) as? [String: Any]
        let result = (answer?["data"] as? [String: Any])?["result"] as? [[String: Any]] ?? []
        return result.map { sample in
            let value = (sample["value"] as? [Any])?.last as? String
            return (sample["metric"] as? [String: String] ?? [:], value.flatMap(Double.init) ?? .nan)
        }
    }

    var firing: Set<String> {
        get throws {
            Set(try ask("ALERTS{alertstate=~\"firing|pending\"}").compactMap { $0.labels["alertname"] })
        }
    }
}

@Suite(
    "A real Prometheus", .serialized, .enabled(if: Prometheus.isThere, Prometheus.absence), .timeLimit(.minutes(2)))
struct PrometheusScrapeTests {
    @Test("it scrapes the daemon, and gives back what the stores came to; the printed rules see it")
    func scraped() async throws {
        let site = try Site()
        try site.configure(
            stores: "[{match: \"*\", pack: shop, labels: {team: 东区}}]",
            receivers: ["{id: ops, webhook: \"http://127.0.0.1:9/hook\"}"])
        let text = try String(contentsOfFile: site.config, encoding: .utf8)
        try site.folder.write("goodstanding.yaml", text + "metrics: {labels: [team]}\n")
        try await site.take(Site.refunds(3, at: "店 'a'") + Site.refunds(1, at: "b"))
        let rules = try await Program.run("prometheus-rules")
        #expect(rules.status == 0)
        try await RunningDaemon.running(site.config) { daemon in
            let isThere = await Wait.until { daemon.counts(1, "breach") }
            try #require(isThere, "\(daemon.log)")
            let prometheus = try await Prometheus(scraping: try #require(daemon.port), rules: rules.output)
            let isScraped = await Wait.until(30, every: 200) {
                (try? prometheus.ask("goodstanding_rule_value").count) == 2
            }
            try #require(isScraped, "\(daemon.page("/metrics")?.text ?? "")")
            let breach = try prometheus.ask("goodstanding_store_standing == 2")
            #expect(breach.map { $0.labels["store"] } == ["店 'a'"])
            #expect(breach.map { $0.labels["team"] } == ["东区"])
            let value = try prometheus.ask("goodstanding_rule_value{store=\"b\",metric=\"refunds\"}")
            #expect(value.map(\.value) == [1])
            let room = try prometheus.ask("goodstanding_rule_room_ratio{store=\"b\"}")
            #expect(room.map { ($0.value * 1000).rounded() } == [667])
            let limits = try prometheus.ask("goodstanding_rule_limit == 3")
            #expect(limits.count == 2)
            let covered = try prometheus.ask("time() - goodstanding_source_covered_until_timestamp_seconds")
            #expect(covered.count == 1 && covered.allSatisfy { (0...600).contains($0.value) }, "\(covered)")
            let passes = try prometheus.ask("histogram_quantile(0.5, goodstanding_evaluation_duration_seconds_bucket)")
            #expect(passes.count == 1 && passes.allSatisfy { $0.value > 0 })
            let scraped = try prometheus.ask("scrape_samples_post_metric_relabeling{job=\"goodstanding\"}")
            #expect(scraped.count == 1 && scraped.allSatisfy { $0.value > 50 })
            let isSeen = await Wait.until(20, every: 200) {
                (try? prometheus.firing.contains("GoodstandingBreach")) ?? false
            }
            #expect(isSeen)
            #expect(try prometheus.firing.isDisjoint(with: ["GoodstandingBlind", "GoodstandingWarning"]))
            // The daemon is gone: the dead man tells.
            _ = await daemon.stop()
            let isMissed = await Wait.until(20, every: 200) {
                (try? prometheus.firing.contains("GoodstandingBlind")) ?? false
            }
            #expect(isMissed)
        }
    }
}
