package import Facts
package import Rules

/// One rule's stay outside ok at one store: where it is, since when, and because of what.
///
/// There is one for every store and rule that ever left ok, and it stays when it has ended: the end of one stay is what
/// keeps the next from bearing its name. All of it must be kept; a step reads nothing else of the past.
package struct Alert: Sendable, Hashable {
    package let key: AlertKey
    /// Names this stay; the same in its firing and its resolve (`ContentID.episode`).
    package var episode: String
    package var state: State
    /// As last decided, an unconfirmed suggested limit counting at most as warning: warning or breach while pending or
    /// firing, ok or unjudged while recovering and after. Unknown never stands here.
    package var standing: Standing
    /// What was last announced, warning or breach; nil while nothing was.
    package var announced: Standing?
    /// The evaluated moment at which it first stood outside ok.
    package var since: Timestamp
    /// The evaluated moment at which it fired; nil when it has not.
    package var firedAt: Timestamp?
    /// The evaluated moment at which it ended; nil while it goes on.
    package var endedAt: Timestamp?
    /// How much has passed towards `for` while pending, towards `keep` while recovering; else zero.
    package var elapsed: TimeSpan
    /// How many observations of other data than the one before have found it outside ok, while it was pending.
    package var confirmed: Int
    /// Up to when the data of the last of these reached.
    package var confirmedTo: Timestamp
    /// The evaluated moment of the last observation that decided, from which the clock runs on.
    package var observedAt: Timestamp
    /// The last observation decided nothing: it was unknown, or earlier than one already judged. The clock stands.
    package var isBlind: Bool
    /// While it is blind: those who know of it were told so.
    package var isBlindTold: Bool
    /// The number of its last event; 0 while there was none.
    package var changes: Int
    /// Of its last event; nil while there was none.
    package var reason: AlertReason?
    /// Why it is clear, while recovering: the reason of the resolve if it lasts. nil otherwise.
    package var ending: AlertReason?
    /// Of `cleared`: what did it, as far as that is known.
    package var turning: Turning?
    /// The last observation outside ok, against which an end is explained.
    package var outside: OutsideReading
    /// Whom and what it speaks of, as last seen: a removed rule or store can still be named.
    package var subject: AlertSubject
    /// What receivers were last told, warning or breach; nil: nobody was told anything of this stay.
    package var told: Standing?
    /// How often it came and went of late.
    package var flapping: Flapping

    package enum State: String, Sendable, Hashable, CaseIterable {
        /// Outside ok, but not yet for long enough. Nobody was told.
        case pending
        /// Outside ok, and announced.
        case firing
        /// Announced, and clear since, but not yet for long enough.
        case recovering
        /// Ended. Without an event when it ended while pending.
        case resolved
    }

    /// Every member, as it was kept.
    package init(
        key: AlertKey, episode: String, state: State, standing: Standing, announced: Standing?, since: Timestamp,
        firedAt: Timestamp?, endedAt: Timestamp?, elapsed: TimeSpan, observedAt: Timestamp, isBlind: Bool,
        changes: Int, reason: AlertReason?, ending: AlertReason?, outside: OutsideReading, subject: AlertSubject,
        told: Standing? = nil, flapping: Flapping = Flapping(), confirmed: Int = 1, confirmedTo: Timestamp? = nil,
        isBlindTold: Bool = false
    ) {
        (self.key, self.episode, self.state, self.standing, self.announced) = (key, episode, state, standing, announced)
        (self.since, self.firedAt, self.endedAt) = (since, firedAt, endedAt)
        (self.elapsed, self.observedAt, self.isBlind) = (elapsed, observedAt, isBlind)
        (self.changes, self.reason, self.ending) = (changes, reason, ending)
        (self.outside, self.subject, self.told, self.flapping) = (outside, subject, told, flapping)
        (self.confirmed, self.confirmedTo, self.isBlindTold) = (confirmed, confirmedTo ?? outside.at, isBlindTold)
    }

    /// Whether it goes on: pending, firing or recovering.
    package var isOpen: Bool { state != .resolved }
    /// Whether the next observation may move it though the standing is the same: its clock runs, or stood still.
    package var waitsForTime: Bool {
        // What is held as clear waits for days: it is looked at whenever something arrives, and each day.
        let isTimed =
            switch state {
            case .pending: true
            case .recovering: !flapping.isClear
            case .firing: flapping.isClear
            case .resolved: false
            }
        return isTimed || isOpen && isBlind
    }
    /// Whether it ever fired: an alert that ended while pending never did. Whether somebody was told says `told`.
    package var wasAnnounced: Bool { changes > 0 }
}

/// What identifies an alert. Nothing that may change during a stay belongs to it.
package struct AlertKey: Sendable, Hashable, Comparable {
    package let store: String
    package let rule: String

    package init(store: String, rule: String) { (self.store, self.rule) = (store, rule) }

    /// It is about the data of a store, or of many, and not about a rule of a pack: no rule's id holds a colon.
    package var isHealth: Bool { rule.hasPrefix(HealthReport.rule("")) }
    /// It is about something that ends unless somebody renews it.
    package var isExpiry: Bool { rule.hasPrefix(HealthReport.rule(Expiry.source)) }

    /// For the log: `store 'a', rule 'b'`. One that speaks for many stores names none.
    package var words: String { store.isEmpty ? "'\(rule)'" : "store '\(store)', rule '\(rule)'" }

    package static func < (a: AlertKey, b: AlertKey) -> Bool { (a.store, a.rule) < (b.store, b.rule) }
}

/// What an observation outside ok rested on, as far as it explains why a later one is different.
package struct OutsideReading: Sendable, Hashable {
    package var at: Timestamp
    /// The condition with its parameters replaced.
    package var limit: String
    package var isConfirmed: Bool
    /// Somebody answered for it.
    package var isAccepted: Bool
    /// The store's revision: the same number means the same facts.
    package var revision: Int64
    /// How many facts stood behind what harms; nil when that was not counted.
    package var evidenceTotal: Int?

    package init(
        at: Timestamp, limit: String, isConfirmed: Bool, isAccepted: Bool = false, revision: Int64, evidenceTotal: Int?
    ) {
        (self.at, self.limit, self.isConfirmed, self.isAccepted) = (at, limit, isConfirmed, isAccepted)
        (self.revision, self.evidenceTotal) = (revision, evidenceTotal)
    }
}
