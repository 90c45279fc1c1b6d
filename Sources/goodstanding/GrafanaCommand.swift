import ArgumentParser
import Dashboard
import Facts

struct GrafanaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grafana", abstract: "A Grafana dashboard over /metrics, to be imported as it is.",
        discussion: """
            Stores by standing, the worst, the rules of a chosen store, freshness, outbox and durations. The data source \
            is chosen in it: Prometheus, or what answers as it does.

              goodstanding grafana > goodstanding.json
            """)

    func run() { Terminal.write(GrafanaDashboard.text(.current)) }
}
