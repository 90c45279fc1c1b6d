package import Facts
import Rules

/// Why an alert ends, told from what the last observation outside ok rested on and what the present one rests on:
///
/// 1. It is unjudged now: `not_applicable`.
/// 2. The limit reads differently, or has been confirmed or lost its confirmation: `limit_changed`.
/// 3. With hindsight, what is known now would not have put the store outside ok even then: facts of days already judged
///    were changed, `corrected`.
/// 4. What left the windows did it, and the rule would hold as well had nothing come into them: `rolled_off`.
/// 5. Otherwise what came since made it good, alone or together with what left: `cleared`. So does everything of which
///    that cannot be told: the word claims least.
extension AlertStep {
    static func reasonOfEnd(after before: OutsideReading, _ observation: Observation) -> AlertReason {
        if observation.standing == .unjudged { return .notApplicable }
        if isLimitChanged(from: before, to: observation) { return .limitChanged }
        if observation.revision != before.revision {
            switch observation.hindsight {
            case .ok: return .corrected
            case .warning, .breach: break
            case .unjudged, .unknown, nil: return .cleared
            }
        }
        return observation.turning == .age ? .rolledOff : .cleared
    }

    static func isLimitChanged(from before: OutsideReading, to observation: Observation) -> Bool {
        before.limit != observation.limit || before.isConfirmed != observation.isConfirmed
    }
}

extension Alert {
    /// The moment whose evaluation, with the facts known now, `Observation.hindsight` is to hold; nil when the step
    /// will not ask. It needs asking only once an episode, when an announced alert is first seen clear.
    package func hindsightMoment(for observation: Observation) -> Timestamp? {
        observation.revision == outside.revision ? nil : turningMoment(for: observation)
    }

    /// The moment since which `Observation.turning` is to tell what turned it; nil when the step will not ask.
    package func turningMoment(for observation: Observation) -> Timestamp? {
        let mayEnd = state == .firing || (state == .recovering && ending == .notApplicable)
        return mayEnd && observation.standing == .ok ? outside.at : nil
    }

    /// Keeps why it is clear.
    mutating func note(endOf before: OutsideReading, _ observation: Observation) {
        let reason = AlertStep.reasonOfEnd(after: before, observation)
        (ending, turning) = (reason, reason == .cleared && observation.turning != .age ? observation.turning : nil)
    }
}
