package import Facts

/// How long to wait before the next attempt.
///
/// The wait doubles with every failure up to a longest one; half of it is left to chance, so that many stores that
/// failed together do not come back together.
package struct Backoff: Sendable, Hashable {
    /// The wait after the first failure, before chance takes up to half of it.
    package var first: TimeSpan
    package var longest: TimeSpan
    /// Attempts at one request, the first included.
    package var attempts: Int

    package static let standard = Backoff(first: .seconds(1), longest: .minutes(1), attempts: 5)

    package init(first: TimeSpan, longest: TimeSpan, attempts: Int) {
        precondition(first > .zero && longest >= first && attempts > 0, "a backoff waits, and tries at least once")
        (self.first, self.longest, self.attempts) = (first, longest, attempts)
    }

    /// The wait after the `failure`-th failure in a row (1 is the first), between half of the doubled wait and all of
    /// it. What the other side asked for is waited in full, and chance adds up to a tenth or a second, whichever is
    /// less.
    package func wait(
        after failure: Int, asked: TimeSpan? = nil, using generator: inout some RandomNumberGenerator
    ) -> TimeSpan {
        var whole = first.microseconds
        for _ in 1..<max(1, failure) {
            if whole >= longest.microseconds { break }
            whole *= 2
        }
        whole = min(whole, longest.microseconds)
        let own = TimeSpan(microseconds: Int64.random(in: (whole / 2)...whole, using: &generator))
        guard let asked, asked > .zero else { return own }
        let spread = min(asked.microseconds / 10, 1_000_000)
        return max(own, asked + TimeSpan(microseconds: Int64.random(in: 0...spread, using: &generator)))
    }
}
