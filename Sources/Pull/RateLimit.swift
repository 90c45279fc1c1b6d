package import Facts
import Rules

/// A platform's allowance: so many calls in a time, or so many points of what calls cost.
///
/// A bucket holds what may come at once and is refilled evenly. Where a platform says no more than so many calls in a time,
/// a tenth may come at once and the rest is spread over it: whichever way it counts, no such time holds more. A platform
/// counts calls as they arrive, and where it counts by the second one that is held up on its way must not fall into the
/// time of those behind it.
package struct RateLimit: Sendable, Hashable {
    /// So many calls may come at once.
    let burst: Int
    /// One more every so often.
    let each: TimeSpan
    /// So much later than it goes a call that finds the bucket full may begin to empty it.
    private var late = TimeSpan.zero

    /// How long a call may be on its way, where calls are counted in times so short that it matters.
    private static let onTheWay = TimeSpan(microseconds: 250_000)
    private static let longestShort = TimeSpan.seconds(10)

    /// - Parameter burst: where the platform tells it, `calls` are how fast it is refilled.
    package init(calls: Int, per: TimeSpan, burst: Int? = nil) {
        precondition(calls > 0 && per > .zero && burst ?? 1 > 0, "an allowance lets something through")
        self.burst = burst ?? max(1, calls / 10)
        let refill = burst == nil ? max(1, calls - self.burst) : calls
        let span = burst == nil && per <= Self.longestShort ? per + Self.onTheWay : per
        // Rounded up: rounded down, some thousand calls a minute would be a few too many.
        each = TimeSpan(microseconds: (span.microseconds + Int64(refill) - 1) / Int64(refill))
    }

    /// The same where it is points that are counted, of a bucket that is so large that one call hardly empties it: what comes
    /// back while a call is on its way is lost to a bucket that is full.
    func countingLate() -> RateLimit { RateLimit(burst: burst, each: each, late: Self.onTheWay) }

    private init(burst: Int, each: TimeSpan, late: TimeSpan = .zero) {
        (self.burst, self.each, self.late) = (burst, each, late)
    }

    /// What first pulls may have of it together. A plan needs no more than half of a limit (see `CallPlan`), so that these
    /// two fifths are there, and whoever keeps stores fresh never stands behind all who fill theirs.
    var forFirstPulls: RateLimit {
        RateLimit(burst: max(1, burst * 2 / 5), each: TimeSpan(microseconds: each.microseconds * 5 / 2), late: late)
    }

    /// The same with another size, as an answer tells it.
    func sized(_ size: Int) -> RateLimit { RateLimit(burst: max(1, size), each: each, late: late) }

    /// Nobody knows a number: calls go as they come, until the platform stops them.
    static let open = RateLimit(burst: 1_000_000, each: TimeSpan(microseconds: 1))

    /// The same at another rate. What a platform says in four digits may be rounded up: only what is clearly faster counts
    /// as faster.
    func refilled(_ told: TimeSpan) -> RateLimit {
        let isClear = told > each || told.microseconds < each.microseconds / 100 * 98
        return isClear ? RateLimit(burst: burst, each: told, late: late) : self
    }

    /// What a call counts against.
    package struct Allowance: Sendable, Hashable {
        /// Calls of one key share the bucket.
        package var key: String
        package var limit: RateLimit
        /// Where an answer says more of it.
        var headers = PullPlan.Limit.Headers()
        /// Whose calls count against it.
        var scope = PullPlan.Limit.Scope.store
        /// It counts over so long a time that a restart must not forget how much is used.
        var isKept = false
        /// Where not calls are counted but what they cost.
        var points: Points?

        /// Other stores count against it as well.
        var isShared: Bool { scope != .store }
        /// What this call is expected to take of it.
        var cost: Int { points?.expected ?? 1 }

        var forFirstPulls: Allowance {
            Allowance(key: "first " + key, limit: limit.forFirstPulls, scope: scope, points: points)
        }

        /// What is known of the cost of a call.
        struct Points: Sendable, Hashable {
            /// Calls of one stream cost alike.
            var stream: String
            var expected: Int
            var told: PullPlan.Limit.Told
        }
    }

    /// How much of an allowance is used.
    package struct Bucket: Sendable, Hashable {
        /// When the bucket is full again.
        var fullAt: Timestamp
        /// Places before that whose takers did not come, rising.
        private var free: [Timestamp] = []
        /// How often what the platform said has moved all places since.
        private var change = 0
        /// How many places were taken.
        private var number = 0

        /// A call may go then.
        package struct Place: Sendable, Hashable {
            let at: Timestamp
            /// What it takes of the bucket.
            let cost: Int
            /// The count of changes when it was taken, and of places.
            fileprivate let (change, number): (Int, Int)
        }

        init(fullAt: Timestamp = Timestamp(microseconds: .min / 2)) { self.fullAt = fullAt }

        /// When a call that is asked for now may go; its place is taken, so that who asks first goes first.
        ///
        /// - Parameter cost: one that costs more than there ever is goes when the bucket is full: whoever is asked says so.
        mutating func take(_ limit: RateLimit, cost: Int = 1, now: Timestamp) -> Place {
            // What was not used in its time is not made up for.
            free.removeAll { $0 < now }
            number += 1
            if cost == 1, !free.isEmpty {
                return Place(at: free.removeFirst(), cost: 1, change: change, number: number)
            }
            let cost = min(cost, limit.burst)
            let at = max(now, fullAt - limit.span(limit.burst - cost))
            fullAt = max(fullAt, at + limit.late) + limit.span(cost)
            return Place(at: at, cost: cost, change: change, number: number)
        }

        /// The call for which this place was taken is not made. Nobody who waits behind it moves up; the next who asks has it.
        /// One from before the platform said more lies where there is no place any more.
        mutating func giveBack(_ place: Place, _ limit: RateLimit, now: Timestamp) {
            guard place.at > now, place.change == change else { return }
            let whole = limit.span(limit.burst)
            guard place.cost == 1 else {
                // Of many points only what nobody waits behind is there again: a gap that is left fits no other call.
                if place.at == fullAt - whole { fullAt = fullAt - limit.span(place.cost) }
                return
            }
            free.insert(place.at, at: free.firstIndex { $0 > place.at } ?? free.endIndex)
            // Behind the last that is taken there is no place at all.
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
        ///
        /// - Parameter place: of the call that was told so. Where nobody has taken a place since, what it was told is all that
        ///   there is to know; else our own count holds if it is lower.
        mutating func learn(
            _ limit: RateLimit, left: Int, again: Timestamp?, toldTo place: Place? = nil, now: Timestamp
        ) {
            (free, change) = ([], change + 1)
            let told = now + limit.span(limit.burst - min(left, limit.burst))
            fullAt = place?.number == number ? told : max(fullAt, told)
            guard left == 0, let again, again > now else { return }
            fullAt = max(fullAt, again + limit.span(limit.burst - 1))
        }

        /// The call that had this place took so much in the end. What it left is there again, unless somebody has taken a
        /// place since: that one waits for what was expected, and a bucket that was full meanwhile is not filled twice.
        mutating func settle(_ place: Place, spent: Int, _ limit: RateLimit) {
            guard place.change == change else { return }
            if spent > place.cost || place.number == number { fullAt = fullAt - limit.span(place.cost - spent) }
        }

        /// A call whose place was taken before went only now.
        mutating func went(_ limit: RateLimit, cost: Int = 1, at moment: Timestamp) {
            fullAt = max(fullAt, moment + limit.late + limit.span(min(cost, limit.burst)))
        }
    }

    /// How long it takes until so many come back.
    private func span(_ count: Int) -> TimeSpan { TimeSpan(microseconds: each.microseconds * Int64(count)) }
}
