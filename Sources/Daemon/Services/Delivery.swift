import Alerts
import Facts
import Ledgers
import Logging
import Notify
import Rules
import ServiceLifecycle

/// The sending of what one receiver is lent, and what is made of the outcomes.
struct Delivery: Sendable {
    private let state: DaemonState
    private let assembly: Assembly
    private let entry: ReceiverEntry
    private let receiver: Receiver
    private let notifier: Notifier
    private let settling: Settling

    init(state: DaemonState, assembly: Assembly, entry: ReceiverEntry, receiver: Receiver, notifier: Notifier) {
        (self.state, self.assembly, self.entry) = (state, assembly, entry)
        (self.receiver, self.notifier, settling) = (receiver, notifier, Settling(assembly.ledger))
    }

    /// How long a send under way may take after the daemon was told to end.
    private static let farewell = TimeSpan.seconds(5)

    /// Side by side. What is too old is given up.
    func deliver(_ claims: [ClaimedNotice]) async -> (outcomes: [Outcome], taken: [Notice]) {
        await withTaskGroup(of: (Outcome, Notice)?.self) { group in
            for claim in claims {
                group.addTask {
                    // Nothing is given up untried: the machine may have been off, or its clock wrong.
                    if claim.attempt > 1, let age = assembly.clock.now.age(of: claim.since), age >= entry.expires {
                        await giveUp(claim)
                        return nil
                    }
                    return (await deliver(claim), claim.notice)
                }
            }
            return await group.reduce(into: ([], [])) { result, one in
                guard let (outcome, notice) = one else { return }
                result.outcomes.append(outcome)
                if outcome.isTaken { result.taken.append(notice) }
            }
        }
    }

    // MARK: The receiver

    /// What outcomes say of the receiver. One that is down is told of to its fallback, once.
    ///
    /// - Returns: how long nothing more is tried, as it is down, and as it asks for it; nil: it need not be spared.
    func note(
        _ outcomes: [Outcome], of claims: [ClaimedNotice], _ circuit: inout Circuit
    ) async -> (pause: TimeSpan?, asked: TimeSpan?) {
        var (wait, rest): (TimeSpan?, TimeSpan?)
        for outcome in outcomes {
            switch outcome {
            case .taken, .partly:
                let since = circuit.since ?? assembly.clock.now
                guard circuit.noteSuccess() else { continue }
                assembly.logger.notice("receiver '\(entry.id)' takes notices again")
                if entry.afterOutage == .digest {
                    await OutageDigest(assembly: assembly, entry: entry).run(since: since)
                }
                // What failed before need not wait for its next attempt.
                _ = try? await assembly.ledger.hurry(owedTo: entry.id, at: assembly.clock.now)
            case .retry(let pause, let failure):
                if circuit.noteFailure(at: assembly.clock.now, because: failure.description) {
                    await tellDown(circuit, claims[0].notice.id)
                }
                wait = pause
                rest = [rest, failure.rest].compactMap { $0 }.max()
            case .interrupted: break
            }
        }
        await state.update { [circuit] in $0.receiversDown[entry.id] = circuit.isOpen ? circuit.since : nil }
        return (circuit.isOpen ? wait : nil, rest)
    }

    private func tellDown(_ circuit: Circuit, _ notice: String) async {
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

    // MARK: One notice

    private func giveUp(_ claim: ClaimedNotice) async {
        let age = entry.expires.written
        do {
            try await assembly.ledger.settle(
                claim.notice.id,
                .abandoned(at: assembly.clock.now, because: "\(NoticeSettlement.expired) not taken within \(age)"))
            await state.update { $0.counters.noticesAbandoned[claim.notice.receiver, default: 0] += 1 }
            assembly.logger.error(
                "\(claim.words) was given up: it was not taken within \(age); see goodstanding outbox list --state abandoned"
            )
        } catch {
            assembly.logger.error("giving up notice \(claim.notice.id): \(error)")
        }
    }

    private func deliver(_ claim: ClaimedNotice) async -> Outcome {
        let outcome = await send(claim)
        let now = assembly.clock.now
        let settlement: NoticeSettlement
        switch outcome {
        case .taken, .partly:
            let answer: String?
            switch outcome {
            case .taken(let said): answer = said
            case .partly(let failure):
                answer = failure.description
                assembly.logger.warning("\(failure) It is \(claim.words).")
            case .retry, .interrupted: answer = nil
            }
            settlement = .taken(at: now, answer: answer)
            await state.update { $0.counters.noticesDelivered += 1 }
            if claim.attempt > 1 {
                assembly.logger.notice("\(claim.words) was taken at attempt \(claim.attempt)")
            }
        case .interrupted:
            // The daemon is ending: nobody is to blame, and the attempt does not count.
            settlement = .released
        case .retry(let wait, let failure):
            settlement = .retry(at: now + wait, because: failure.description)
            await state.update { $0.counters.deliveryFailures += 1 }
            assembly.logger.warning("\(failure) It is \(claim.words).")
        }
        do {
            try await settling.settle(claim.notice.id, settlement)
        } catch {
            // Unsettled, it is claimed again when the lease is over or at the next start, and sent under the same id.
            assembly.logger.error("settling notice \(claim.notice.id): \(error)")
        }
        return outcome
    }

    /// One attempt, broken off some seconds after the daemon was told to end. What came of it is settled in a task that
    /// is not canceled.
    private func send(_ claim: ClaimedNotice) async -> Outcome {
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

extension ClaimedNotice {
    /// For the log.
    fileprivate var words: String {
        let key = notice.key
        let what =
            switch key {
            case Notice.several: "about several alerts"
            // What is about no alert has a word of its own: `board:`, `due:`, `receiver:ops`.
            case _ where key.store.isEmpty && !key.isHealth:
                "(\(key.rule.hasSuffix(":") ? String(key.rule.dropLast()) : key.rule))"
            default: "about \(key.words)"
            }
        return "notice \(notice.id) to '\(notice.receiver)' \(what)"
    }
}

extension Timestamp {
    /// How long ago a moment was; nil when it lies ahead.
    fileprivate func age(of moment: Timestamp) -> TimeSpan? { moment <= self ? self - moment : nil }
}
