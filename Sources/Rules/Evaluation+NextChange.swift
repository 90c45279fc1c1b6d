package import Facts
import Rollups

extension Evaluation {
    /// The first moment after `clock` at which a live evaluation may come out otherwise although no fact, no coverage
    /// and no configuration is another: data grows stale, and what stands at the clock moves with it. nil: never.
    ///
    /// Evaluations at any clock from this one up to (not including) that moment give the same standings and figures.
    /// What is set aside as unreadable counts for 30 days; that it counts no longer is not foreseen here.
    package static func nextChange(
        of state: StoreState, after clock: Timestamp, _ valuations: inout PackValuations
    ) -> Timestamp? {
        var next: Timestamp?
        func note(_ moment: Timestamp) {
            if moment > clock { next = min(next ?? moment, moment) }
        }
        for group in plan(state, at: nil, clock: clock, &valuations).groups {
            for planned in group.rules {
                staleMoments(of: planned.rule, state, note)
                for kind in planned.rule.reach.kinds.kinds where kind != .measure {
                    // It stands at the clock until the clock has passed what is complete.
                    if let interval = state.coverage[kind], interval.until > clock { note(interval.until) }
                }
                guard group.moment == clock else { continue }
                note(state.calendar.startOfDay(planned.day.advanced(by: 1)))
                // In an hour that is repeated across midnight, offsets are taken from the date on the wall.
                if state.calendar.wallTime(of: clock).day != planned.day { note(clock + instant) }
                if planned.valued.readings.contains(where: \.dependsOnMoment) { note(clock + instant) }
            }
        }
        return next
    }

    /// The first moment after `clock` at which something that a rule reads is stale if nothing more arrives; nil: never.
    package static func nextStale(of state: StoreState, after clock: Timestamp) -> Timestamp? {
        var next: Timestamp?
        for rule in state.pack.rules {
            staleMoments(of: rule, state) { if $0 > clock { next = min(next ?? $0, $0) } }
        }
        return next
    }

    /// Tells of every input of the rule the first moment at which it is stale, past ones too.
    private static func staleMoments(of rule: Rule, _ state: StoreState, _ tell: (Timestamp) -> Void) {
        for kind in rule.reach.kinds.kinds where kind != .measure {
            guard let interval = state.coverage[kind] else { continue }
            tell((state.freshness[kind] ?? .file).freshUntil(interval.until) + instant)
        }
        for reading in rule.reach.readings {
            for (name, newest) in state.newestMeasures where reading.names?.contains(name) ?? true {
                tell(newest.at + rule.fresh + instant)
            }
        }
        for metric in rule.distrusted {
            if let comparison = state.comparisons[metric] { tell(comparison.at + rule.fresh + instant) }
        }
    }

    private static let instant = TimeSpan(microseconds: 1)
}
