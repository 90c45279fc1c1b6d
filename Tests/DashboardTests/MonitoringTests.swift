import Facts
import Foundation
import TestSupport
import Testing

@testable import Dashboard

@Suite("What Grafana and Prometheus are given names what there is")
struct MonitoringTests {
    private static func object(_ tongue: Tongue) throws -> [String: Any] {
        let text = Data(GrafanaDashboard.text(tongue).utf8)
        return try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
    }

    private static func queries(_ dashboard: [String: Any]) throws -> [String] {
        let panels = try #require(dashboard["panels"] as? [[String: Any]])
        return panels.flatMap { ($0["targets"] as? [[String: Any]] ?? []).compactMap { $0["expr"] as? String } }
    }

    /// Of series, without what a histogram appends.
    private static func names(in text: String) -> Set<String> {
        Set(text.matches(of: /goodstanding_[a-z_]+/).map { String($0.0.replacing("_bucket", with: "")) })
    }

    @Test("every query of the dashboard and of the rules names series that /metrics has")
    func named() async throws {
        let known = Set(try Scrape(try await MetricsTests.fullPage()).kinds.keys)
        let dashboard = try Self.object(.english)
        for query in try Self.queries(dashboard) {
            #expect(!Self.names(in: query).isEmpty, "\(query)")
            #expect(Self.names(in: query).subtracting(known) == [], "\(query)")
        }
        let variables = GrafanaDashboard.text(.english).matches(of: /label_values\((goodstanding_[a-z_]+)/)
        #expect(variables.count == 4 && variables.allSatisfy { known.contains(String($0.1)) })
        for alert in PrometheusRules.alerts {
            #expect(!Self.names(in: alert.query).isEmpty)
            #expect(Self.names(in: alert.query).subtracting(known) == [], "\(alert.name)")
        }
    }

    @Test(
        "the dashboard is whole: ids once, nothing upon anything, a data source to choose", arguments: Tongue.allCases)
    func dashboard(_ tongue: Tongue) throws {
        let dashboard = try Self.object(tongue)
        let panels = try #require(dashboard["panels"] as? [[String: Any]])
        let ids = panels.compactMap { $0["id"] as? Int }
        #expect(ids.count == panels.count && Set(ids).count == ids.count)
        var cells: Set<Int> = []
        for panel in panels {
            let place = try #require(panel["gridPos"] as? [String: Int])
            let (x, y, w, h) = try (
                #require(place["x"]), #require(place["y"]), #require(place["w"]), #require(place["h"])
            )
            #expect(x >= 0 && w > 0 && x + w <= 24 && h > 0)
            for cell in (y..<y + h).flatMap({ row in (x..<x + w).map { row * 24 + $0 } }) {
                #expect(cells.insert(cell).inserted, "\(panel["title"] ?? "")")
            }
            let targets = try #require(panel["targets"] as? [[String: Any]])
            let references = targets.compactMap { $0["refId"] as? String }
            #expect(!targets.isEmpty && Set(references).count == targets.count)
            for target in targets {
                #expect((target["datasource"] as? [String: String])?["uid"] == "${datasource}")
            }
        }
        let list = (dashboard["templating"] as? [String: Any])?["list"] as? [[String: Any]]
        #expect(list?.map { $0["name"] as? String } == ["datasource", "pack", "store"])
        #expect(list?.first?["type"] as? String == "datasource")
        let zhTitles = panels.compactMap { $0["title"] as? String }.filter { $0.contains(/\p{Han}/) }
        #expect(zhTitles.isEmpty == (tongue == .english))
    }

    @Test(
        "promtool reads every query of the dashboard and the rules, in both languages",
        .enabled(if: Tool.exists("promtool"), "promtool is not installed: the queries were not read by Prometheus"))
    func read() async throws {
        let (promtool, folder) = (try #require(Tool("promtool")), try Workplace())
        for tongue in Tongue.allCases {
            try folder.write("rules.yml", PrometheusRules.text(tongue))
            try await promtool.run(["check", "rules", "--lint-fatal", folder.file("rules.yml")])
        }
        let queries = try Self.queries(try Self.object(.english)).map {
            $0.replacing("$__rate_interval", with: "5m").replacing("$pack", with: "p").replacing("$store", with: "s")
        }
        let rules = queries.enumerated().map { "  - {record: \"query:\($0)\", expr: '\($1)'}\n" }.joined()
        try folder.write("queries.yml", "groups:\n- name: queries\n  rules:\n" + rules)
        try await promtool.run(["check", "rules", "--lint=none", folder.file("queries.yml")])
    }

    @Test(
        "the rules fire as they ought to, and only then",
        .enabled(if: Tool.exists("promtool"), "promtool is not installed: the alert rules were not tried"))
    func tried() async throws {
        let folder = try Workplace()
        try folder.write("rules.yml", PrometheusRules.text(.english))
        try folder.write("test.yml", Self.trial)
        // Where it finds the rules is as the test says, from the folder of the test.
        try await #require(Tool("promtool")).run(["test", "rules", folder.file("test.yml")])
    }

    private static let trial = """
        rule_files: [rules.yml]
        evaluation_interval: 1m
        tests:
        - interval: 1m
          input_series:
          - {series: 'goodstanding_alive{job="g"}', values: '1x200'}
          - {series: 'goodstanding_ready{job="g"}', values: '1x200'}
          - {series: 'goodstanding_stores_left_out{job="g"}', values: '0x200'}
          - {series: 'goodstanding_stores{job="g",standing="breach"}', values: '1x200'}
          - {series: 'goodstanding_rule_standing{job="g",store="s",pack="p",team="east",rule="r",severity="critical"}', values: '0x9 2x20 1x20 0x150'}
          - {series: 'goodstanding_rule_standing{job="g",store="u",pack="p",rule="r",severity="major"}', values: '3x200'}
          - {series: 'goodstanding_rule_standing{job="g",store="i",pack="p",rule="r",severity="info"}', values: '3x200'}
          - {series: 'goodstanding_store_standing{job="g",store="u",pack="p"}', values: '3x200'}
          - {series: 'goodstanding_source_stale_stores{job="g",source="feed:erp",pack="p"}', values: '2x200'}
          - {series: 'goodstanding_receiver_down_since_timestamp_seconds{job="g",receiver="ops"}', values: '60x200'}
          alert_rule_test:
          - {eval_time: 9m, alertname: GoodstandingBreach, exp_alerts: []}
          - eval_time: 12m
            alertname: GoodstandingBreach
            exp_alerts:
            - exp_labels: {severity: critical, job: g, store: s, pack: p, team: east, rule: r}
              exp_annotations:
                summary: 's: the rule r is broken'
                description: "goodstanding explain --store 's' r says which facts did it."
          - {eval_time: 12m, alertname: GoodstandingWarning, exp_alerts: []}
          - eval_time: 40m
            alertname: GoodstandingWarning
            exp_alerts:
            - exp_labels: {severity: warning, job: g, store: s, pack: p, team: east, rule: r}
              exp_annotations:
                summary: 's: the rule r is near its limit'
                description: "goodstanding explain --store 's' r says how near."
          - {eval_time: 40m, alertname: GoodstandingBreach, exp_alerts: []}
          - {eval_time: 60m, alertname: GoodstandingUnknown, exp_alerts: []}
          - eval_time: 121m
            alertname: GoodstandingUnknown
            exp_alerts:
            - exp_labels: {severity: major, job: g, store: u, pack: p}
              exp_annotations:
                summary: 'u: nobody knows how it stands'
                description: "Its data is stale, partial or failed: goodstanding check --store 'u' says which."
          - {eval_time: 60m, alertname: GoodstandingStoresOutside, exp_alerts: []}
          - eval_time: 16m
            alertname: GoodstandingSourceStale
            exp_alerts:
            - exp_labels: {severity: major, job: g, source: 'feed:erp', pack: p}
              exp_annotations:
                summary: 'What feed:erp brings is stale at 2 stores of p'
                description: "The daemon's log says why its pulls fail; goodstanding doctor looks at the whole way."
          - {eval_time: 5m, alertname: GoodstandingReceiverDown, exp_alerts: []}
          - eval_time: 8m
            alertname: GoodstandingReceiverDown
            exp_alerts:
            - exp_labels: {severity: critical, job: g, receiver: ops}
              exp_annotations:
                summary: 'The receiver ops takes nothing'
                description: 'goodstanding outbox list --receiver ops says what it answers.'
          - {eval_time: 100m, alertname: GoodstandingBlind, exp_alerts: []}
        # Series of their own for a part only; the daemon stops judging, and then is gone.
        - interval: 1m
          input_series:
          - {series: 'goodstanding_alive{job="g"}', values: '1x60 _x60'}
          - {series: 'goodstanding_ready{job="g"}', values: '1x30 0x30 _x60'}
          - {series: 'goodstanding_stores_left_out{job="g"}', values: '7x60'}
          - {series: 'goodstanding_stores{job="g",standing="breach"}', values: '2x60'}
          - {series: 'goodstanding_stores{job="g",standing="ok"}', values: '9x60'}
          alert_rule_test:
          - eval_time: 20m
            alertname: GoodstandingStoresOutside
            exp_alerts:
            - exp_labels: {severity: major, job: g, standing: breach}
              exp_annotations:
                summary: '2 stores are in breach, and not all have series of their own'
                description: 'goodstanding check names them.'
          - {eval_time: 29m, alertname: GoodstandingBlind, exp_alerts: []}
          - eval_time: 45m
            alertname: GoodstandingBlind
            exp_alerts:
            - exp_labels: {severity: critical, job: g}
              exp_annotations:
                summary: 'No store is watched'
                description: 'The daemon is not there, is not scraped, or cannot judge: its log and /readyz say which.'
          - eval_time: 80m
            alertname: GoodstandingBlind
            exp_alerts:
            - exp_labels: {severity: critical}
              exp_annotations:
                summary: 'No store is watched'
                description: 'The daemon is not there, is not scraped, or cannot judge: its log and /readyz say which.'

        """
}
