import Curl
package import Facts
import Ledgers
import Pull

/// Every feed and every store's platform, once.
package struct PullTask: Sendable {
    private let config: String?
    private let feed: String?
    private let glob: String?
    private let level: String
    private let patience: TimeSpan

    /// - Parameters:
    ///   - feed: only this one.
    ///   - glob: only stores whose id fits.
    ///   - patience: how long reports that a platform has to make first are waited for; zero: they are left to a later pull.
    package init(
        config: String?, feed: String?, glob: String? = nil, patience: TimeSpan = .zero, log level: String
    ) {
        (self.config, self.feed, self.glob, self.patience, self.level) = (config, feed, glob, patience, level)
    }

    /// What became of one of them.
    package struct Outcome: Sendable {
        package var words: Words
        package var hasFailed: Bool
    }

    package func run(progress: @escaping @Sendable (Words) -> Void) async throws -> [Outcome] {
        let assembly = try Assembly.open(config: config, log: level, asksOthers: true)
        let lock = try assembly.runLock(for: "pull")
        defer { withExtendedLifetime(lock) {} }
        let subjects = try subjects(of: assembly)
        try await assembly.settleOrHold()
        let adopted = try await assembly.adopt(progress: progress)
        let transport = assembly.transport()
        let gate = assembly.rateGate()
        let pulling = Pulling(
            assembly: assembly, transport: transport, decoding: try await assembly.decoding(),
            tokens: assembly.tokenKeeper(transport), gate: gate)
        var outcomes = try await Self.each(subjects) { subject in
            if let words = try await assembly.isTooSoon(subject) { return Outcome(words: words, hasFailed: false) }
            let result = try await pulling.pull(
                subject, patience: patience, waits: { progress(Words($0)) },
                waiting: { count, left in
                    let minutes = (left.microseconds + 59_999_999) / 60_000_000
                    progress(
                        Words(
                            en:
                                "\(subject.id): \(counted(count, "report")) being made, waited for \(minutes) min at most",
                            zh: "\(subject.id)：\(count) 份报表生成中，最多再等 \(minutes) 分钟"))
                },
                committed: { pages, _ in
                    let page = Words(en: ": page \(pages.number)", zh: "：第 \(pages.number) 页")
                    let far = pages.progress.map { Words(en: ", ", zh: "，") + $0.words } ?? Words("")
                    progress(Words(subject.id) + page + far)
                })
            return Outcome(words: result.words, hasFailed: result.failure != nil || result.lacksReports)
        }
        await gate.flush(at: assembly.clock.now)
        await transport.shutDown()
        try await assembly.adopt(except: adopted, progress: progress)
        for store in heldBack(in: assembly) {
            outcomes.append(Outcome(words: CallPlan.heldBack(store), hasFailed: true))
        }
        return outcomes
    }

    /// Of one platform: the answers of thousands of stores would else lie in memory until they are committed.
    static let atOnce = 200

    /// All of them, so many of each platform at once, as no store is to wait for another platform's.
    private static func each(
        _ subjects: [PullSubject], _ pull: @escaping @Sendable (PullSubject) async throws -> Outcome
    ) async throws -> [Outcome] {
        let platforms = Dictionary(grouping: subjects.enumerated().map { ($0.offset, $0.element) }) { $0.1.line }
        let found = try await withThrowingTaskGroup(of: [(Int, Outcome)].self) { all in
            for subjects in platforms.values {
                all.addTask {
                    try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
                        var (left, found) = (subjects[...], [(Int, Outcome)]())
                        while true {
                            while subjects.count - left.count - found.count < atOnce,
                                let (index, next) = left.popFirst()
                            {
                                group.addTask { (index, try await pull(next)) }
                            }
                            guard let outcome = try await group.next() else { return found }
                            found.append(outcome)
                        }
                    }
                }
            }
            var found: [(Int, Outcome)] = []
            for try await outcomes in all { found += outcomes }
            return found
        }
        return found.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private static func noFeed(_ id: String, in fleet: Fleet) -> TaskError {
        let feeds = fleet.config.feeds.map(\.id)
        let named = feeds.joined(separator: ", ")
        if fleet.pullSubjects.contains(where: { $0.store == id }) {
            let (others, zh) =
                feeds.isEmpty
                ? ("there is no feed", "没有数据源") : ("the feeds are \(named)", "数据源有 \(named)")
            return TaskError(
                Words(en: "'\(id)' is a store: say --store \(id); \(others)", zh: "'\(id)' 是店铺：请用 --store \(id)；\(zh)"),
                isUsage: true)
        }
        let (others, zh) =
            feeds.isEmpty ? ("there is none in the configuration", "配置中没有数据源") : ("there are \(named)", "现有 \(named)")
        return TaskError(
            Words(en: "there is no feed '\(id)' to pull; \(others)", zh: "没有数据源 '\(id)'；\(zh)"), isUsage: true)
    }

    /// Of those that are asked for, the stores for which the plan has no room.
    private func heldBack(in assembly: Assembly) -> [String] {
        let pattern = glob.map { Glob($0) }
        return feed == nil ? assembly.fleet.heldBack.filter { pattern?.matches($0) ?? true } : []
    }

    private func subjects(of assembly: Assembly) throws(TaskError) -> [PullSubject] {
        let all = assembly.fleet.pullSubjects
        guard !all.isEmpty || !assembly.fleet.heldBack.isEmpty else {
            throw TaskError(
                Words(
                    en: "the configuration has no feed, and no store with an endpoint or credentials, to pull",
                    zh: "配置中没有可拉取的数据源，也没有带接口地址或凭据的店铺"), isUsage: true)
        }
        let pattern = glob.map { Glob($0) }
        let found = all.filter { subject in
            switch subject {
            case .feed: glob == nil && (feed == nil || subject.id == feed)
            case .store: feed == nil && pattern?.matches(subject.id) ?? true
            }
        }
        guard found.isEmpty, heldBack(in: assembly).isEmpty else { return found }
        let known = all.compactMap(\.store).joined(separator: ", ")
        if let feed { throw Self.noFeed(feed, in: assembly.fleet) }
        throw TaskError(
            Words(
                en:
                    "no store that is pulled fits '\(glob ?? "")'; \(known.isEmpty ? "none is pulled, but feeds" : "there are \(known)")",
                zh: "没有符合“\(glob ?? "")”的拉取店铺；\(known.isEmpty ? "仅拉取数据源" : "现有 \(known)")"),
            isUsage: true)
    }
}
