import Alerts
import Curl
import Facts
import Ledgers
import Logging
import Notify
import Rules
import ServiceLifecycle

/// Claims what is owed, sends it, settles it. Sending comes after the commit: a crash may repeat a notice, under the
/// same id, and loses none.
package struct NotifyService: Service {
    private let state: DaemonState
    private let transport: any Transport
    private let paces = Paces()

    init(state: DaemonState, transport: any Transport) { (self.state, self.transport) = (state, transport) }

    /// Of one receiver, sent side by side: notices about different alerts.
    private static let claimLimit = 16
    /// A claim that was not settled within it is lent again. A start takes all of them back: nobody else sends.
    private static let lease = TimeSpan.minutes(2)
    /// A send takes 15 seconds at most, and settling it a moment.
    private static let patience = Duration.seconds(150)
    /// How long a send under way may take after the daemon was told to end.
    private static let farewell = TimeSpan.seconds(5)

    /// Returns after a graceful stop, when what was being sent is settled. A configuration taken in begins all
    /// receivers anew.
    package func run() async throws {
        await releaseClaims()
        while !isEnding {
            let heard = await state.reloading.rings
            let assembly = await state.assembly
            await tellStranded(assembly)
            await withTaskGroup(of: Void.self) { group in
                for entry in assembly.config.receivers {
                    // One that is slow, or that cannot be sent to, delays nobody else.
                    group.addTask { await serve(entry, assembly, heard) }
                }
                group.addTask {
                    while !isEnding {
                        // Before looking whether the configuration is another: a reload rings this bell as well.
                        let rung = await state.delivery.rings
                        guard await state.reloading.rings == heard else { break }
                        await tellOwed(assembly)
                        await endSilences(assembly)
                        await wait(
                            for: state.delivery, after: rung, until: assembly.clock.now + .seconds(15), assembly)
                    }
                }
                await group.waitForAll()
            }
        }
    }

    /// Takes back what a former process had claimed. While the ledger cannot be written nothing can be claimed either.
    private func releaseClaims() async {
        while !isEnding {
            let assembly = await state.assembly
            do {
                return try await assembly.ledger.releaseClaims()
            } catch {
                assembly.logger.error("\(error)")
                await wait(for: state.reloading, until: assembly.clock.now + .seconds(5), assembly)
            }
        }
    }

    private var isEnding: Bool { Task.isCancelled || Task.isShuttingDownGracefully }

    private func wait(for bell: Bell, until moment: Timestamp, _ assembly: Assembly) async {
        let heard = await bell.rings
        await wait(for: bell, after: heard, until: moment, assembly)
    }

    private func wait(for bell: Bell, after heard: Int, until moment: Timestamp, _ assembly: Assembly) async {
        await cancelWhenGracefulShutdown {
            try? await bell.wait(after: heard, until: moment, clock: assembly.clock)
        }
    }

    /// Those that were to last until all that they fit is over.
    private func endSilences(_ assembly: Assembly) async {
        do {
            let now = assembly.clock.now
            let silences = try await assembly.ledger.silences(inForceAfter: now).filter { $0.ends == .resolved }
            guard !silences.isEmpty else { return }
            let open = try await assembly.ledger.openAlerts()
            for var silence in silences
            where silence.isInForce(at: now)
                && !open.contains(where: { silence.filter.fits($0.key, $0.subject, standing: nil) })
            {
                silence.endedAt = now
                try await assembly.ledger.keep(silence)
                assembly.logger.notice("silence \(silence.id) has ended: all that it fitted is over")
            }
        } catch {
            assembly.logger.error("ending silences: \(error)")
        }
    }

    private func tellOwed(_ assembly: Assembly) async {
        do {
            let receivers = Set(assembly.config.receivers.map(\.id))
            let counts = try await assembly.ledger.outboxCounts().filter { receivers.contains($0.key) }
            await state.update { status in
                status.outbox = counts
                status.noticesOwed = counts.values.reduce(0) { $0 + $1.owed }
                status.noticesDelayed = counts.values.reduce(0) { $0 + $1.delayed }
            }
        } catch {
            assembly.logger.error("\(error)")
        }
    }

    /// What is owed to receivers that are no longer configured waits for them to come back.
    private func tellStranded(_ assembly: Assembly) async {
        let receivers = Set(assembly.config.receivers.map(\.id))
        guard let counts = try? await assembly.ledger.outboxCounts() else { return }
        for (id, count) in counts.sorted(by: { $0.key < $1.key }) where !receivers.contains(id) {
            assembly.logger.warning(
                "\(counted(count.owed, "notice")) to receiver '\(id)' wait: the configuration no longer names it; they go out should it come back, and are forgotten after \(ForgetService.days) days"
            )
        }
    }

    // MARK: One receiver

    private func serve(_ entry: ReceiverEntry, _ assembly: Assembly, _ reloads: Int) async {
        let loop = "delivery to \(entry.id)"
        let receiver: Receiver
        do {
            receiver = try entry.receiver()
        } catch {
            assembly.logger.error("\(error)")
            return
        }
        let notifier = Notifier(transport: transport, clock: assembly.clock)
        // A service that counts is sent one after the other.
        let pace = entry.writing.kind.pace
        let atOnce = entry.writing.kind.isOneByOne ? 1 : Self.claimLimit
        // What a former process sent just now is not known here, and services punish who sends too fast.
        var free = assembly.clock.now + pace
        var circuit = Circuit()
        let settling = Settling(assembly.ledger)
        var (gatheredAfter, gatherAt) = (-1, assembly.clock.now)
        // Counting what is owed looks at all of it: not after every few of a long line.
        var countAt: Timestamp?
        var going = entry.writing.kind.hasMembers ? GoingOn(receiver) : nil
        while !isEnding {
            let heard = await state.delivery.rings
            guard await state.reloading.rings == reloads else { break }
            await state.beat(loop, again: Self.patience)
            let latest = assembly.clock.now + .seconds(30)
            // All that waits is looked at: when something may have changed, and not between the notices of a long line.
            if heard != gatheredAfter || gatherAt <= assembly.clock.now || gatherAt > latest {
                do {
                    let isJudging = await state.isJudging
                    let next = try await Gathering(assembly: assembly, isJudging: isJudging).run(entry)
                    (gatheredAfter, gatherAt) = (heard, min(latest, next ?? latest))
                } catch {
                    if isEnding { break }
                    assembly.logger.error("\(error)")
                    gatherAt = assembly.clock.now + .seconds(5)
                }
            }
            var wake = gatherAt
            // Whoever else may be sending these has to be asked first.
            guard assembly.hold.reason == nil else {
                await wait(for: state.delivery, after: heard, until: wake, assembly)
                continue
            }
            guard assembly.clock.now >= free else {
                // Not longer than what waits: it beats, and gathers, also while a receiver is left alone for hours.
                await wait(for: state.reloading, after: reloads, until: min(free, wake), assembly)
                continue
            }
            do {
                // Between what is delivered: what an alert's end has overtaken must not begin again.
                let next = try await going?.tell(by: notifier, assembly) {
                    await state.beat(loop, again: Self.patience)
                }
                if let next { wake = min(wake, next) }
                let claims = try await assembly.ledger.claimNotices(
                    now: assembly.clock.now, limit: circuit.isOpen ? 1 : atOnce, lease: Self.lease, receiver: entry.id)
                if !claims.isEmpty {
                    if pace > .zero {
                        let moment = await paces.reserve(entry.address, pace, at: assembly.clock.now)
                        await wait(for: state.reloading, after: reloads, until: moment, assembly)
                    }
                    let (outcomes, taken) = await deliver(claims, by: notifier, to: receiver, entry, settling, assembly)
                    going?.note(taken, at: assembly.clock.now)
                    free = assembly.clock.now + pace
                    let wait = await note(outcomes, of: claims, &circuit, entry, assembly)
                    if let wait { free = max(free, assembly.clock.now + wait) }
                    if countAt.map({ $0 <= assembly.clock.now }) ?? true {
                        await tellOwed(assembly)
                        countAt = assembly.clock.now + .seconds(1)
                    }
                    continue
                }
                if countAt != nil { await tellOwed(assembly) }
                countAt = nil
                if let next = try await assembly.ledger.nextAttempt(of: entry.id) { wake = min(wake, next) }
            } catch {
                if isEnding { break }
                assembly.logger.error("\(error)")
                wake = assembly.clock.now + .seconds(5)
            }
            await wait(for: state.delivery, after: heard, until: wake, assembly)
        }
        await state.forget(loop)
    }

    /// Side by side. What is too old is given up.
    private func deliver(
        _ claims: [ClaimedNotice], by notifier: Notifier, to receiver: Receiver, _ entry: ReceiverEntry,
        _ settling: Settling, _ assembly: Assembly
    ) async -> (outcomes: [Outcome], taken: [Notice]) {
        await withTaskGroup(of: (Outcome, Notice)?.self) { group in
            for claim in claims {
                group.addTask {
                    // Nothing is given up untried: the machine may have been off, or its clock wrong.
                    if claim.attempt > 1, let age = assembly.clock.now.age(of: claim.notice.madeAt),
                        age >= entry.expires
                    {
                        await giveUp(claim, after: entry.expires, assembly)
                        return nil
                    }
                    return (await deliver(claim, by: notifier, to: receiver, settling, assembly), claim.notice)
                }
            }
            return await group.reduce(into: ([], [])) { result, one in
                guard let (outcome, notice) = one else { return }
                result.outcomes.append(outcome)
                if outcome.isTaken { result.taken.append(notice) }
            }
        }
    }

    /// What outcomes say of the receiver. One that is down is told of to its fallback, once.
    ///
    /// - Returns: how long nothing more is tried; nil while it is not down.
    private func note(
        _ outcomes: [Outcome], of claims: [ClaimedNotice], _ circuit: inout Circuit, _ entry: ReceiverEntry,
        _ assembly: Assembly
    ) async -> TimeSpan? {
        var wait: TimeSpan?
        for outcome in outcomes {
            switch outcome {
            case .taken, .partly:
                guard circuit.noteSuccess() else { continue }
                assembly.logger.notice("receiver '\(entry.id)' takes notices again")
                // What failed before need not wait for its next attempt.
                _ = try? await assembly.ledger.hurry(owedTo: entry.id, at: assembly.clock.now)
            case .retry(let pause, let failure):
                if circuit.noteFailure(at: assembly.clock.now, because: failure.description) {
                    await tellDown(entry, circuit, claims[0].notice.id, assembly)
                }
                wait = pause
            case .interrupted: break
            }
        }
        await state.update { [circuit] in $0.receiversDown[entry.id] = circuit.isOpen ? circuit.since : nil }
        return circuit.isOpen ? wait : nil
    }

    private func tellDown(
        _ entry: ReceiverEntry, _ circuit: Circuit, _ notice: String, _ assembly: Assembly
    ) async {
        let owed = (try? await assembly.ledger.outboxCounts()[entry.id]?.owed) ?? 0
        assembly.logger.error(
            "receiver '\(entry.id)' is down: \(circuit.failures) attempts failed in a row; one notice at a time is tried, of \(counted(owed, "notice")) owed"
        )
        guard let fallback = assembly.config.receivers.first(where: { $0.id == entry.fallback }) else { return }
        let trouble = TroubleBody(
            receiver: fallback.id, broken: entry.id, since: circuit.since ?? assembly.clock.now,
            because: circuit.because, owed: owed, notice: notice)
        do {
            _ = try await assembly.ledger.owe([trouble.notice(at: assembly.clock.now, in: fallback.writing)])
            await state.delivery.ring()
        } catch {
            assembly.logger.error("telling '\(fallback.id)' that '\(entry.id)' is down: \(error)")
        }
    }

    private func giveUp(_ claim: ClaimedNotice, after age: TimeSpan, _ assembly: Assembly) async {
        do {
            try await assembly.ledger.settle(
                claim.notice.id,
                .abandoned(at: assembly.clock.now, because: "expired: not taken within \(age.written)"))
            await state.update { $0.counters.noticesAbandoned[claim.notice.receiver, default: 0] += 1 }
            assembly.logger.error(
                "\(Self.words(claim)) was given up: it was not taken within \(age.written); see goodstanding outbox list --state abandoned"
            )
        } catch {
            assembly.logger.error("giving up notice \(claim.notice.id): \(error)")
        }
    }

    private func deliver(
        _ claim: ClaimedNotice, by notifier: Notifier, to receiver: Receiver, _ settling: Settling, _ assembly: Assembly
    ) async -> Outcome {
        let outcome = await send(claim, by: notifier, to: receiver, assembly)
        let now = assembly.clock.now
        let settlement: NoticeSettlement
        switch outcome {
        case .taken, .partly:
            if case .partly(let failure) = outcome {
                assembly.logger.warning("\(failure) It is \(Self.words(claim)).")
            }
            settlement = .taken(at: now)
            await state.update { $0.counters.noticesDelivered += 1 }
            if claim.attempt > 1 {
                assembly.logger.notice("\(Self.words(claim)) was taken at attempt \(claim.attempt)")
            }
        case .interrupted:
            // The daemon is ending: nobody is to blame, and the attempt does not count.
            settlement = .released
        case .retry(let wait, let failure):
            settlement = .retry(at: now + wait, because: failure.description)
            await state.update { $0.counters.deliveryFailures += 1 }
            assembly.logger.warning("\(failure) It is \(Self.words(claim)).")
        }
        do {
            try await settling.settle(claim.notice.id, settlement)
        } catch {
            // Unsettled, it is claimed again when the lease is over or at the next start, and sent under the same id.
            assembly.logger.error("settling notice \(claim.notice.id): \(error)")
        }
        return outcome
    }

    private static func words(_ claim: ClaimedNotice) -> String {
        let notice = claim.notice
        return
            notice.key == Notice.several
            ? "notice \(notice.id) to '\(notice.receiver)' about several alerts"
            : "notice \(notice.id) to '\(notice.receiver)' about store '\(notice.key.store)', rule '\(notice.key.rule)'"
    }

    /// One attempt, broken off some seconds after the daemon was told to end. What came of it is settled in a task that
    /// is not canceled.
    private func send(
        _ claim: ClaimedNotice, by notifier: Notifier, to receiver: Receiver, _ assembly: Assembly
    ) async -> Outcome {
        await withTaskGroup(of: Outcome?.self) { group in
            group.addTask {
                var generator = SystemRandomNumberGenerator()
                let began = ContinuousClock.now
                let outcome = await notifier.send(
                    claim.notice, to: receiver, attempt: claim.attempt, using: &generator)
                if outcome != .interrupted {
                    state.durations.note(
                        .delivery(receiver: claim.notice.receiver, isTaken: outcome.isTaken), since: began)
                }
                return outcome
            }
            group.addTask {
                try? await gracefulShutdown()
                try? await assembly.clock.sleep(until: assembly.clock.now + Self.farewell)
                return nil
            }
            var outcome: Outcome?
            for await finished in group {
                // Once either has ended, the other has to.
                group.cancelAll()
                if let finished { outcome = finished }
            }
            return outcome ?? .interrupted
        }
    }
}

extension Timestamp {
    /// How long ago a moment was; nil when it lies ahead.
    fileprivate func age(of moment: Timestamp) -> TimeSpan? { moment <= self ? self - moment : nil }
}
