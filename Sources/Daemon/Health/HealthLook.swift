import Alerts
import Facts
import Ledgers
import Rules

/// Looks at the data of stores, source by source: whether what rules rest on has come, whole and lately.
struct HealthLook {
    let fleet: Fleet
    let records: [PulledSource: PullRecord]
    let clock: Timestamp

    /// What is found of one source at one store.
    struct Finding {
        var watched: Watched
        var source: HealthSource
        /// nil: nothing is wrong.
        var report: HealthReport?
        /// How long it has to be so.
        var patience = TimeSpan.zero
        var reach = Reach.own

        /// Whom it may concern beside the store.
        enum Reach {
            /// Nobody.
            case own
            /// What is shown to the platform is not taken: those who show the same.
            case refused
            /// All stores of the source, if they are so at once.
            case shared
        }

        /// With whom one alert may speak for it; nil: with nobody.
        var group: HealthSource.Group? {
            switch reach {
            case .own: nil
            case .refused: source.refusal(of: watched)
            case .shared: source.group(of: watched)
            }
        }

        /// Whose alert speaks for it, if there is one: of what is well again too.
        var groups: Set<HealthSource.Group> {
            guard report == nil else { return Set([group].compactMap { $0 }) }
            return Set([source.group(of: watched), source.refusal(of: watched)].compactMap { $0 })
        }

        var key: AlertKey { AlertKey(store: watched.store.id, rule: HealthReport.rule(source.id)) }
    }

    /// Before a first pull has finished nothing is said of it for so long: a large store takes hours.
    private static let firstPull = TimeSpan.hours(24)
    /// Who is asked every second may fail for a while all the same.
    private static let least = TimeSpan.minutes(10)
    /// Of pulls that bring nothing, how often they have to have brought something to be missed.
    private static let usual = 20

    /// By source.
    func findings(of store: ResidentStore) -> [Finding] {
        let state = store.prepared.state
        return sources(of: store).map { name, kinds in
            let source = HealthSource(name: name)
            let record = record(of: name, store: state.store.id)
            var finding = Finding(watched: store.prepared.watched, source: source)
            guard let trouble = trouble(name, kinds, store, record) else { return finding }
            (finding.patience, finding.reach) = (trouble.patience, trouble.reach)
            var report = HealthReport(
                source: source.id, bringer: source.bringer, cause: trouble.cause,
                remedy: source.remedy(trouble.cause, state.store.id))
            report.lastSuccess = state.coverage.common(to: kinds)?.until ?? record?.finishedAt
            (report.failures, report.failure) = (record?.failures ?? 0, record?.failure)
            report.rules = state.pack.rules.count
            report.stopJudging(
                store.isJudged
                    ? zip(state.pack.rules, store.standings).filter { rule, standing in
                        standing == .unknown
                            && (trouble.cause == .right
                                ? state.lacksRight(for: rule) : !rule.reach.kinds.isDisjoint(with: kinds))
                    }.map(\.0) : state.pack.rules)
            report.freshUntil = kinds.kinds.lazy.compactMap { freshUntil($0, state) }.min()
            finding.report = report
            return finding
        }
    }

    /// Of a store of which not even the beginning can be read.
    func unread(_ id: String) -> Finding? {
        guard let watched = fleet.watched(id) else { return nil }
        let feed = fleet.config.feeds.first.map { SourceName.feed($0.id) }
        let source = HealthSource(name: watched.access == nil ? feed ?? .file : .platform)
        var finding = Finding(watched: watched, source: source)
        var report = HealthReport(
            source: source.id, bringer: source.bringer, cause: .internal, remedy: source.remedy(.internal, id))
        report.rules = watched.pack.rules.count
        report.stopJudging(watched.pack.rules)
        finding.report = report
        return finding
    }

