package import Facts
package import Ledgers

/// As of when figures are worked out for programs that ask: the last moment at which anything had come into the ledger, or
/// the beginning of this minute, whichever is later.
///
/// Within it all that is judged is the same answer. A minute of the clock alone is nothing beside the quarter of an hour
/// after which data is stale at the earliest.
package actor JudgingMoment {
    private var revision: Int64 = -1
    private var changedAt: Timestamp?

    private static let minute: Int64 = 60_000_000

    package func moment(_ ledger: any Ledger, at now: Timestamp) async throws(LedgerError) -> Timestamp {
        let minute = Timestamp(
            microseconds: now.microseconds - (now.microseconds % Self.minute + Self.minute) % Self.minute)
        let found = try await ledger.changes(since: max(0, revision)).revision
        if found > revision {
            // What it found at first may lie back.
            changedAt = now
            revision = found
        }
        // A clock that was set back is believed.
        if let changedAt, changedAt > minute, changedAt <= now { return changedAt }
        return minute
    }
}
