package import Facts
import Rules

/// What one observation makes of an alert: the alert after it, and perhaps an event. Pure: the same alert and the same
/// observation give the same step, so the daemon, a backtest and a pack test walk alike, and a restart changes nothing.
///
/// - An alert opens at the first observation in warning or breach, fires once `for` has passed and `confirm` observations
///   of other data each have found it there, and announces every change between warning and breach. It ends once it has been clear for `keep`; a return before that resumes the
///   same episode without a word, unless its standing is another than was announced.
/// - `for` and `keep` count the time from one decided observation to the next, both on the same side of ok. An unknown
///   observation moves nothing and stops the clock until the next decided one.
/// - Unjudged is clear for `keep`; when it is what stands at the end, the resolve says `not_applicable`.
/// - The same moment may be observed again: nothing is counted twice, and an event comes only when the standing is
///   another. A moment earlier than one already judged (a clock that was set back) moves nothing; the clock goes on
///   from there.
package struct AlertStep: Sendable, Hashable {
    /// nil when there was no alert and none opened.
    package let alert: Alert?
    package let event: AlertEvent?

    /// - Parameter alert: the last one of the observation's key, ended or not; nil when there never was one.
    package static func step(_ alert: Alert?, _ observation: Observation) -> AlertStep {
        guard var next = alert, next.isOpen else { return opening(after: alert, observation) }
        guard observation.standing != .unknown else { return AlertStep(alert: blinding(next), event: nil) }
        guard observation.at >= next.observedAt else {
            (next.isBlind, next.observedAt) = (true, observation.at)
            return AlertStep(alert: next, event: nil)
        }
        let passed = next.isBlind ? .zero : observation.at - next.observedAt
        (next.isBlind, next.isBlindTold, next.observedAt) = (false, false, observation.at)
        if next.flapping.isHeld {
            return held(next, observation, passed: passed, observation.timing.damping ?? .standard)
        }
        return observation.isOutside
            ? staying(next, observation, passed: passed) : clearing(next, observation, passed: passed)
    }

    /// Nothing is known of the store: the clock stops until the next decided observation.
    package static func blinding(_ alert: Alert) -> Alert {
        var next = alert
        next.isBlind = true
        return next
    }

    /// The rule or the store is no longer watched: an announced alert resolves with that reason, claiming no health.
    ///
    /// - Parameters:
    ///   - reason: `ruleRemoved` or `storeRemoved`.
    ///   - moment: of the decision.
    package static func removal(of alert: Alert, because reason: AlertReason, at moment: Timestamp) -> AlertStep {
        guard alert.isOpen else { return AlertStep(alert: alert, event: nil) }
        var next = alert
        (next.standing, next.ending, next.isBlind, next.isBlindTold) = (.unjudged, reason, false, false)
        next.flapping.since = nil
        return over(next, at: moment, judgedTo: nil)
    }

    private static func opening(after last: Alert?, _ observation: Observation) -> AlertStep {
        guard observation.isOutside else { return AlertStep(alert: last, event: nil) }
        // Two stays at one store and rule never begin at the same moment, or the second would bear the first one's name
        // and its notices be dropped as repeats: a stay begins after the last one ended, by a microsecond if need be.
        let end = last.flatMap(\.endedAt) ?? Timestamp(microseconds: .min)
        let since = max(observation.at, end + TimeSpan(microseconds: 1))
        let alert = Alert(
            key: observation.key, episode: ContentID.episode(observation.key, since: since), state: .pending,
            standing: observation.claimed, announced: nil, since: since, firedAt: nil, endedAt: nil, elapsed: .zero,
            observedAt: observation.at, isBlind: false, changes: 0, reason: nil, ending: nil,
            outside: observation.reading, subject: observation.subject, flapping: last?.flapping ?? Flapping(),
            confirmed: 1, confirmedTo: observation.reach)
        return staying(alert, observation, passed: .zero)
    }

    /// Outside ok.
    private static func staying(_ alert: Alert, _ observation: Observation, passed: TimeSpan) -> AlertStep {
        var next = alert
        let before = alert.outside
        (next.standing, next.outside, next.subject) = (observation.claimed, observation.reading, observation.subject)
        if alert.state == .pending {
            next.elapsed = alert.elapsed + passed
            next.confirm(by: observation, after: alert)
            guard next.isDue(by: observation.timing) else { return AlertStep(alert: next, event: nil) }
            (next.state, next.elapsed) = (.firing, .zero)
            next.firedAt = max(observation.at, next.since)
            if note(next.standing, &next, observation) {
                return holding(next, isClear: false, at: observation.at, judgedTo: observation.judgedTo)
            }
            return telling(
                .firing, next.standing, because: .limit, next, at: observation.at, judgedTo: observation.judgedTo)
        }
        (next.state, next.elapsed, next.ending, next.turning) = (.firing, .zero, nil, nil)
        guard next.standing != alert.announced else { return AlertStep(alert: next, event: nil) }
        let kind: AlertEvent.Kind = next.standing == .breach ? .raised : .lowered
        // Somebody's word lowers what is a breach by its figures; what became better did so by itself.
        let isByWord =
            before.isAccepted != observation.isAccepted && (kind == .raised || observation.standing == .breach)
        let reason: AlertReason =
            isLimitChanged(from: before, to: observation)
            ? .limitChanged
            : isByWord ? kind == .raised ? .acceptanceOver : .accepted : kind == .raised ? .worsened : .eased
        return telling(
            kind, next.standing, because: reason, next, at: observation.at, judgedTo: observation.judgedTo)
    }

    /// Ok or unjudged.
    private static func clearing(_ alert: Alert, _ observation: Observation, passed: TimeSpan) -> AlertStep {
        var next = alert
        next.standing = observation.standing
        if alert.state == .pending { return over(next, at: observation.at, judgedTo: observation.judgedTo) }
        next.elapsed = alert.state == .recovering ? alert.elapsed + passed : .zero
        next.state = .recovering
        // Told at the first clear observation, when before and after stand side by side; later ones only prove that it
        // lasts. Unjudged proves nothing, so what it ends with, or turns into, is asked again.
        if alert.state == .firing || alert.ending == .notApplicable || observation.standing == .unjudged {
            next.note(endOf: alert.outside, observation)
        }
        guard next.elapsed >= observation.timing.keep else { return AlertStep(alert: next, event: nil) }
        if note(alert.announced ?? .warning, &next, observation) {
            return holding(next, isClear: true, at: observation.at, judgedTo: observation.judgedTo)
        }
        return over(next, at: observation.at, judgedTo: observation.judgedTo)
    }

    /// The last step of a stay. It is told only when the stay was.
    static func over(_ alert: Alert, at moment: Timestamp, judgedTo: LocalDay?) -> AlertStep {
        var next = alert
        (next.state, next.elapsed, next.ending, next.turning) = (.resolved, .zero, nil, nil)
        next.flapping.isClear = false
        next.observedAt = max(moment, alert.observedAt)
        next.endedAt = max(next.observedAt, alert.since)
        guard alert.wasAnnounced else { return AlertStep(alert: next, event: nil) }
        return telling(
            .resolved, next.standing, because: alert.ending ?? .cleared, by: alert.turning, next, at: next.observedAt,
            judgedTo: judgedTo)
    }

    /// Counts a firing or an end.
    ///
    /// - Returns: whether it is one too many.
    private static func note(_ standing: Standing, _ alert: inout Alert, _ observation: Observation) -> Bool {
        guard let damping = observation.timing.damping else { return false }
        alert.flapping.forget(at: observation.at, damping)
        alert.flapping.note(standing, at: observation.at)
        return alert.flapping.changes.count >= damping.start
    }

    static func telling(
        _ kind: AlertEvent.Kind, _ standing: Standing, because reason: AlertReason, by turning: Turning? = nil,
        _ alert: Alert, at moment: Timestamp, judgedTo: LocalDay?
    ) -> AlertStep {
        var next = alert
        (next.changes, next.reason) = (alert.changes + 1, reason)
        if kind != .resolved { next.announced = standing }
        let event = AlertEvent(
            key: alert.key, episode: alert.episode, number: next.changes, kind: kind, reason: reason,
            standing: standing, since: alert.since, at: max(moment, alert.since), judgedTo: judgedTo, turning: turning)
        return AlertStep(alert: next, event: event)
    }
}

extension Alert {
    /// Counts an observation outside ok, as far as it rests on other data than the one before.
    mutating func confirm(by observation: Observation, after before: Alert) {
        guard observation.isOfOtherData(than: before) else { return }
        (confirmed, confirmedTo) = (confirmed + 1, max(confirmedTo, observation.reach))
    }

    /// It has stood outside ok for long enough, and that often.
    func isDue(by timing: AlertTiming) -> Bool { elapsed >= timing.for && confirmed >= timing.confirm }
}

extension Observation {
    var isOutside: Bool { standing == .warning || standing == .breach }
}
