import Curl
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
    private let gate: RateGate

    init(state: DaemonState, transport: any Transport, gate: RateGate) {
        (self.state, self.transport, self.gate) = (state, transport, gate)
    }

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
                    group.addTask { await pullAll(assembly, tokens) }
                    // The rounds end with the configuration they follow, or with the daemon.
                    while await state.reloading.rings == heard, !Task.isCancelled {
                        try? await state.reloading.wait(
                            after: heard, until: assembly.clock.now + .minutes(10), clock: assembly.clock)
                    }
                    group.cancelAll()
                }
            }
        }
    }

    /// Of a first pull that takes long, how often it is said how far it has come.
    private static let news = TimeSpan.minutes(10)

    /// Until the task is canceled.
    private func pullAll(_ assembly: Assembly, _ tokens: TokenKeeper) async {
        while !Task.isCancelled {
            do { try await rounds(assembly, tokens) } catch {
                // Nothing but the end is known to do this. Whatever does it, nobody must be left unwatched.
                if !Task.isCancelled { assembly.logger.error("pulling begins anew: \(error)") }
            }
            // Of a configuration without sources there are no rounds.
            try? await assembly.clock.sleep(until: assembly.clock.now + Self.longestWait)
        }
    }

    private func rounds(_ assembly: Assembly, _ tokens: TokenKeeper) async throws {
        let (subjects, clock, failures) = (assembly.fleet.pullSubjects, assembly.clock, Failures())
        var entries: [PullRounds.Entry] = []
        // One after the other: of thousands that ask the ledger at once each would hold what it asks with.
        for subject in subjects {
            let (last, isFilled) = await before(subject, assembly)
            entries.append(
                PullRounds.Entry(
                    every: subject.every, name: subject.store, line: subject.line, last: last, isFilled: isFilled))
        }
        let hurried: @Sendable () async throws -> [Int] = { [state] in
            while true {
                let heard = await state.pulling.rings
                let asked = await state.takePullsAsked()
                // Who has no platform of its own has its facts from the feeds.
                let own = Set(subjects.compactMap(\.store))
                let places = subjects.indices.filter { place in
                    subjects[place].store.map(asked.contains) ?? !asked.isSubset(of: own)
                }
                if !places.isEmpty { return places }
                try await state.pulling.wait(after: heard, until: clock.now + .hours(1), clock: clock)
            }
        }
        try await PullRounds(entries, atOnce: PullTask.atOnce, clock: clock).run(hurried: hurried) { place in
            let failedBefore = await failures.words[place]
            let ended = try await round(subjects[place], assembly, tokens, failedBefore: failedBefore)
            await failures.note(place, ended.failed)
            try Task.checkCancellation()
            return await end(of: subjects[place], ended.notBefore, isWhole: ended.failed == nil, clock)
        }
    }

    private func end(
        of subject: PullSubject, _ notBefore: Timestamp?, isWhole: Bool, _ clock: any WallClock
    ) async -> PullRounds.End {
        let number = await state.noteEndOfPull()
        await state.evaluation.ring()
        var end = PullRounds.End(notBefore: notBefore, isWhole: isWhole)
        if subject.every <= Self.longestWait {
            end.settled = { [state] in
                try await state.waitUntilJudged(number, until: clock.now + Self.longestWait)
            }
        }
        return end
    }

    /// What was said of the last pull of each source that failed.
    private actor Failures {
        private(set) var words: [Int: String] = [:]
        func note(_ place: Int, _ words: String?) { self.words[place] = words }
    }

    /// When the last finished pull of a store began; nil where the next one is to begin at once: a feed is one of few, and
    /// stores of one application keep their places. And whether one was ever finished.
    private func before(_ subject: PullSubject, _ assembly: Assembly) async -> (last: Timestamp?, isFilled: Bool) {
        guard subject.store != nil else { return (nil, false) }
        let record = try? await assembly.ledger.pullRecord(of: subject.name, store: subject.store)
        guard let record, let state = record.state.flatMap({ PullState(text: $0) }) else { return (nil, false) }
        let isWell = record.failures == 0 && state.cursor == nil
        return (isWell ? state.finishedRequestAt : nil, state.finishedRequestAt != nil)
    }

    private func round(
        _ subject: PullSubject, _ assembly: Assembly, _ tokens: TokenKeeper, failedBefore: String?
    ) async throws -> (notBefore: Timestamp?, failed: String?) {
        let (clock, logger, began) = (assembly.clock, assembly.logger, ContinuousClock.now)
        let told = Told(at: clock.now)
        do {
            let pulling = Pulling(
                assembly: assembly, transport: transport, decoding: try await assembly.decoding(), tokens: tokens,
                gate: gate)
            let outcome = try await pulling.pull(
                subject,
                committed: { [state] pages, receipt in
                    await state.note(receipt, pages: pages.count, facts: pages.facts.count)
                    if let progress = pages.progress, await told.isDue(at: clock.now, every: Self.news) {
                        logger.notice("\(subject.words.en) goes on: page \(pages.number), \(progress.words.en)")
                    }
                })
            state.durations.note(subject.work(isWhole: outcome.failure == nil), since: began)
            if let failure = outcome.failure {
                await state.update { $0.counters.pullFailures += 1 }
                let words = outcome.words.en
                // Who has to act is told once, and not with every pull until it is done.
                logger.log(
                    level: failure.error.needsPerson && failedBefore == words ? .info : .warning, "\(words)")
                return (failure.notBefore, words)
            }
            // That it answers again is told as loudly as that it did not.
            logger.log(level: outcome.isNotable || failedBefore != nil ? .notice : .info, "\(outcome.words.en)")
            return (nil, nil)
        } catch {
            // Broken off from outside: the configuration changed, or the daemon ends.
            try Task.checkCancellation()
            // The ledger refused the page, a full disk for one: nothing of it was kept, and it is asked for again.
            state.durations.note(subject.work(isWhole: false), since: began)
            await state.update { $0.counters.pullFailures += 1 }
            logger.error("\(subject.words.en): \(error)")
            return (nil, "\(error)")
        }
    }

    /// When something was said last.
    private actor Told {
        private var at: Timestamp
        init(at: Timestamp) { self.at = at }

        func isDue(at now: Timestamp, every: TimeSpan) -> Bool {
            guard now >= at + every else { return false }
            at = now
            return true
        }
    }
}

extension PullSubject {
    /// As it is counted: stores of one platform together.
    fileprivate func work(isWhole: Bool) -> Durations.Work {
        switch self {
        case .feed: .pull(source: name.description, pack: "", isWhole: isWhole)
        case .store(let watched, _): .pull(source: name.description, pack: watched.store.pack, isWhole: isWhole)
        }
    }
}
