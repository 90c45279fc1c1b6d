import Alerts
import Facts
import Rules

let key = AlertKey(store: "pdd-flagship", rule: "dispute-refunds")
/// 2026-03-02T10:00:00Z, minute 0 of every walk.
let start = Timestamp(seconds: 1_772_445_600)

let subject = AlertSubject(
    storeName: "拼多多旗舰店", platform: "pinduoduo", labels: ["team": "east"],
    title: Words(en: "Dispute refunds in 30 days", zh: "近30天纠纷退款"), severity: .critical)

/// An observation a number of minutes after `start`.
func observed(
    _ standing: Standing, _ minute: Int64, limit: String = "rate < 1%", isConfirmed: Bool = true, revision: Int64 = 1,
    evidence: Int? = nil, hindsight: Standing? = nil, turning: Turning? = .age, for: TimeSpan = .zero,
    keep: TimeSpan = .zero,
    confirm: Int = 1, reach: Int64? = nil
) -> Observation {
    var observation = Observation(
        key: key, standing: standing, at: start + .minutes(minute), judgedTo: LocalDay(year: 2026, month: 3, day: 1),
        limit: limit, isConfirmed: isConfirmed, revision: revision, evidenceTotal: evidence, hindsight: hindsight,
        timing: AlertTiming(for: `for`, keep: keep, confirm: confirm), subject: subject,
        reach: reach.map { start + .minutes($0) })
    observation.turning = turning
    return observation
}

/// One alert taken through observations, and the events on the way.
struct AlertWalk {
    var alert: Alert?
    var events: [AlertEvent] = []

    mutating func take(_ observation: Observation) {
        let step = AlertStep.step(alert, observation)
        alert = step.alert
        if let event = step.event { events.append(event) }
    }

    /// `0 firing breach limit`: minute, kind, standing, reason.
    var told: [String] { events.map(line) }
}

func line(_ event: AlertEvent) -> String {
    "\((event.at - start).microseconds / 60_000_000) \(event.kind.rawValue) \(event.standing) \(event.reason.rawValue)"
}

/// The observations that `0 breach, 30 unknown, 60 ok` spells: minute and standing, in order.
func script(_ text: String, for: TimeSpan = .zero, keep: TimeSpan = .zero, confirm: Int = 1) -> [Observation] {
    text.split(separator: ",").map { item in
        let words = item.split(separator: " ")
        guard words.count == 2, let minute = Int64(words[0]), let standing = Standing(rawValue: String(words[1])) else {
            preconditionFailure("'\(item)' is not a minute and a standing")
        }
        return observed(standing, minute, for: `for`, keep: keep, confirm: confirm)
    }
}
