import Alerts
import Facts
import Ledgers
import Logging
import Rollups
import Rules

/// All watched stores with their day buckets in memory: restored from the ledger at the start, moved by the same
/// differences that commits wrote, and read anew wherever another process wrote. Nothing here outlives a restart.
struct ResidentStores {
    private var stores: [String: ResidentStore] = [:]
    private var programs = ResidentPrograms()
    private var layouts: [ObjectIdentifier: ResidentLayout] = [:]
    /// The ledger's, up to which everything was taken in; -1 before the first time.
    private(set) var revision: Int64 = -1
    /// What feeds have made complete for all of their stores.
    private var coverage: [SourceName: [FactKind: CoverageInterval]] = [:]
    /// Pulls and imports that had come to their end.
    private var tellings: Int64 = 0
    /// What could not be read and may be any store's of its feed.
    private var unattributed: [SourceName: Int] = [:]
    /// Stores that moved and were not judged since: their pull is under way, or a pass failed before it came to them.
    private var owed: Set<String> = []

    /// Stores of which not even the beginning could be read.
    private var unreadable: Set<String> = []
    /// Who brings what; most stores are alike in it, and share one.
    private var bringers: Set<[FactKind: SourceName]> = []

    /// Where they stood when they were looked at; unknown where that has grown stale since, or is half told.
    func standings(at clock: Timestamp) -> [Standing: Int] {
        var counts: [Standing: Int] = [:]
        for store in stores.values {
            counts[store.isWhollyHeld || store.grewStale(by: clock) ? .unknown : store.standing, default: 0] += 1
        }
        let unknown = unreadable.filter { stores[$0] == nil }.count
        if unknown > 0 { counts[.unknown, default: 0] += unknown }
        return counts
    }

    /// What is to be seen of stores at a glance; nil: of all. Of those of which not even the beginning could be read nothing
    /// is known.
    func glimpses(of ids: [String]?, _ fleet: Fleet, at clock: Timestamp) -> [(store: Store, glimpse: Wall.Glimpse)] {
        (ids ?? Array(stores.keys) + unread).compactMap { id in
            guard let store = stores[id] else {
                return fleet.watched(id).map { ($0.store, Wall.Glimpse(standing: .unknown)) }
            }
            let isUnknown = store.isWhollyHeld || store.grewStale(by: clock)
            return (
                store.prepared.watched.store,
                Wall.Glimpse(
                    standing: isUnknown ? .unknown : store.standing, standings: store.standings,
                    revision: store.prepared.revision, day: store.day(at: clock))
            )
        }
    }

    // MARK: Keeping up

    /// Takes in what happened since the last time.
    ///
    /// - Parameter beat: called as the work goes on.
    /// - Throws: what the ledger throws. What was to be taken in is then taken in the next time.
    /// - Returns: whether anything moved.
    mutating func refresh(
        by arrivals: Arrivals, _ assembly: Assembly, clock: Timestamp, beat: () async -> Void
    ) async throws -> Bool {
        let (ledger, fleet) = (assembly.ledger, assembly.fleet)
        let changes = try await ledger.changes(since: revision)
        if revision < 0 {
            owed = Set(try await assembly.watchedStores(nil).map(\.store.id))
        } else {
            owed.formUnion(changes.stores.keys.filter { fleet.watched($0) != nil })
            // A finished pull moves the coverage of every store that its feed ever brought.
            if changes.coverage != coverage || changes.unattributed != unattributed { owed.formUnion(stores.keys) }
            // What is set aside counts for a time, and then no longer.
            owed.formUnion(stores.filter { $0.value.prepared.quarantineEases.map { $0 <= clock } ?? false }.keys)
            // A mark is in force until a moment; an alert then hears of other figures.
            owe(Set(stores.filter { $0.value.prepared.marks?.firstEnd.map { $0 <= clock } ?? false }.keys))
        }
        if changes.tellings != tellings {
            owed.formUnion(stores.filter { $0.value.isPartlyTold }.keys)
        }
        (revision, coverage, unattributed) = (changes.revision, changes.coverage, changes.unattributed)
        tellings = changes.tellings
        for (store, list) in arrivals.changes { for change in list { stores[store]?.apply(change) } }
        let moved = owed
        let new = moved.filter { stores[$0] == nil }.sorted()
        if !new.isEmpty { try await adopt(new, assembly, clock: clock, beat: beat) }
        try await read(moved.sorted(), assembly, clock: clock, beat: beat)
        // Of whom all is half told nothing new can be said until more is told, or the telling ends.
        owed = owed.filter { id in !(stores[id]?.isWhollyHeld ?? false) }
        return !moved.isEmpty
    }

