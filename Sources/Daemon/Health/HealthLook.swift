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
        /// All stores of the source are so at once, if they are.
        var isShared = false

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
            (finding.patience, finding.isShared) = (trouble.patience, trouble.isShared)
            var report = HealthReport(
                source: source.id, bringer: source.bringer, cause: trouble.cause,
                remedy: source.remedy(trouble.cause, state.store.id))
            report.lastSuccess = state.coverage.common(to: kinds)?.until ?? record?.finishedAt
            (report.failures, report.failure) = (record?.failures ?? 0, record?.failure)
            report.rules = state.pack.rules.count
            report.unjudged = zip(state.pack.rules, store.standings).filter { rule, standing in
                standing == .unknown && !rule.reach.kinds.isDisjoint(with: kinds)
            }.map(\.0.id)
            if !store.isJudged { report.unjudged = state.pack.rules.map(\.id) }
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
        (report.rules, report.unjudged) = (watched.pack.rules.count, watched.pack.rules.map(\.id))
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

    private func record(of name: SourceName, store: String) -> PullRecord? {
        records[PulledSource(name, store: name == .platform ? store : nil)]
    }

    private func freshUntil(_ kind: FactKind, _ state: StoreState) -> Timestamp? {
        state.coverage[kind].map { (state.freshness[kind] ?? .file).freshUntil($0.until) }
    }

    private struct Trouble {
        var cause: HealthCause
        var patience = TimeSpan.zero
        var isShared = false
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
        if failing == .auth { return Trouble(cause: .auth, isShared: isFeed) }
        if failing == .internal { return Trouble(cause: .internal, patience: twice, isShared: isFeed) }
        if state.quarantined > state.quarantineLimit { return Trouble(cause: .schema) }
        if name == .platform, state.comparisons.values.contains(where: { $0.standing == .differs }) {
            return Trouble(cause: .reconcile)
        }
        let isNew = kinds.isEmpty && record?.finishedAt == nil
        if isNew {
            return Trouble(cause: failing == .throttled ? .throttled : .stale, patience: Self.firstPull, isShared: true)
        }
        if failing == .schema { return Trouble(cause: .schema, patience: twice, isShared: true) }
        if kinds.kinds.contains(where: { freshUntil($0, state).map { clock > $0 } ?? false }) {
            return Trouble(cause: failing == .throttled ? .throttled : .stale, patience: twice, isShared: true)
        }
        // In the middle of a pull a part is all there is; of one that broke off it stays so.
        let isPartly = !kinds.isDisjoint(with: state.halfTold.union(state.unsettled))
        if isPartly, failing != nil || name == .file {
            return Trouble(cause: .partial, patience: every == nil ? .hours(1) : twice, isShared: true)
        }
        if let record, let brought = record.broughtAt, record.broughtCount >= Self.usual {
            let longest = max(TimeSpan(microseconds: 3 * record.longestGap.microseconds), .hours(24))
            if clock - brought > longest { return Trouble(cause: .empty, isShared: true) }
        }
        return nil
    }
}
