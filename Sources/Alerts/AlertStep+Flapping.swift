import Facts
import Rules

/// An alert that comes and goes: with the fourth firing or end within seven days it is told once that it flaps, and held as
/// firing at the worst that was seen. What comes and goes from then on is kept and told to nobody, but for a breach where
/// a warning was told. Once there was one change at most within the window, it is told where it stands.
extension AlertStep {
    /// Takes the place of a firing or an end that makes too many.
    ///
    /// - Parameter isClear: of an end.
    static func holding(_ alert: Alert, isClear: Bool, at moment: Timestamp, judgedTo: LocalDay?) -> AlertStep {
        var next = alert
        (next.flapping.since, next.flapping.isClear) = (moment, isClear)
        (next.state, next.elapsed) = (isClear ? .recovering : .firing, .zero)
        let worst = next.flapping.worst ?? .warning
        return telling(.flapping, worst, because: .limit, next, at: moment, judgedTo: judgedTo)
    }

    /// One more observation of an alert that is held.
    static func held(
        _ alert: Alert, _ observation: Observation, passed: TimeSpan, _ damping: FlapDamping
    ) -> AlertStep {
        var next = alert
        next.flapping.forget(at: observation.at, damping)
        let (at, day) = (observation.at, observation.judgedTo)
        if observation.isOutside {
            (next.standing, next.outside, next.subject) = (
                observation.claimed, observation.reading, observation.subject
            )
            (next.ending, next.turning) = (nil, nil)
            if next.flapping.isClear {
                if alert.state == .firing {
                    next.elapsed = alert.elapsed + passed
                    next.confirm(by: observation, after: alert)
                } else {
                    (next.elapsed, next.confirmed, next.confirmedTo) = (.zero, 1, observation.reach)
                }
                next.state = .firing
                guard next.isDue(by: observation.timing) else { return AlertStep(alert: next, event: nil) }
                next.flapping.isClear = false
                next.flapping.note(next.standing, at: at)
                next.elapsed = .zero
                if let risen = risen(next, at, day) { return risen }
                return keeping(.resumed, next.standing, because: .limit, next, at: at, judgedTo: day)
            }
            (next.state, next.elapsed) = (.firing, .zero)
            if let risen = risen(next, at, day) { return risen }
        } else {
            next.standing = observation.standing
            if next.flapping.isClear {
                (next.state, next.elapsed) = (.recovering, .zero)
                if observation.standing == .unjudged || next.ending == .notApplicable {
                    (next.ending, next.turning) = (observation.standing == .unjudged ? .notApplicable : .cleared, nil)
                }
            } else {
                next.elapsed = alert.state == .recovering ? alert.elapsed + passed : .zero
                if alert.state == .firing || alert.ending == .notApplicable || observation.standing == .unjudged {
                    next.note(endOf: alert.outside, observation)
                }
                next.state = .recovering
                guard next.elapsed >= observation.timing.keep else { return AlertStep(alert: next, event: nil) }
                next.flapping.isClear = true
                next.flapping.note(alert.announced ?? .warning, at: at)
                next.elapsed = .zero
                return keeping(
                    .paused, next.standing, because: next.ending ?? .cleared, next, at: at, judgedTo: day)
            }
        }
        guard next.flapping.changes.count <= damping.stop else { return AlertStep(alert: next, event: nil) }
        (next.flapping.since, next.flapping.isClear) = (nil, false)
        return next.state == .recovering
            ? over(next, at: at, judgedTo: day)
            : telling(.settled, next.standing, because: .limit, next, at: at, judgedTo: day)
    }

    /// A breach where a warning was told is never withheld.
    private static func risen(_ alert: Alert, _ at: Timestamp, _ day: LocalDay?) -> AlertStep? {
        guard alert.standing == .breach, alert.announced != .breach else { return nil }
        return telling(.raised, .breach, because: .worsened, alert, at: at, judgedTo: day)
    }

    /// Kept, and told to nobody: what is announced stays.
    private static func keeping(
        _ kind: AlertEvent.Kind, _ standing: Standing, because reason: AlertReason, _ alert: Alert,
        at moment: Timestamp,
        judgedTo: LocalDay?
    ) -> AlertStep {
        var next = alert
        (next.changes, next.reason) = (alert.changes + 1, reason)
        return AlertStep(
            alert: next,
            event: AlertEvent(
                key: alert.key, episode: alert.episode, number: next.changes, kind: kind, reason: reason,
                standing: standing, since: alert.since, at: max(moment, alert.since), judgedTo: judgedTo,
                withheld: .flapping))
    }
}
