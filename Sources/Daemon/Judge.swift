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
    package static let groupSize = 500

    /// A store with everything an evaluation starts from but the figures.
    package struct Prepared: Sendable {
        package var watched: Watched
        package var state: StoreState
        package var revision: Int64
    }

    /// One evaluated store, with what was read for it.
    package struct Judged: Sendable {
        package var prepared: Prepared
        package var reading: StoreReading
        package var evaluation: StoreEvaluation
        package var clock: Timestamp

        package var watched: Watched { prepared.watched }
    }

    /// Evaluates every store and hands the groups on as they are done.
    ///
    /// - Parameter fixed: evaluate as of this moment (`--at`); nil: live, at the covered moment of each rule.
    package func judge(
        _ stores: [Watched], at fixed: Timestamp?, clock: Timestamp, _ body: ([Judged]) async throws -> Void
    ) async throws {
        for start in stride(from: 0, to: stores.count, by: Judge.groupSize) {
            let group = Array(stores[start..<min(stores.count, start + Judge.groupSize)])
            try await body(try await judge(group, at: fixed, clock: clock))
        }
    }

    package func judge(_ group: [Watched], at fixed: Timestamp?, clock: Timestamp) async throws(LedgerError) -> [Judged] {
        try await judge(try await prepare(group, at: fixed, clock: clock), at: fixed, clock: clock)
    }

    /// Which days a rule looks at depends on up to when its inputs are complete: coverage first, figures second.
    package func judge(
        _ prepared: [Prepared], at fixed: Timestamp? = nil, clock: Timestamp
    ) async throws(LedgerError) -> [Judged] {
        // Stores of one pack and one set of parameter values share what the pack comes to.
        var valuations = PackValuations()
        var requests: [ReadingRequest] = []
        for store in prepared {
            let needs = Evaluation.needs(of: store.state, at: fixed, clock: clock, &valuations)
            requests.append(request(store.watched, needs, at: fixed, clock: clock))
        }
        let readings = try await ledger.readings(requests, now: fixed ?? clock)
        var judged: [Judged] = []
        for (store, reading) in zip(prepared, readings) {
            let evaluation = Evaluation.evaluate(store.state, sums: reading.sums, at: fixed, clock: clock, &valuations)
            judged.append(Judged(prepared: store, reading: reading, evaluation: evaluation, clock: clock))
        }
        return judged
    }

    package func prepare(
        _ group: [Watched], at fixed: Timestamp?, clock: Timestamp
    ) async throws(LedgerError) -> [Prepared] {
        let readings = try await ledger.readings(
            group.map { request($0, Needs(), at: fixed, clock: clock) }, now: fixed ?? clock)
        return zip(group, readings).map { watched, reading in
            let state = StoreState(
                store: watched.store, calendar: watched.calendar, pack: watched.pack, overrides: watched.overrides,
                coverage: reading.coverage, freshness: fleet.freshness(of: reading.sources, in: watched.pack),
                quarantined: reading.quarantined, quarantineLimit: watched.quarantineLimit,
                newestMeasures: reading.newestMeasures)
            return Prepared(watched: watched, state: state, revision: reading.revision)
        }
    }

    package func request(_ watched: Watched, _ needs: Needs, at fixed: Timestamp?, clock: Timestamp) -> ReadingRequest {
        // The buckets in the ledger are those of today's parameters; what another day's would count differently is
        // counted from the facts.
        let plan = fleet.plan(of: watched, on: watched.calendar.day(of: clock))
        return ReadingRequest(
            store: watched.store.id, needs: needs, plan: plan.rollups, sources: watched.precedence, at: fixed)
    }
}
