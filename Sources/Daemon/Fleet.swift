import Alerts
import Curl
package import Facts
import Foundation
import Language
package import Ledgers
import Pull
package import Rules
import Synchronization

/// Who is watched, and how: the configuration's entries and the packs, answered for one store id at a time.
///
/// A value of its moment: a changed configuration makes a new fleet. Everything it works out it keeps, so that a page
/// of a thousand facts, or a thousand stores of one pack, ask for the same plan and get the same object.
package final class Fleet: Sendable {
    package let config: Config
    package let library: PackLibrary
    /// Entries are known by their index in the configuration.
    private let byID: [String: Int]
    private let patterns: [(glob: Glob, entry: Int)]
    private let overrides: [StoreOverrides]
    /// A lock and no actor: every fact of a page asks, synchronously.
    private let state = Mutex(Kept())

    private struct Kept {
        var stores: [String: Watched] = [:]
        var unwatched: Set<String> = []
        var calendars: [String: StoreCalendar] = [:]
        var plans: [PlanKey: MetricPlan] = [:]
        var digests: [String: String] = [:]
        var needs: [NeedsKey: [MeasureNeed]] = [:]
    }

    /// Which parameters a store sets decides what it wants to be shown.
    private struct NeedsKey: Hashable {
        var pack: String
        var day: LocalDay
        var parameters: Set<String>
    }

    private struct PlanKey: Hashable {
        var pack: String
        var timezone: String
        var values: [String: ParameterValue]
    }

    init(
        _ config: Config, _ library: PackLibrary, byID: [String: Int], patterns: [(glob: Glob, entry: Int)],
        overrides: [StoreOverrides]
    ) {
        (self.config, self.library) = (config, library)
        (self.byID, self.patterns, self.overrides) = (byID, patterns, overrides)
    }

    /// The same stores by the same packs, reached in another way.
    func with(_ config: Config) -> Fleet {
        Fleet(config, library, byID: byID, patterns: patterns, overrides: overrides)
    }

    // MARK: Asking

    /// Of what a pack says: by it two versions of a pack are told apart.
    func digest(of pack: Pack) -> String {
        state.withLock { kept in
            if let known = kept.digests[pack.name] { return known }
            let digest = ContentID.digest(of: [pack.source.text])
            kept.digests[pack.name] = digest
            return digest
        }
    }

    /// How a store is watched; nil when no entry matches it: its facts are kept and not judged.
    ///
    /// It is known by its id in Unicode's composed form, as the ledger has it.
    package func watched(_ id: String) -> Watched? {
        let id = id.utf8.allSatisfy { $0 < 0x80 } ? id : id.precomposedStringWithCanonicalMapping
        return state.withLock { kept in
            if let known = kept.stores[id] { return known }
            if kept.unwatched.contains(id) { return nil }
            let index = byID[id] ?? patterns.first { $0.glob.matches(id) }?.entry
            guard let index, case let entry = config.stores[index], let pack = library[entry.pack],
                case let timezone = entry.timezone ?? pack.timezone ?? "UTC",
                let calendar = kept.calendars[timezone] ?? StoreCalendar(timezone: timezone)
            else {
                if kept.unwatched.count >= Self.mostAsked { kept.unwatched.removeAll() }
                kept.unwatched.insert(id)
                return nil
            }
            kept.calendars[timezone] = calendar
            let store = Store(
                id: id, name: entry.name, pack: pack.name, timezone: timezone,
                currency: entry.currency ?? pack.currency,
                market: entry.market, labels: entry.labels)
            let watched = Watched(
                store: store, pack: pack, overrides: overrides[index], calendar: calendar,
                quarantineLimit: entry.quarantineLimit, precedence: precedence(of: entry, pack),
                countsMarks: entry.countsMarks, windows: entry.windows, observed: observed(of: entry),
                access: entry.access)
            // Anybody can ask for ids that a pattern fits; those that are worked out again are the same.
            if kept.stores.count >= byID.count + Self.mostAsked { kept.stores.removeAll() }
            kept.stores[id] = watched
            return watched
        }
    }

    /// Ids of which it is remembered how they are watched, or that they are not.
    var keptIDs: Int { state.withLock { $0.stores.count + $0.unwatched.count } }

    package func isListed(_ id: String) -> Bool { byID[id] != nil }

    /// Beside those that are listed, so many ids are kept of all that were ever asked for.
    static let mostAsked = 100_000

    /// Ids that the configuration lists, whether or not anything is known of them.
    package var listedIDs: [String] { byID.keys.sorted() }

    /// What is counted for a store on one of its days: parameters may change from day to day, and filters with them.
    package func plan(of watched: Watched, on day: LocalDay) -> MetricPlan {
        let values = watched.pack.parameterValues(for: watched.store, on: day, watched.overrides)
        let key = PlanKey(pack: watched.pack.name, timezone: watched.store.timezone, values: values)
        if let known = state.withLock({ $0.plans[key] }) { return known }
        let made = MetricPlan(pack: watched.pack, values: values, calendar: watched.calendar)
        return state.withLock { kept in
            if let other = kept.plans[key] { return other }
            kept.plans[key] = made
            return made
        }
    }

    /// Which readings the pack of a store looks at on one of its days.
    func measureNeeds(of watched: Watched, on day: LocalDay) -> [MeasureNeed] {
        let key = NeedsKey(
            pack: watched.pack.name, day: day, parameters: Set(watched.overrides.parameters.keys))
        if let known = state.withLock({ $0.needs[key] }) { return known }
        let found = watched.pack.measureNeeds(on: day, watched.overrides)
        state.withLock { kept in
            // Of days that are over nobody asks any more.
            if kept.needs.count >= 1000 { kept.needs.removeAll() }
            kept.needs[key] = found
        }
        return found
    }

    /// What the ledger is handed with every write.
    package func planBook(at now: Timestamp) -> PlanBook {
        PlanBook { [self] id in
            watched(id).map { watched in
                let plan = plan(of: watched, on: watched.calendar.day(of: now))
                return WatchedStore(
                    plan: plan.rollups, first: watched.pack.first, sources: watched.precedence, indexed: plan.indexed)
            }
        }
    }

    /// What of a store nobody is told of, by its entry and by what holds for its pack.
    private func observed(of entry: StoreEntry) -> StoreEntry.Confirmation {
        var rules: Set<String> = []
        switch entry.observed {
        case .all: return .all
        case .rules(let own): rules = own
        case .none: break
        }
        for observed in config.observed where observed.pack == entry.pack {
            guard let rule = observed.rule else { return .all }
            rules.insert(rule)
        }
        return rules.isEmpty ? .none : .rules(rules)
    }

    private func precedence(of entry: StoreEntry, _ pack: Pack) -> SourcePrecedence {
        var declared = Dictionary(
            uniqueKeysWithValues: config.feeds.compactMap { feed in
                feed.kinds.map { (SourceName.feed(feed.id), FactKinds($0)) }
            })
        if entry.access != nil, let plan = pack.pull { declared[.platform] = plan.kinds }
        return SourcePrecedence(
            fixed: entry.sources.compactMapValues { SourceName($0) },
            candidates: [.platform] + config.feeds.map { .feed($0.id) } + [.push, .file, .hand], declared: declared)
    }

    /// The feeds, and the stores whose platform is pulled, in the order of the configuration.
    package var pullSubjects: [PullSubject] {
        config.feeds.map(PullSubject.feed)
            + reached.compactMap { $0.access.isHeldBack ? nil : .store($0.watched, $0.access) }
    }

    /// The stores of which it is known how their platform is reached, also those for which no plan has room.
    var reached: [(watched: Watched, access: PlatformAccess)] {
        config.stores.compactMap { entry in
            guard case .id(let id) = entry.subject, let access = entry.access else { return nil }
            return watched(id).map { ($0, access) }
        }
    }

    /// Beside the ledger.
    var tokenFile: TokenFile {
        switch config.database {
        case .sqlite(let path): TokenFile(besideLedger: path)
        }
    }

    /// - Parameter hold: whether anything may be refreshed.
    func tokenKeeper(_ transport: any Transport, clock: any WallClock, hold: Hold) -> TokenKeeper {
        TokenKeeper(file: tokenFile, transport: transport, clock: clock, hold: hold)
    }

    /// How stale what a source brings may grow. What a feed brought that is configured no more is as stale as the
    /// strictest default allows: nobody pulls it. What is pushed comes when others see fit, as files do.
    ///
    /// - Parameter access: how the store's platform is reached.
    package func freshness(
        of sources: [FactKind: SourceName], in pack: Pack, _ access: PlatformAccess?
    ) -> [FactKind: Freshness] {
        Dictionary(
            uniqueKeysWithValues: FactKind.allCases.map { kind in
                let settles = pack.settles[kind] ?? .zero
                if case .platform? = sources[kind], let access {
                    return (kind, Freshness(settles: settles, staleAfter: access.staleAfter))
                }
                guard case .feed(let id)? = sources[kind] else {
                    return (kind, Freshness(settles: settles, staleAfter: Freshness.file.staleAfter))
                }
                let feed = config.feeds.first { $0.id == id }
                let other = sources[kind] == .push ? Freshness.file.staleAfter : PullSchedule.leastStaleAfter
                return (kind, Freshness(settles: settles, staleAfter: feed?.staleAfter ?? other))
            })
    }
}
