package import Facts
import Rules

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

    private init(burst: Int, each: TimeSpan) { (self.burst, self.each) = (burst, each) }

    /// What first pulls may have of it together. A plan needs no more than half of a limit (see `CallPlan`), so that these
    /// two fifths are there, and whoever keeps stores fresh never stands behind all who fill theirs.
    var forFirstPulls: RateLimit {
        RateLimit(burst: max(1, burst * 2 / 5), each: TimeSpan(microseconds: each.microseconds * 5 / 2))
    }

    /// The same at another rate. What a platform says in four digits may be rounded up: only what is clearly faster counts
    /// as faster.
    func refilled(_ told: TimeSpan) -> RateLimit {
        let isClear = told > each || told.microseconds < each.microseconds / 100 * 98
        return isClear ? RateLimit(burst: burst, each: told) : self
    }

    /// What a call counts against.
    package struct Allowance: Sendable, Hashable {
        /// Calls of one key share the bucket.
        package var key: String
        package var limit: RateLimit
        /// Where an answer says more of it.
        var headers = PullPlan.Limit.Headers()
        /// Other stores count against it as well.
        var isShared = false
        /// It counts over so long a time that a restart must not forget how much is used.
        var isKept = false

        var forFirstPulls: Allowance {
            Allowance(key: "first " + key, limit: limit.forFirstPulls, isShared: true)
        }
    }

    /// How much of an allowance is used.
    struct Bucket: Sendable, Hashable {
        /// When the bucket is full again.
        var fullAt: Timestamp
        /// Places before that whose takers did not come, rising.
        private var free: [Timestamp] = []
        /// How often what the platform said has moved all places since.
        private var change = 0

        /// A call may go then.
        struct Place: Sendable, Hashable {
            let at: Timestamp
            /// The count of changes when it was taken.
            fileprivate let change: Int
        }

        init(fullAt: Timestamp = Timestamp(microseconds: .min / 2)) { self.fullAt = fullAt }

        /// When a call that is asked for now may go; its place is taken, so that who asks first goes first.
        mutating func take(_ limit: RateLimit, now: Timestamp) -> Place {
            // What was not used in its time is not made up for.
            free.removeAll { $0 < now }
            if !free.isEmpty { return Place(at: free.removeFirst(), change: change) }
            let at = max(now, fullAt - TimeSpan(microseconds: limit.each.microseconds * Int64(limit.burst - 1)))
            fullAt = max(fullAt, at) + limit.each
            return Place(at: at, change: change)
        }

        /// The call for which this place was taken is not made. Nobody who waits behind it moves up; the next who asks has it.
        /// One from before the platform said more lies where there is no place any more.
        mutating func giveBack(_ place: Place, _ limit: RateLimit, now: Timestamp) {
            guard place.at > now, place.change == change else { return }
            free.insert(place.at, at: free.firstIndex { $0 > place.at } ?? free.endIndex)
            // Behind the last that is taken there is no place at all.
            let whole = TimeSpan(microseconds: limit.each.microseconds * Int64(limit.burst))
            while let last = free.last, last == fullAt - whole {
                free.removeLast()
                fullAt = fullAt - limit.each
            }
        }

        /// Calls come back at another rate: as many are missing as before.
        mutating func rescale(from old: RateLimit, to new: RateLimit, now: Timestamp) {
            let missing = (fullAt - now).microseconds
            guard fullAt > now, old.each != new.each else { return }
            (free, change) = ([], change + 1)
            let scaled =
                (Int128(missing) * Int128(new.each.microseconds) + Int128(old.each.microseconds) - 1)
                / Int128(old.each.microseconds)
            fullAt = now + TimeSpan(microseconds: Int64(clamping: scaled))
        }

        /// The platform says that no more calls are left than so many, and where there is none, when there are some again:
        /// one then, and more as they come back.
        mutating func learn(_ limit: RateLimit, left: Int, again: Timestamp?, now: Timestamp) {
            (free, change) = ([], change + 1)
            let missing = TimeSpan(microseconds: limit.each.microseconds * Int64(limit.burst - min(left, limit.burst)))
            fullAt = max(fullAt, now + missing)
            guard left == 0, let again, again > now else { return }
            fullAt = max(fullAt, again + TimeSpan(microseconds: limit.each.microseconds * Int64(limit.burst - 1)))
        }

        /// A call whose place was taken before went only now.
        mutating func went(_ limit: RateLimit, at moment: Timestamp) { fullAt = max(fullAt, moment + limit.each) }
    }
}
