package import Facts

/// The buckets of one process: however many stores are pulled, their calls come no faster than the platform allows.
///
/// Who asks first goes first, and a store has one call at a time: so all have their turn equally often.
package actor RateGate {
    private var buckets: [String: RateLimit.Bucket] = [:]
    /// Of those that a restart must not forget, by key, when they are full again.
    private var kept: [String: Timestamp]
    /// By key, how often a call comes back as the platform says.
    private var told: [String: TimeSpan] = [:]
    private let keep: @Sendable ([String: Timestamp]) -> Void

    /// - Parameters:
    ///   - kept: what a former process handed to `keep`.
    ///   - keep: called with all that is to be remembered, before the call that it counts may go.
    package init(
        kept: [String: Timestamp] = [:], keep: @escaping @Sendable ([String: Timestamp]) -> Void = { _ in }
    ) {
        (self.kept, self.keep) = (kept, keep)
    }

    /// Returns when a call may go. One allowance after another, each when the one before it lets it through: a place that
    /// is taken and waits elsewhere would hold up others.
    ///
    /// - Parameter isFirst: of a first pull, which has only its share of what is shared.
    /// - Throws: when the task is canceled.
    package nonisolated func pass(
        _ allowances: [RateLimit.Allowance], isFirst: Bool, clock: any WallClock
    ) async throws {
        let allowances = await inForce(allowances)
        let own = allowances.filter { !$0.isShared }
        let shared = allowances.filter(\.isShared)
        let stages = own + (isFirst ? shared.map(\.forFirstPulls) : []) + shared
        var hasWaited = false
        for (number, stage) in stages.enumerated() {
            let turn = await turn(stage, now: clock.now)
            guard turn.at > clock.now else { continue }
            hasWaited = hasWaited || number > 0
            do { try await clock.sleep(until: turn.at) } catch {
                // A configuration taken in, or the end: hundreds may be waiting, and none of these calls is made.
                await giveBack(turn, of: stage, now: clock.now)
                throw error
            }
        }
        if hasWaited { await went(Array((own + shared).dropLast()), at: clock.now) }
    }

    /// When a call may go, as far as this allowance is concerned; its place is taken.
    private func turn(_ allowance: RateLimit.Allowance, now: Timestamp) -> RateLimit.Bucket.Place {
        if allowance.isKept, buckets[allowance.key] == nil, let fullAt = kept[allowance.key] {
            // No bucket is emptier than empty: a clock that was wrong then must not silence anybody for years.
            let whole = allowance.limit.each.microseconds * Int64(allowance.limit.burst) * 10
            buckets[allowance.key] = RateLimit.Bucket(fullAt: min(fullAt, now + TimeSpan(microseconds: whole)))
        }
        let turn = buckets[allowance.key, default: RateLimit.Bucket()].take(allowance.limit, now: now)
        remember(allowance, now)
        return turn
    }

    /// Whoever waited for this place does not come.
    private func giveBack(_ turn: RateLimit.Bucket.Place, of allowance: RateLimit.Allowance, now: Timestamp) {
        buckets[allowance.key]?.giveBack(turn, allowance.limit, now: now)
        remember(allowance, now)
    }

    /// A call has passed all of these, and goes now: what it waited for behind the others is no time that was left unused.
    private func went(_ allowances: [RateLimit.Allowance], at now: Timestamp) {
        for allowance in allowances {
            buckets[allowance.key, default: RateLimit.Bucket()].went(allowance.limit, at: now)
            remember(allowance, now)
        }
    }

    // MARK: What answers say

    /// With the rates that the platform says are in force.
    private func inForce(_ allowances: [RateLimit.Allowance]) -> [RateLimit.Allowance] {
        guard !told.isEmpty else { return allowances }
        return allowances.map { allowance in
            guard let each = told[allowance.key] else { return allowance }
            var allowance = allowance
            allowance.limit = allowance.limit.refilled(each)
            return allowance
        }
    }

    /// What an answer to a call that counted against these says of them holds from now on.
    func learn(_ news: [RateNews], at now: Timestamp) {
        for item in news {
            if let each = item.each { refill(item.allowance, each, now) }
            guard let left = item.left else { continue }
            let allowance = inForce([item.allowance])[0]
            buckets[allowance.key, default: RateLimit.Bucket()].learn(
                allowance.limit, left: left, again: item.again, now: now)
            remember(allowance, now)
        }
    }

    /// Calls come back at another rate from now on: as many are missing as before.
    private func refill(_ allowance: RateLimit.Allowance, _ each: TimeSpan, _ now: Timestamp) {
        let before = inForce([allowance])[0]
        told[allowance.key] = each
        let after = inForce([allowance])[0]
        buckets[allowance.key]?.rescale(from: before.limit, to: after.limit, now: now)
        buckets[before.forFirstPulls.key]?.rescale(
            from: before.forFirstPulls.limit, to: after.forFirstPulls.limit, now: now)
        remember(after, now)
    }

    private func remember(_ allowance: RateLimit.Allowance, _ now: Timestamp) {
        guard allowance.isKept, let fullAt = buckets[allowance.key]?.fullAt, kept[allowance.key] != fullAt else {
            return
        }
        kept[allowance.key] = fullAt
        // What is full again is as if nobody had ever called.
        kept = kept.filter { $0.value > now }
        keep(kept)
    }
}
