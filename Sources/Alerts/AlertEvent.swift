package import Facts
package import Rules

/// What happened to an alert, kept as a record and numbered from 1 within its episode.
package struct AlertEvent: Sendable, Hashable {
    package let key: AlertKey
    package let episode: String
    /// 1 is always a firing, or the word that it flaps; a resolve is always the last.
    package let number: Int
    package let kind: Kind
    package let reason: AlertReason
    /// Warning or breach; of a resolve ok, or unjudged where health is not claimed.
    package let standing: Standing
    /// The evaluated moment at which the episode began.
    package let since: Timestamp
    /// The evaluated moment of the event.
    package let at: Timestamp
    /// The last local day that was judged; nil when nothing was judged (a removed rule or store).
    package var judgedTo: LocalDay?
    /// The clock's moment at which it was found; nil of what was kept before that was.
    package var madeAt: Timestamp?
    /// Of a resolve that was `cleared`: what did it, as far as that is known.
    package var turning: Turning?
    /// Why nobody was told of it; nil: everybody was whom it concerns.
    package var withheld: Withholding?

    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case firing
        /// Warning became breach.
        case raised
        /// Breach became warning.
        case lowered
        case resolved
        /// It came and went too often, and is held as firing.
        case flapping
        /// It no longer does, and stands outside ok.
        case settled
        /// While it is held: it would have ended, and would have fired again. Nobody is told.
        case paused, resumed
    }

    package init(
        key: AlertKey, episode: String, number: Int, kind: Kind, reason: AlertReason, standing: Standing,
        since: Timestamp, at: Timestamp, judgedTo: LocalDay?, turning: Turning? = nil,
        withheld: Withholding? = nil
    ) {
        (self.key, self.episode, self.number, self.kind) = (key, episode, number, kind)
        (self.reason, self.standing, self.since, self.at, self.judgedTo) = (reason, standing, since, at, judgedTo)
        (self.turning, self.withheld) = (turning, withheld)
    }
}

/// Why an alert changed. How it is told: `AlertStep+Reason`.
package enum AlertReason: String, Sendable, Hashable, CaseIterable {
    /// The rule does not hold.
    case limit
    /// Warning became breach.
    case worsened
    /// Breach became warning.
    case eased
    /// The rule holds again, by what happened since, alone or with what left.
    case cleared
    /// The rule holds again because facts left the window, and would as well had none come.
    case rolledOff = "rolled_off"
    /// The rule holds again because facts of days already judged were changed or taken back.
    case corrected
    /// The limit, or the word that it may be relied on, is another than before.
    case limitChanged = "limit_changed"
    /// Breach became warning because somebody answers for it until a day.
    case accepted
    /// Warning became breach because nobody does any more.
    case acceptanceOver = "acceptance_over"
    /// The rule no longer judges the store (sample too small, no limit): not a sign of health.
    case notApplicable = "not_applicable"
    case ruleRemoved = "rule_removed"
    case storeRemoved = "store_removed"
}
