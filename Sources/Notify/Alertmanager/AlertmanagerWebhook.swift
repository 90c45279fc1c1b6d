import Alerts
import Facts
import Rules

/// Which JSON a webhook gets.
package enum WebhookFormat: String, Sendable, Hashable, CaseIterable {
    /// `WebhookBody`: all that is known.
    case goodstanding
    /// That of Alertmanager's own webhooks, version 4, for which there are bridges to everything.
    case alertmanager
}

/// A webhook's body as Alertmanager writes it, version 4.
enum AlertmanagerWebhook {
    /// One event as it is kept until it is part of a message: its alerts, and what it takes to end those that its receiver
    /// knows of by then.
    static func part(_ told: NoticeContent.Told, id: String) -> [UInt8] {
        var json = JSONWriter(reserving: 2048)
        json.object { json in
            json.member("at", string: "\(told.event.at)")
            json.member("severity", string: told.report.subject.severity.rawValue)
            json.member("alerts") { json in
                json.array { json in
                    for alert in PrometheusAlert.all(of: told, id: id) { json.element { write(alert, to: &$0) } }
                }
            }
        }
        return json.bytes
    }

    static func bytes(of parts: [ReceiverWriting.Part], receiver: String) -> [UInt8] {
        bytes(of: parts.flatMap { PrometheusAlert.all(kept: $0.bytes, told: $0.told) }, receiver: receiver)
    }

    static func bytes(of message: Message, at now: Timestamp, to receiver: String) -> [UInt8] {
        var alert = PrometheusAlert(message, at: now)
        alert.endsAt = nil
        return bytes(of: [alert], receiver: receiver)
    }

    static func bytes(of test: TestNotice, at now: Timestamp) -> [UInt8] {
        var alert = PrometheusAlert(test, at: now)
        alert.endsAt = nil
        return bytes(of: [alert], receiver: test.receiver)
    }

    private static func bytes(of alerts: [PrometheusAlert], receiver: String) -> [UInt8] {
        let labels = common(alerts.map(\.labels))
        let group = labels.filter { ["alertname", "store"].contains($0.key) }
        let key = group.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(escaped($0.value))\"" }.joined(separator: ", ")
        var json = JSONWriter(reserving: 4096)
        json.object { json in
            json.member("receiver", string: receiver)
            json.member("status", string: alerts.contains { $0.endsAt == nil } ? "firing" : "resolved")
            json.member("alerts") { json in
                json.array { json in for alert in alerts { json.element { write(alert, to: &$0) } } }
            }
            json.member("groupLabels", texts: group)
            json.member("commonLabels", texts: labels)
            json.member("commonAnnotations", texts: common(alerts.map(\.annotations)))
            json.member("externalURL", string: alerts.lazy.compactMap(\.generatorURL).first ?? "")
            json.member("version", string: "4")
            json.member("groupKey", string: "{}:{\(key)}")
            json.member("truncatedAlerts", literal: "0")
        }
        return json.bytes
    }

    private static func write(_ alert: PrometheusAlert, to json: inout JSONWriter) {
        json.object { json in
            json.member("status", string: alert.endsAt == nil ? "firing" : "resolved")
            json.member("labels", texts: alert.labels)
            json.member("annotations", texts: alert.annotations)
            json.member("startsAt", string: "\(alert.startsAt)")
            // Go's moment that is none: it goes on.
            json.member("endsAt", string: alert.endsAt.map { "\($0)" } ?? "0001-01-01T00:00:00Z")
            json.member("generatorURL", string: alert.generatorURL ?? "")
            json.member("fingerprint", string: alert.fingerprint)
        }
    }

    /// What all of them have alike.
    private static func common(_ all: [[String: String]]) -> [String: String] {
        (all.first ?? [:]).filter { name, value in all.allSatisfy { $0[name] == value } }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
