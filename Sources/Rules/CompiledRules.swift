package import Facts
package import Rollups

/// The rules of a pack as integer programs over a store's resident sums, with one set of parameter values, on one local
/// day: what the daemon runs for every store whenever something moved.
///
/// It says where the rules stand and not why: whose standing is another, or who is outside ok, is evaluated in full.
/// It holds for complete and fresh data of that day only (`admits`); there it agrees with `Evaluation` to the last digit.
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

    private struct Row: Sendable {
        var given: CompiledCondition?
        /// nil: not in force, or without a value for a parameter. Unjudged, whatever the figures.
        var require: CompiledCondition?
        var prefer: CompiledCondition?
    }

    /// nil when a rule that is judged says something that resident sums do not answer.
    ///
    /// - Parameter moment: any moment of the day.
    package init?(_ valuation: PackValuation, at moment: Timestamp, layout: ResidentLayout) {
        let calendar = layout.plan.calendar
        let (day, ranges) = (calendar.day(of: moment), layout.ranges(at: moment))
        (self.day, self.ranges) = (day, ranges)
        var rows: [Row] = []
        var demands: Set<CoverageDemand> = []
        var kinds = FactKinds()
        var fresh: TimeSpan?
        for valued in valuation.rules {
            let rule = valued.rule
            guard valued.lacking.isEmpty, rule.isInForce(on: day) else {
                rows.append(Row())
                continue
            }
            func compiled(_ condition: Condition) -> CompiledCondition? {
                CompiledCondition(condition.expression, set: valuation.metrics, layout: layout)
            }
            let row = Row(
                given: rule.given.flatMap(compiled), require: compiled(rule.require),
                prefer: rule.prefer.flatMap(compiled))
            let programs = [row.given, row.require, row.prefer].compactMap { $0 }
            guard programs.count == rule.conditions.count else { return nil }
            rows.append(row)
            demands.formUnion(programs.compactMap { $0.demand(ranges, in: calendar) })
            kinds.formUnion(rule.reach.kinds)
            if !rule.reach.readings.isEmpty { fresh = min(fresh ?? rule.fresh, rule.fresh) }
        }
        (self.layout, self.rows, self.demands, self.fresh) = (layout, rows, Array(demands), fresh)
        self.kinds = kinds.kinds.filter { $0 != .measure }
    }

    /// Whether these programs speak for the store at this time: every rule stands at this day, and all that they read is
    /// complete and fresh. Where it is false the evaluator says what can be said.
    package func admits(_ state: StoreState, clock: Timestamp) -> Bool {
        guard state.quarantined <= state.quarantineLimit else { return false }
        // Rules of nothing but measures stand at the clock.
        if kinds.isEmpty || fresh != nil {
            guard stands(clock, state.calendar) else { return false }
        }
        for kind in kinds {
            guard let interval = state.coverage[kind], stands(min(interval.until, clock), state.calendar),
                !(state.freshness[kind] ?? .file).isStale(interval.until, at: clock)
            else { return false }
        }
        if let fresh, state.newestMeasures.values.contains(where: { clock - $0 > fresh }) { return false }
        let bounds = CoverageBounds(state.coverage)
        return demands.allSatisfy(bounds.meets)
    }

    /// Whether windows read at the moment are those of the day. In an hour that the clocks repeat across midnight the
    /// date on the wall is another, and offsets are taken from that.
    private func stands(_ moment: Timestamp, _ calendar: StoreCalendar) -> Bool {
        calendar.day(of: moment) == day && calendar.wallTime(of: moment).day == day
    }

    /// Where the rules stand, in the order of the pack, by sums rolled to `ranges`. False when a number does not fit: the
    /// standings then mean nothing and the evaluator has to be asked.
    package func judge(_ store: ResidentRollups, into standings: inout [Standing]) -> Bool {
        standings.removeAll(keepingCapacity: true)
        for row in rows {
            guard let standing = CompiledRules.standing(of: row, in: store) else { return false }
            standings.append(standing)
        }
        return true
    }

    @inline(__always)
    private static func standing(of row: Row, in store: ResidentRollups) -> Standing? {
        guard let require = row.require else { return .unjudged }
        if let given = row.given {
            switch given.verdict(in: store) {
            case .holds: break
            case .fails, .missing: return .unjudged
            case .beyond: return nil
            }
        }
        switch require.verdict(in: store) {
        case .holds: break
        case .fails: return .breach
        case .missing: return .unjudged
        case .beyond: return nil
        }
        guard let prefer = row.prefer else { return .ok }
        return switch prefer.verdict(in: store) {
        case .fails: .warning
        case .holds, .missing: .ok
        case .beyond: nil
        }
    }
}
