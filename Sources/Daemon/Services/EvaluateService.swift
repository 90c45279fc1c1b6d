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
    private let notifier: SystemdNotifier

    init(state: DaemonState, notifier: SystemdNotifier) { (self.state, self.notifier) = (state, notifier) }

    /// Between pulls nothing arrives but what other processes import, and time itself: midnights, and data growing
    /// stale.
    private static let tick = TimeSpan.seconds(5)
    /// Counting a store anew takes one transaction, and a store may have millions of facts.
    private static let patience = Duration.seconds(600)

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var stores = ResidentStores()
            var generation = -1
            var alerts: [AlertKey: Alert]?
            while !Task.isCancelled {
                await beat()
                let heard = await state.evaluation.rings
                let current = await state.current
                do {
                    if current.generation != generation {
                        (stores, alerts) = (ResidentStores(), nil)
                        try await adopt(current.assembly)
                        generation = current.generation
                    }
                    if await state.isWaitingForPulls == false {
                        let looked = try await pass(current.assembly, &stores, &alerts)
                        // A pass over everything lets go of much at once.
                        if looked > Judge.groupSize { Memory.trim() }
                    }
                } catch is CancellationError {
                    break
                } catch {
                    guard !Task.isCancelled else { break }
                    // What this pass has not judged is still owed, and the next one sees to it.
                    current.assembly.logger.error("evaluating: \(error)")
                    alerts = nil
                    await state.update { $0.isReady = false }
                }
                try? await state.evaluation.wait(
                    after: heard, until: current.assembly.clock.now + Self.tick, clock: current.assembly.clock)
            }
        }
    }

    private func beat() async { await state.beat("evaluation", again: Self.patience) }

    /// Makes the ledger's buckets fit the configuration.
    private func adopt(_ assembly: Assembly) async throws {
        try await assembly.adopt { words in
            await beat()
            notifier.send(.status(words))
        }
    }

    /// Looks at every store whose time has come.
    ///
    /// - Parameter known: the last alert of every store and rule that ever left ok, which nobody else writes; nil
    ///   before the first pass, and after one that failed.
    /// - Returns: how many stores were looked at.
    private func pass(
        _ assembly: Assembly, _ stores: inout ResidentStores, _ known: inout [AlertKey: Alert]?
    ) async throws -> Int {
        let began = ContinuousClock.now
        let (arrivals, unfinished, pulls) = await state.takeArrivals()
        let clock = assembly.clock.now
        try await stores.refresh(by: arrivals, assembly, clock: clock, unfinished: unfinished, beat: beat)
        try await tellFeeds(assembly)
        // Most ticks: nothing moved, and nobody's time has come.
        if known != nil, stores.due(at: clock, unfinished: unfinished).isEmpty {
            await state.update { $0.isReady = true }
            await state.noteJudged(pulls)
            return 0
        }
        var alerts: [AlertKey: Alert]
        if let known {
            alerts = known
        } else {
            alerts = Dictionary(try await assembly.ledger.alerts(of: nil).map { ($0.key, $0) }) { $1 }
            stores.note(alerts.values)
        }
        let alerting = Alerting(
            assembly: assembly, judge: Judge(fleet: assembly.fleet, ledger: assembly.ledger), clock: clock)
        let due = stores.due(at: clock, unfinished: unfinished)
        var announced = false
        for start in stride(from: 0, to: due.count, by: Judge.groupSize) {
            try Task.checkCancellation()
            await beat()
            let wanting = stores.screen(due[start..<min(due.count, start + Judge.groupSize)], clock: clock)
            for change in try await judge(wanting, alerting, &stores, alerts) {
                alerts[change.alert.key] = change.alert
                announced = announced || !change.notices.isEmpty
            }
        }
        let removed = alerting.removals(known: alerts)
        if !removed.isEmpty {
            try await assembly.ledger.commit(removed)
            alerting.log(removed)
            for change in removed { alerts[change.alert.key] = change.alert }
            announced = announced || removed.contains { !$0.notices.isEmpty }
        }
        // What this pass opened waits for time as well.
        stores.note(alerts.values)
        known = alerts
        if announced { await state.delivery.ring() }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        await tell(stores, alerts.values, evaluated: due.count, at: clock, seconds: seconds)
        await state.noteJudged(pulls)
        return due.count
    }

    /// Evaluates stores in full and commits what becomes of their alerts. A store that cannot be read is unknown, and
    /// holds up no other.
    private func judge(
        _ wanting: [Judge.Prepared], _ alerting: Alerting, _ stores: inout ResidentStores, _ known: [AlertKey: Alert]
    ) async throws -> [AlertChange] {
        guard !wanting.isEmpty else { return [] }
        do {
            let (ledger, resident) = (alerting.assembly.ledger, stores)
            var judged = try await alerting.judge.judge(wanting, clock: alerting.clock, resident: resident.sums)
            var changes = try await alerting.changes(after: judged, known: known)
            // Asked after everything was read. What a pull touched meanwhile may have been read in its middle, and is
            // looked at again when it has ended.
            let unsettled = await state.unsettled
            judged.removeAll { unsettled.contains($0.watched.store.id) }
            changes.removeAll { unsettled.contains($0.alert.key.store) }
            if !changes.isEmpty {
                try await ledger.commit(changes)
                alerting.log(changes)
            }
            for store in judged { stores.note(store) }
            return changes
        } catch let error as LedgerError where wanting.count > 1 && !error.isPassing {
            alerting.assembly.logger.debug("judging \(wanting.count) stores one by one: \(error)")
            var changes: [AlertChange] = []
            for store in wanting { changes += try await judge([store], alerting, &stores, known) }
            return changes
        } catch let error as LedgerError where !error.isPassing {
            let id = wanting[0].watched.store.id
            alerting.assembly.logger.error("store '\(id)' cannot be judged and is unknown: \(error)")
            stores.noteFailure(of: id, at: alerting.clock)
            return []
        }
    }

    private func tell(
        _ stores: ResidentStores, _ alerts: some Collection<Alert>, evaluated: Int, at clock: Timestamp,
        seconds: Double
    ) async {
        var open: [String: Int] = [:]
        for alert in alerts where alert.isOpen { open[alert.state.rawValue, default: 0] += 1 }
        let standings = stores.standings
        await state.update { [open] status in
            (status.standings, status.alerts) = (standings, open)
            (status.lastEvaluationAt, status.lastEvaluationSeconds, status.isReady) = (clock, seconds, true)
            status.counters.evaluations += evaluated
        }
    }

    /// How the pulls of the feeds go: one that fails moves nothing else.
    private func tellFeeds(_ assembly: Assembly) async throws {
        var feeds: [DaemonStatus.Feed] = []
        for feed in assembly.config.feeds {
            let pull = try await assembly.ledger.pullRecord(of: .feed(feed.id), store: nil)
            feeds.append(.init(id: feed.id, finishedAt: pull.finishedAt, consecutiveFailures: pull.failures))
        }
        await state.update { [feeds] in $0.feeds = feeds }
    }
}
