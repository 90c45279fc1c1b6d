package import Facts

/// How long a notice waits between two attempts.
///
/// The first wait is at most a second, so that the second attempt comes within two; then it doubles up to 15 minutes.
/// Half of it is left to chance, so that notices which failed together do not come back together. There is no last
/// attempt.
package enum DeliveryBackoff {
    static let first = TimeSpan.seconds(1)
    static let longest = TimeSpan.minutes(15)
    /// A receiver may ask for more than `longest`, up to this: a slip in its date must not silence it for good.
    static let longestAsked = TimeSpan.days(1)

    /// The wait after the `failure`-th failed attempt in a row (1 is the first).
    ///
    /// - Parameter asked: what the receiver asked for (`Retry-After`): waited in full when it is longer than our own.
    package static func wait(
        after failure: Int, asked: TimeSpan? = nil, using generator: inout some RandomNumberGenerator
    ) -> TimeSpan {
        // A second doubled ten times is past the longest wait; more would only overflow.
        let doublings = min(max(failure, 1) - 1, 10)
        let whole = min(first.microseconds << Int64(doublings), longest.microseconds)
        let own = TimeSpan(microseconds: Int64.random(in: (whole / 2)...whole, using: &generator))
        return max(own, min(asked ?? .zero, longestAsked))
    }
}
