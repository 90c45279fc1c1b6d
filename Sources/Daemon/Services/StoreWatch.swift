import Alerts
import Facts
import Ledgers
import Rules

/// Which stores need judging again. A store whose facts, coverage day and freshness are what they were, and whose alerts
/// wait for no clock, would be judged the same: it is left alone. Nothing here outlives a restart.
struct StoreWatch {
    private struct Known {
        var signature: Signature
        var standing: Standing
        /// One of its alerts waits for time to pass.
        var isTicking: Bool
    }

    /// What an evaluation of whole days depends on.
    struct Signature: Equatable {
        var revision: Int64
        /// The local day up to which each kind is covered, and whether that is stale.
        var covered: [FactKind: CoveredDay]
        var today: LocalDay
        var quarantined: Int
        var measures: [String: Timestamp]
        var staleMeasures: Set<String>

        struct CoveredDay: Equatable {
            var day: LocalDay
            var isStale: Bool
        }
    }

    private var stores: [String: Known] = [:]

    func isKnown(_ store: String) -> Bool { stores[store] != nil }

    var standings: [Standing: Int] { stores.values.reduce(into: [:]) { $0[$1.standing, default: 0] += 1 } }

    /// Those of the group that have to be judged now, in its order.
    func due(_ group: [Watched], judge: Judge, clock: Timestamp) async throws -> [Judge.Prepared] {
        try await judge.prepare(group, at: nil, clock: clock).filter { prepared in
            guard let known = stores[prepared.watched.store.id], !known.isTicking else { return true }
            return judge.fleet.plan(of: prepared.watched, on: prepared.watched.calendar.day(of: clock)).isOfWholeDays == false
                || known.signature != Signature(prepared, clock)
        }
    }

    mutating func note(_ judged: [Judge.Judged], _ changes: [AlertChange]) {
        let ticking = Set(changes.filter { $0.alert.state == .pending || $0.alert.state == .recovering }.map(\.alert.key.store))
        for judged in judged {
            let id = judged.watched.store.id
            stores[id] = Known(
                signature: Signature(judged.prepared, judged.clock), standing: judged.evaluation.standing,
                isTicking: ticking.contains(id))
        }
    }
}

extension StoreWatch.Signature {
    init(_ prepared: Judge.Prepared, _ clock: Timestamp) {
        let state = prepared.state
        revision = prepared.revision
        today = state.calendar.day(of: clock)
        quarantined = state.quarantined
        measures = state.newestMeasures
        let fresh = state.pack.rules.map(\.fresh)
        staleMeasures = Set(
            state.newestMeasures.filter { newest in fresh.contains { clock - newest.value > $0 } }.keys)
        covered = state.coverage.intervals.reduce(into: [:]) { result, interval in
            result[interval.key] = CoveredDay(
                day: state.calendar.day(of: interval.value.until),
                isStale: state.freshness[interval.key]?.isStale(interval.value.until, at: clock) ?? false)
        }
    }
}
