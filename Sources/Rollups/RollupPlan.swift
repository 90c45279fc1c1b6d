package import Facts
import Language

/// The kept aggregates of a store's pack, compiled for its calendar: what the ledger is handed to keep rollups exact.
///
/// Values only: the ledger reads order files before and after, asks for the change, and adds it, and its SQL knows
/// nothing of the language.
package final class RollupPlan: Sendable {
    /// The kept ones only, sorted by text; their index here is the number that a `RollupChange` uses.
    package let aggregates: [Aggregate]
    package let calendar: StoreCalendar
    package var timezone: String { calendar.timezone }

    /// By raw value of the kind.
    let kinds: [KindPlan]
    /// Of the longest program.
    let depth: Int
    private let needed: [FactKinds]

    /// Aggregates that are not kept, and repetitions, are passed over.
    package init(_ aggregates: some Sequence<Aggregate>, calendar: StoreCalendar) {
        let kept = Set(aggregates.filter(\.isKept)).sorted()
        (self.aggregates, self.calendar) = (kept, calendar)
        let kinds = FactKind.allCases.map { kind in
            KindPlan(kept.enumerated().filter { $0.element.kind == kind }.map { ($0.offset, $0.element) }, calendar)
        }
        self.kinds = kinds
        depth = kinds.map(\.depth).max() ?? 0
        needed = (0..<(1 << UInt16(FactKind.allCases.count))).map { mask in
            RollupPlan.kindsNeeded(for: FactKinds(rawValue: mask), by: kept)
        }
    }

    package func index(of aggregate: Aggregate) -> Int? {
        var (low, high) = (0, aggregates.count)
        while low < high {
            let middle = (low + high) / 2
            if aggregates[middle] < aggregate { low = middle + 1 } else { high = middle }
        }
        return low < aggregates.count && aggregates[low] == aggregate ? low : nil
    }

    /// Which kinds of a file must be read whole, besides the changed facts themselves, when facts of the kinds
    /// `changed` change. Empty when every aggregate that counts them looks at nothing but the fact: then no file is
    /// read.
    package func kindsNeeded(for changed: FactKinds) -> FactKinds {
        needed[Int(changed.rawValue) & (needed.count - 1)]
    }

    private static func kindsNeeded(for changed: FactKinds, by aggregates: [Aggregate]) -> FactKinds {
        aggregates.reduce(into: []) { result, aggregate in
            guard !aggregate.fileKinds.isEmpty, !aggregate.kindsRead.isDisjoint(with: changed) else { return }
            // A change in what is read from the file can turn every fact that counts; a change of the counted fact
            // alone turns only that one, and what it reads besides is enough.
            let turnsOthers = !aggregate.fileKinds.isDisjoint(with: changed)
            result.formUnion(turnsOthers ? aggregate.kindsRead : aggregate.fileKinds)
        }
    }
}

/// The kept aggregates of one kind. Equal filters, values and times are held and asked once.
final class KindPlan: Sendable {
    struct Row: Sendable {
        /// In the plan.
        let aggregate: Int
        /// In `filters`; nil when every fact counts.
        let filter: Int?
        /// In `times`.
        let time: Int
        /// In `values`; nil for `count`.
        let value: Int?
        let kindsRead: FactKinds
    }

    let rows: [Row]
    let filters: [CompiledExpression]
    let times: [CompiledExpression]
    let values: [CompiledExpression]
    /// The union of the rows'.
    let kindsRead: FactKinds
    let depth: Int

    init(_ aggregates: [(index: Int, aggregate: Aggregate)], _ calendar: StoreCalendar) {
        var (filters, times, values) = (Pool(calendar), Pool(calendar), Pool(calendar))
        rows = aggregates.compactMap { index, aggregate in
            guard case .by(let time) = aggregate.time else { return nil }
            return Row(
                aggregate: index, filter: aggregate.filter.map { filters.place(of: $0) }, time: times.place(of: time),
                value: aggregate.value.map { values.place(of: $0) }, kindsRead: aggregate.kindsRead)
        }
        (self.filters, self.times, self.values) = (filters.compiled, times.compiled, values.compiled)
        kindsRead = rows.reduce(into: []) { $0.formUnion($1.kindsRead) }
        depth = (self.filters + self.times + self.values).map(\.depth).max() ?? 0
    }

    /// Distinct expressions in the order of their first use.
    private struct Pool {
        let calendar: StoreCalendar
        var compiled: [CompiledExpression] = []
        var places: [TypedExpression: Int] = [:]

        init(_ calendar: StoreCalendar) { self.calendar = calendar }

        mutating func place(of expression: TypedExpression) -> Int {
            if let place = places[expression] { return place }
            compiled.append(CompiledExpression(expression, calendar))
            places[expression] = compiled.count - 1
            return compiled.count - 1
        }
    }
}
