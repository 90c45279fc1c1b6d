package import Facts
import Ledgers
import Pull

/// Facts from files into the ledger, batch by batch.
package struct ImportTask: Sendable {
    private let config: String?
    private let files: [String]
    private let kinds: FactKinds?
    private let completeFrom: Timestamp?
    private let completeUntil: Timestamp?
    private let level: String

    /// - Parameters:
    ///   - kinds: what the files bring completely; nil: what occurs in each.
    ///   - completeUntil: nil: a file's modification time.
    package init(
        config: String?, files: [String], kinds: FactKinds?, completeFrom: Timestamp?, completeUntil: Timestamp?,
        log level: String
    ) {
        (self.config, self.files, self.kinds) = (config, files, kinds)
        (self.completeFrom, self.completeUntil, self.level) = (completeFrom, completeUntil, level)
    }

    /// What became of one file.
    package struct Outcome: Sendable {
        package var words: String
        package var hasFailed: Bool
    }

    package func run(progress: @escaping @Sendable (String) -> Void) async throws -> [Outcome] {
        if let from = completeFrom, let until = completeUntil, from >= until {
            throw TaskError("--complete-from must lie before --complete-until", isUsage: true)
        }
        let assembly = try Assembly.open(config: config, log: level)
        if let until = completeUntil, until > assembly.clock.now {
            throw TaskError(
                "--complete-until lies in the future: nobody can know yet that nothing is missing", isUsage: true)
        }
        let decoding = try await assembly.decoding()
        // Whatever the configuration changed since the last run is counted first, so that every commit moves exact
        // buckets.
        let adopted = try await assembly.adopt(progress: progress)
        var outcomes: [Outcome] = []
        for file in files {
            outcomes.append(try await take(FactFile(argument: file), into: assembly, decoding, progress))
        }
        // Stores that these files brought for the first time are watched from now on.
        try await assembly.adopt(except: adopted, progress: progress)
        return outcomes
    }

    private func take(
        _ file: FactFile, into assembly: Assembly, _ decoding: FactDecoding, _ progress: (String) -> Void
    ) async throws -> Outcome {
        var tally = Tally()
        let book = assembly.fleet.planBook(at: assembly.clock.now)
        let summary: FactFileSummary
        do {
            summary = try await file.read(decoding: decoding, clock: assembly.clock) { batch in
                let receipt = try await assembly.ledger.commit(
                    FactBatch(
                        source: .file, facts: batch.facts,
                        rejections: batch.rejections.map { $0.placed(in: file.name) },
                        readAt: assembly.clock.now), under: book)
                tally.add(receipt, batch.rejections)
                progress("\(file.name): \(ImportTask.share(batch)), \(tally.facts) facts")
            }
        } catch let error as LedgerError where !tally.isEmpty {
            throw TaskError(
                "\(file.name) was not read to its end: \(tally.counts)\(tally.remarks(source: "the file")) before "
                    + "this, which stays; it makes nothing complete, and the same file again goes on. \(error)")
        }
        if summary.failure == nil, !summary.stores.isEmpty, !ImportTask.isDoubtful(summary) {
            // Coverage last: only a file read to its end makes anything complete.
            let until = completeUntil ?? summary.coveredUntil
            _ = try await assembly.ledger.commit(
                FactBatch(
                    source: .file,
                    finish: PullFinish(
                        stores: .these(summary.stores.sorted()), kinds: kinds ?? summary.kinds, from: completeFrom,
                        until: until),
                    readAt: assembly.clock.now), under: book)
        }
        tally.unknownMembers = summary.unknownMembers
        return ImportTask.outcome(summary, tally)
    }

    private static func share(_ batch: FactFileBatch) -> String {
        guard let all = batch.bytesTotal, all > 0 else { return "\(batch.bytesRead >> 20) MiB" }
        return "\(min(100, batch.bytesRead * 100 / all)) %"
    }

    /// So much of it names no store that may be any store's: it makes nothing complete.
    private static func isDoubtful(_ summary: FactFileSummary) -> Bool { summary.unattributed > 10 }

    private static func outcome(_ summary: FactFileSummary, _ tally: Tally) -> Outcome {
        var words =
            "\(summary.name): \(counted(summary.facts, "fact")) of \(counted(summary.stores.count, "store")) (\(tally.counts))"
        words += tally.remarks(source: "the file")
        if let failure = summary.failure { return Outcome(words: "\(words); \(failure)", hasFailed: true) }
        if summary.isEmpty { return Outcome(words: "\(summary.name) is empty", hasFailed: false) }
        if summary.isHopeless {
            return Outcome(
                words: "\(words); nothing in it is a fact: is it JSON Lines, one fact a line?", hasFailed: true)
        }
        if isDoubtful(summary) {
            words += "; \(summary.unattributed) lines name no store, so the file makes nothing complete"
        }
        return Outcome(words: words, hasFailed: false)
    }
}
