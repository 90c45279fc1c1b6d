import Alerts
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
            var (stores, health) = (ResidentStores(), HealthPass())
            var generation = -1
            var hasPassed = false
            var remindedAt = Timestamp(microseconds: .min)
            var loss: FleetLoss?
            var watch: WatchLog?
            while !Task.isCancelled {
                await beat()
                let heard = await state.evaluation.rings
                let current = await state.current
                do {
                    if current.generation != generation {
                        (stores, health, hasPassed) = (ResidentStores(), HealthPass(), false)
                        try await adopt(current.assembly)
                        try await current.assembly.takeOverRenamed()
                        loss = try await heldBack(current.assembly, after: loss)
                        generation = current.generation
                    }
                    if loss != nil, try await current.assembly.isAccepted() {
                        // Accepted meanwhile: all of it is looked at anew.
                        generation = -1
                        continue
                    }
                    let looked = try await pass(
                        current.assembly, &stores, &remindedAt, isFirst: !hasPassed, heldBack: loss)
                    hasPassed = true
                    await noteAtWork(&watch, current.assembly)
                    try await look(at: stores, &health, current.assembly, endsRemoved: loss == nil)
                    // A pass over everything lets go of much at once.
                    if looked > Judge.groupSize { Memory.trim() }
                } catch is CancellationError {
                    break
                } catch {
                    guard !Task.isCancelled else { break }
                    // What this pass has not judged is still owed, and the next one sees to it.
                    current.assembly.logger.error("evaluating: \(error)")
                    hasPassed = false
                    await state.noteJudging(false)
                    // What grows stale meanwhile is seen all the same, and of stores not read yet nothing is known.
                    let now = current.assembly.clock.now
                    let standings = stores.standings(at: now)
                    await state.wall.take(
                        stores.glimpses(of: nil, current.assembly.fleet, at: now), isAll: true,
                        generation: await state.generation, at: now)
                    await state.update { status in
                        let count = status.standings.values.reduce(0, +)
                        status.standings = standings
                        status.standings[.unknown, default: 0] += max(0, count - standings.values.reduce(0, +))
                        status.isReady = false
                    }
                }
                try? await state.evaluation.wait(
                    after: heard, until: current.assembly.clock.now + Self.tick, clock: current.assembly.clock)
            }
        }
    }

    /// What this configuration would end and nobody has accepted: the alerts stay. Where nothing stands in its way it is
    /// in force from now on.
    private func heldBack(_ assembly: Assembly, after former: FleetLoss?) async throws -> FleetLoss? {
        let loss = try await assembly.lossAtStart()
        if let loss {
            assembly.logger.error("what the changed configuration would end goes on: \(loss.refusal.en)")
        } else {
            if former != nil { assembly.logger.notice("the configuration was accepted") }
            try await assembly.noteInForce()
        }
        await state.update { $0.refusal = loss?.refusal.en }
        return loss
    }

    /// For reports: what stood while nobody looked is not known. Where it cannot be written down, the next pass tries again.
    private func noteAtWork(_ watch: inout WatchLog?, _ assembly: Assembly) async {
        do {
            var noted: WatchLog
            if let watch { noted = watch } else { noted = WatchLog(try await assembly.ledger.note(.atWork)) }
            if noted.note(assembly.clock.now) { try await assembly.ledger.keep(noted.text, as: .atWork) }
            watch = noted
        } catch {
            assembly.logger.debug("that the daemon is at work: \(error)")
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
            // Who has to be counted is counted one by one.
            try await assembly.adoptAsFarAsReadable(
                try await assembly.watchedStores(nil).map(\.store.id), beat: beat)
        }
    }

    /// Takes in what happened, and looks at every store whose time has come.
    ///
    /// - Parameters:
    ///   - isFirst: under this configuration, or after a pass that failed.
    ///   - heldBack: what nobody has accepted that it ends.
    /// - Returns: how many stores were looked at.
    private func pass(
        _ assembly: Assembly, _ stores: inout ResidentStores, _ remindedAt: inout Timestamp, isFirst: Bool,
        heldBack: FleetLoss?
    ) async throws -> Int {
        let began = ContinuousClock.now
        let (arrivals, pulls) = await state.takeArrivals()
        stores.owe(await state.takeRechecked())
        let clock = assembly.clock.now
        let hasMoved = try await stores.refresh(by: arrivals, assembly, clock: clock, beat: beat)
        try await tellFeeds(assembly)
        var reminding: [AlertKey: Reminders.Reminder] = [:]
        let reminders = Reminders(assembly: assembly, clock: clock)
        // A clock that was set back is looked at anew.
        if clock < remindedAt || remindedAt + reminders.every <= clock {
            reminding = try await reminders.due { !$0.isHealth }
            remindedAt = clock
            stores.owe(Set(reminding.keys.map(\.store)))
        }
        // Most ticks: nothing moved, and nobody's time has come.
        if !isFirst, stores.due(at: clock).isEmpty {
            let standings = hasMoved ? stores.standings(at: clock) : nil
            // What is half told, or grew stale, is unknown on the wall too.
            if hasMoved {
                await state.wall.take(
                    stores.glimpses(of: nil, assembly.fleet, at: clock), isAll: false,
                    generation: await state.generation, at: clock)
            }
            await state.update { status in
                if let standings { status.standings = standings }
                status.isReady = true
            }
            await state.noteJudged(pulls)
            return 0
        }
        await state.noteJudging(true)
        let outcome = try await EvaluatePass(
            assembly: assembly, clock: clock, reminding: reminding, endsRemoved: heldBack == nil,
            kept: heldBack?.kept ?? [], beat: beat
        ).run(over: &stores, isFirst: isFirst)
        await state.noteJudging(false)
        if outcome.isToBeTold { await state.delivery.ring() }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        state.durations.note(.evaluation, seconds: seconds)
        let open = try await assembly.ledger.openAlertCounts()
        await tell(stores, open, evaluated: outcome.evaluated.count, at: clock, seconds: seconds)
        await state.wall.take(
            stores.glimpses(of: isFirst ? nil : outcome.evaluated, assembly.fleet, at: clock), isAll: isFirst,
            generation: await state.generation, at: clock)
        if let failure = outcome.failure { throw failure }
        await state.noteJudged(pulls)
        return outcome.evaluated.count
    }

    /// Alerts about the data of stores, beside those about their rules.
    private func look(
        at stores: ResidentStores, _ health: inout HealthPass, _ assembly: Assembly, endsRemoved: Bool
    ) async throws {
        guard
            let outcome = try await health.run(
                over: stores, await state.expiries, skew: state.clockSkew.reading(at: assembly.clock.now), assembly,
                clock: assembly.clock.now, endsRemoved: endsRemoved)
        else { return }
        await state.note(outcome, at: assembly.clock.now)
        if outcome.isToBeTold { await state.delivery.ring() }
    }

    private func tell(
        _ stores: ResidentStores, _ open: [Alert.State: Int], evaluated: Int, at clock: Timestamp, seconds: Double
    ) async {
        let standings = stores.standings(at: clock)
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
