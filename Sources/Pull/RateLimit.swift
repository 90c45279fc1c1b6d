package import Facts

/// A platform's allowance: so many calls in a time.
///
/// A bucket holds what may come at once and is refilled evenly. Where a platform says no more than so many calls in a time,
/// a tenth may come at once and the rest is spread over it: whichever way it counts, no such time holds more.
package struct RateLimit: Sendable, Hashable {
    /// So many calls may come at once.
    let burst: Int
    /// One more every so often.
    let each: TimeSpan

    /// - Parameter burst: where the platform tells it, `calls` are how fast it is refilled.
    package init(calls: Int, per: TimeSpan, burst: Int? = nil) {
        precondition(calls > 0 && per > .zero && burst ?? 1 > 0, "an allowance lets something through")
        self.burst = burst ?? max(1, calls / 10)
        let refill = burst == nil ? max(1, calls - self.burst) : calls
        // Rounded up: rounded down, some thousand calls a minute would be a few too many.
        each = TimeSpan(microseconds: (per.microseconds + Int64(refill) - 1) / Int64(refill))
    }

    /// What a call counts against.
    package struct Allowance: Sendable, Hashable {
        /// Calls of one key share the bucket.
        package var key: String
        package var limit: RateLimit
    }

    /// How much of an allowance is used.
    struct Bucket: Sendable, Hashable {
        /// When the bucket is full again.
        private var fullAt = Timestamp(microseconds: .min / 2)

        /// When a call that is asked for now may go; its place is taken, so that who asks first goes first.
        mutating func take(_ limit: RateLimit, now: Timestamp) -> Timestamp {
            let at = max(now, fullAt - TimeSpan(microseconds: limit.each.microseconds * Int64(limit.burst - 1)))
            fullAt = max(fullAt, at) + limit.each
            return at
        }
    }
}

/// The buckets of one process: however many stores are pulled, their calls come no faster than the platform allows.
package actor RateGate {
    private var buckets: [String: RateLimit.Bucket] = [:]

    package init() {}

    /// When a call that counts against all of these may go.
    package func turn(_ allowances: [RateLimit.Allowance], now: Timestamp) -> Timestamp {
        allowances.reduce(now) { latest, allowance in
            max(latest, buckets[allowance.key, default: RateLimit.Bucket()].take(allowance.limit, now: now))
        }
    }
}
