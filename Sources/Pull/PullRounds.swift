package import Facts

/// Sources, each pulled again and again on its own schedule: a slow or broken one delays no other. What waits for its turn
/// is an entry of a queue and no task, so that ten thousand stores cost next to nothing while they wait.
package struct PullRounds: Sendable {
    /// One of them.
    package struct Entry: Sendable {
        package var every: TimeSpan
        /// Whose place within the interval it keeps; nil: it goes by when it was first pulled.
        package var name: String?
        /// So many of those with the same are pulled at once: who shares limits.
        package var line: String
        /// When the last finished pull began, where all is well since; nil: the first round begins at once.
        package var last: Timestamp?
        /// It was pulled to its end once, whatever came after.
        package var isFilled: Bool

        package init(every: TimeSpan, name: String?, line: String, last: Timestamp?, isFilled: Bool) {
            (self.every, self.name, self.line) = (every, name, line)
            (self.last, self.isFilled) = (last, isFilled)
        }
    }

    /// How a round ended.
    package struct End: Sendable {
        /// Until when the other side asked to wait.
        package var notBefore: Timestamp?
        /// The source was pulled to its end.
        package var isWhole: Bool
        /// The next round does not begin before this returns.
        package var settled: (@Sendable () async throws -> Void)?

        package init(
            notBefore: Timestamp? = nil, isWhole: Bool, settled: (@Sendable () async throws -> Void)? = nil
        ) {
            (self.notBefore, self.isWhole, self.settled) = (notBefore, isWhole, settled)
        }
    }

    /// Of one line: the answers of thousands of stores would else lie in memory until they are committed. As many again that
    /// were never pulled to their end: filling may take hours, and takes nobody's turn.
    private let atOnce: Int
    private let entries: [Entry]
    private let clock: any WallClock

    package init(_ entries: [Entry], atOnce: Int, clock: any WallClock) {
        precondition(atOnce > 0, "nothing would ever be pulled")
        (self.entries, self.atOnce, self.clock) = (entries, atOnce, clock)
    }

    private enum Event: Sendable {
        case due(Timestamp)
        case ended(Int, next: Timestamp, End)
        case hurried([Int])
        case settled(Int, next: Timestamp)
    }

    /// Goes on until the task is canceled; returns at once where there are no sources.
    ///
    /// - Parameters:
    ///   - hurried: returns when somebody does not want to wait for the time of these sources; asked again and again. Until
    ///     when the other side asked to wait is kept all the same.
    ///   - pull: one round of the source at this place among the entries. What it throws ends all rounds.
    package func run(
        hurried: (@Sendable () async throws -> [Int])? = nil,
        _ pull: @escaping @Sendable (_ place: Int) async throws -> End
    ) async throws {
        guard !entries.isEmpty else { return }
        var turns = PullTurns(entries, atOnce: atOnce, now: clock.now)
        try await withThrowingTaskGroup(of: Event.self) { group in
            // The moments at which this will be woken.
            var alarms: Set<Timestamp> = []
            var notBefore: [Int: Timestamp] = [:]
            func listen() {
                guard let hurried else { return }
                group.addTask { .hurried(try await hurried()) }
            }
            listen()
            while true {
                for place in turns.begin(at: clock.now) {
                    let (began, isFirst) = (clock.now, turns.isFirst(place))
                    group.addTask { try await round(place, began, isFirst: isFirst, pull) }
                }
                if let next = turns.next, alarms.allSatisfy({ next < $0 }) {
                    alarms.insert(next)
                    group.addTask { [clock] in
                        try await clock.sleep(until: next)
                        return .due(next)
                    }
                }
                switch try await group.next() {
                case .due(let moment): alarms.remove(moment)
                case .hurried(let places):
                    for place in places where entries.indices.contains(place) {
                        turns.hurry(place, to: max(clock.now, notBefore[place] ?? clock.now))
                    }
                    listen()
                case .ended(let place, let next, let end):
                    turns.end(place, isWhole: end.isWhole)
                    notBefore[place] = end.notBefore
                    guard let settled = end.settled else {
                        turns.wait(place, until: next)
                        continue
                    }
                    group.addTask {
                        try await settled()
                        return .settled(place, next: next)
                    }
                case .settled(let place, let next): turns.wait(place, until: next)
                case nil: return
                }
            }
        }
    }

    private func round(
        _ place: Int, _ began: Timestamp, isFirst: Bool, _ pull: @Sendable (Int) async throws -> End
    ) async throws -> Event {
        let end = try await pull(place)
        let (entry, now) = (entries[place], clock.now)
        let schedule = PullSchedule(every: entry.every)
        var next = schedule.next(after: began, now: now, notBefore: end.notBefore)
        // Those that begin together, or are filled together, fall into their places afterwards.
        if isFirst, let name = entry.name {
            next = max(schedule.ownMoment(of: name, after: now), end.notBefore ?? now)
        }
        return .ended(place, next: next, end)
    }
}
