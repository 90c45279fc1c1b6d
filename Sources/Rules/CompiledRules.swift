package import Facts
package import Rollups

/// The rules of a pack as integer programs over a store's resident sums, with one set of parameter values, on one local
/// day: what the daemon runs for every store whenever something moved.
///
/// It says where the rules stand and not why: whose standing is another, or who is outside ok, is evaluated in full.
/// It holds for complete and fresh data of that day only (`admits`); there it agrees with `Evaluation` to the last
/// digit.
package final class CompiledRules: Sendable {
    package let layout: ResidentLayout
    /// The local day at which the windows of every rule stand.
    package let day: LocalDay
    /// The days of the layout's readings then, for `ResidentRollups.roll`.
    package let ranges: [Range<LocalDay>]

    /// In the order of the pack.
    private let rows: [Row]
    private let demands: [CoverageDemand]
    /// Read by the rules that are judged, measures left out.
    private let kinds: [FactKind]
    /// The least that a rule which reads measures allows their newest to be old; nil when none reads any.
    private let fresh: TimeSpan?

    private let conditions: CompiledConditions

    /// Places in `conditions`; `none` where the rule has no such.
    private struct Row: Sendable {
        static let none = -1
        var given = none
        /// `none`: not in force, or without a value for a parameter. Unjudged, whatever the figures.
        var require = none
        var prefer = none
    }

    /// nil when a rule that is judged says something that resident sums do not answer.
    ///
    /// - Parameter moment: any moment of the day.
    package init?(_ valuation: PackValuation, at moment: Timestamp, layout: ResidentLayout) {
        let calendar = layout.plan.calendar
        let (day, ranges) = (calendar.day(of: moment), layout.ranges(at: moment))
        (self.day, self.ranges) = (day, ranges)
        var (rows, compiled) = ([Row](), [CompiledCondition]())
        var demands: Set<CoverageDemand> = []
        var kinds = FactKinds()
        var fresh: TimeSpan?
        for valued in valuation.rules {
            let rule = valued.rule
            // What the platform saw earlier lies in no rolling sum, nor do the parts of a store.
            guard rule.assessed == nil, rule.each == nil else { return nil }
            guard valued.lacking.isEmpty, valued.isInForce(on: day) else {
                rows.append(Row())
                continue
            }
            var row = Row()
            let programs: [(place: WritableKeyPath<Row, Int>, condition: Condition?)] = [
                (\.given, rule.given), (\.require, rule.require), (\.prefer, rule.prefer),
            ]
            for case (let place, let condition?) in programs {
                guard let program = CompiledCondition(condition.expression, set: valuation.metrics, layout: layout)
                else {
                    return nil
                }
                row[keyPath: place] = compiled.count
                compiled.append(program)
                if let demand = program.demand(ranges, in: calendar) { demands.insert(demand) }
            }
            rows.append(row)
            kinds.formUnion(rule.reach.kinds)
            if !rule.reach.readings.isEmpty { fresh = min(fresh ?? rule.fresh, rule.fresh) }
        }
        (self.layout, self.rows, self.fresh) = (layout, rows, fresh)
        self.demands = CoverageDemand.byKind(demands)
        conditions = CompiledConditions(compiled)
        self.kinds = kinds.kinds.filter { $0 != .measure }
    }

    /// Whether these programs speak for the store at this time: every rule stands at this day, and all that they read
    /// is complete and fresh. Where it is false the evaluator says what can be said.
    package func admits(_ basis: StoreBasis, clock: Timestamp) -> Bool {
        guard basis.isReadable, !basis.hasParted else { return false }
        let calendar = layout.plan.calendar
        // Rules of nothing but measures stand at the clock.
        var known: Timestamp?
        if kinds.isEmpty || fresh != nil {
            guard stands(clock, calendar) else { return false }
            known = clock
        }
        for kind in kinds {
            guard let until = basis.bounds.until(kind), !basis.isStale(kind, at: clock) else { return false }
            let moment = min(until, clock)
            if moment == known { continue }
            guard stands(moment, calendar) else { return false }
            known = moment
        }
        if let fresh, let oldest = basis.oldestMeasure, clock - oldest > fresh { return false }
        return demands.allSatisfy(basis.bounds.meets)
    }

    /// Whether windows read at the moment are those of the day. In an hour that the clocks repeat across midnight the
    /// date on the wall is another, and offsets are taken from that.
    private func stands(_ moment: Timestamp, _ calendar: StoreCalendar) -> Bool {
        calendar.day(of: moment) == day && calendar.wallTime(of: moment).day == day
    }

    /// Where the rules stand, in the order of the pack, by sums rolled to `ranges`. False when a number does not fit:
    /// the standings then mean nothing and the evaluator has to be asked.
    package func judge(_ sums: RollingSums, into standings: inout [Standing]) -> Bool {
        if standings.count != rows.count { standings = Array(repeating: .unjudged, count: rows.count) }
        let isTold = conditions.verdicts(over: sums) { verdict in
            standings.withUnsafeMutableBufferPointer { standings in
                rows.withUnsafeBufferPointer { rows in
                    for place in rows.indices {
                        guard let standing = CompiledRules.standing(of: rows[place], verdict) else { return false }
                        standings[place] = standing
                    }
                    return true
                }
            }
        }
        return isTold ?? false
    }

    @inline(__always)
    private static func standing(of row: Row, _ verdict: (Int) -> CompiledCondition.Verdict) -> Standing? {
        guard row.require != Row.none else { return .unjudged }
        if row.given != Row.none {
            switch verdict(row.given) {
            case .holds: break
            case .fails, .missing: return .unjudged
            case .beyond: return nil
            }
        }
        switch verdict(row.require) {
        case .holds: break
        case .fails: return .breach
        case .missing: return .unjudged
        case .beyond: return nil
        }
        guard row.prefer != Row.none else { return .ok }
        return switch verdict(row.prefer) {
        case .fails: .warning
        case .holds, .missing: .ok
        case .beyond: nil
        }
    }
}

/// What compiled rules ask of a store besides its sums, laid out to be asked often.
package struct StoreBasis: Sendable {
    let bounds: CoverageBounds
    /// No more is set aside than is tolerated, nothing is half told, and nothing withheld.
    let isReadable: Bool
    /// A figure that a rule distrusts is another than the platform's.
    let hasParted: Bool
    /// Of the newest readings of the measures the oldest; nil when there is none.
    let oldestMeasure: Timestamp?
    /// By raw value of the kind, the last moment at which it is fresh.
    private let freshUntil: [Int64]

    package init(_ state: StoreState) {
        bounds = CoverageBounds(state.coverage)
        isReadable =
            state.quarantined <= state.quarantineLimit && state.halfTold.isEmpty
            && state.halfToldMeasures.isEmpty && !state.isAnyWithheld
        hasParted = state.comparisons.values.contains { $0.standing == .differs }
        oldestMeasure =
            state.newestMeasures.filter { !$0.key.hasPrefix(StoreState.withheldName) }.values.map(\.at).min()
        freshUntil = FactKind.allCases.map { kind in
            guard let interval = state.coverage[kind] else { return .min }
            let freshness = state.freshness[kind] ?? .file
            return freshness.freshUntil(interval.until).microseconds
        }
    }

    @inline(__always)
    func isStale(_ kind: FactKind, at clock: Timestamp) -> Bool { clock.microseconds > freshUntil[Int(kind.rawValue)] }
}
