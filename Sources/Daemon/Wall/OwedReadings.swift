package import Facts
import Ledgers
package import Rules

/// What somebody has to look up, over all stores, from what is kept of them: only those that moved since are asked for.
package struct OwedReadings: Sendable {
    package struct Owed: Sendable {
        package var store: Store
        /// Each of their names is one figure.
        package var needs: [MeasureNeed]

        package var names: Set<String> { Set(needs.flatMap(\.names)) }
    }

    /// By store id; those of which nothing is wanted are left out.
    package var stores: [Owed]
    /// Stores that moved, and are still to be looked at.
    package var behind: Int

    /// So many of those that moved are read while somebody waits.
    private static let mostRead = 200

    package static func find(
        in view: Wall.View, _ assembly: Assembly
    ) async throws -> OwedReadings {
        let now = assembly.clock.now
        let since = view.lines.map(\.revision).min() ?? 0
        let moved = try await assembly.ledger.changes(since: since).stores
        var (found, stale): ([Owed], [Watched]) = ([], [])
        for line in view.lines {
            if line.isBehind || moved[line.store.id] ?? 0 > line.revision,
                let watched = assembly.fleet.watched(line.store.id)
            {
                stale.append(watched)
                continue
            }
            let needs = line.needs.filter { $0.from <= now }.map(\.need)
            if !needs.isEmpty { found.append(Owed(store: line.store, needs: needs)) }
        }
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let read = Array(stale.prefix(mostRead))
        for start in stride(from: 0, to: read.count, by: Judge.groupSize) {
            let group = Array(read[start..<min(read.count, start + Judge.groupSize)])
            for prepared in try await judge.prepare(group, at: nil, clock: now) {
                let needs = WallLine.Need.all(of: prepared, assembly.fleet, at: now).filter { $0.from <= now }.map(
                    \.need)
                if !needs.isEmpty { found.append(Owed(store: prepared.watched.store, needs: needs)) }
            }
        }
        return OwedReadings(stores: found.sorted { $0.store.id < $1.store.id }, behind: stale.count - read.count)
    }
}

extension WallLine {
    /// A reading that its pack looks at.
    package struct Need: Sendable, Hashable {
        package let need: MeasureNeed
        /// From then on somebody has to look it up.
        package let from: Timestamp

        static func all(of prepared: Judge.Prepared, _ fleet: Fleet, at now: Timestamp) -> [Need] {
            let watched = prepared.watched
            return fleet.measureNeeds(of: watched, on: watched.calendar.day(of: now)).map { need in
                Need(need: need, from: need.lacksFrom(prepared.state.newestMeasures))
            }
        }
    }
}
