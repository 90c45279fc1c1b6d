package import Facts
import Foundation
import Glibc
import Language
import Ledgers
import Pull
import Rules
import Tables

/// Facts from files into the ledger, batch by batch.
package struct ImportTask: Sendable {
    private let config: String?
    private let files: [String]
    let kinds: FactKinds?
    let completeFrom: Timestamp?
    let completeUntil: Timestamp?
    private let level: String
    /// A map's file, or the name of a built-in one; nil: the files are JSON Lines.
    private let map: String?
    let store: String?

    /// - Parameters:
    ///   - map: by which the files become facts: a file, or the name of a built-in one; nil: they are JSON Lines.
    ///   - store: whose they are, where the map does not say it.
    ///   - kinds: what the files bring completely; nil: what occurs in each, or what the map says.
    ///   - completeUntil: nil: a file's modification time, or what the map finds said.
    package init(
        config: String?, files: [String], map: String? = nil, store: String? = nil, kinds: FactKinds?,
        completeFrom: Timestamp?, completeUntil: Timestamp?, log level: String
    ) {
        (self.config, self.files, self.kinds, self.map, self.store) = (config, files, kinds, map, store)
        (self.completeFrom, self.completeUntil, self.level) = (completeFrom, completeUntil, level)
    }

    /// What became of one file.
    package struct Outcome: Sendable {
        package var words: Words
        package var hasFailed: Bool
    }

    package func run(progress: @escaping @Sendable (Words) -> Void) async throws -> [Outcome] {
        if let from = completeFrom, let until = completeUntil, from >= until {
            throw TaskError(
                Words(
                    en: "--complete-from must lie before --complete-until",
                    zh: "--complete-from 必须早于 --complete-until"), isUsage: true)
        }
        let map = try map.map(MapsTask.map)
        let assembly = try Assembly.open(config: config, log: level)
        try checkStore(of: map, assembly)
        if let until = completeUntil, until > assembly.clock.now {
            throw TaskError(
                Words(
                    en: "--complete-until lies in the future: nobody can know yet that nothing is missing",
                    zh: "--complete-until 在未来：尚无人能确认数据无缺"), isUsage: true)
        }
        let lock = try await assembly.importLock()
        defer { withExtendedLifetime(lock) {} }
        let decoding = try await assembly.decoding()
        // Whatever the configuration changed since the last run is counted first, so that every commit moves exact
        // buckets.
        let adopted = try await assembly.adopt(progress: progress)
        let began = assembly.clock.now
        var taken: [(summary: ImportedFile, tally: Tally, telling: FactBatch.Telling)] = []
        for file in files {
            // Once: the file may be another by the end.
            let telling = ImportTask.telling(file, at: assembly.clock.now)
            let (summary, tally) =
                if let map {
                    try await take(file, by: map, telling: telling, into: assembly, decoding, progress)
                } else {
                    try await take(FactFile(argument: file), telling: telling, into: assembly, decoding, progress)
                }
            taken.append((summary, tally, telling))
        }
        for (summary, _, _) in taken { try await settle(summary, since: began, assembly) }
        // Coverage last: in whichever file a fact is that names no store, it may be any store's.
        let nameless = try await assembly.ledger.unattributed(
            inFiles: taken.map(\.summary.name), since: began)
        var outcomes: [Outcome] = []
        var entries: [AuditEntry] = []
        for (summary, tally, telling) in taken {
            let whole = try await complete(summary, telling, nameless: nameless, assembly)
            var outcome = ImportTask.outcome(summary, tally, whole: whole, nameless: nameless)
            outcome.words += unwatched(summary, assembly)
            outcomes.append(outcome)
            if tally.isBegun {
                entries.append(assembly.entry(of: "import", at: store, on: summary.name, [outcome.words]))
            }
        }
        // That it began was written with the first of its facts. One of which no end is written was broken off.
        try await assembly.ledger.append(entries)
        // Stores that these files brought for the first time are watched from now on.
        try await assembly.adopt(except: adopted, progress: progress)
        return outcomes
    }

    private func take(
        _ file: FactFile, telling: FactBatch.Telling, into assembly: Assembly, _ decoding: FactDecoding,
        _ progress: (Words) -> Void
    ) async throws -> (ImportedFile, Tally) {
        var tally = Tally()
        let book = assembly.fleet.planBook(at: assembly.clock.now)
        let summary: FactFileSummary
        do {
            summary = try await file.read(decoding: decoding, clock: assembly.clock) { batch in
                let entries = begins(file.name, &tally, assembly)
                let receipt = try await assembly.ledger.commit(
                    FactBatch(
                        source: .file, facts: batch.facts,
                        rejections: batch.rejections.map { $0.placed(in: file.name) },
                        part: .more(of: telling), readAt: assembly.clock.now), under: book
                ) { _ in entries }
                tally.add(receipt, batch.rejections)
                if !batch.marks.isEmpty { tally.marks += try await assembly.ledger.keep(batch.marks) }
                let share = ImportTask.share(batch)
                progress(
                    Words(
                        en: "\(file.name): \(share), \(tally.facts) facts",
                        zh: "\(file.name)：\(share)，\(tally.facts) 条数据"))
            }
        } catch let error as LedgerError where !tally.isEmpty {
            throw broken(file.name, tally, error)
        }
        tally.unknownMembers = summary.unknownMembers
        return (ImportedFile(summary), tally)
    }

    /// What the audit is told with the first of a file's facts.
    func begins(_ name: String, _ tally: inout Tally, _ assembly: Assembly) -> [AuditEntry] {
        guard !tally.isBegun else { return [] }
        tally.isBegun = true
        return [assembly.entry(of: "import", at: store, on: name, [Words(en: "begins", zh: "开始")])]
    }

    func broken(_ name: String, _ tally: Tally, _ error: LedgerError) -> TaskError {
        let before = tally.counts + tally.remarks(source: Self.theFile)
        let nothing =
            files.count > 1
            ? Words(en: "none of the files makes anything complete", zh: "各文件均不构成完整数据")
            : Words(en: "it makes nothing complete", zh: "该文件不构成完整数据")
        return TaskError(
            Words(
                en:
                    "\(name) was not read to its end: \(before.en) before this, which stays; \(nothing.en), and the same command again goes on. \(error)",
                zh: "\(name) 未读完：此前 \(before.zh)，予以保留；\(nothing.zh)，再次执行同一命令即可继续。\(error)"))
    }

    /// Only a file read to its end makes anything complete; one that was not leaves its stores half told, until it is.
    /// Returns for how many stores it does.
    private func complete(
        _ summary: ImportedFile, _ telling: FactBatch.Telling, nameless: Int, _ assembly: Assembly
    ) async throws -> Int {
        guard summary.failure == nil else { return 0 }
        let (all, kinds) = (summary.stores.union(summary.coverage.keys).sorted(), kinds ?? summary.kinds)
        let stores = try await whole(all, nameless: nameless, assembly)
        let (now, book) = (assembly.clock.now, assembly.fleet.planBook(at: assembly.clock.now))
        // What a file says of itself counts, where the command line says nothing else.
        let isTold = summary.isDecided || (self.kinds == nil && completeFrom == nil && completeUntil == nil)
        let told = stores.filter { isTold && summary.coverage[$0] != nil }
        let untold = stores.filter { !told.contains($0) }
        for (interval, covered) in ImportTask.intervals(summary.coverage, of: told) {
            for (kind, stores) in covered.sorted(by: { $0.key < $1.key }) {
                let finish = PullFinish(
                    stores: .these(stores), kinds: FactKinds(kind), from: interval.from,
                    until: min(interval.until, now))
                _ = try await assembly.ledger.commit(FactBatch(source: .file, finish: finish, readAt: now), under: book)
            }
        }
        if !told.isEmpty {
            let part = FactBatch.Part.last(of: telling, .these(told), summary.beginsLate ? [] : kinds)
            _ = try await assembly.ledger.commit(FactBatch(source: .file, part: part, readAt: now), under: book)
        }
        if !untold.isEmpty, summary.provesNothing {
            // It ends here, and covers nothing.
            let part = FactBatch.Part.last(of: telling, .these(untold), [])
            _ = try await assembly.ledger.commit(FactBatch(source: .file, part: part, readAt: now), under: book)
        } else if !untold.isEmpty {
            let finish = PullFinish(
                stores: .these(untold), kinds: kinds, from: completeFrom, until: completeUntil ?? summary.coveredUntil)
            // What speaks of late days only says nothing of what an earlier file left in its middle.
            let part = FactBatch.Part.last(of: telling, .these(untold), completeFrom == nil ? kinds : [])
            _ = try await assembly.ledger.commit(
                FactBatch(source: .file, finish: finish, part: part, readAt: now), under: book)
        }
        let broken = Set(all).subtracting(stores).sorted()
        if !broken.isEmpty {
            _ = try await assembly.ledger.commit(
                FactBatch(source: .file, part: .broken(telling, broken, kinds), readAt: now), under: book)
        }
        return stores.count
    }

    /// What an earlier import of the same file could not read, and this one could, counts no longer. As for what was left
    /// half told, only a file that speaks of the same days says so: one that begins somewhere may speak of others.
    private func settle(_ summary: ImportedFile, since began: Timestamp, _ assembly: Assembly) async throws {
        guard summary.failure == nil, !summary.isEmpty, summary.isHopeless == nil, summary.tellsSameDays,
            completeFrom == nil, summary.name != FactFile(.standardInput).name
        else { return }
        let now = assembly.clock.now
        _ = try await assembly.ledger.commit(
            FactBatch(
                source: .file, readAt: now,
                reread: Reread(file: summary.name, since: began, stores: summary.stores.sorted())),
            under: assembly.fleet.planBook(at: now))
    }

    /// By interval and kind the stores of which it is told.
    private static func intervals(
        _ coverage: [String: [FactKind: CoverageInterval]], of stores: [String]
    ) -> [CoverageInterval: [FactKind: [String]]] {
        var intervals: [CoverageInterval: [FactKind: [String]]] = [:]
        for store in stores {
            for (kind, interval) in coverage[store] ?? [:] {
                intervals[interval, default: [:]][kind, default: []].append(store)
            }
        }
        return intervals
    }

    /// The stores that bear, beside what of their own could not be read, what names no store and may be theirs.
    private func whole(_ stores: [String], nameless: Int, _ assembly: Assembly) async throws -> [String] {
        guard nameless > 0 else { return stores }
        let (fleet, judge) = (assembly.fleet, Judge(fleet: assembly.fleet, ledger: assembly.ledger))
        var whole: [String] = []
        for start in stride(from: 0, to: stores.count, by: Judge.groupSize) {
            let group = stores[start..<min(stores.count, start + Judge.groupSize)]
            let prepared = try await judge.prepare(
                group.compactMap { fleet.watched($0) }, at: nil, clock: assembly.clock.now)
            whole += prepared.filter { $0.state.quarantined + nameless <= $0.state.quarantineLimit }
                .map(\.watched.store.id)
            if nameless <= StoreEntry.defaultQuarantineLimit { whole += group.filter { fleet.watched($0) == nil } }
        }
        return whole
    }

    /// What is told by one file, from whatever folder it is named. What comes through a pipe has no name by which it
    /// could be said again: whoever says its kinds whole through another ends it.
    private static func telling(_ argument: String, at now: Timestamp) -> FactBatch.Telling {
        var status = stat()
        let isFile = argument != "-" && stat(argument, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        guard isFile else {
            return FactBatch.Telling(FactFile(.standardInput).name, edition: "\(now.microseconds)/\(getpid())")
        }
        let written = status.st_mtim
        return FactBatch.Telling(
            URL(filePath: argument).standardizedFileURL.path,
            edition: "\(status.st_ino)/\(status.st_size)/\(written.tv_sec).\(written.tv_nsec)")
    }

    private static func share(_ batch: FactFileBatch) -> String {
        guard let all = batch.bytesTotal, all > 0 else { return "\(batch.bytesRead >> 20) MiB" }
        return "\(min(100, batch.bytesRead * 100 / all))%"
    }

    /// Stores that nothing watches: their facts are kept and judged by nobody, which a slip of the pen looks like too.
    private func unwatched(_ summary: ImportedFile, _ assembly: Assembly) -> Words {
        let stores = summary.stores.filter { assembly.fleet.watched($0) == nil }.sorted()
        guard !stores.isEmpty else { return Words("") }
        let known = assembly.fleet.listedIDs
        let named = stores.prefix(3).map { "'\($0)'" }
        let more = stores.count - named.count
        let nearest = stores.count == 1 ? NearestName.nearest(to: stores[0], among: known) : nil
        return Words(
            en: "; no entry of the configuration watches \(named.joined(separator: ", "))"
                + (more > 0 ? " and \(more) more" : "") + (nearest.map { "; did you mean '\($0)'?" } ?? ""),
            zh: "；配置中没有店铺 \(named.joined(separator: "、"))" + (more > 0 ? " 等 \(stores.count) 家" : "")
                + (nearest.map { "（是否应为 '\($0)'？）" } ?? ""))
    }

    static let theFile = Words(en: "the file", zh: "该文件")

    private static func outcome(_ summary: ImportedFile, _ tally: Tally, whole: Int, nameless: Int) -> Outcome {
        let (facts, stores) = (summary.facts, summary.stores.count)
        var words = Words(
            en: "\(summary.name): \(counted(facts, "fact")) of \(counted(stores, "store")) (\(tally.counts.en))",
            zh: "\(summary.name)：\(stores) 家店铺的 \(facts) 条数据（\(tally.counts.zh)）")
        words += tally.remarks(source: Self.theFile)
        for remark in summary.remarks { words += remark }
        if let failure = summary.failure {
            words += Words(en: "; ", zh: "；") + failure
            if !tally.isEmpty {
                words += Words(
                    en: "; its stores are half told until the same file is imported to its end",
                    zh: "；在该文件完整导入之前，其中的店铺数据视为不完整")
            }
            return Outcome(words: words, hasFailed: true)
        }
        if summary.isEmpty {
            return Outcome(words: Words(en: "\(summary.name) is empty", zh: "\(summary.name) 是空文件"), hasFailed: false)
        }
        if let hint = summary.isHopeless {
            words += Words(en: "; ", zh: "；") + hint
            return Outcome(words: words, hasFailed: true)
        }
        if whole < summary.stores.count {
            let makes = whole == 0 ? "nothing complete" : "only \(whole) of \(stores) stores complete"
            words += Words(
                en: "; \(counted(nameless, "fact")) that \(nameless == 1 ? "names" : "name") no store may be of any, "
                    + "so the file makes \(makes)",
                zh: "；有 \(nameless) 条未注明店铺，可能属于任何一家，因此本文件只能确认 \(whole) / \(stores) 家店铺的数据完整")
        }
        return Outcome(words: words, hasFailed: false)
    }
}
