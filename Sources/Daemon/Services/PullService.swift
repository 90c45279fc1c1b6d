import Curl
import Dashboard
import Facts
import Logging
import Pull
import ServiceLifecycle

/// Each feed on its own schedule: a slow or broken one delays no other.
package struct PullService: Service {
    private let state: DaemonState
    private let transport: any Transport

    init(state: DaemonState, transport: any Transport) { (self.state, self.transport) = (state, transport) }

    /// Returns after a graceful stop. A configuration taken in begins all feeds anew; a pull under way is broken off and
    /// goes on at its last committed page.
    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let generation = await state.generation
                let assembly = await state.assembly
                let decoding = try await assembly.decoding()
                await withTaskGroup(of: Void.self) { group in
                    for feed in assembly.config.feeds {
                        group.addTask {
                            try? await follow(feed, FeedPulling(assembly: assembly, transport: transport, decoding: decoding))
                        }
                    }
                    group.addTask {
                        while await state.generation == generation, !Task.isCancelled {
                            try? await state.pulling.wait(until: assembly.clock.now + .minutes(1), clock: assembly.clock)
                        }
                    }
                    // Only the watcher of the generation, or a cancellation, ends the group.
                    while await state.generation == generation, await group.next() != nil {}
                    group.cancelAll()
                }
            }
        }
    }

    private func follow(_ feed: FeedEntry, _ pulling: FeedPulling) async throws {
        let (clock, logger) = (pulling.assembly.clock, pulling.assembly.logger)
        let schedule = PullSchedule(every: feed.every, staleAfter: feed.staleAfter)
        while true {
            let began = clock.now
            var notBefore: Timestamp?
            do {
                let outcome = try await pulling.pull(feed)
                await state.update { status in
                    status.counters.pages += outcome.pages
                    status.counters.facts += outcome.facts
                    if outcome.failure != nil { status.counters.pullFailures += 1 }
                }
                if let failure = outcome.failure {
                    notBefore = failure.notBefore
                    logger.warning("\(outcome.words)")
                } else {
                    logger.info("\(outcome.words)")
                }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // The ledger refused the page, a full disk for one: nothing of it was kept, and it is asked for again.
                await state.update { $0.counters.pullFailures += 1 }
                logger.error("feed '\(feed.id)': \(error)")
            }
            await state.notePull()
            await state.evaluation.ring()
            try await clock.sleep(until: schedule.next(after: began, now: clock.now, notBefore: notBefore))
        }
    }
}
