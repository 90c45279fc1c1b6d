package import Facts
package import Ledgers
package import Pull

/// Reports for which somebody waits.
extension Pulling {
    /// The daemon asks every some minutes, and who waits is not to ask much more often: the lists are asked again each time.
    private static let shortestPause = TimeSpan.seconds(30)
    private static let longestPause = TimeSpan.minutes(4)

    /// Pulls, and again until the reports that were asked for are read or cannot be made, or until the time is over. What is
    /// not read then stays asked for.
    ///
    /// - Parameters:
    ///   - patience: how long reports are waited for; zero waits for none.
    ///   - waiting: told before each pause how many are still being made, and for how long more they are waited for.
    package func pull(
        _ subject: PullSubject, patience: TimeSpan, waits: @escaping @Sendable (String) -> Void = { _ in },
        waiting: @Sendable (Int, TimeSpan) -> Void = { _, _ in },
        committed: @Sendable (PulledPages, CommitReceipt) async -> Void = { _, _ in }
    ) async throws -> Outcome {
        var outcome = try await pull(subject, waits: waits, committed: committed)
        guard patience > .zero, outcome.failure == nil, !outcome.reports.isEmpty else { return outcome }
        let (clock, began) = (assembly.clock, assembly.clock.now)
        var pause = Self.shortestPause
        while outcome.failure == nil, outcome.reportsInWork > 0, clock.now < began + patience {
            let left = began + patience - clock.now
            waiting(outcome.reportsInWork, left)
            try await clock.sleep(until: clock.now + min(pause, left))
            pause = min(pause + pause, Self.longestPause)
            outcome = try await pull(subject, after: outcome, waits: waits, committed: committed)
        }
        // A failure ends it early.
        outcome.waited = min(patience, .seconds((clock.now - began).microseconds / 1_000_000))
        return outcome
    }
}
