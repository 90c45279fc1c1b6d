package import Facts

/// How often a source is pulled.
package struct PullSchedule: Sendable, Hashable {
    package var every: TimeSpan

    package init(every: TimeSpan) {
        precondition(every > .zero, "a source is pulled every so often")
        self.every = every
    }

    /// How far coverage may trail the clock when nothing else is said: three times `every`, and at least this.
    package static let leastStaleAfter = TimeSpan.minutes(15)

    package static func staleAfter(every: TimeSpan) -> TimeSpan {
        max(TimeSpan(microseconds: 3 * every.microseconds), leastStaleAfter)
    }

    /// When to pull next: `every` after the last pull began, at once when that has passed, and never before the moment
    /// that the other side asked to wait for.
    package func next(after began: Timestamp, now: Timestamp, notBefore: Timestamp? = nil) -> Timestamp {
        max(began + every, now, notBefore ?? now)
    }
}
