package import Alerts
package import Facts
package import Rules

/// What a receiver is to hear and was not told yet.
package struct WaitingItem: Sendable, Hashable {
    package var item: NoticeItem
    /// Why it was not told when it was looked at last; nil: nobody has looked.
    package var cause: NoticeHold.Cause?
    package var because: String?
    /// As what the receiver was told of the episode last, warning or breach; nil: of nothing.
    package var told: Standing?
    /// Something of the episode was told to the receiver before.
    package var wasTold: Bool { told != nil }
}

extension Ledger {
    /// With all that they are to say.
    package func waitingItems(for receiver: String) async throws(LedgerError) -> [WaitingItem] {
        try await waitingItems(for: receiver, withBodies: true)
    }

    /// Whichever stores are watched.
    @discardableResult
    package func forget(before moment: Timestamp, owedTo receivers: Set<String>) async throws(LedgerError) -> Int {
        try await forget(before: moment, owedTo: receivers, watching: nil)
    }
}

/// Part of a notice that is owed and that nobody is sending at this moment.
package struct OwedItem: Sendable, Hashable {
    /// The notice's id.
    package var notice: String
    package var key: AlertKey
    package var event: NoticeItem.Event
    package var standing: Standing
}

/// What of an episode a receiver was to hear, and what became of it.
package struct ToldItem: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable { case waiting, told, withheld }

    package var receiver: String
    package var event: NoticeItem.Event
    package var madeAt: Timestamp
    package var state: State
    /// Why it waits (`NoticeHold.Cause`), or was withheld (`NoticeGathering.NeverTold`).
    package var cause: String?
    package var because: String?
    package var decidedAt: Timestamp?
    /// The notice that tells it, and how its sending goes; nil once that is forgotten.
    package var notice: String?
    package var sending: OutboxEntry.State?
    package var attempts: Int
    package var settledAt: Timestamp?
    /// What the last attempt that failed said, or why the notice was given up.
    package var answer: String?
}

/// Where rules stand now, and how that changed, to be kept with what their alerts do.
package struct StandingMoves: Sendable {
    /// Of stores at which something changed, all rules: by rule, what it said when it was last decided, and its standing.
    package var standings: [String: [String: String]]
    package var changes: [StandingChange]

    package init(standings: [String: [String: String]] = [:], changes: [StandingChange] = []) {
        (self.standings, self.changes) = (standings, changes)
    }

    package var isEmpty: Bool { standings.isEmpty && changes.isEmpty }
}

/// What a look at what waits for a receiver has decided, to be kept as a whole.
package struct GatheredItems: Sendable {
    package var notices: [(notice: Notice, items: [String])]
    package var withheld: [String: NoticeGathering.NeverTold]
    package var holds: [String: NoticeHold]

    package init(
        notices: [(notice: Notice, items: [String])], withheld: [String: NoticeGathering.NeverTold],
        holds: [String: NoticeHold]
    ) {
        (self.notices, self.withheld, self.holds) = (notices, withheld, holds)
    }
}
