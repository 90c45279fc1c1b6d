package import Facts

/// The buckets of one process: however many stores are pulled, their calls come no faster than the platform allows.
///
/// Who asks first goes first, and a store has one call at a time: so all have their turn equally often.
package actor RateGate {
    private var buckets: [String: RateLimit.Bucket] = [:]
    /// What a restart must not forget.
    private var kept: KeptLimits
    /// Learnt and not handed to `keep` yet: what is forgotten is told again, so that it is not written with each answer.
    private var isUnkept = false
    private var keptAt: Timestamp?
    /// By key, what was found out where a platform says no number.
    private var guessed: [String: KeptLimits.Learnt] = [:]
    /// By key, when the platform stopped all calls that count against it.
    private var stops: [String: Stop] = [:]
    /// By key of what stores share, when a call that is no first pull's last asked for a place.
    private var askedFresh: [String: Timestamp] = [:]
    private let keep: @Sendable (KeptLimits) -> Void

    private struct Stop {
        var until: Timestamp
        /// In a row.
        var times: Int
    }

    /// What a call has taken, by key, where its cost is known only when it is answered.
    package typealias Passed = [String: RateLimit.Bucket.Place]

    /// - Parameters:
    ///   - kept: what a former process handed to `keep`.
    ///   - keep: called with all that is to be remembered, before the call that it counts may go.
    package init(
        kept: KeptLimits = KeptLimits(), keep: @escaping @Sendable (KeptLimits) -> Void = { _ in }
    ) {
        (self.kept, self.keep) = (kept, keep)
    }

    /// Returns when a call may go. One allowance after another, each when the one before it lets it through: a place that
    /// is taken and waits elsewhere would hold up others.
    ///
    /// - Parameter isFirst: of a first pull, which has only its share of what is shared while stores are kept fresh by it.
    /// - Returns: for `learn`.
    /// - Throws: when the task is canceled.
    @discardableResult
    package nonisolated func pass(
        _ allowances: [RateLimit.Allowance], isFirst: Bool, clock: any WallClock
    ) async throws -> Passed {
        let allowances = await inForce(allowances)
        let own = allowances.filter { !$0.isShared }
        let shared = allowances.filter(\.isShared)
        let stages = own + (await shares(of: shared, isFirst: isFirst, now: clock.now)) + shared
        var (hasWaited, passed) = (false, Passed())
        for (number, stage) in stages.enumerated() {
            var turn = await turn(stage, now: clock.now)
            while turn.at > clock.now {
                hasWaited = hasWaited || number > 0
                do { try await clock.sleep(until: turn.at) } catch {
                    // A configuration taken in, or the end: hundreds may be waiting, and none of these calls is made.
                    await giveBack(turn, of: stage, now: clock.now)
                    throw error
                }
                // Who had a place before the platform stopped everybody waits like all the others.
                guard await isStopped(stage, at: clock.now) else { break }
                turn = await self.turn(stage, now: clock.now)
            }
            if stage.points != nil { passed[stage.key] = turn }
        }
        if hasWaited { await went(Array((own + shared).dropLast()), at: clock.now) }
        return passed
    }

    /// What first pulls pass before what is shared: their shares of it, for so long after anybody else asked last.
    private static let freshFor = TimeSpan.minutes(1)

    private func shares(
        of shared: [RateLimit.Allowance], isFirst: Bool, now: Timestamp
    ) -> [RateLimit.Allowance] {
        guard isFirst else {
            for allowance in shared { askedFresh[allowance.key] = now }
            return []
        }
        return shared.filter { allowance in askedFresh[allowance.key].map { now - $0 < Self.freshFor } ?? false }
            .map(\.forFirstPulls)
    }

    /// When a call may go, as far as this allowance is concerned; its place is taken.
    private func turn(_ allowance: RateLimit.Allowance, now: Timestamp) -> RateLimit.Bucket.Place {
        if allowance.isKept, buckets[allowance.key] == nil, let fullAt = kept.levels[allowance.key] {
            // No bucket is emptier than empty: a clock that was wrong then must not silence anybody for years.
            let whole = allowance.limit.each.microseconds * Int64(allowance.limit.burst) * 10
            buckets[allowance.key] = RateLimit.Bucket(fullAt: min(fullAt, now + TimeSpan(microseconds: whole)))
        }
        let turn = buckets[allowance.key, default: RateLimit.Bucket()]
            .take(allowance.limit, cost: allowance.cost, now: now)
        remember(allowance, now)
        return turn
    }

    private func isStopped(_ allowance: RateLimit.Allowance, at now: Timestamp) -> Bool {
        stops[allowance.key].map { $0.until > now } ?? false
    }

    /// Whoever waited for this place does not come.
    private func giveBack(_ turn: RateLimit.Bucket.Place, of allowance: RateLimit.Allowance, now: Timestamp) {
        buckets[allowance.key]?.giveBack(turn, allowance.limit, now: now)
        remember(allowance, now)
    }

    /// A call has passed all of these, and goes now: what it waited for behind the others is no time that was left unused.
    private func went(_ allowances: [RateLimit.Allowance], at now: Timestamp) {
        for allowance in allowances {
            buckets[allowance.key, default: RateLimit.Bucket()].went(allowance.limit, cost: allowance.cost, at: now)
            remember(allowance, now)
        }
    }

    // MARK: What answers say

    /// As the platform says that they are.
    private func inForce(_ allowances: [RateLimit.Allowance]) -> [RateLimit.Allowance] {
        guard !kept.learnt.isEmpty || !guessed.isEmpty else { return allowances }
        return allowances.map { allowance in
            guard let told = guessed[allowance.key] ?? kept.learnt[allowance.key] else { return allowance }
            var allowance = allowance
            if let each = told.each { allowance.limit = allowance.limit.refilled(each) }
            if let size = told.size { allowance.limit = allowance.limit.sized(size) }
            if let stream = allowance.points?.stream, let cost = told.costs[stream] {
                allowance.points?.expected = cost
            }
            return allowance
        }
    }

    /// What an answer to a call that counted against these says of them holds from now on.
    ///
    /// - Parameter passed: what `pass` gave for it.
    func learn(_ news: [RateNews], _ passed: Passed = [:], at now: Timestamp) {
        for item in news {
            if let spent = item.spent { settle(item.allowance, passed, spent) }
            if let asked = item.asked, let stream = item.allowance.points?.stream {
                learn(item.allowance.key, at: now) { $0.costs[stream] = asked }
            }
            if item.each != nil || item.size != nil { refill(item, now) }
            guard let left = item.left else { continue }
            let allowance = inForce([item.allowance])[0]
            buckets[allowance.key, default: RateLimit.Bucket()].learn(
                allowance.limit, left: left, again: item.again, toldTo: passed[allowance.key], now: now)
            remember(allowance, now)
        }
        if isUnkept { keepAll(now, atOnce: false) }
    }

    /// What is learnt and not written down yet is, as when a process ends.
    package func flush(at now: Timestamp) {
        if isUnkept { keepAll(now, atOnce: true) }
    }

    private func learn(_ key: String, at now: Timestamp, _ change: (inout KeptLimits.Learnt) -> Void) {
        let before = kept.learnt[key]
        var after = before ?? KeptLimits.Learnt()
        change(&after)
        // That it is still so is put down once a day.
        if after == before, let at = before?.at, now - at < .days(1) { return }
        after.at = now
        kept.learnt[key] = after
        isUnkept = true
    }

    private func keepAll(_ now: Timestamp, atOnce: Bool) {
        if !atOnce, let keptAt, now >= keptAt, now - keptAt < .seconds(1) { return }
        // What is full again is as if nobody had ever called.
        kept = kept.forgetting(at: now)
        keep(kept)
        (isUnkept, keptAt) = (false, now)
    }

    /// What a call was expected to cost gives way to what it cost.
    private func settle(_ allowance: RateLimit.Allowance, _ passed: Passed, _ spent: Int) {
        let allowance = inForce([allowance])[0]
        for stage in [allowance, allowance.forFirstPulls] {
            guard let place = passed[stage.key] else { continue }
            buckets[stage.key]?.settle(place, spent: spent, stage.limit)
        }
    }

    /// Calls come back at another rate from now on, or to another size: as many are missing as before.
    private func refill(_ news: RateNews, _ now: Timestamp) {
        let allowance = news.allowance
        let before = inForce([allowance])[0]
        learn(allowance.key, at: now) { learnt in
            learnt.each = news.each ?? learnt.each
            learnt.size = news.size ?? learnt.size
        }
        let after = inForce([allowance])[0]
        buckets[allowance.key]?.rescale(from: before.limit, to: after.limit, now: now)
        buckets[before.forFirstPulls.key]?.rescale(
            from: before.forFirstPulls.limit, to: after.forFirstPulls.limit, now: now)
        remember(after, now)
    }

    // MARK: Stops

    /// The first stop of several lasts so long, and each further one twice as long as the one before, to the longest.
    private static let (firstStop, longestStop) = (TimeSpan.seconds(10), TimeSpan.minutes(10))
    /// Where nobody knows a number, calls come so far apart after the first stop, and twice as far after each further one,
    /// to the slowest.
    private static let (slow, slowest) = (TimeSpan(microseconds: 100_000), TimeSpan.seconds(10))

    /// The platform says that all who share these ask too often: whoever asks next waits for a while, whatever store it is for,
    /// and for longer each time that it says so again. After it, calls come one by one as they would in a bucket that was
    /// emptied.
    ///
    /// - Parameter asked: how long it asks to wait; nil: it does not say.
    func stop(_ allowances: [RateLimit.Allowance], for asked: TimeSpan?, at now: Timestamp) {
        for given in allowances {
            var allowance = inForce([given])[0]
            let last = stops[allowance.key]
            // What was under way already when the last stop began is told the same, and tells nothing new.
            if let last, last.until > now, asked == nil { continue }
            let isInRow = last.map { now - $0.until < Self.longestStop } ?? false
            let times = isInRow ? (last?.times ?? 0) + 1 : 1
            let whole = Self.firstStop.microseconds << Int64(min(times - 1, 10))
            let until = now + (asked ?? min(TimeSpan(microseconds: whole), Self.longestStop))
            stops[allowance.key] = Stop(until: max(until, last?.until ?? until), times: times)
            if given.limit == .open {
                let each = guessed[given.key]?.each.map { TimeSpan(microseconds: $0.microseconds * 2) } ?? Self.slow
                guessed[given.key] = KeptLimits.Learnt(each: min(each, Self.slowest), size: 1)
                allowance = inForce([given])[0]
            }
            buckets[allowance.key, default: RateLimit.Bucket()]
                .learn(allowance.limit, left: 0, again: until, now: now)
            remember(allowance, now)
        }
    }

    private func remember(_ allowance: RateLimit.Allowance, _ now: Timestamp) {
        guard allowance.isKept, let fullAt = buckets[allowance.key]?.fullAt, kept.levels[allowance.key] != fullAt else {
            return
        }
        kept.levels[allowance.key] = fullAt
        keepAll(now, atOnce: true)
    }
}
