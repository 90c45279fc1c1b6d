package import Facts
package import Language
import Ledgers
import Rollups
import Rules

/// One store's metrics.
package struct StoreFigures: Sendable {
    package var store: Store
    package var at: Timestamp
    /// In the order of the pack.
    package var figures: [Figure]

    package struct Figure: Sendable {
        package var metric: String
        /// Over the facts known.
        package var value: Value
        /// Whether everything it counts is known to be complete.
        package var isCovered: Bool
        /// Where marks change it: the figure counted the other way.
        package var counterpart: (value: Value, isMarked: Bool)?
    }
}

/// Every store's metrics at a moment, over the facts known.
package struct MetricsTask: Sendable {
    private let opening: Opening
    private let glob: String?
    /// nil: those that fit.
    private var chosen: [Watched]?
    private let fixed: Timestamp?

    package init(_ opening: Opening, glob: String?, at fixed: Timestamp?) {
        (self.opening, self.glob, self.fixed) = (opening, glob, fixed)
    }

    /// Of some of the watched stores.
    package init(_ opening: Opening, stores: [Watched]) {
        (self.opening, glob, chosen, fixed) = (opening, nil, stores, nil)
    }

    private static let groupSize = 500

    /// Hands the figures on in groups of stores, ordered by store id.
    package func run(_ body: ([StoreFigures]) async throws -> Void) async throws {
        let assembly = try opening.assembly(.read)
        let clock = assembly.clock.now
        let at = fixed ?? clock
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let stores: [Watched]
        if let chosen { stores = chosen } else { stores = try await assembly.fittingStores(glob) }
        var unsettled: [String] = []
        defer { assembly.warnOfUnsettled(unsettled) }
        for start in stride(from: 0, to: stores.count, by: Self.groupSize) {
            let group = Array(stores[start..<min(stores.count, start + Self.groupSize)])
            let plans = group.map { assembly.fleet.plan(of: $0, on: $0.calendar.day(of: at)) }
            let readings = try await judge.readings(
                zip(group, plans).map { watched, plan in
                    (watched, plan.set.needs(at: at, calendar: watched.calendar))
                }, at: fixed, clock: clock)
            unsettled += readings.filter { !$0.unsettled.isEmpty }.map(\.store)
            try await body(
                zip(zip(group, plans), readings).map { pair, reading in
                    let (watched, plan) = pair
                    let terms = watched.pack.terms(watched.overrides, reading.newestMeasures)
                    func reader(_ coverage: Coverage?, _ sums: StoreSums? = nil) -> MetricReader {
                        MetricReader(
                            sums: sums ?? reading.sums, set: plan.set, calendar: watched.calendar, at: at,
                            coverage: coverage,
                            parameter: { name, day in
                                watched.pack.parameter(name, for: watched.store, on: day, terms)?.value.value
                                    ?? .missing
                            })
                    }
                    var halfTold = reading.halfToldKinds
                    if !reading.halfToldMeasures.isEmpty { halfTold.insert(.measure) }
                    func readsHalf(_ metric: String) -> Bool {
                        guard !halfTold.isEmpty, let formula = watched.pack.vocabulary.metrics[metric] else {
                            return false
                        }
                        return !Reach(of: [formula], in: watched.pack.vocabulary).kinds.isDisjoint(with: halfTold)
                    }
                    // Of what the platform withholds a figure is that of nothing.
                    func isWithheld(_ metric: String) -> Bool {
                        let asked = [TypedExpression(.metric(metric), .number)]
                        return watched.pack.pull?.withheld(
                            from: asked, in: watched.pack.vocabulary, reading.newestMeasures) != nil
                    }
                    let known = reader(nil)
                    let proven = reader(reading.coverage)
                    let other = reading.others.map { reader(nil, $0) }
                    return StoreFigures(
                        store: watched.store, at: at,
                        figures: watched.pack.metrics.map { metric in
                            var isCovered = false
                            if !readsHalf(metric), !isWithheld(metric), case .exact = proven.value(of: metric) {
                                isCovered = true
                            }
                            guard case .exact(let value) = known.value(of: metric) else {
                                return .init(metric: metric, value: .missing, isCovered: isCovered)
                            }
                            var figure = StoreFigures.Figure(metric: metric, value: value, isCovered: isCovered)
                            if case .exact(let unlike)? = other?.value(of: metric), unlike != value {
                                figure.counterpart = (unlike, !watched.countsMarks)
                            }
                            return figure
                        })
                })
        }
    }
}
