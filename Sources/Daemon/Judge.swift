package import Facts
package import Ledgers
package import Rollups
package import Rules

/// Evaluates stores by what the ledger knows: what `check`, `metrics`, `explain` and the daemon have in common.
package struct Judge: Sendable {
    package var fleet: Fleet
    package var ledger: any Ledger
    /// Judges also by what is half told, for who has to foresee more than to know.
    var takesHalfTold = false

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
        /// Whose word the coverage of each kind is.
        package var coveredBy: [FactKind: SourceName] = [:]
        /// Coverage moved while it was read: nothing can be said of it for now.
        package var isTorn = false
        /// When what is set aside as unreadable counts for less though nothing arrives.
        package var quarantineEases: Timestamp?
        /// Of what our own people have marked; nil: nothing is in force.
        package var marks: MarksOfMoment?
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
        /// Where somebody marked facts, the figures counted the other way.
        var others: [StoreSums?]
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
        var group = Group(prepared: prepared, sums: [], others: [], valuations: known)
        var (requests, places): ([(Watched, Needs)], [Int]) = ([], [])
        for (place, store) in prepared.enumerated() {
            let needs = Evaluation.needs(of: store.state, at: fixed, clock: clock, &group.valuations)
            let sums = resident(store, needs)
            group.sums.append(sums ?? StoreSums())
            group.others.append(nil)
            guard sums == nil else { continue }
            requests.append((store.watched, needs))
            places.append(place)
        }
        guard !requests.isEmpty else { return group }
        var again: [Int] = []
        for (place, reading) in zip(places, try await readings(requests, at: fixed, clock: clock)) {
            let before = group.prepared[place]
            (group.sums[place], group.others[place]) = (reading.sums, reading.others)
            if reading.revision == before.revision, reading.coverage == before.state.coverage,
                reading.halfToldKinds == before.state.halfTold,
                reading.halfToldMeasures == before.state.halfToldMeasures,
                reading.marks.map(MarksOfMoment.init) == before.marks
            {
                continue
            }
            group.prepared[place] = try await compared(self.prepared(before.watched, reading), clock: fixed ?? clock)
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
            group.others[place] = second.others[index]
        }
        return group
    }

    private func evaluate(
        _ group: Group, _ valuations: inout PackValuations, at fixed: Timestamp?, clock: Timestamp
    ) -> [Judged] {
        var judged: [Judged] = []
        for (place, store) in group.prepared.enumerated() {
            let evaluation = Evaluation.evaluate(
                store.state, sums: group.sums[place], others: group.others[place], at: fixed, clock: clock, &valuations)
            judged.append(Judged(prepared: store, evaluation: evaluation, clock: clock))
        }
        return judged
    }

    package func prepare(
        _ group: [Watched], at fixed: Timestamp?, clock: Timestamp
    ) async throws(LedgerError) -> [Prepared] {
        let readings = try await readings(group.map { ($0, Needs()) }, at: fixed, clock: clock)
        var result: [Prepared] = []
        for (watched, reading) in zip(group, readings) {
            result.append(try await compared(prepared(watched, reading), clock: fixed ?? clock))
        }
        return result
    }

    /// With what the pack's rules ask about the platform's own figures.
    private func compared(_ prepared: Prepared, clock: Timestamp) async throws(LedgerError) -> Prepared {
        guard !prepared.watched.pack.distrusted.isEmpty else { return prepared }
        let found = try await Reconciler(judge: self, clock: clock).newest(
            prepared, of: prepared.watched.pack.distrusted)
        var prepared = prepared
        for comparison in found { prepared.state.comparisons[comparison.pair.metric] = comparison }
        return prepared
    }

    private func prepared(_ watched: Watched, _ reading: StoreReading) -> Prepared {
        var state = StoreState(
            store: watched.store, calendar: watched.calendar, pack: watched.pack, overrides: watched.overrides,
            coverage: reading.coverage,
            freshness: fleet.freshness(of: reading.coveredBy, in: watched.pack, watched.access),
            quarantined: reading.quarantined, quarantineLimit: watched.quarantineLimit,
            newestMeasures: reading.newestMeasures)
        // Whichever lasts longer: one that is over takes nothing from the other.
        state.overrides.accepted.merge(reading.accepted) { $0.until < $1.until ? $1 : $0 }
        state.unsettled = reading.unsettled
        if !takesHalfTold {
            (state.halfTold, state.halfToldMeasures) = (reading.halfToldKinds, reading.halfToldMeasures)
        }
        state.countsMarks = watched.countsMarks
        return Prepared(
            watched: watched, state: state, revision: reading.revision, sources: reading.sources,
            coveredBy: reading.coveredBy, quarantineEases: reading.quarantineEases,
            marks: reading.marks.map(MarksOfMoment.init))
    }

    /// What the ledger knows of stores, each with what it is asked for. Where a store's marks count, `sums` holds them.
    ///
    /// - Parameter marksAt: when marks have to be in force; nil: at the moment of the evaluation.
    package func readings(
        _ wanted: [(Watched, Needs)], at fixed: Timestamp?, clock: Timestamp, marksAt: Timestamp? = nil
    ) async throws(LedgerError) -> [StoreReading] {
        var readings = try await ledger.readings(
            wanted.map { request($0, $1, at: fixed, clock: clock, marksAt: marksAt ?? fixed ?? clock) },
            now: fixed ?? clock)
        for (place, (watched, needs)) in wanted.enumerated() {
            guard !needs.isEmpty, let marked = readings[place].marked else { continue }
            let with = marked.counted(in: readings[place].sums, for: needs, calendar: watched.calendar)
            readings[place].others = watched.countsMarks ? readings[place].sums : with
            if watched.countsMarks { readings[place].sums = with }
        }
        return readings
    }

    /// The order files behind a figure, with marks where the store's count.
    package func files(
        of watched: Watched, for need: FactNeed, at moment: Timestamp
    ) async throws(LedgerError) -> [OrderFile] {
        let files = try await ledger.files(of: watched.store.id, for: need)
        guard watched.countsMarks, let marked = try await ledger.markedFiles(of: watched.store.id, at: moment) else {
            return files
        }
        return marked.applied(to: files)
    }

    /// The marks of a store in force at a moment; empty where there are none.
    package func marks(of watched: Watched, at moment: Timestamp) async throws(LedgerError) -> MarksInForce {
        MarksInForce(try await ledger.marks(of: watched.store.id), at: moment)
    }

    private func request(
        _ watched: Watched, _ needs: Needs, at fixed: Timestamp?, clock: Timestamp, marksAt: Timestamp
    ) -> ReadingRequest {
        // The buckets in the ledger are those of today's parameters; what another day's would count differently is
        // counted from the facts.
        let plan = fleet.plan(of: watched, on: watched.calendar.day(of: clock))
        return ReadingRequest(
            store: watched.store.id, needs: needs, plan: plan.rollups, sources: watched.precedence, at: fixed ?? clock,
            marksAt: marksAt)
    }
}

/// What the daemon remembers of a store's marks: enough to tell that others are in force.
package struct MarksOfMoment: Sendable, Hashable {
    /// Of all that was marked; within one process.
    private let digest: Int
    /// The first moment at which one of them ends by itself; nil: none does.
    package let firstEnd: Timestamp?

    init(_ marks: MarksInForce) { (digest, firstEnd) = (marks.hashValue, marks.firstEnd) }
}