    private mutating func read(
        _ ids: [String], _ assembly: Assembly, clock: Timestamp, beat: () async -> Void
    ) async throws {
        for start in stride(from: 0, to: ids.count, by: Judge.groupSize) {
            try Task.checkCancellation()
            await beat()
            let group = ids[start..<min(ids.count, start + Judge.groupSize)]
            do {
                try await read(group, assembly, clock: clock)
            } catch let error where group.count > 1 && !error.isPassing {
                var failures: [(id: String, error: LedgerError)] = []
                for id in group {
                    await beat()
                    do { try await read([id], assembly, clock: clock) } catch { failures.append((id, error)) }
                }
                for (id, error) in failures { try note(error, id, assembly.logger) }
            } catch {
                try note(error, ids[start], assembly.logger)
            }
            Memory.trim(afterGroup: start)
        }
    }

    /// One damaged row stops nobody else. What is held of a store is dropped with it: the store is then evaluated from
    /// the ledger, and there it shows whether what is damaged matters.
    private mutating func note(_ error: LedgerError, _ id: String, _ logger: Logger) throws(LedgerError) {
        guard !error.isPassing else { throw error }
        stores[id]?.fill(nil, revision: -1)
        guard stores[id] == nil, unreadable.insert(id).inserted else { return }
        logger.error("store '\(id)' cannot be judged and is unknown: \(error)")
    }

    private func adopt(
        _ ids: [String], _ assembly: Assembly, clock: Timestamp, beat: () async -> Void
    ) async throws(LedgerError) {
        do {
            try await assembly.ledger.adopt(assembly.fleet.planBook(at: clock), for: ids, now: clock) { _ in }
        } catch {
            guard !error.isPassing else { throw error }
            try await assembly.adoptAsFarAsReadable(ids, beat: beat)
        }
        await beat()
    }

    private mutating func read(
        _ ids: some Sequence<String>, _ assembly: Assembly, clock: Timestamp
    ) async throws(LedgerError) {
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let group = ids.compactMap { assembly.fleet.watched($0) }
        var lacking: [(id: String, layout: ResidentLayout)] = []
        for prepared in try await judge.prepare(group, at: nil, clock: clock) {
            var prepared = prepared
            prepared.coveredBy = bringers.insert(prepared.coveredBy).memberAfterInsert
            let id = prepared.watched.store.id
            let layout = layout(
                of: assembly.fleet.plan(of: prepared.watched, on: prepared.watched.calendar.day(of: clock)), at: clock)
            var store = stores[id] ?? ResidentStore(prepared)
            store.update(
                prepared, nextChange: Evaluation.nextChange(of: prepared.state, after: clock, &programs.valuations))
            if !store.holds(prepared.revision, layout) {
                if let layout { lacking.append((id, layout)) } else { store.fill(nil, revision: prepared.revision) }
            }
            stores[id] = store
        }
        let requests = lacking.map {
            BucketRequest(store: $0.id, plan: $0.layout.plan, from: $0.layout.firstDay(at: clock))
        }
        guard !requests.isEmpty else { return }
        for (buckets, lacking) in zip(try await assembly.ledger.buckets(requests), lacking) {
            var rollups = ResidentRollups(lacking.layout, at: clock)
            rollups.apply(buckets.change)
            stores[lacking.id]?.fill(rollups, revision: buckets.revision)
        }
    }

