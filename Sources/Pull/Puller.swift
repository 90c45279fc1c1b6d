package import Curl
package import Facts

/// Pulls a source page by page until it has caught up.
///
/// Every page is handed over with the state to go on from, and a page that was not committed is asked for again: by
/// this pull's next attempt, or by a later pull, in another process if need be. While one page is being committed the
/// next one is already fetched; it is thrown away when the commit fails.
package struct Puller: Sendable {
    private let transport: any Transport
    private let clock: any WallClock
    private let backoff: Backoff
    private let patience: TimeSpan
    /// The other side may ask for more than `patience`, up to this: a slip in its date must not silence it for good.
    static let longestAsked = TimeSpan.days(1)

    /// - Parameter patience: the longest wait within a pull. Who asks for a longer one ends the pull, and is asked
    ///   again no earlier than he said.
    package init(
        transport: any Transport, clock: any WallClock, backoff: Backoff = .standard, patience: TimeSpan = .minutes(2)
    ) {
        (self.transport, self.clock, self.backoff, self.patience) = (transport, clock, backoff, patience)
    }

    /// Pulls until caught up, or until it cannot go on.
    ///
    /// - Parameters:
    ///   - state: what the last committed page or the last outcome left; a new value for a source never pulled.
    ///   - commit: called for each page in order, never for two at once. The last one carries `finish`.
    /// - Throws: what `commit` throws, and CancellationError; both leave the last committed state the one to go on
    ///   from.
    package func pull(
        _ source: some Source, from state: PullState,
        using generator: inout some RandomNumberGenerator, commit: (PulledPage) async throws -> Void
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
        state.begin(at: clock.now)
        let resumedAt = state.cursor
        var repeated = RepeatedPages()
        var committed = 0
        var fetched = try await fetch(source, state, Jitter(seed: generator.next()))
        while true {
            switch fetched {
            case .failure(let failure):
                // A place that failed twice in a row, with nothing gained between, may be one that is no longer there.
                if failure.error.concernsPlace, committed == 0, resumedAt != nil {
                    state.abandon()
                }
                state.notBefore = failure.notBefore
                return .failed(failure, state)
            case .success(let page):
                let number = state.seen.count + 1
                state.note(page.facts)
                if let next = page.next {
                    let bringsNew = repeated.note(page.facts)
                    guard state.seen.insert(next), bringsNew else {
                        // What the page brought is good; only where it leads is not.
                        state.abandon()
                        try await commit(pulled(page, number, state, source, finish: nil))
                        let error: PullError = bringsNew ? .loop : .endless
                        return .failed(
                            PullFailure(source: source.name, page: number, attempts: 1, error: error, notBefore: nil),
                            state)
                    }
                    state.cursor = next
                    let (ahead, seed) = (state, generator.next())
                    async let following = fetch(source, ahead, Jitter(seed: seed))
                    try await commit(pulled(page, number, state, source, finish: nil))
                    fetched = try await following
                } else {
                    let until = state.firstRequestAt ?? clock.now
                    let isSingle = number == 1
                    state.finish(overlap: source.overlap, etag: isSingle ? page.etag : nil)
                    let finish = PulledPage.Finish(kinds: source.kinds, until: until)
                    try await commit(pulled(page, number, state, source, finish: finish))
                    return .finished(state)
                }
                committed += 1
            }
        }
    }

    private func pulled(
        _ page: Page, _ number: Int, _ state: PullState, _ source: some Source, finish: PulledPage.Finish?
    ) -> PulledPage {
        PulledPage(
            source: source.name, number: number, facts: page.facts, rejections: page.rejections,
            unknownMembers: page.unknownMembers, state: state, finish: finish, readAt: clock.now)
    }

    /// One page, however many attempts it takes up to the limit.
    private func fetch(
        _ source: some Source, _ state: PullState, _ jitter: Jitter
    ) async throws -> Result<Page, PullFailure> {
        var jitter = jitter
        var attempt = 1
        while true {
            let error: PullError
            do throws(PullError) {
                return .success(try await attemptPage(source, state))
            } catch let caught {
                error = caught
            }
            try Task.checkCancellation()
            var asked: TimeSpan?
            if case .throttled(_, let wait) = error { asked = wait.map { min($0, Self.longestAsked) } }
            let now = clock.now
            let wait = backoff.wait(after: attempt, asked: asked, using: &jitter)
            let isOver = !error.isTransient || attempt >= backoff.attempts || wait > patience
            if isOver {
                return .failure(
                    PullFailure(
                        source: source.name, page: state.seen.count + 1, attempts: attempt, error: error,
                        notBefore: asked.map { now + $0 }))
            }
            try await clock.sleep(until: now + wait)
            attempt += 1
        }
    }

    private func attemptPage(_ source: some Source, _ state: PullState) async throws(PullError) -> Page {
        let reply: Reply
        do throws(TransportError) {
            reply = try await transport.send(source.request(after: state))
        } catch {
            throw .transport(error)
        }
        if let error = PullError(reply, now: clock.now) { throw error }
        return try source.page(from: reply, after: state)
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

    package var description: String {
        "Pulling \(source) failed at page \(page)\(attempts > 1 ? " after \(attempts) attempts" : ""): \(error)."
    }
}