    /// Who brings what the rules of a store read. The platform of one that is pulled brings something in any case; of one
    /// that nobody brings anything for, whoever would.
    private func sources(of store: ResidentStore) -> [(SourceName, FactKinds)] {
        let (state, watched) = (store.prepared.state, store.prepared.watched)
        let read = state.pack.rules.reduce(into: FactKinds()) { $0.formUnion($1.reach.kinds) }
        var kinds: [SourceName: FactKinds] = [:]
        for (kind, source) in store.prepared.coveredBy
        where kind != .measure && read.contains(kind) && state.coverage[kind] != nil && source != .hand {
            kinds[source, default: []].insert(kind)
        }
        if let access = watched.access, !access.isHeldBack, kinds[.platform] == nil { kinds[.platform] = [] }
        if kinds.isEmpty, !read.subtracting(FactKinds(.measure)).isEmpty {
            let feed = fleet.config.feeds.first.map { SourceName.feed($0.id) }
            kinds[feed ?? .hand] = []
        }
        return kinds.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    func record(of name: SourceName, store: String) -> PullRecord? {
        records[PulledSource(name, store: name == .platform ? store : nil)]
    }

    /// Something is unknown because the platform withholds what it rests on.
    private func lacksRight(_ store: ResidentStore) -> Bool {
        let state = store.prepared.state
        guard state.isAnyWithheld, store.isJudged else { return false }
        return zip(state.pack.rules, store.standings).contains { rule, standing in
            standing == .unknown && state.lacksRight(for: rule)
        }
    }

    private func freshUntil(_ kind: FactKind, _ state: StoreState) -> Timestamp? {
        state.coverage[kind].map { (state.freshness[kind] ?? .file).freshUntil($0.until) }
    }

    private struct Trouble {
        var cause: HealthCause
        var patience = TimeSpan.zero
        var reach = Finding.Reach.own
    }

    private func trouble(
        _ name: SourceName, _ kinds: FactKinds, _ store: ResidentStore, _ record: PullRecord?
    ) -> Trouble? {
        let state = store.prepared.state
        let every: TimeSpan? =
            switch name {
            case .platform: store.prepared.watched.access?.every
            case .feed(let id): fleet.config.feeds.first { $0.id == id }?.every
            case .file, .hand: nil
            }
        let twice = every.map { max($0 + $0, Self.least) } ?? .zero
        let failing = record.flatMap { $0.failures > 0 ? $0.trouble ?? .away : nil }
        var isFeed = false
        if case .feed = name { isFeed = true }
        if store.isFailing { return Trouble(cause: .internal) }
        if failing == .auth {
            return isFeed
                ? Trouble(cause: .auth, reach: .shared) : Trouble(cause: .auth, patience: twice, reach: .refused)
        }
        if failing == .internal {
            return Trouble(cause: .internal, patience: twice, reach: isFeed ? .shared : .refused)
        }
        if state.quarantined > state.quarantineLimit { return Trouble(cause: .schema) }
        if name == .platform, state.comparisons.values.contains(where: { $0.standing == .differs }) {
            return Trouble(cause: .reconcile)
        }
        if name == .platform, lacksRight(store) { return Trouble(cause: .right, patience: twice, reach: .refused) }
        let isNew = kinds.isEmpty && record?.finishedAt == nil
        if isNew {
            return Trouble(cause: failing == .throttled ? .throttled : .stale, patience: Self.firstPull, reach: .shared)
        }
        if failing == .schema { return Trouble(cause: .schema, patience: twice, reach: .shared) }
        if kinds.kinds.contains(where: { freshUntil($0, state).map { clock > $0 } ?? false }) {
            return Trouble(cause: failing == .throttled ? .throttled : .stale, patience: twice, reach: .shared)
        }
        // In the middle of a pull a part is all there is; of one that broke off it stays so.
        let isPartly = !kinds.isDisjoint(with: state.halfTold.union(state.unsettled))
        if isPartly, failing != nil || name == .file {
            return Trouble(cause: .partial, patience: every == nil ? .hours(1) : twice, reach: .shared)
        }
        if let record, let brought = record.broughtAt, record.broughtCount >= Self.usual {
            let longest = max(TimeSpan(microseconds: 3 * record.longestGap.microseconds), .hours(24))
            if clock - brought > longest { return Trouble(cause: .empty, reach: .shared) }
        }
        return nil
    }
}

extension HealthReport {
    /// These are not judged because of it.
    fileprivate mutating func stopJudging(_ rules: [Rule]) {
        (unjudged, unjudgedTitles) = (rules.map(\.id), rules.map(\.title))
    }
}
