package import Curl
package import Facts

/// Pulls a source page by page until it has caught up.
///
/// Every page is handed over with the state to go on from, and a page that was not committed is asked for again: by
/// this pull's next attempt, or by a later pull, in another process if need be. While pages are being committed the next
/// ones are already fetched, and those that came in the meantime are committed together; they are thrown away when the
/// commit before them fails.
package struct Puller: Sendable {
    private let transport: any Transport
    private let clock: any WallClock
    private let backoff: Backoff
    private let patience: TimeSpan
    private let together: Int
    private let gate: RateGate
    private let waits: @Sendable (PullWait) async throws -> Void
    /// The other side may ask for more than `patience`, up to this: a slip in its date must not silence it for good.
    static let longestAsked = TimeSpan.days(1)

    /// - Parameters:
    ///   - patience: the longest wait within a pull. Who asks for a longer one ends the pull, and is asked again no
    ///     earlier than he said.
    ///   - together: with so many facts and pages no further page is committed in the same transaction; 1 commits each
    ///     alone.
    ///   - gate: of all that are pulled side by side, so that together they keep a platform's limits.
    ///   - waits: told before every wait for another attempt; what it throws ends the pull.
    package init(
        transport: any Transport, clock: any WallClock, backoff: Backoff = .standard,
        patience: TimeSpan = .minutes(2), together: Int = 4000, gate: RateGate = RateGate(),
        waits: @escaping @Sendable (PullWait) async throws -> Void = { _ in }
    ) {
        (self.transport, self.clock, self.backoff) = (transport, clock, backoff)
        (self.patience, self.together, self.gate, self.waits) = (patience, together, gate, waits)
    }

    /// Pulls until caught up, or until it cannot go on.
    ///
    /// - Parameters:
    ///   - state: what the last committed page or the last outcome left; a new value for a source never pulled.
    ///   - commit: called for pages in order, never for two at once. The last call carries `finish`.
    /// - Throws: what `commit` throws, and CancellationError; both leave the last committed state the one to go on
    ///   from.
    package func pull(
        _ source: some Source, from state: PullState, using generator: inout some RandomNumberGenerator,
        commit: (PulledPages) async throws -> Void
    ) async throws -> PullOutcome {
        var state = state
        if state.fingerprint != source.fingerprint {
            state = PullState()
            state.fingerprint = source.fingerprint
        }
        if let notBefore = state.notBefore, notBefore > clock.now {
            let failure = PullFailure(
                source: source.name, page: state.seen.count + 1, attempts: 0, error: .notYet(notBefore),
                notBefore: notBefore)
            return .failed(failure, state)
        }
        state.notBefore = nil
        state.begin(at: clock.now, reach: source.reach, memory: source.memory)
        source.noteBegin(of: &state)
        let course = PullCourse(source: source.name, state: state)
        var group = try await gather(source, course, Jitter(seed: generator.next()), while: nil)
        while true {
            if group.isLast {
                if let pages = group.pages(readAt: clock.now) { try await commit(pages) }
                return group.outcome
            }
            let (ahead, seed, committing) = (group.course, generator.next(), Committing())
            async let following = gather(source, ahead, Jitter(seed: seed), while: committing)
            if let pages = group.pages(readAt: clock.now) { try await commit(pages) }
            await committing.end()
            group = try await following
        }
    }

    /// Whether pages are being committed: as long as they are, more can be fetched.
    private actor Committing {
        private(set) var isUnderWay = true
        private let (stream, continuation) = AsyncStream<Never>.makeStream()

        func end() {
            isUnderWay = false
            continuation.finish()
        }

        nonisolated func untilEnded() async throws {
            for await _ in stream {}
            try Task.checkCancellation()
        }
    }

    /// The next page, however many attempts it takes, and those after it that come in while others are being committed.
    private func gather(
        _ source: some Source, _ course: PullCourse, _ jitter: Jitter, while committing: Committing?
    ) async throws -> PageGroup {
        var (group, jitter) = (PageGroup(course), jitter)
        while true {
            if let again = group.course.again { try await wait(for: again, group.course.state, while: committing) }
            switch try await fetch(source, group.course, &jitter) {
            case .page(let page): group.take(page, of: source, now: clock.now)
            case .failed(let failure): group.fail(failure)
            case .again(let again):
                group.course.again = again
                // What is here already need not wait for it.
                guard group.isEmpty else { return group }
            }
            if group.isLast || group.weight >= together { return group }
            // More only while others are being committed; but one there has to be.
            if !group.isEmpty, await committing?.isUnderWay != true { return group }
        }
    }

    private func wait(for again: PullCourse.Again, _ state: PullState, while committing: Committing?) async throws {
        var wait = PullWait(failure: again.failure, until: again.at)
        if again.failure.notBefore != nil {
            // Whoever goes on from here has to keep it, and goes on from what is committed.
            try await committing?.untilEnded()
            wait.state = state
            wait.state?.notBefore = again.at
        }
        try await waits(wait)
        try await clock.sleep(until: again.at)
    }

    private enum Fetched {
        case page(Page)
        /// It cannot be had, or not soon.
        case failed(PullFailure)
        case again(PullCourse.Again)
    }

    /// One attempt at a page.
    private func fetch(
        _ source: some Source, _ course: PullCourse, _ jitter: inout Jitter
    ) async throws -> Fetched {
        let allowances = source.allowances(after: course.state)
        let isFirst = course.state.finishedRequestAt == nil
        let passed = try await gate.pass(allowances, isFirst: isFirst, clock: clock)
        let error: PullError
        do throws(PullError) {
            return .page(try await attemptPage(source, course.state, (allowances, passed), nonce: jitter.next()))
        } catch let caught {
            error = caught
        }
        try Task.checkCancellation()
        if case .said(let saying) = error, let whose = saying.whose {
            await gate.stop(
                allowances.filter { $0.scope == whose }, for: saying.wait.map { min($0, Self.longestAsked) },
                at: clock.now)
        }
        var asked: TimeSpan?
        if let wait = error.asked { asked = min(wait, Self.longestAsked) }
        let (now, attempt) = (clock.now, course.again?.attempt ?? 1)
        let wait = backoff.wait(after: attempt, asked: asked, using: &jitter)
        let failure = PullFailure(
            source: source.name, page: course.state.seen.count + 1, attempts: attempt, error: error,
            notBefore: asked.map { now + $0 }, place: source.asked(after: course.state))
        guard error.isTransient, attempt < backoff.attempts, wait <= patience else {
            return source.pagePassingOver(error, after: course.state).map(Fetched.page) ?? .failed(failure)
        }
        return .again(.init(attempt: attempt + 1, at: now + wait, failure: failure))
    }

    private func attemptPage(
        _ source: some Source, _ state: PullState, _ counted: (all: [RateLimit.Allowance], passed: RateGate.Passed),
        nonce: UInt64
    ) async throws(PullError) -> Page {
        var reply = try await send(source.request(after: state, at: Asking(now: clock.now, nonce: nonce)))
        let news = RateNews.all(counted.all, in: reply, now: clock.now)
        if !news.isEmpty { await gate.learn(news, counted.passed, at: clock.now) }
        if let onward = try source.onward(from: reply, after: state, at: clock.now) { reply = try await send(onward) }
        return try source.page(from: reply, after: state, at: clock.now)
    }

    private func send(_ request: Request) async throws(PullError) -> Reply {
        do throws(TransportError) {
            return try await transport.send(request)
        } catch {
            throw .transport(error)
        }
    }
}

