package import Facts
package import Rules

/// What an evaluation said about one rule at one store, as far as its alert is concerned.
package struct Observation: Sendable, Hashable {
    package var key: AlertKey
    /// As evaluated. What an unconfirmed suggested limit may claim is the step's business.
    package var standing: Standing
    /// The evaluated moment, by which all alert clocks run. The same data evaluated again is the same moment.
    package var at: Timestamp
    /// The last local day that was judged.
    package var judgedTo: LocalDay?
    /// The condition with its parameters replaced.
    package var limit: String
    /// Whether its limit is published, observed, or confirmed by the store's owner.
    package var isConfirmed: Bool
    /// The store's revision in the ledger.
    package var revision: Int64
    /// How many facts stand behind what harms; nil when they were not counted.
    package var evidenceTotal: Int?
    /// What the facts known now say of the last moment that stood outside ok (`Alert.hindsightMoment`); nil when that
    /// was not asked. It tells a correction of the past from the passing of time.
    package var hindsight: Standing?
    package var timing: AlertTiming
    package var subject: AlertSubject

    package init(
        key: AlertKey, standing: Standing, at: Timestamp, judgedTo: LocalDay?, limit: String, isConfirmed: Bool,
        revision: Int64, evidenceTotal: Int? = nil, hindsight: Standing? = nil, timing: AlertTiming,
        subject: AlertSubject
    ) {
        (self.key, self.standing, self.at, self.judgedTo, self.limit) = (key, standing, at, judgedTo, limit)
        (self.isConfirmed, self.revision, self.evidenceTotal) = (isConfirmed, revision, evidenceTotal)
        (self.hindsight, self.timing, self.subject) = (hindsight, timing, subject)
    }

    /// The standing an alert may claim: a breach of a limit that is only suggested is a warning until it is confirmed.
    var claimed: Standing { standing == .breach && !isConfirmed ? .warning : standing }

    var reading: OutsideReading {
        OutsideReading(
            at: at, limit: limit, isConfirmed: isConfirmed, revision: revision, evidenceTotal: evidenceTotal)
    }
}

/// How long a rule must stay outside ok before its alert fires, and ok before it resolves. Zero acts on the first
/// observation.
package struct AlertTiming: Sendable, Hashable {
    package var `for`: TimeSpan
    package var keep: TimeSpan
    /// When too many comings and goings are told as one; nil: never.
    package var damping: FlapDamping?

    package init(for: TimeSpan, keep: TimeSpan, damping: FlapDamping? = nil) {
        (self.for, self.keep, self.damping) = (`for`, keep, damping)
    }
}
