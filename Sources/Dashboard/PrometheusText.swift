package import Daemon
import Facts
import Rules

/// The /metrics page: Prometheus' text format, names and units by its conventions.
package struct PrometheusText: Sendable {
    package private(set) var text = ""

    package init(_ status: DaemonStatus) {
        add(
            "goodstanding_build_info", .gauge, "The running program.",
            [("{version=\"\(PrometheusText.escaped(status.version))\"}", 1)])
        add("goodstanding_start_time_seconds", .gauge, "When the daemon started.", [("", seconds(status.startedAt))])
        add(
            "goodstanding_stores", .gauge, "Watched stores by standing.",
            Standing.allCases.map { ("{standing=\"\($0.rawValue)\"}", Double(status.standings[$0, default: 0])) })
        add(
            "goodstanding_alerts", .gauge, "Open alerts by state.",
            ["pending", "firing", "recovering"].map { ("{state=\"\($0)\"}", Double(status.alerts[$0, default: 0])) })
        add(
            "goodstanding_feed_last_finished_timestamp_seconds", .gauge, "When a pull of the feed last caught up.",
            status.feeds.compactMap { feed in
                feed.finishedAt.map { ("{feed=\"\(PrometheusText.escaped(feed.id))\"}", seconds($0)) }
            })
        add(
            "goodstanding_feed_consecutive_failures", .gauge, "Failed pulls of the feed since the last committed page.",
            status.feeds.map { ("{feed=\"\(PrometheusText.escaped($0.id))\"}", Double($0.consecutiveFailures)) })
        add(
            "goodstanding_notices_owed", .gauge, "Notices that no receiver has taken yet.",
            [("", Double(status.noticesOwed))])
        add(
            "goodstanding_notices_delayed", .gauge, "Notices put off after a failed attempt.",
            [("", Double(status.noticesDelayed))])
        add(
            "goodstanding_receiver_down_since_timestamp_seconds", .gauge, "Since when a receiver takes nothing.",
            status.receiversDown.sorted { $0.key < $1.key }.map {
                ("{receiver=\"\(PrometheusText.escaped($0.key))\"}", Double($0.value.microseconds) / 1e6)
            })
        add(
            "goodstanding_expiry_timestamp_seconds", .gauge,
            "When a consent, a secret or a certificate ends unless it is renewed.",
            status.expiries.map { expiry in
                let whose = expiry.account.map { "account=\"\(PrometheusText.escaped($0))\"" }
                let store = "store=\"\(PrometheusText.escaped(expiry.stores.first ?? ""))\""
                let place = expiry.place.map { "place=\"\(PrometheusText.escaped($0))\"" }
                return (
                    "{name=\"\(PrometheusText.escaped(expiry.name))\",\(place ?? whose ?? store)}", seconds(expiry.ends)
                )
            })
        func slowed(_ name: String, _ help: String, _ count: (DaemonStatus.Slowed) -> Int) {
            add(
                name, .gauge, help,
                status.slowed.map { slowed in
                    let (pack, whose) = (Self.escaped(slowed.pack), Self.escaped(slowed.application))
                    return ("{pack=\"\(pack)\",limit_of=\"\(whose)\"}", Double(count(slowed)))
                })
        }
        slowed("goodstanding_slowed_stores", "Stores pulled less than configured, to keep to half of a limit.") {
            $0.slower
        }
        slowed("goodstanding_held_back_stores", "Stores not pulled, since no plan with them keeps to half of a limit.")
        {
            $0.heldBack
        }
        let counters = status.counters
        for (name, help, value) in [
            ("goodstanding_facts_total", "Facts pulled.", counters.facts),
            ("goodstanding_pages_total", "Pages pulled and committed.", counters.pages),
            ("goodstanding_pull_failures_total", "Pulls that could not go on.", counters.pullFailures),
            ("goodstanding_evaluations_total", "Evaluations of stores.", counters.evaluations),
            ("goodstanding_notices_delivered_total", "Notices that a receiver took.", counters.noticesDelivered),
            ("goodstanding_delivery_failures_total", "Attempts at delivery that failed.", counters.deliveryFailures),
            ("goodstanding_reloads_total", "Configurations taken in while running.", counters.reloads),
            ("goodstanding_reload_failures_total", "Configurations refused while running.", counters.reloadFailures),
        ] { add(name, .counter, help, [("", Double(value))]) }
        if let at = status.lastEvaluationAt {
            add(
                "goodstanding_last_evaluation_timestamp_seconds", .gauge, "When the last evaluation began.",
                [("", seconds(at))])
        }
        if let duration = status.lastEvaluationSeconds {
            add(
                "goodstanding_last_evaluation_duration_seconds", .gauge, "How long the last evaluation took.",
                [("", duration)])
        }
    }

    private enum Kind: String { case gauge, counter }

    private mutating func add(
        _ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: String, value: Double)]
    ) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let isWhole = sample.value == sample.value.rounded() && abs(sample.value) < 1e15
            text += "\(name)\(sample.labels) \(isWhole ? String(Int64(sample.value)) : String(sample.value))\n"
        }
    }

    private func seconds(_ moment: Timestamp) -> Double { Double(moment.microseconds) / 1_000_000 }

    /// A label's value: backslash, quote and line end are escaped.
    static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
