package import Facts
import Language
import Ledgers
package import Rules

/// The readings that are wanted today: what the packs of the watched stores look at, and what nobody entered or what has
/// grown old.
package struct MeasureDueTask: Sendable {
    private let opening: Opening
    private let glob: String?

    package init(_ opening: Opening, glob: String?) {
        (self.opening, self.glob) = (opening, glob)
    }

    /// One measure of one store.
    package struct Due: Sendable {
        package var store: Store
        package var calendar: StoreCalendar
        package var name: String
        /// What people call it.
        package var title: Words?
        /// Where in the back end it stands.
        package var place: Words?
        package var lack: MeasureNeed.Lack
        /// How old it may become.
        package var fresh: TimeSpan
        /// The platform shows a limit by it, and no figure of the store.
        package var isLimit: Bool
        /// The rules that wait for it.
        package var rules: [String]
    }

    /// By store, in the order of the pack; each measure once.
    package func run() async throws -> [Due] {
        let assembly: Assembly
        do {
            assembly = try opening.assembly(.read)
        } catch LedgerError.absent {
            return try dueOnTheFirstDay()
        }
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let stores = try await assembly.fittingStores(glob)
        let now = assembly.clock.now
        var due: [Due] = []
        for start in stride(from: 0, to: stores.count, by: Judge.groupSize) {
            let group = Array(stores[start..<min(stores.count, start + Judge.groupSize)])
            for prepared in try await judge.prepare(group, at: nil, clock: now) {
                due += Self.due(prepared.watched, prepared.state.newestMeasures, at: now)
            }
        }
        return due
    }

    /// Before there is a ledger everything is wanted, of the stores that the configuration lists.
    private func dueOnTheFirstDay() throws -> [Due] {
        let fleet = try opening.fleet()
        let pattern = glob.map { Glob($0) }
        let fitting = fleet.listedIDs.filter { pattern?.matches($0) ?? true }
        if fitting.isEmpty, let glob {
            throw TaskError.noneFits(glob, among: fleet.listedIDs)
        }
        return fitting.compactMap { fleet.watched($0) }.flatMap { Self.due($0, [:], at: SystemClock().now) }
    }

    static func due(_ watched: Watched, _ newest: [String: MeasureReading], at now: Timestamp) -> [Due] {
        let needs = watched.pack.measureNeeds(on: watched.calendar.day(of: now), watched.overrides)
        return due(watched, needs, newest, at: now)
    }

    /// What of these is wanted of a store.
    package static func due(
        _ watched: Watched, _ needs: [MeasureNeed], _ newest: [String: MeasureReading], at now: Timestamp
    ) -> [Due] {
        var (due, places) = ([Due](), [String: Int]())
        for need in needs {
            guard let lack = need.lack(newest, at: now) else { continue }
            for name in need.names {
                if let place = places[name] {
                    due[place].rules += need.rules.filter { !due[place].rules.contains($0) }
                    due[place].fresh = min(due[place].fresh, need.freshFor)
                    continue
                }
                places[name] = due.count
                due.append(
                    Due(
                        store: watched.store, calendar: watched.calendar, name: name,
                        title: watched.pack.title(of: need), place: watched.pack.place(ofMeasure: name), lack: lack,
                        fresh: need.freshFor, isLimit: !need.parameters.isEmpty, rules: need.rules))
            }
        }
        return due
    }
}
