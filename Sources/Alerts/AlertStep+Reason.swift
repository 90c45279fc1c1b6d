package import Facts
import Rules

/// Why an alert ends, told from what the last observation outside ok rested on and what the present one rests on:
///
/// 1. It is unjudged now: `not_applicable`.
/// 2. The limit reads differently, or has been confirmed or lost its confirmation: `limit_changed`.
/// 3. With hindsight, what is known now would not have put the store outside ok even then: facts of days already judged
///    were changed, `corrected`.
/// 4. No fact of the store changed in between, so only the days moved: `rolled_off`. The same when facts were added
///    but, with hindsight, the past still stands, and fewer facts harm now than did then.
/// 5. Otherwise what came since made it good: `cleared`. So does everything where hindsight was not asked: the word
///    claims least.
extension AlertStep {
    static func reasonOfEnd(after before: OutsideReading, _ observation: Observation) -> AlertReason {
        if observation.standing == .unjudged { return .notApplicable }
        if isLimitChanged(from: before, to: observation) { return .limitChanged }
        if observation.revision == before.revision { return .rolledOff }
        switch observation.hindsight {
        case .ok: return .corrected
        case .warning, .breach:
            guard let then = before.evidenceTotal, let now = observation.evidenceTotal else { return .cleared }
            return now < then ? .rolledOff : .cleared
        case .unjudged, .unknown, nil: return .cleared
        }
    }

    static func isLimitChanged(from before: OutsideReading, to observation: Observation) -> Bool {
        before.limit != observation.limit || before.isConfirmed != observation.isConfirmed
    }
}

extension Alert {
    /// The moment whose evaluation, with the facts known now, `Observation.hindsight` is to hold; nil when the step
    /// will not ask. It needs asking only once an episode, when an announced alert is first seen clear.
    package func hindsightMoment(for observation: Observation) -> Timestamp? {
        let mayEnd = state == .firing || (state == .recovering && ending == .notApplicable)
        guard mayEnd, observation.standing == .ok, observation.revision != outside.revision else { return nil }
        return outside.at
    }
}
