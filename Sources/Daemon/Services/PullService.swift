import Curl
import Dashboard
import Facts
import Ledgers
import Logging
import Pull
import ServiceLifecycle

/// Each feed and each store's platform on its own schedule: a slow or broken one delays no other.
package struct PullService: Service {
    private let state: DaemonState
    private let transport: any Transport
    /// It outlives a changed configuration, as the platforms' counts do.
    private let gate = RateGate()

    init(state: DaemonState, transport: any Transport) { (self.state, self.transport) = (state, transport) }

    /// For evaluation, before a feed is pulled anew.
    private static let longestWait = TimeSpan.minutes(1)

    /// Returns after a graceful stop. A configuration taken in begins all feeds anew; a pull under way is broken off
    /// and goes on at its last committed page.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let heard = await state.reloading.rings
                let assembly = await state.assembly
                let tokens = assembly.tokenKeeper(transport)
                await withTaskGroup(of: Void.self) { group in
                    for subject in assembly.fleet.pullSubjects {
                        group.addTask { try? await follow(subject, assembly, tokens) }
                    }
                    // Followers end with the configuration they follow, or with the daemon.
                    while await state.reloading.rings == heard, !Task.isCancelled {
                        try? await state.reloading.wait(
                            after: heard, until: assembly.clock.now + .minutes(10), clock: assembly.clock)
                    }
                    group.cancelAll()
                }
            }
        }
    }

    private func follow(_ subject: PullSubject, _ assembly: Assembly, _ tokens: TokenKeeper) async throws {
        let (clock, logger) = (assembly.clock, assembly.logger)
        let schedule = PullSchedule(every: subject.every)
        var isFailing = false
        // Who has to act is told once, and not with every pull until it is done.
        var told: String?
        while true {
            let began = clock.now
            var notBefore: Timestamp?
            do {
                let pulling = Pulling(
                    assembly: assembly, transport: transport, decoding: try await assembly.decoding(), tokens: tokens,
                    gate: gate)
                let outcome = try await pulling.pull(
                    subject,
                    committed: { [state] pages, receipt in
                        await state.note(receipt, pages: pages.count, facts: pages.facts.count)
                    })
                if let failure = outcome.failure {
                    await state.update { $0.counters.pullFailures += 1 }
                    notBefore = failure.notBefore
                    let words = outcome.words.en
                    logger.log(level: failure.error.needsPerson && told == words ? .info : .warning, "\(words)")
                    told = words
                } else {
                    told = nil
                    // That it answers again is told as loudly as that it did not.
                    logger.log(level: outcome.isNotable || isFailing ? .notice : .info, "\(outcome.words.en)")
                }
                isFailing = outcome.failure != nil
            } catch {
                // Broken off from outside: the configuration changed, or the daemon ends.
                try Task.checkCancellation()
                // The ledger refused the page, a full disk for one: nothing of it was kept, and it is asked for again.
                isFailing = true
                await state.update { $0.counters.pullFailures += 1 }
                logger.error("\(subject.words.en): \(error)")
            }
            try Task.checkCancellation()
            let number = await state.noteEndOfPull()
            await state.evaluation.ring()
            try await state.waitUntilJudged(number, until: clock.now + Self.longestWait)
            try await clock.sleep(until: schedule.next(after: began, now: clock.now, notBefore: notBefore))
        }
    }
}
