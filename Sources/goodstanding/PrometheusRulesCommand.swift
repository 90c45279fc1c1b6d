import ArgumentParser
import Dashboard
import Facts

struct PrometheusRulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prometheus-rules", abstract: "Alert rules for Prometheus over /metrics.",
        discussion: """
            Breach, warning, unknown for too long, stale sources, a receiver that is down, what is to be renewed, and that \
            nobody watches any more. Use these or the `alertmanager` receiver, not both: each tells of every rule.

              goodstanding prometheus-rules > /etc/prometheus/goodstanding.rules.yml
              goodstanding prometheus-rules | promtool check rules
            """)

    func run() { Terminal.write(PrometheusRules.text(.current)) }
}
