package import Facts

/// One source, pulled again and again on its own schedule.
package struct PullRounds: Sendable {
    private let schedule: PullSchedule
    private let clock: any WallClock
    /// Whose place within the interval it keeps; nil: it goes by when it was first pulled.
    private let name: String?

    package init(_ schedule: PullSchedule, name: String?, clock: any WallClock) {
        (self.schedule, self.name, self.clock) = (schedule, name, clock)
    }

    /// Goes on until the task is canceled.
    ///
    /// - Parameters:
    ///   - last: when the last finished pull began; the first round begins when it is due, at once where there is none.
    ///   - pull: one round, from the moment at which it began; gives what the other side asked to wait for. What it
    ///     throws ends the rounds.
    package func run(
        after last: Timestamp?, _ pull: (_ began: Timestamp) async throws -> Timestamp?
    ) async throws {
        if let last { try await clock.sleep(until: schedule.next(after: min(last, clock.now), now: clock.now)) }
        var isFirst = true
        while true {
            let began = clock.now
            let notBefore = try await pull(began)
            var next = schedule.next(after: began, now: clock.now, notBefore: notBefore)
            // Those that begin together, or are filled together, fall into their places afterwards.
            if isFirst, last == nil, let name {
                next = max(schedule.ownMoment(of: name, after: clock.now), notBefore ?? clock.now)
            }
            isFirst = false
            try await clock.sleep(until: next)
        }
    }
}
