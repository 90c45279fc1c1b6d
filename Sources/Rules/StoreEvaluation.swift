package import Facts
package import Language

/// Where a store stands at a moment, with what that rests on.
package struct StoreEvaluation: Sendable {
    package let store: String
    /// The moment that was asked for: the clock's, or the one that `--at` fixed.
    package let at: Timestamp
    package let standing: Standing
    /// In the order of the pack.
    package let rules: [RuleEvaluation]
    package let gates: [GateEvaluation]

    package init(
        store: String, at: Timestamp, standing: Standing, rules: [RuleEvaluation], gates: [GateEvaluation] = []
    ) {
        (self.store, self.at, self.standing, self.rules, self.gates) = (store, at, standing, rules, gates)
    }
}

/// Where one rule stands at a store.
package struct RuleEvaluation: Sendable {
    /// The rule with the values of its parameters.
    package let valued: RuleValuation
    package internal(set) var standing: Standing
    package internal(set) var because: Cause
    /// The moment it was evaluated at: up to which the facts that it reads are complete.
    package internal(set) var coveredMoment: Timestamp
    /// The last complete day of the store's before that moment: what windows of days end with.
    package let judgedTo: LocalDay
    /// Of the metrics that its conditions name, in the order in which they do.
    package let values: [(metric: String, estimate: Estimate)]
    /// On whose word the limit rests, the weakest where it rests on several; nil: on the owner's.
    package let basis: Basis?
    /// False: the limit is only our suggestion, and the store's owner has not confirmed it.
    package let isConfirmed: Bool
    private var rare: Rare?

    /// What most rules do not have, apart, so that ten thousand stores times twenty rules stay small.
    private final class Rare: Sendable {
        let accepted: Acceptance?
        let level: String?
        let assessment: Assessment?
        let parts: [Part]
        let counterpart: Counterpart?

        init(
            _ accepted: Acceptance?, _ level: String?, _ assessment: Assessment?, _ parts: [Part],
            _ counterpart: Counterpart? = nil
        ) {
            (self.accepted, self.level, self.assessment, self.parts) = (accepted, level, assessment, parts)
            self.counterpart = counterpart
        }
    }

    /// Somebody answers for its breach, and still does on the day.
    package var accepted: Acceptance? { rare?.accepted }
    /// Where the store stands on the rule's ladder; nil for a rule without one, and while nobody can tell.
    package var level: String? { rare?.level }
    /// Of a rule that the platform looks at on certain days only.
    package internal(set) var assessment: Assessment? {
        get { rare?.assessment }
        set { rare = Rare(accepted, level, newValue, parts, counterpart) }
    }
    /// Of a rule that is judged for each value of a member, by value; its own standing is the worst of theirs.
    package internal(set) var parts: [Part] {
        get { rare?.parts ?? [] }
        set { rare = Rare(accepted, level, assessment, newValue, counterpart) }
    }
    /// Whose figures `values` are, of a rule that is judged for each value of a member.
    package var worstPart: Part? { parts.max { $0.standing.rank < $1.standing.rank } }
    /// Where marks make a difference: what the other way of counting gives.
    package internal(set) var counterpart: Counterpart? {
        get { rare?.counterpart }
        set { rare = Rare(accepted, level, assessment, parts, newValue) }
    }

    init(
        valued: RuleValuation, standing: Standing, because: Cause, coveredMoment: Timestamp, judgedTo: LocalDay,
        values: [(metric: String, estimate: Estimate)], basis: Basis?, isConfirmed: Bool, accepted: Acceptance?,
        level: String?
    ) {
        (self.valued, self.standing, self.because, self.coveredMoment) = (valued, standing, because, coveredMoment)
        (self.judgedTo, self.values, self.basis, self.isConfirmed) = (judgedTo, values, basis, isConfirmed)
        rare = accepted == nil && level == nil ? nil : Rare(accepted, level, nil, [])
    }

    package var rule: Rule { valued.rule }
    /// `require` with parameters replaced by their values.
    package var limit: String { valued.limit }
    /// `prefer`, likewise.
    package var preference: String? { valued.preference }
    /// `given`, likewise.
    package var premise: String? { valued.premise }
    /// The condition that does not hold: a warning passes what is preferred, a breach (also of a limit that nobody
    /// confirmed, which is told as a warning) what is required. Of all others, what is required.
    package var passedLimit: String { standing == .warning ? preference ?? limit : limit }
    /// Why it stands where it stands, for people.
    package var words: Words {
        standing == .warning && because == .limit
            ? Words(en: "outside what is preferred", zh: "未达期望值") : because.words
    }
    /// On whose word the limit rests, for people. A suggested limit is never presented as the platform's own.
    package var basisWords: Words {
        switch basis {
        case nil: Words(en: "set by the store's owner", zh: "店铺自定")
        case .published: Words(en: "published by the platform", zh: "平台公布")
        case .shown: Words(en: "shown to this store by the platform", zh: "平台后台对本店显示")
        case .ownHistory: Words(en: "its own history", zh: "与自身历史比较")
        case .observed: Words(en: "observed, not published", zh: "观察所得，平台未公布")
        case .suggested:
            isConfirmed
                ? Words(en: "suggested, confirmed by the owner", zh: "建议值，已确认")
                : Words(en: "suggested, not confirmed: counts at most as a warning", zh: "建议值，未确认：至多计为预警")
        }
    }
    /// The facts behind it: those of `evidence`, else of the aggregates of its conditions; parameters replaced.
    package var evidence: [AggregateExpression] { valued.evidence }

    /// What may be said aloud: a breach of a limit that is only our suggestion is a warning until it is confirmed, and so
    /// is one that somebody answers for.
    package var announced: Standing { isWarningAtMost && standing == .breach ? .warning : standing }

    /// The moment at which its figures were taken: the covered one, or that of the assessment which it stands by.
    package var figuresAt: Timestamp {
        guard let assessment else { return coveredMoment }
        if case .projected = because { return coveredMoment }
        return standing == .unknown ? coveredMoment : assessment.moment
    }

    /// Its breach counts as a warning.
    package var isWarningAtMost: Bool { !isConfirmed || accepted != nil }
    /// The worst that it can stand, as announced.
    var cap: Standing { isWarningAtMost ? .warning : .breach }

    /// The same rule by the figures with marks, where a store stands by the platform's; by the platform's, where its marks
    /// count.
    package struct Counterpart: Sendable {
        package let isMarked: Bool
        package let standing: Standing
        package let values: [(metric: String, estimate: Estimate)]
    }

    /// What the platform saw when it last looked, beside what it would see now.
    package struct Assessment: Sendable {
        package let moment: Timestamp
        /// The day at whose first moment it looked.
        package let day: LocalDay
        package let next: LocalDay
        package let standing: Standing
        package let values: [(metric: String, estimate: Estimate)]
        package let projected: Standing
        package let projectedValues: [(metric: String, estimate: Estimate)]
    }

    /// What it adds to the store's standing; nil when nothing: a rule of severity info, or not in force.
    package var counted: Standing? {
        switch because {
        case .notYetInForce, .noLongerInForce, .stoodDown: nil
        default: rule.severity.counted(announced)
        }
    }

    package var isInForce: Bool {
        switch because {
        case .notYetInForce, .noLongerInForce, .stoodDown: false
        default: true
        }
    }
}

/// Whether a gate lets the store through.
package struct GateEvaluation: Sendable {
    package let gate: Gate
    package let state: Gate.State
    /// The rules that keep it closed, or that nobody knows about; in the order of the gate.
    package let because: [String]

    package init(gate: Gate, state: Gate.State, because: [String]) {
        (self.gate, self.state, self.because) = (gate, state, because)
    }
}
