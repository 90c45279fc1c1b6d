package import Curl
package import Facts
import HTTPTypes
package import Ledgers
import Logging
package import Pull
import Rules

/// One pull of one feed or store: pages committed as they come, the state kept with them.
package struct Pulling: Sendable {
    package var assembly: Assembly
    package var transport: any Transport
    package var decoding: FactDecoding
    /// Of all that is pulled side by side.
    package var tokens: TokenKeeper
    package var gate: RateGate

    package init(
        assembly: Assembly, transport: any Transport, decoding: FactDecoding, tokens: TokenKeeper, gate: RateGate
    ) {
        (self.assembly, self.transport, self.decoding) = (assembly, transport, decoding)
        (self.tokens, self.gate) = (tokens, gate)
    }

    package struct Outcome: Sendable {
        package var subject: Words
        /// `the feed`, in what is said of its facts.
        var bringer: Words
        package var failure: PullFailure?
        var pages = 0
        var facts = 0
        var tally = Tally()
        /// What the platform does not give beside the rest.
        package var refused: [String] = []
        /// The longest time by which something came later than it could have.
        package var lateness: TimeSpan?
        /// Due or asked for and not read yet.
        package var reports: [ReportOrder] = []
        /// How long reports were waited for; nil: they were not.
        var waited: TimeSpan?

        /// Asked for, and still being made.
        package var reportsInWork: Int { reports.count { $0.failure == nil } }
        /// Waited for, and not come. One that the platform refuses is withheld, as a list may be.
        package var lacksReports: Bool { waited != nil && reports.contains { !$0.isRefused } }

        package var words: Words {
            var words = Words(
                en: "\(counted(pages, "page")), \(counted(facts, "fact")), \(tally.moved) of them new or changed",
                zh: "\(pages) 页，\(facts) 条数据，其中 \(tally.moved) 条为新增或变更")
            words += tally.remarks(source: bringer)
            for refusal in refused {
                words += Words(en: "; without \(refusal)", zh: "；未取得 \(refusal)")
            }
            if let lateness {
                let hours = max(1, (lateness.microseconds + 3_599_999_999) / 3_600_000_000)
                words += Words(
                    en:
                        "; some of it was changed up to \(hours) h before and shown only now: the next pulls look back farther",
                    zh: "；其中有最多 \(hours) 小时前的变更，平台现在才显示：之后每次会多往前读")
            }
            words += reportWords
            guard let failure else { return subject + Words(en: ": ", zh: "：") + words }
            let cause =
                subject
                + Words(
                    en: " \(failure.words)",
                    zh:
                        " 在\(failure.place.map { " \($0.list) " } ?? "")第 \(failure.page) 页失败（尝试 \(failure.attempts) 次）：\(failure.reason)"
                )
            return pages > 0 ? cause + Words(en: "; before that, and kept: ", zh: "；此前已保留：") + words : cause
        }

        private var reportWords: Words {
            let waiting = reportsInWork
            var words = Words("")
            if waiting > 0, let waited {
                let names = Set(reports.filter { $0.failure == nil }.map(\.stream)).sorted()
                words += Words(
                    en:
                        ", \(counted(waiting, "report")) (\(names.joined(separator: ", "))) did not come within \(waited.written); "
                        + "they stay asked for, and a later pull or the daemon reads them; --wait waits longer",
                    zh: "，\(waiting) 份报表（\(names.joined(separator: "、"))）在 \(waited.written) 内未生成；"
                        + "请求仍有效，由后续拉取或守护进程读取；可用 --wait 延长等待")
            } else if waiting > 0 {
                words += Words(
                    en: ", \(counted(waiting, "report")) not made yet, to be read by a later pull",
                    zh: "，\(waiting) 份报表尚未生成，由后续拉取读取")
            }
            for order in reports {
                guard let failure = order.failure else { continue }
                let moment = order.notBefore.map { "\($0)" } ?? ""
                words += Words(
                    en:
                        ", the platform could not make the report '\(order.stream)' (\(failure)); it is asked for again "
                        + "from \(moment) on",
                    zh: "，平台未能生成报表 '\(order.stream)'（\(failure)），\(moment) 起重新请求")
            }
            return words
        }

        /// Something that is worth a look though the pull is good.
        package var isNotable: Bool {
            tally.quarantined > 0 || !tally.displaced.isEmpty || reports.contains { $0.failure != nil }
                || !refused.isEmpty
        }
    }

    /// Whether requests can go to the address.
    static func canAsk(_ url: String) -> Bool { Request(method: .get, url: url) != nil }

    /// - Parameters:
    ///   - waits: told, in words, of every attempt that failed and is to be repeated.
    ///   - committed: told of pages once they are in the ledger.
    package func pull(
        _ subject: PullSubject, waits: @escaping @Sendable (String) -> Void = { _ in },
        committed: @Sendable (PulledPages, CommitReceipt) async -> Void = { _, _ in }
    ) async throws -> Outcome {
        try await pull(
            subject, after: Outcome(subject: subject.words, bringer: subject.bringer), waits: waits,
            committed: committed)
    }

    /// The same, counted together with what came before.
    func pull(
        _ subject: PullSubject, after begun: Outcome, waits: @escaping @Sendable (String) -> Void,
        committed: @Sendable (PulledPages, CommitReceipt) async -> Void
    ) async throws -> Outcome {
        var outcome = begun
        var (refused, before): (Secret?, (credentials: [String: Secret], pages: Int)?)
        while true {
            let (credentials, pages): ([String: Secret], Int)
            do {
                (credentials, pages) = (try await subject.credentials(tokens, refused: refused), outcome.pages)
            } catch let error as PullError {
                // There is no other one, and this one was good for what was pulled just now: it lacks a right.
                guard let before, outcome.pages > before.pages, outcome.failure?.error.mayLackRight ?? false else {
                    outcome.failure = try await keep(error, of: subject)
                    return outcome
                }
                (credentials, pages) = (before.credentials, outcome.pages)
            }
            before = (credentials, pages)
            var source = try await knowingCases(
                of: subject,
                subject.source(decoding, in: assembly.fleet, at: assembly.clock.now, credentials: credentials))
            if refused != nil, let platform = source as? PlatformSource {
                source = platform.trustingToken(at: assembly.clock.now)
            }
            outcome = try await pull(subject, source, after: outcome, waits: waits, committed: committed)
            // A token may end in the middle of a long pull: with a new one it goes on. One that is refused at once is not
            // followed by others for ever.
            guard let error = outcome.failure?.error, error.isExpiry, let token = subject.token(in: credentials),
                refused == nil || outcome.pages > pages
            else { return outcome }
            refused = token
        }
    }

    /// They are read from all refunds of the store, and mostly asked about once a day.
    private func knowingCases(of subject: PullSubject, _ source: any Source) async throws -> any Source {
        guard let platform = source as? PlatformSource, subject.asksForOpenCases else { return source }
        let known = try await assembly.ledger.pullRecord(of: subject.name, store: subject.store)
        let state = known.state.flatMap { PullState(text: $0) }
        guard platform.needsOpenCases(after: state, at: assembly.clock.now) else { return source }
        return platform.asking(about: try await assembly.ledger.openCases(of: subject))
    }

    /// No token was to be had: nothing was asked, and the failure is kept like any other.
    private func keep(_ error: PullError, of subject: PullSubject) async throws -> PullFailure {
        let known = try await assembly.ledger.pullRecord(of: subject.name, store: subject.store)
        let failure = PullFailure(source: "store:" + subject.id, page: 1, attempts: 1, error: error, notBefore: nil)
        try await assembly.ledger.noteFailure(
            of: subject.name, store: subject.store, state: known.state ?? PullState().text, at: assembly.clock.now,
            because: failure.description, trouble: PullTrouble(failure.error))
        return failure
    }

    private func pull(
        _ subject: PullSubject, _ source: some Source, after begun: Outcome,
        waits: @escaping @Sendable (String) -> Void,
        committed: @Sendable (PulledPages, CommitReceipt) async -> Void
    ) async throws -> Outcome {
        let (name, store) = (subject.name, subject.store)
        let known = try await assembly.ledger.pullRecord(of: name, store: store)
        let book = assembly.fleet.planBook(at: assembly.clock.now)
        var (outcome, generator) = (begun, SystemRandomNumberGenerator())
        let (clock, logger) = (assembly.clock, assembly.logger)
        let ledger = assembly.ledger
        let puller = Puller(transport: transport, clock: assembly.clock, gate: gate) { wait in
            if let state = wait.state {
                do throws(LedgerError) {
                    try await ledger.keep(state: state.text, of: name, store: store)
                } catch {
                    // It is obeyed all the same, but for a restart meanwhile.
                    logger.warning("\(error)")
                }
            }
            let seconds = max(0, (wait.until - clock.now).microseconds / 1_000_000)
            let words = "\(subject.words.en) \(wait.failure.words); it is asked again in \(seconds) s"
            logger.info("\(words)")
            waits(words)
        }
        let result = try await puller.pull(
            source, from: known.state.flatMap { PullState(text: $0) } ?? PullState(), using: &generator
        ) { pages in
            let receipt = try await assembly.ledger.commit(
                FactBatch(
                    source: name, facts: pages.facts,
                    rejections: pages.rejections.map { $0.placed(in: pages.source) }, wholes: pages.wholes,
                    cursor: PullCursor(store: store, state: pages.state.text),
                    finish: pages.finish.map { finish in
                        PullFinish(
                            stores: store.map { .these([$0]) } ?? .all, kinds: finish.kinds, from: finish.from,
                            until: finish.until, late: finish.late)
                    },
                    part: pages.finish.map { finish in
                        FactBatch.Part.last(
                            of: .pull, store.map { .these([$0]) } ?? .all, FactKinds.all.subtracting(finish.withheld),
                            lacking: finish.withheld)
                    } ?? .more(of: .pull), readAt: pages.readAt,
                    toldUntil: pages.toldUntil),
                under: book)
            outcome.pages += pages.count
            outcome.facts += pages.facts.count
            outcome.tally.add(receipt, pages.rejections)
            outcome.refused += pages.refused.filter { !outcome.refused.contains($0) }
            if let since = receipt.lateSince, let asked = pages.state.firstRequestAt ?? pages.state.finishedRequestAt {
                outcome.lateness = max(outcome.lateness ?? .zero, asked - since)
            }
            outcome.tally.unknownMembers.formUnion(pages.unknownMembers)
            await committed(pages, receipt)
        }
        (outcome.failure, outcome.reports) = (result.failure, result.state.reports)
        var state = result.state
        if let lateness = outcome.lateness {
            state.noteLateness(lateness, at: assembly.clock.now)
            try await assembly.ledger.keep(state: state.text, of: name, store: store)
        }
        if let failure = result.failure {
            try await assembly.ledger.noteFailure(
                of: name, store: store, state: state.text, at: assembly.clock.now, because: failure.description,
                trouble: PullTrouble(failure.error))
        }
        return outcome
    }
}

extension RejectedText {
    /// With the name of its source, as the ledger keeps it.
    func placed(in source: String) -> PlacedRejection {
        PlacedRejection(position: "\(source): \(position)", rejection: rejection, factsBefore: factsBefore)
    }
}
