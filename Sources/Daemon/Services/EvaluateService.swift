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
            var hasPassed = false
            while !Task.isCancelled {
                await beat()
                let heard = await state.evaluation.rings
                let current = await state.current
                do {
                    if current.generation != generation {
                        (stores, hasPassed) = (ResidentStores(), false)
                        try await adopt(current.assembly)
                        generation = current.generation
                    }
                    let looked = try await pass(current.assembly, &stores, isFirst: !hasPassed)
                    hasPassed = true
                    // A pass over everything lets go of much at once.
                    if looked > Judge.groupSize { Memory.trim() }
                } catch is CancellationError {
                    break
                } catch {
                    guard !Task.isCancelled else { break }
                    // What this pass has not judged is still owed, and the next one sees to it.
                    current.assembly.logger.error("evaluating: \(error)")
                    hasPassed = false
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
        do throws(LedgerError) {
            try await assembly.adopt { words in
                await beat()
                notifier.send(.status(words.en))
            }
        } catch {
            guard !error.isPassing else { throw error }
            let stores = try await assembly.watchedStores(nil).map(\.store.id)
            try await assembly.adopt(stores, beat: beat)
        }
    }

    /// Looks at every store whose time has come.
    ///
    /// - Parameter isFirst: under this configuration, or after a pass that failed: of the alerts nothing is known yet.
    /// - Returns: how many stores were looked at.
    private func pass(_ assembly: Assembly, _ stores: inout ResidentStores, isFirst: Bool) async throws -> Int {
        let began = ContinuousClock.now
        let (arrivals, unfinished, pulls) = await state.takeArrivals()
        let clock = assembly.clock.now
        try await stores.refresh(by: arrivals, assembly, clock: clock, unfinished: unfinished, beat: beat)
        try await tellFeeds(assembly)
        // Most ticks: nothing moved, and nobody's time has come.
        if !isFirst, stores.due(at: clock, unfinished: unfinished).isEmpty {
            await state.update { $0.isReady = true }
            await state.noteJudged(pulls)
            return 0
        }
        let alerting = Alerting(
            assembly: assembly, judge: Judge(fleet: assembly.fleet, ledger: assembly.ledger), clock: clock)
        var announced = isFirst ? try await takeUp(alerting, &stores) : false
        let due = stores.due(at: clock, unfinished: unfinished)
        for start in stride(from: 0, to: due.count, by: Judge.groupSize) {
            try Task.checkCancellation()
            await beat()
            let wanting = stores.screen(
                due[start..<min(due.count, start + Judge.groupSize)], clock: clock, unfinished: unfinished)
            let changes = try await judge(wanting, alerting, &stores)
            announced = announced || changes.contains { !$0.notices.isEmpty }
            Memory.trim(afterGroup: start)
        }
        if announced { await state.delivery.ring() }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        let open = try await assembly.ledger.openAlertCounts()
        await tell(stores, open, evaluated: due.count, at: clock, seconds: seconds)
        await state.noteJudged(pulls)
        return due.count
    }

    /// Learns which alerts are open, and ends those of stores that nobody watches any more.
    ///
    /// - Returns: whether somebody is to be told.
    private func takeUp(_ alerting: Alerting, _ stores: inout ResidentStores) async throws -> Bool {
        let open = try await alerting.assembly.ledger.openAlerts()
        stores.note(open, of: nil)
        let removed = alerting.removals(known: open)
        guard !removed.isEmpty else { return false }
        try await alerting.assembly.ledger.commit(removed)
        alerting.log(removed)
        return removed.contains { !$0.notices.isEmpty }
    }

    /// Evaluates stores in full and commits what becomes of their alerts. A store that cannot be read is unknown, and
    /// holds up no other.
    private func judge(
        _ wanting: [Judge.Prepared], _ alerting: Alerting, _ stores: inout ResidentStores
    ) async throws -> [AlertChange] {
        guard !wanting.isEmpty else { return [] }
        do {
            let (ledger, resident) = (alerting.assembly.ledger, stores)
            let ids = wanting.map(\.watched.store.id)
            // Nobody else writes alerts.
            var known = Dictionary(try await ledger.alerts(of: ids).map { ($0.key, $0) }) { $1 }
            let judged = try await alerting.judge.judge(wanting, clock: alerting.clock, resident: resident.sums)
            var changes = try await alerting.changes(after: judged, known: known)
            // Asked after everything was read. What a pull touched meanwhile may have been read in its middle: it is
            // looked at again when that has ended, and until then only what nobody knows is taken from it.
            let unsettled = await state.unsettled
            let halves = judged.filter { unsettled.contains($0.watched.store.id) }
            let unknown = Set(halves.flatMap(\.unknown))
            changes.removeAll { unsettled.contains($0.alert.key.store) && !unknown.contains($0.alert.key) }
            if !changes.isEmpty {
                try await ledger.commit(changes)
                alerting.log(changes)
            }
            for store in judged where !unsettled.contains(store.watched.store.id) { stores.note(store) }
            for store in halves { stores.noteUnknown(store) }
            for change in changes { known[change.alert.key] = change.alert }
            // What was opened just now waits for time as well.
            stores.note(known.values, of: ids)
            return changes
        } catch let error as LedgerError where wanting.count > 1 && !error.isPassing {
            alerting.assembly.logger.debug("judging \(wanting.count) stores one by one: \(error)")
            var changes: [AlertChange] = []
            for store in wanting { changes += try await judge([store], alerting, &stores) }
            return changes
        } catch let error as LedgerError where !error.isPassing {
            let id = wanting[0].watched.store.id
            let isNew = stores.noteFailure(of: id, at: alerting.clock)
            alerting.assembly.logger.log(
                level: isNew ? .error : .debug, "store '\(id)' cannot be judged and is unknown: \(error)")
            return []
        }
    }

    private func tell(
        _ stores: ResidentStores, _ open: [Alert.State: Int], evaluated: Int, at clock: Timestamp, seconds: Double
    ) async {
        let standings = stores.standings
        let alerts = Dictionary(uniqueKeysWithValues: open.map { ($0.key.rawValue, $0.value) })
        await state.update { status in
            (status.standings, status.alerts) = (standings, alerts)
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

extension Judge.Judged {
    /// The rules of which nothing can be said.
    fileprivate var unknown: [AlertKey] {
        evaluation.rules.filter { $0.standing == .unknown }.map {
            AlertKey(store: watched.store.id, rule: $0.rule.id)
        }
    }
}