/// How a pull ended, and the state to go on from.
package enum PullOutcome: Sendable {
    /// Caught up; the last committed page carried the same state.
    case finished(PullState)
    /// What was committed stands; the state is to be kept, and the next pull goes on from it.
    case failed(PullFailure, PullState)

    package var state: PullState {
        switch self {
        case .finished(let state), .failed(_, let state): state
        }
    }

    package var failure: PullFailure? {
        if case .failed(let failure, _) = self { failure } else { nil }
    }
}

/// Why a pull could not go on.
package struct PullFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package let source: String
    /// From 1, over the whole pull.
    package let page: Int
    /// Attempts at that page.
    package let attempts: Int
    package let error: PullError
    /// The other side asks not to come back before.
    package let notBefore: Timestamp?
    /// What was asked, of sources that have several lists.
    package let place: AskedPlace?

    package init(
        source: String, page: Int, attempts: Int, error: PullError, notBefore: Timestamp?, place: AskedPlace? = nil
    ) {
        (self.source, self.page, self.attempts) = (source, page, attempts)
        (self.error, self.notBefore, self.place) = (error, notBefore, place)
    }

    package var description: String { "Pulling \(source) \(words)." }

    /// `failed at page 3 after 2 attempts: the server answered 500`; of a platform `failed at orders, page 3: …`.
    package var words: String {
        let list = place.map { "\($0.list), " } ?? ""
        return "failed at \(list)page \(page)\(attempts > 1 ? " after \(attempts) attempts" : ""): \(reason)"
    }

    /// What came back and what to do.
    package var reason: String {
        guard source.hasPrefix("store:") else { return "\(error)" }
        return error.ofStore(path: place?.path) + (error.isDoctors ? "; goodstanding doctor says more" : "")
    }
}
