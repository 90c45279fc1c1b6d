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

    /// The first moment after `moment` that is a source's own: each name has its place within `every`, the same in every
    /// process, so that the stores of an application do not all ask at once.
    package func ownMoment(of name: String, after moment: Timestamp) -> Timestamp {
        // FNV-1a: short names that differ in one digit lie far apart.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash ^= hash >> 32
        let place = Int64(hash % UInt64(every.microseconds))
        let into = (moment.microseconds - place) % every.microseconds
        let passed = into < 0 ? into + every.microseconds : into
        return moment + TimeSpan(microseconds: every.microseconds - passed)
    }
}
