package import Facts
import Foundation
import Language
package import Ledgers
import Pull
package import Rollups
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
    }

    private struct PlanKey: Hashable {
        var pack: String
        var timezone: String
        var values: [String: ParameterValue]
    }

    private init(
        _ config: Config, _ library: PackLibrary, byID: [String: Int], patterns: [(glob: Glob, entry: Int)],
        overrides: [StoreOverrides]
    ) {
        (self.config, self.library) = (config, library)
        (self.byID, self.patterns, self.overrides) = (byID, patterns, overrides)
    }

    /// Checks the entries against the packs: unknown packs, parameters and rules are errors with their places, and then
    /// there is no fleet.
    ///
    /// - Parameter unread: the names of packs that are there and could not be read.
    static func make(
        _ config: Config, _ library: PackLibrary, unread: Set<String> = []
    ) -> (Fleet?, diagnostics: [Diagnostic]) {
        var diagnostics: [Diagnostic] = []
        var byID: [String: Int] = [:]
        var patterns: [(glob: Glob, entry: Int)] = []
        var overrides = [StoreOverrides](repeating: StoreOverrides(), count: config.stores.count)
        let feeds = Set(config.feeds.map { "feed:" + $0.id })
        for (index, entry) in config.stores.enumerated() {
            switch entry.subject {
            case .id(let id): byID[id] = index
            case .match(let pattern): patterns.append((Glob(pattern), index))
            }
            guard let pack = library[entry.pack] else {
                guard !unread.contains(entry.pack) else { continue }
                let hint = NearestName.hint(for: entry.pack, among: library.packs.keys)
                let ways =
                    hint.isEmpty
                    ? "; there are \(library.packs.keys.sorted().joined(separator: ", ")), and those of `packs:`" : hint
                diagnostics.append(
                    Diagnostic(.error, "there is no pack '\(entry.pack)'\(ways)", at: entry.packPlace, in: entry.source)
                )
                continue
            }
            for (kind, source) in entry.sources
            where !feeds.contains(source) && !["platform", "file", "hand"].contains(source) {
                let known = feeds.sorted() + ["file", "hand"]
                diagnostics.append(
                    Diagnostic(
                        .error,
                        "'\(source)' is no source of \(kind.name)\(NearestName.hint(for: source, among: known)); there are \(known.joined(separator: ", "))",
                        at: entry.sourcePlaces[kind] ?? entry.place, in: entry.source))
            }
            let (own, found) = Fleet.overrides(of: entry, in: pack)
            diagnostics += found
            overrides[index] = own
            if (entry.timezone ?? pack.timezone) == nil {
                diagnostics.append(
                    Diagnostic(
                        .warning,
                        "the store's days are taken as those of UTC: neither its entry nor the pack '\(pack.name)' gives a time zone; add timezone:",
                        at: entry.place, in: entry.source))
            }
        }
        if diagnostics.contains(where: { $0.severity == .error }) { return (nil, diagnostics) }
        return (Fleet(config, library, byID: byID, patterns: patterns, overrides: overrides), diagnostics)
    }

    private static func overrides(of entry: StoreEntry, in pack: Pack) -> (StoreOverrides, [Diagnostic]) {
        var diagnostics: [Diagnostic] = []
        var values: [String: ParameterValue] = [:]
        for (name, text) in entry.parameters {
            guard let parameter = pack.parameter(name) else {
                let hint = NearestName.hint(for: name, among: pack.parameters.map(\.name))
                diagnostics.append(
                    Diagnostic(
                        .error, "the pack '\(pack.name)' has no parameter '\(name)'\(hint)",
                        at: entry.parameterPlaces[name] ?? entry.place, in: entry.source))
                continue
            }
            let (value, found) = ParameterValue.read(text, as: parameter.type, what: name)
            diagnostics += found
            values[name] = value
        }
        var confirmation = StoreOverrides.Confirmation.none
        switch entry.confirmation {
        case .none: break
        case .all: confirmation = .all
        case .rules(let rules):
            confirmation = .rules(rules)
            for rule in rules.sorted() where pack.rule(rule) == nil {
                let hint = NearestName.hint(for: rule, among: pack.rules.map(\.id))
                diagnostics.append(
                    Diagnostic(
                        .error, "the pack '\(pack.name)' has no rule '\(rule)' to confirm\(hint)", at: entry.place,
                        in: entry.source))
            }
        }
        return (StoreOverrides(parameters: values, confirmation: confirmation), diagnostics)
    }

    // MARK: Asking

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
                quarantineLimit: entry.quarantineLimit, precedence: precedence(of: entry))
            kept.stores[id] = watched
            return watched
        }
    }

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

    private func precedence(of entry: StoreEntry) -> SourcePrecedence {
        SourcePrecedence(
            fixed: entry.sources.compactMapValues { SourceName($0) },
            candidates: [.platform] + config.feeds.map { .feed($0.id) } + [.file, .hand],
            declared: Dictionary(
                uniqueKeysWithValues: config.feeds.compactMap { feed in
                    feed.kinds.map { (SourceName.feed(feed.id), FactKinds($0)) }
                }))
    }

    /// How stale what a source brings may grow. What a feed brought that is configured no more is as stale as the
    /// strictest default allows: nobody pulls it.
    package func freshness(of sources: [FactKind: SourceName], in pack: Pack) -> [FactKind: Freshness] {
        Dictionary(
            uniqueKeysWithValues: FactKind.allCases.map { kind in
                let settles = pack.settles[kind] ?? .zero
                guard case .feed(let id)? = sources[kind] else {
                    return (kind, Freshness(settles: settles, staleAfter: Freshness.file.staleAfter))
                }
                let feed = config.feeds.first { $0.id == id }
                return (kind, Freshness(settles: settles, staleAfter: feed?.staleAfter ?? PullSchedule.leastStaleAfter))
            })
    }
}

/// A store that is watched, with everything that does not change from day to day.
package struct Watched: Sendable {
    package var store: Store
    package var pack: Pack
    package var overrides: StoreOverrides
    package var calendar: StoreCalendar
    package var quarantineLimit: Int
    package var precedence: SourcePrecedence
}

/// What a pack counts under one set of parameter values in one time zone.
package final class MetricPlan: Sendable {
    package let set: MetricSet
    package let rollups: RollupPlan
    /// Members by which facts are looked up for what lives in no bucket.
    package let indexed: Set<IndexedMember>

    init(pack: Pack, values: [String: ParameterValue], calendar: StoreCalendar) {
        set = MetricSet(
            vocabulary: pack.vocabulary, conditions: pack.rules.flatMap { $0.conditions.map(\.expression) },
            parameters: values.compactMapValues { if case .literal(let literal) = $0 { literal.value } else { nil } },
            windows: values.compactMapValues { if case .window(let window) = $0 { window } else { nil } })
        rollups = RollupPlan(set.kept, calendar: calendar)
        let needs = set.needs(at: Timestamp(seconds: 1_700_000_000), calendar: calendar)
        indexed = Set(needs.facts.flatMap { $0.anchors.map { IndexedMember($0.kind, $0.member.name) } })
    }
}
