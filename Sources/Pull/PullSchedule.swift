package import Facts

/// How often a source is pulled, and from when on its silence makes its figures stale.
package struct PullSchedule: Sendable, Hashable {
    package var every: TimeSpan
    /// How far its coverage may trail the clock.
    package var staleAfter: TimeSpan

    /// - Parameter staleAfter: nil is three times `every`, and at least 15 minutes.
    package init(every: TimeSpan, staleAfter: TimeSpan? = nil) {
        precondition(every > .zero, "a source is pulled every so often")
        self.every = every
        self.staleAfter = staleAfter ?? max(TimeSpan(microseconds: 3 * every.microseconds), .minutes(15))
    }

    /// When to pull next: `every` after the last pull began, at once when that has passed, and never before the moment
    /// that the other side asked to wait for.
    package func next(after began: Timestamp, now: Timestamp, notBefore: Timestamp? = nil) -> Timestamp {
        max(began + every, now, notBefore ?? now)
    }
}
