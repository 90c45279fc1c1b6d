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
    /// The receiver has it, and answered so.
    case taken(at: Timestamp, answer: String? = nil)
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

/// Which notices are meant that wait for their next attempt.
package enum OwedNotices: Sendable, Hashable {
    /// nil: to everybody.
    case owedTo(String?)
    /// By its id, and those before it for which it waits.
    case one(id: String)
}

extension Ledger {
    /// Of one attempt.
    package func settle(
        _ notice: String, _ settlement: NoticeSettlement, audit: [AuditEntry] = []
    ) async throws(LedgerError) {
        try await settle([NoticeAttempt(notice, settlement)], audit: audit)
    }
}

/// Which notices are asked for.
package struct NoticeChoice: Sendable, Hashable {
    /// nil: of all.
    package var state: OutboxEntry.State?
    /// nil: to all.
    package var receiver: String?
    /// About alerts of these alone; nil: of all, and those about many stores.
    package var stores: [String]?
    /// How their id begins.
    package var id = ""
    /// Made then or earlier.
    package var until: Timestamp?

    package init(
        state: OutboxEntry.State? = nil, receiver: String? = nil, stores: [String]? = nil, id: String = "",
        until: Timestamp? = nil
    ) {
        (self.state, self.receiver, self.stores, self.id, self.until) = (state, receiver, stores, id, until)
    }
}

/// What there is to be said of a notice without its body.
package struct NoticeHead: Sendable, Hashable {
    package var id: String
    package var receiver: String
    package var key: AlertKey
    package var madeAt: Timestamp
    package var state: OutboxEntry.State
    package var attempts: Int
    /// Not before; of an owed notice.
    package var nextAttemptAt: Timestamp
    /// When it was taken or given up; nil while owed.
    package var settledAt: Timestamp?
    /// What the last attempt was answered, or why it was given up.
    package var because: String?
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
    /// What the last attempt was answered, or why it was given up.
    package var because: String?
}

/// What is owed to one receiver, in numbers.
package struct OutboxCount: Sendable, Hashable {
    package var owed: Int
    /// Of these, put off after a failed attempt.
    package var delayed: Int
    /// When the oldest was made.
    package var since: Timestamp?

    package init(owed: Int, delayed: Int = 0, since: Timestamp? = nil) {
        (self.owed, self.delayed, self.since) = (owed, delayed, since)
    }
}