    /// nil when no figure of the plan is of whole days.
    private mutating func layout(of plan: MetricPlan, at clock: Timestamp) -> ResidentLayout? {
        if let known = layouts[ObjectIdentifier(plan)] { return known.readings.isEmpty ? nil : known }
        let made = ResidentLayout(plan.set.readings, plan: plan.rollups, at: clock)
        layouts[ObjectIdentifier(plan)] = made
        return made.readings.isEmpty ? nil : made
    }

    /// Which alerts of these stores are open, and which wait for time to pass; nil: of all.
    mutating func note(_ alerts: some Sequence<Alert>, of ids: [String]?) {
        for id in ids ?? Array(stores.keys) {
            stores[id]?.hasOpenAlert = false
            stores[id]?.isTicking = false
        }
        for alert in alerts where alert.isOpen && !alert.key.isHealth {
            stores[alert.key.store]?.hasOpenAlert = true
            if alert.waitsForTime { stores[alert.key.store]?.isTicking = true }
        }
    }

    /// All of them, in no order.
    var all: Dictionary<String, ResidentStore>.Values { stores.values }
    func holds(_ id: String) -> Bool { stores[id] != nil }
    /// Stores of which not even the beginning could be read, by id.
    var unread: [String] { unreadable.filter { stores[$0] == nil }.sorted() }

    // MARK: Judging

    /// The stores that have to be looked at, by id: those that moved, those whose time has come, and those of which an
    /// alert waits for time to pass. Of whom all is half told only those whose data has grown stale.
    func due(at clock: Timestamp) -> [String] {
        stores.filter { id, store in
            if store.isWhollyHeld { return store.grewStale(by: clock) }
            return owed.contains(id) || store.isDue(at: clock)
        }.keys.sorted()
    }

    /// Looks at stores by their compiled rules, and gives those that want a full evaluation.
    mutating func screen(_ ids: some Sequence<String>, clock: Timestamp) -> [Judge.Prepared] {
        ids.compactMap { id in
            // Taken out for the moment: a store in two places would be copied, buckets and all.
            guard var store = stores.removeValue(forKey: id) else { return nil }
            defer { stores[id] = store }
            guard let found = store.screen(at: clock, &programs),
                !store.wantsEvaluation(after: found, at: clock)
            else { return store.prepared }
            store.note(
                found, at: clock,
                nextChange: Evaluation.nextChange(of: store.prepared.state, after: clock, &programs.valuations))
            owed.remove(id)
            return nil
        }
    }

    /// The figures of a store from memory; nil when the ledger has to be asked.
    func sums(of prepared: Judge.Prepared, for needs: Needs) -> StoreSums? {
        // What is marked is no part of the buckets in memory.
        guard needs.facts.isEmpty, prepared.marks == nil, let store = stores[prepared.watched.store.id],
            store.revision == prepared.revision
        else {
            return nil
        }
        return store.rollups?.cells(for: needs).map { StoreSums(cells: $0) }
    }

    mutating func note(_ judged: Judge.Judged) {
        let id = judged.watched.store.id
        let next = Evaluation.nextChange(of: judged.prepared.state, after: judged.clock, &programs.valuations)
        var judged = judged
        judged.prepared.coveredBy = bringers.insert(judged.prepared.coveredBy).memberAfterInsert
        stores[id]?.note(judged, nextChange: next)
        owed.remove(id)
        // It was not all of one moment: it is looked at again at once.
        if judged.prepared.isTorn { owed.insert(id) }
    }

    /// They have to be evaluated in full once more.
    mutating func owe(_ ids: Set<String>) {
        owed.formUnion(ids)
        for id in ids { stores[id]?.wantsAnother() }
    }

    /// Returns whether that is new.
    mutating func noteFailure(of id: String, at clock: Timestamp) -> Bool {
        owed.remove(id)
        return stores[id]?.noteFailure(at: clock) ?? true
    }
}
