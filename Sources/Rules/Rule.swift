package import Facts
package import Language
package import Rollups

/// What a store must satisfy, as its pack says.
///
/// A class because it is large and never changes: ten thousand stores hold the same one.
package final class Rule: Sendable {
    /// Unique in its pack; alerts are known by it.
    package let id: String
    /// What it was called before: alerts and their history go on under its id.
    package let previousIDs: [String]
    package let title: Words
    /// In good standing while it holds; of a ladder, that one of the levels down to `aim` does.
    package let require: Condition
    /// The ladder, best first; empty for a rule that is none.
    package let levels: [Level]
    /// The lowest level in good standing.
    package let aim: String?
    /// A warning where it does not hold.
    package let prefer: Condition?
    /// Unjudged where it does not hold or is missing: the sample is too small.
    package let given: Condition?
    /// How long it must stay outside ok before it fires.
    package let `for`: TimeSpan
    /// By how many observations, each of other data than the one before, it must be found there.
    package let confirm: Int
    /// For how long nobody may know how it stands before an alert that fires is told once more; nil: for any time.
    package let blindLimit: TimeSpan?
    /// How long it must stay ok before it resolves.
    package let keep: TimeSpan
    package let severity: Severity
    /// The facts to show behind it, as `count(…)` of them; nil: those behind what harms.
    package let evidence: EvidenceExpression?
    package let consequence: Words?
    package let remedy: Words?
    /// Who says so; nil in a user's own pack, whose limits are its owner's.
    package let basis: Basis?
    package let source: String?
    /// In force from this local day of the store on; nil: from ever.
    package let from: LocalDay?
    /// No longer in force on this local day; nil: without end.
    package let until: LocalDay?
    /// Judged by what stood at the first moment of the last such day; nil: by what stands now.
    package let assessed: AssessmentDay?
    /// Judged once for every value of this member; nil: for the store as a whole.
    package let each: EachMember?
    /// The rule that this one stands in for while that one's limit is not known.
    package let standsInFor: String?
    /// The metrics whose figure is trusted only while ours and the platform's agree (`trust: neither`).
    package let distrusted: [String]
    /// How old the newest reading of a measure may be before the rule is unknown.
    package let fresh: TimeSpan
    /// What its conditions rest on.
    package let reach: Reach
    /// The aggregates of `require` that harm by growing, or by their values: what is behind a breach.
    package let harm: [AggregateExpression]
    /// The parameters that `require` rests on: its limits.
    package let limits: [String]
    /// The parameters without which nothing can be judged: those of `given` and `require`. What is preferred, or tells
    /// levels below the aim apart, is only missed.
    package let needed: [String]

    package static let defaultFresh = TimeSpan.days(2)
    /// More than so many would be days of silence where a source is pulled once a day: `for:` says that better.
    package static let confirmations = 1...20

    init(
        id: String, title: Words, require: Condition, prefer: Condition?, given: Condition?, for: TimeSpan,
        keep: TimeSpan, severity: Severity, evidence: EvidenceExpression?, consequence: Words?, remedy: Words?,
        basis: Basis?, source: String?, from: LocalDay?, until: LocalDay?, fresh: TimeSpan, reach: Reach,
        harm: [AggregateExpression], limits: [String], needed: [String], levels: [Level] = [], aim: String? = nil,
        assessed: AssessmentDay? = nil, standsInFor: String? = nil,
        each: EachMember? = nil, distrusted: [String] = [], confirm: Int = 1,
        blindLimit: TimeSpan? = nil, previousIDs: [String] = []
    ) {
        (self.id, self.title) = (id, title)
        (self.require, self.prefer, self.given) = (require, prefer, given)
        (self.for, self.keep, self.severity, self.evidence) = (`for`, keep, severity, evidence)
        (self.consequence, self.remedy, self.basis, self.source) = (consequence, remedy, basis, source)
        (self.from, self.until, self.fresh) = (from, until, fresh)
        (self.reach, self.harm, self.limits, self.needed) = (reach, harm, limits, needed)
        (self.levels, self.aim, self.assessed, self.standsInFor) = (levels, aim, assessed, standsInFor)
        (self.each, self.distrusted, self.confirm) = (each, distrusted, confirm)
        (self.blindLimit, self.previousIDs) = (blindLimit, previousIDs)
    }

    package func isInForce(on day: LocalDay) -> Bool {
        if let from, day < from { return false }
        if let until, day >= until { return false }
        return true
    }

    /// `given`, `require`, `prefer` and those of the levels that `require` does not have, as far as there are any.
    package var conditions: [Condition] {
        [given, require, prefer].compactMap { $0 } + levels.drop { $0.name != aim }.dropFirst().map(\.condition)
    }
}

/// A condition of a rule: as typed, and as written.
package struct Condition: Sendable, Hashable {
    package let expression: TypedExpression
    package let written: Passage

    package init(expression: TypedExpression, written: Passage) {
        (self.expression, self.written) = (expression, written)
    }
}
