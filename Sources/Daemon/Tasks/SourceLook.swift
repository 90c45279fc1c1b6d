import Curl
import Facts
import Pull
import Rules

/// A harmless look at what is pulled: each list is asked for, and what is asked for one of its items; nothing is kept.
struct SourceLook: Sendable {
    let fleet: Fleet
    let transport: any Transport
    let tokens: TokenKeeper
    let clock: any WallClock
    /// Looks come no faster than pulls.
    private let gate = RateGate()

    typealias Finding = DoctorTask.Finding

    init(fleet: Fleet, transport: any Transport, tokens: TokenKeeper, clock: any WallClock) {
        (self.fleet, self.transport, self.tokens, self.clock) = (fleet, transport, tokens, clock)
    }

    /// What one question got.
    struct Answer {
        /// nil for a feed, which has one question only.
        var stream: PullPlan.Stream?
        var reply: Reply?
        var page: Page?
        var error: PullError?
        /// The path at which it was asked.
        var path: String?
    }

    struct Answers {
        var all: [Answer] = []
        /// What is asked for an item, where no item was met.
        var untried: [String] = []
    }

    /// So many pages of a list are asked for at most, until one holds an item of which more is asked.
    private static let pages = 8

    /// - Parameter all: of each list and of what is asked for its items, and so of each right that is needed; else of the
    ///   first list alone.
    func answers(_ subject: PullSubject, all: Bool) async -> [Finding] {
        do {
            var credentials = try await subject.credentials(tokens)
            var found = await ask(subject, credentials, all: all)
            // A token may have ended though nobody was told: with a new one it may go well.
            if found.all.contains(where: { $0.error?.isExpiry ?? false }), let token = subject.token(in: credentials) {
                credentials = try await subject.credentials(tokens, refused: token)
                found = await ask(subject, credentials, all: all, isNew: true)
            }
            return clockFindings(found.all, subject.words) + findings(found, subject)
        } catch {
            return [.bad("\(subject.words.en): \(error)", zh: "\(subject.words.zh)：\(error)")]
        }
    }

    /// - Parameter isNew: the access token was got just now.
    private func ask(
        _ subject: PullSubject, _ credentials: [String: Secret], all: Bool, isNew: Bool = false
    ) async -> Answers {
        let key = BuyerKey(bytes: [UInt8](repeating: 0, count: 32))
        let decoding = FactDecoding(buyerKey: key) { _ in .unwatched }
        let source = subject.source(decoding, in: fleet, at: clock.now, credentials: credentials)
        guard var platform = source as? PlatformSource else {
            var state = PullState()
            state.begin(at: clock.now, reach: source.reach)
            return Answers(all: [await ask(source, nil, state)])
        }
        if isNew { platform = platform.trustingToken(at: clock.now) }
        // As if all were known but the last hours: little to answer, and yet something of which more is asked.
        let (now, since) = (clock.now, clock.now - .hours(4))
        let lists = platform.questions(since: since, at: now)
        var answers = Answers()
        for list in all ? lists : Array(lists.prefix(1)) where await !ask(platform, list, all: all, &answers) {
            return answers
        }
        // What stands in for a list that is not given.
        let withheld = Set(answers.all.compactMap(\.page?.withheld))
        guard all, !withheld.isEmpty else { return answers }
        for list in platform.questions(since: since, at: now, withheld: withheld)
        where !answers.all.contains(where: { $0.stream?.name == list.stream.name }) {
            guard await ask(platform, list, all: all, &answers) else { break }
        }
        return answers
    }

    /// A list, and then each question that is asked for one of its items.
    ///
    /// - Returns: whether to ask on: one that is not let in at all is not let in at the next list either.
    private func ask(
        _ source: PlatformSource, _ list: PlatformSource.Question, all: Bool, _ answers: inout Answers
    ) async -> Bool {
        var answer = await ask(source, list.stream, list.state)
        answers.all.append(answer)
        if answers.all.count == 1, let error = answer.error, error.isExpiry || isUnreachable(error) { return false }
        guard all, let details = list.stream.details, answer.page?.withheld == nil else { return true }
        var (state, asked) = (list.state, 1)
        while let next = answer.page?.next {
            state.cursor = next
            let questions = source.details(at: state)
            for question in questions { answers.all.append(await ask(source, question.stream, question.state)) }
            if !questions.isEmpty { return true }
            guard asked < Self.pages, source.goesOn(list.stream, at: state) else { break }
            answer = await ask(source, list.stream, state)
            asked += 1
        }
        if answer.error == nil { answers.untried += details.streams.map(\.name) }
        return true
    }

    private func isUnreachable(_ error: PullError) -> Bool {
        if case .transport = error { true } else { false }
    }

    private func ask(_ source: any Source, _ stream: PullPlan.Stream?, _ state: PullState) async -> Answer {
        var answer = Answer(stream: stream)
        answer.path = source.asked(after: state)?.path
        do throws(PullError) {
            do {
                try await gate.pass(source.allowances(after: state), isFirst: false, clock: clock)
            } catch { throw PullError.transport(.cancelled) }
            let reply: Reply
            do throws(TransportError) {
                reply = try await transport.send(
                    source.request(
                        after: state, at: Asking(now: clock.now, nonce: UInt64.random(in: 0 ... .max))))
            } catch {
                throw PullError.transport(error)
            }
            answer.reply = reply
            answer.page = try source.page(from: reply, after: state, at: clock.now)
        } catch {
            answer.error = error
        }
        return answer
    }
}
