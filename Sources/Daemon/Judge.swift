package import Facts
package import Ledgers
package import Rollups
package import Rules

/// Evaluates stores by what the ledger knows: what `check`, `metrics`, `explain` and the daemon have in common.
package struct Judge: Sendable {
    package var fleet: Fleet
    package var ledger: any Ledger

    package init(fleet: Fleet, ledger: any Ledger) { (self.fleet, self.ledger) = (fleet, ledger) }

    /// Stores are read in groups, so that memory does not grow with their number.
    package static let groupSize = 100

    /// A store with everything an evaluation starts from but the figures.
    package struct Prepared: Sendable {
        package var watched: Watched
        package var state: StoreState
        package var revision: Int64
        /// Whose facts stand, by kind; kinds that nobody brought are left out.
        package var sources: [FactKind: Set<SourceName>]
        /// Coverage moved while it was read: nothing can be said of it for now.
        package var isTorn = false
        /// When what is set aside as unreadable counts for less though nothing arrives.
        package var quarantineEases: Timestamp?
    }

    /// One evaluated store.
    package struct Judged: Sendable {
        package var prepared: Prepared
        package var evaluation: StoreEvaluation
        package var clock: Timestamp

        package var watched: Watched { prepared.watched }
    }

    /// Evaluates every store and hands the groups on as they are done. While one group is evaluated the next is read.
    ///
    /// - Parameter fixed: evaluate as of this moment (`--at`); nil: live, at the covered moment of each rule.
    package func judge(
        _ stores: [Watched], at fixed: Timestamp?, clock: Timestamp, _ body: ([Judged]) async throws -> Void
    ) async throws {
        let starts = stride(from: 0, to: stores.count, by: Judge.groupSize)
        let groups = starts.map { Array(stores[$0..<min(stores.count, $0 + Judge.groupSize)]) }
        guard let first = groups.first else { return }
        // Stores of one pack and one set of parameter values share what the pack comes to.
        var valuations = PackValuations()
        var read = try await read(first, PackValuations(), at: fixed, clock: clock)
        for index in groups.indices {
            let current = read
            if index + 1 < groups.count {
                async let following = self.read(groups[index + 1], current.valuations, at: fixed, clock: clock)
                try await body(evaluate(current, &valuations, at: fixed, clock: clock))
                read = try await following
            } else {
                try await body(evaluate(current, &valuations, at: fixed, clock: clock))
            }
        }
    }

    package func judge(_ group: [Watched], at fixed: Timestamp?, clock: Timestamp) async throws(LedgerError) -> [Judged]
    {
        try await judge(try await prepare(group, at: fixed, clock: clock), at: fixed, clock: clock)
    }

    /// - Parameter resident: the figures of a store that are at hand; nil: they are read.
    package func judge(
        _ prepared: [Prepared], at fixed: Timestamp? = nil, clock: Timestamp,
        resident: (Prepared, Needs) -> StoreSums? = { _, _ in nil }
    ) async throws(LedgerError) -> [Judged] {
        var valuations = PackValuations()
        let group = try await figures(of: prepared, PackValuations(), at: fixed, clock: clock, resident: resident)
        return evaluate(group, &valuations, at: fixed, clock: clock)
    }

    // MARK: In steps

    /// A group of stores with the figures their evaluation needs.
    private struct Group {
        var prepared: [Prepared]
        var sums: [StoreSums]
        var valuations: PackValuations
    }

    private func read(
        _ group: [Watched], _ valuations: PackValuations, at fixed: Timestamp?, clock: Timestamp
    ) async throws(LedgerError) -> Group {
        try await figures(
            of: prepare(group, at: fixed, clock: clock), valuations, at: fixed, clock: clock)
    }

    /// Which days a rule looks at depends on up to when its inputs are complete: coverage first, figures second.
    private func figures(
        of prepared: [Prepared], _ known: PackValuations, at fixed: Timestamp?, clock: Timestamp,
        resident: (Prepared, Needs) -> StoreSums? = { _, _ in nil }, attempts: Int = 3
    ) async throws(LedgerError) -> Group {
        var group = Group(prepared: prepared, sums: [], valuations: known)
        var (requests, places): ([ReadingRequest], [Int]) = ([], [])
        for (place, store) in prepared.enumerated() {
            let needs = Evaluation.needs(of: store.state, at: fixed, clock: clock, &group.valuations)
            let sums = resident(store, needs)
            group.sums.append(sums ?? StoreSums())
            guard sums == nil else { continue }
            requests.append(request(store.watched, needs, at: fixed, clock: clock))
            places.append(place)
        }
        guard !requests.isEmpty else { return group }
        var again: [Int] = []
        for (place, reading) in zip(places, try await ledger.readings(requests, now: fixed ?? clock)) {
            let before = group.prepared[place]
            group.sums[place] = reading.sums
            if reading.revision == before.revision, reading.coverage == before.state.coverage,
                reading.halfToldKinds == before.state.halfTold,
                reading.halfToldMeasures == before.state.halfToldMeasures
            {
                continue
            }
            group.prepared[place] = self.prepared(before.watched, reading)
            // Something has come since the store was prepared, and looks at other days now.
            if group.prepared[place].state.coverage != before.state.coverage { again.append(place) }
        }
        guard !again.isEmpty else { return group }
        guard attempts > 1 else {
            for place in again {
                (group.prepared[place].state.halfTold, group.prepared[place].isTorn) = (.all, true)
            }
            return group
        }
        let second = try await figures(
            of: again.map { group.prepared[$0] }, group.valuations, at: fixed, clock: clock, resident: resident,
            attempts: attempts - 1)
        for (index, place) in again.enumerated() {
            (group.prepared[place], group.sums[place]) = (second.prepared[index], second.sums[index])
        }
        return group
    }

    private func evaluate(
        _ group: Group, _ valuations: inout PackValuations, at fixed: Timestamp?, clock: Timestamp
    ) -> [Judged] {
        var judged: [Judged] = []
        for (store, sums) in zip(group.prepared, group.sums) {
            let evaluation = Evaluation.evaluate(store.state, sums: sums, at: fixed, clock: clock, &valuations)
            judged.append(Judged(prepared: store, evaluation: evaluation, clock: clock))
        }
        return judged
    }

    package func prepare(
        _ group: [Watched], at fixed: Timestamp?, clock: Timestamp
    ) async throws(LedgerError) -> [Prepared] {
        let readings = try await ledger.readings(
            group.map { request($0, Needs(), at: fixed, clock: clock) }, now: fixed ?? clock)
        return zip(group, readings).map(prepared)
    }

    private func prepared(_ watched: Watched, _ reading: StoreReading) -> Prepared {
        var state = StoreState(
            store: watched.store, calendar: watched.calendar, pack: watched.pack, overrides: watched.overrides,
            coverage: reading.coverage, freshness: fleet.freshness(of: reading.coveredBy, in: watched.pack),
            quarantined: reading.quarantined, quarantineLimit: watched.quarantineLimit,
            newestMeasures: reading.newestMeasures)
        state.unsettled = reading.unsettled
        (state.halfTold, state.halfToldMeasures) = (reading.halfToldKinds, reading.halfToldMeasures)
        return Prepared(
            watched: watched, state: state, revision: reading.revision, sources: reading.sources,
            quarantineEases: reading.quarantineEases)
    }

    package func request(_ watched: Watched, _ needs: Needs, at fixed: Timestamp?, clock: Timestamp) -> ReadingRequest {
        // The buckets in the ledger are those of today's parameters; what another day's would count differently is
        // counted from the facts.
        let plan = fleet.plan(of: watched, on: watched.calendar.day(of: clock))
        return ReadingRequest(
            store: watched.store.id, needs: needs, plan: plan.rollups, sources: watched.precedence, at: fixed ?? clock)
    }
}
