package import Facts
package import Rules

/// What an evaluation said about one rule at one store, as far as its alert is concerned.
package struct Observation: Sendable, Hashable {
    package var key: AlertKey
    /// As evaluated. What an unconfirmed suggested limit may claim is the step's business.
    package var standing: Standing
    /// The evaluated moment, by which all alert clocks run. The same data evaluated again is the same moment.
    package var at: Timestamp
    /// Up to when the data reached that it rests on: the evaluated moment, but where that is the clock's, as no source
    /// says how far its data reaches.
    package var reach: Timestamp
    /// The last local day that was judged.
    package var judgedTo: LocalDay?
    /// The condition with its parameters replaced.
    package var limit: String
    /// Whether its limit is published, observed, or confirmed by the store's owner.
    package var isConfirmed: Bool
    /// Somebody answers for a breach of it until a day.
    package var isAccepted = false
    /// The store's revision in the ledger.
    package var revision: Int64
    /// How many facts stand behind what harms; nil when they were not counted.
    package var evidenceTotal: Int?
    /// What the facts known now say of the last moment that stood outside ok (`Alert.hindsightMoment`); nil when that
    /// was not asked. It tells a correction of the past from the passing of time.
    package var hindsight: Standing?
    /// What turned the rule since it last stood outside ok (`Alert.turningMoment`); nil when that was not asked, or
    /// cannot be told.
    package var turning: Turning?
    package var timing: AlertTiming
    package var subject: AlertSubject

    package init(
        key: AlertKey, standing: Standing, at: Timestamp, judgedTo: LocalDay?, limit: String, isConfirmed: Bool,
        revision: Int64, evidenceTotal: Int? = nil, hindsight: Standing? = nil, timing: AlertTiming,
        subject: AlertSubject, reach: Timestamp? = nil
    ) {
        (self.key, self.standing, self.at, self.judgedTo, self.limit) = (key, standing, at, judgedTo, limit)
        (self.isConfirmed, self.revision, self.evidenceTotal) = (isConfirmed, revision, evidenceTotal)
        (self.hindsight, self.timing, self.subject, self.reach) = (hindsight, timing, subject, reach ?? at)
    }

    /// The standing an alert may claim: a breach of a limit that is only suggested is a warning until it is confirmed,
    /// and so is one that somebody answers for.
    var claimed: Standing { standing == .breach && (!isConfirmed || isAccepted) ? .warning : standing }

    /// It rests on other data than the last one outside ok: the same evaluated twice confirms nothing.
    func isOfOtherData(than alert: Alert) -> Bool { revision != alert.outside.revision || reach > alert.confirmedTo }

    var reading: OutsideReading {
        OutsideReading(
            at: at, limit: limit, isConfirmed: isConfirmed, isAccepted: isAccepted, revision: revision,
            evidenceTotal: evidenceTotal)
    }
}

/// How long a rule must stay outside ok before its alert fires, and ok before it resolves. Zero acts on the first
/// observation. By how many observations of other data it must be found there as well.
package struct AlertTiming: Sendable, Hashable {
    package var `for`: TimeSpan
    package var keep: TimeSpan
    package var confirm: Int
    /// When too many comings and goings are told as one; nil: never.
    package var damping: FlapDamping?

    package init(for: TimeSpan, keep: TimeSpan, confirm: Int = 1, damping: FlapDamping? = nil) {
        (self.for, self.keep, self.confirm, self.damping) = (`for`, keep, confirm, damping)
    }
}
