package import Facts
package import Language

/// Figures from the facts alone, with nothing kept and nothing shared with the way the ledger moves its buckets: the
/// oracle of `verify` and of tests, and the way for what is not kept at all.
package enum Recount {
    /// What the buckets of `plan` must hold after these files: for each aggregate (by its index in the plan) the days
    /// whose cell is not zero.
    package static func cells(of files: some Sequence<OrderFile>, plan: RollupPlan) -> [Int: [LocalDay: Cell]] {
        var result: [Int: [LocalDay: Cell]] = [:]
        let counters = plan.aggregates.map { FactReduction($0, plan.calendar) }
        for file in files {
            for (index, counter) in counters.enumerated() {
                for fact in file.facts(of: counter.aggregate.kind) where counter.passes(fact, in: file) {
                    guard let moment = counter.moment(of: fact, in: file), let cell = counter.cell(of: fact, in: file)
                    else { continue }
                    result[index, default: [:]][plan.calendar.day(of: moment), default: .zero] += cell
                }
            }
        }
        return result.compactMapValues { days in
            let kept = days.filter { !$0.value.isZero }
            return kept.isEmpty ? nil : kept
        }
    }
}

extension Recount {
    /// What an aggregate comes to over the facts whose time lies in `moments`. For what is in force, `moments` ends
    /// with the moment, which is inside, and its begin does not matter.
    ///
    /// For every reducer, by the language's own words; `files` hold each fact once.
    package static func value(
        of aggregate: Aggregate, files: some Sequence<OrderFile>, in moments: Range<Timestamp>, calendar: StoreCalendar
    ) -> Value {
        value(of: aggregate, counting: facts(of: aggregate, files: files, in: moments, calendar: calendar))
    }

    /// The part of a kept aggregate that lies in `moments`, from the facts: the unfinished day, rolling hours.
    static func cell(
        of aggregate: Aggregate, files: some Sequence<OrderFile>, in moments: Range<Timestamp>, calendar: StoreCalendar
    ) -> Cell {
        let reduction = FactReduction(aggregate, calendar)
        var total = Cell.zero
        for file in files {
            for fact in file.facts(of: aggregate.kind) where reduction.passes(fact, in: file) {
                guard let at = reduction.moment(of: fact, in: file), moments.contains(at),
                    let cell = reduction.cell(of: fact, in: file)
                else { continue }
                total += cell
            }
        }
        return total
    }
}

extension Cell {
    /// What `count`, `sum` or `mean` makes of it. Of nothing a mean is missing, and so is a sum of measures: no reading
    /// is not a reading of 0.
    package func value(of aggregate: Aggregate) -> Value {
        if aggregate.reducer == .count { return .number(Fraction(count)) }
        if count == 0, aggregate.reducer == .mean || aggregate.kind == .measure { return .missing }
        let divisor = aggregate.reducer == .mean ? Int128(count) : 1
        if aggregate.value?.type == .duration {
            return Fraction(sum, over: divisor).map(Value.duration) ?? .missing
        }
        return Fraction(sum, over: divisor * 1_000_000).map(Value.number) ?? .missing
    }
}

/// A cell with parts of facts in it: what a mean day brings, and what a mean fact adds.
package struct SupposedCell: Sendable, Hashable {
    package var count: Fraction
    /// As in `Cell`.
    package var sum: Fraction

    package init(_ cell: Cell) { (count, sum) = (Fraction(cell.count), Fraction(cell.sum)) }
    package init(count: Fraction, sum: Fraction) { (self.count, self.sum) = (count, sum) }

    /// Missing where `Cell.value` is, and where a number does not fit.
    package func value(of aggregate: Aggregate) -> Value {
        if aggregate.reducer == .count { return .number(count) }
        if count <= .zero, aggregate.reducer == .mean || aggregate.kind == .measure { return .missing }
        let isDuration = aggregate.value?.type == .duration
        let total = aggregate.reducer == .mean ? sum.divided(by: count) : sum
        guard let total else { return .missing }
        if isDuration { return .duration(total) }
        return total.divided(by: Fraction(1_000_000)).map(Value.number) ?? .missing
    }
}

extension OrderFile {
    /// In no particular order.
    func facts(of kind: FactKind) -> [Fact] {
        kind == .order
            ? order.map { $0.isDeleted ? [] : [$0] } ?? [] : children.filter { $0.kind == kind && !$0.isDeleted }
    }
}

/// One aggregate, asked fact by fact through the language's evaluator.
struct FactReduction: Sendable {
    let aggregate: Aggregate
    private let filter: GeneralExpression?
    private let value: GeneralExpression?
    private let times: [GeneralExpression]

    init(_ aggregate: Aggregate, _ calendar: StoreCalendar) {
        self.aggregate = aggregate
        filter = aggregate.filter.map { GeneralExpression($0, calendar) }
        value = aggregate.value.map { GeneralExpression($0, calendar) }
        times = aggregate.time.expressions.map { GeneralExpression($0, calendar) }
    }

    func passes(_ fact: Fact, in file: OrderFile) -> Bool {
        filter.map { $0.value(of: fact, in: file) == .bool(true) } ?? true
    }

    /// Its `by`, or the begin of what is in force.
    func moment(of fact: Fact, in file: OrderFile) -> Timestamp? { time(0, of: fact, in: file) }

    /// Of what is in force.
    func end(of fact: Fact, in file: OrderFile) -> Timestamp? { time(1, of: fact, in: file) }

    func isInForce(_ fact: Fact, in file: OrderFile, at moment: Timestamp) -> Bool {
        guard let begin = time(0, of: fact, in: file), begin <= moment else { return false }
        guard let end = time(1, of: fact, in: file) else { return true }
        return end > moment
    }

    private func time(_ place: Int, of fact: Fact, in file: OrderFile) -> Timestamp? {
        guard case .time(let moment) = times[place].value(of: fact, in: file) else { return nil }
        return moment
    }

    func value(of fact: Fact, in file: OrderFile) -> Value { value?.value(of: fact, in: file) ?? .missing }

    /// What it adds to a count, sum or mean; nil when it has no value.
    func cell(of fact: Fact, in file: OrderFile) -> Cell? {
        guard let value else { return Cell(count: 1) }
        let number = value.integer(of: fact, in: file)
        guard number != Fact.missing else { return nil }
        let isCondition = value.expression.type == .bool
        return Cell(count: 1, sum: Int128(isCondition ? number * 1_000_000 : number))
    }
}
