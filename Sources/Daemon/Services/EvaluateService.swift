import Alerts
import Dashboard
import Facts
import Ledgers
import Logging
import Rules
import ServiceLifecycle

/// Judges stores after every pull, and on a slow tick that lets data grow stale; steps their alerts and commits alert,
/// event and notices together.
package struct EvaluateService: Service {
    private let state: DaemonState

    package init(state: DaemonState) { self.state = state }

    /// Nothing new arrives between pulls but time itself: midnights, and data growing stale.
    private static let tick = TimeSpan.seconds(30)

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var watch = StoreWatch()
            var generation = -1
            while !Task.isCancelled {
                await state.beat("evaluation", again: .seconds(120))
                let assembly = await state.assembly
                do {
                    if await state.generation != generation {
                        generation = await state.generation
                        watch = StoreWatch()
                        try await assembly.adopt { _ in }
                    }
                    try await pass(assembly, &watch)
                } catch is CancellationError {
                    break
                } catch {
                    // Nothing of this pass was kept; the next one sees the same and more.
                    assembly.logger.error("evaluating: \(error)")
                }
                try? await state.evaluation.wait(until: assembly.clock.now + Self.tick, clock: assembly.clock)
            }
        }
    }

    private func pass(_ assembly: Assembly, _ watch: inout StoreWatch) async throws {
        let began = ContinuousClock.now
        let pulls = await state.pullsToJudge
        let clock = assembly.clock.now
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let stores = try await assembly.watchedStores(nil)
        // A store that was brought for the first time has no buckets yet.
        let new = stores.map(\.store.id).filter { !watch.isKnown($0) }
        if !new.isEmpty { try await assembly.ledger.adopt(assembly.fleet.planBook(at: clock), for: new) { _ in } }

        let known = Dictionary(uniqueKeysWithValues: try await assembly.ledger.alerts(of: nil).map { ($0.key, $0) })
        let alerting = Alerting(assembly: assembly, judge: judge, clock: clock)
        var evaluated = 0
        var announced = false
        for start in stride(from: 0, to: stores.count, by: Judge.groupSize) {
            try Task.checkCancellation()
            await state.beat("evaluation", again: .seconds(120))
            let group = Array(stores[start..<min(stores.count, start + Judge.groupSize)])
            let due = try await watch.due(group, judge: judge, clock: clock)
            guard !due.isEmpty else { continue }
            let judged = try await judge.judge(due, clock: clock)
            let changes = try await alerting.changes(after: judged, known: known)
            if !changes.isEmpty {
                try await assembly.ledger.commit(changes)
                announced = announced || changes.contains { !$0.notices.isEmpty }
                alerting.log(changes)
            }
            watch.note(judged, changes)
            evaluated += judged.count
        }
        let removed = alerting.removals(watched: stores, known: known)
        if !removed.isEmpty {
            try await assembly.ledger.commit(removed)
            announced = announced || removed.contains { !$0.notices.isEmpty }
        }
        if announced { await state.delivery.ring() }
        try await tell(assembly, watch, evaluated: evaluated, at: clock, seconds: (ContinuousClock.now - began) / .seconds(1))
        await state.noteJudged(pulls)
    }

    private func tell(
        _ assembly: Assembly, _ watch: StoreWatch, evaluated: Int, at clock: Timestamp, seconds: Double
    ) async throws {
        var alerts: [String: Int] = [:]
        for alert in try await assembly.ledger.alerts(of: nil) where alert.isOpen { alerts[alert.state.rawValue, default: 0] += 1 }
        var feeds: [DaemonStatus.Feed] = []
        for feed in assembly.config.feeds {
            let pull = try await assembly.ledger.pullState(of: .feed(feed.id), store: nil)
            feeds.append(.init(id: feed.id, finishedAt: pull.finishedAt, consecutiveFailures: pull.failures))
        }
        let standings = watch.standings
        await state.update { [alerts, feeds] status in
            (status.standings, status.alerts, status.feeds) = (standings, alerts, feeds)
            (status.lastEvaluationAt, status.lastEvaluationSeconds, status.isReady) = (clock, seconds, true)
            status.counters.evaluations += evaluated
        }
    }
}
