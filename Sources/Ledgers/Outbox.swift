package import Alerts
package import Facts

/// A notice lent to one sender, who alone may send it until the lease ends.
package struct ClaimedNotice: Sendable, Hashable {
    package var notice: Notice
    /// Of this attempt, from 1. Attempts of which nobody knows how they ended, cut off by a crash or the daemon's end,
    /// do not count.
    package var attempt: Int
    /// From when on it has had time to be taken: when it was made, or when a dead letter was brought back.
    package var since: Timestamp
}

/// Which of the dead letters are to be sent again.
package enum DeadLetters: Sendable, Hashable {
    /// One, however it died.
    case one(id: String)
    /// Those to a receiver, or to all, that were not taken in time. What a person gave up stays so.
    case expired(owedTo: String?)
}

/// What became of it.
package struct RevivedLetters: Sendable, Hashable {
    package var revived = 0
    /// Left as they are: their receiver has taken a later word about the same alert, which they would undo.
    package var overtaken = 0

    package init(revived: Int = 0, overtaken: Int = 0) { (self.revived, self.overtaken) = (revived, overtaken) }
}

/// What became of an attempt.
package enum NoticeSettlement: Sendable, Hashable {
    /// The receiver has it.
    case taken(at: Timestamp)
    /// To be tried again, not before `at`.
    case retry(at: Timestamp, because: String)
    /// Nothing came of it: the sender is ending. To be tried again at once.
    case released
    /// Somebody gave it up: the next of its alert goes.
    case abandoned(at: Timestamp, because: String)

    /// How the reason begins where nobody took it in time.
    package static let expired = "expired:"
    /// What is said of a notice of which a digest tells, before the digest's id.
    package static let digested = "told in "
}

/// What became of one attempt at a notice.
package struct NoticeAttempt: Sendable, Hashable {
    /// The notice's id.
    package var notice: String
    package var settlement: NoticeSettlement

    package init(_ notice: String, _ settlement: NoticeSettlement) {
        (self.notice, self.settlement) = (notice, settlement)
    }
}

extension Ledger {
    /// Of one attempt.
    package func settle(_ notice: String, _ settlement: NoticeSettlement) async throws(LedgerError) {
        try await settle([NoticeAttempt(notice, settlement)])
    }
}

/// A notice and how its sending goes.
package struct OutboxEntry: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable { case owed, taken, abandoned }

    package var notice: Notice
    package var state: State
    package var attempts: Int
    /// Not before; of an owed notice.
    package var nextAttemptAt: Timestamp
    /// When it was taken or given up; nil while owed.
    package var settledAt: Timestamp?
    /// What the last failed attempt said, or why it was given up.
    package var because: String?
}

/// What is owed to one receiver, in numbers.
package struct OutboxCount: Sendable, Hashable {
    package var owed: Int
    /// Of these, put off after a failed attempt.
    package var delayed: Int

    package init(owed: Int, delayed: Int = 0) { (self.owed, self.delayed) = (owed, delayed) }
}
