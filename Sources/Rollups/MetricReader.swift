package import Facts
package import Language

/// The figures of one store at one moment, from what was read of it: where expressions outside aggregates are
/// evaluated.
///
/// With coverage, a figure whose window reaches outside it is a range and not a number (never green without proof);
/// without, every figure is taken over the facts that are known. Metrics are worked out once each.
package struct MetricReader: SumSource {
    package let set: MetricSet
    package let sums: StoreSums
    package let calendar: StoreCalendar
    /// The moment of evaluation.
    package let at: Timestamp
    /// nil: the facts known are taken for all there are.
    package let coverage: Coverage?
    /// Up to when what may still turn a fact has to be known; nil: as far as it is.
    private let knownTo: Timestamp?
    private let parameterValue: (String, LocalDay) -> Value
    /// What is supposed of a figure in place of what is known of it: "with two refunds more", "on the first of May".
    private let supposition: (Reading, MetricReader) -> Estimate?
    private let memory = Memory()

    /// - Parameters:
    ///   - knownTo: figures that later facts may turn (`Aggregate.kindsTurning`) are proven only when those are
    ///     complete up to this moment. nil asks for no more than their windows.
    ///   - parameter: the value in force on a day; missing when there is none.
    ///   - supposing: what to take a figure for; nil: what is known of it.
    package init(
        sums: StoreSums, set: MetricSet, calendar: StoreCalendar, at: Timestamp, coverage: Coverage?,
        knownTo: Timestamp? = nil, parameter: @escaping (String, LocalDay) -> Value,
        supposing supposition: @escaping (Reading, MetricReader) -> Estimate? = { _, _ in nil }
    ) {
        (self.sums, self.set, self.calendar, self.at, self.coverage) = (sums, set, calendar, at, coverage)
        self.knownTo = knownTo
        parameterValue = parameter
        self.supposition = supposition
    }

    /// The same with the set's own parameter values on every day.
    package init(sums: StoreSums, set: MetricSet, calendar: StoreCalendar, at: Timestamp, coverage: Coverage?) {
        self.init(sums: sums, set: set, calendar: calendar, at: at, coverage: coverage) { name, _ in
            set.parameters[name] ?? .missing
        }
    }

    /// What can be said of a metric; missing when the pack has none of that name.
    package func value(of metric: String) -> Estimate { self.metric(metric, shifted: []) }

    /// What can be said of a condition or any other expression outside aggregates.
    package func estimate(_ expression: TypedExpression) -> Estimate { Evaluator.estimate(expression, from: self) }

    // MARK: - As a source

    package func estimate(of expression: AggregateExpression, shifted shifts: [CalendarOffset]) -> Estimate {
        guard let aggregate = set.aggregate(for: expression) else { return .exact(.missing) }
        guard case .window(_, let over) = expression.span else {
            return estimate(of: Reading(aggregate, over: nil, shifted: shifts))
        }
        var result: Estimate?
        for window in Evaluator.windows(over, in: set.vocabulary, from: self, shifted: shifts) {
            let found = window.map { estimate(of: Reading(aggregate, over: $0, shifted: shifts)) }
            result = Estimate.either(result, found ?? .exact(.missing), aggregate.resultType)
        }
        return result ?? .exact(.missing)
    }

    package func parameter(_ name: String, shifted shifts: [CalendarOffset]) -> Value {
        parameterValue(name, calendar.day(of: shifts.reduce(at) { calendar.moving($0, back: $1) }))
    }

    package func window(_ name: String, shifted shifts: [CalendarOffset]) -> Window? { set.windows[name] }

    package func metric(_ name: String, shifted shifts: [CalendarOffset]) -> Estimate {
        // Most are one figure, known by its reading without a look at the expression.
        if let figure = set.figure(ofMetric: name) {
            return estimate(of: shifts.isEmpty ? figure : figure.shifted(by: shifts))
        }
        let key = Memory.Key(name: name, shifts: shifts)
        if let known = memory.metrics[key] { return known }
        guard let expression = set.vocabulary.metrics[name] else { return .exact(.missing) }
        let estimate = Evaluator.estimate(expression, from: self, shifted: shifts)
        memory.metrics[key] = estimate
        return estimate
    }

    /// Metrics worked out so far. A reader belongs to one evaluation and is not shared.
    private final class Memory {
        struct Key: Hashable {
            var name: String
            var shifts: [CalendarOffset]
        }
        var metrics: [Key: Estimate] = [:]
        var figures: [Reading: Estimate] = [:]
    }

    // MARK: - One figure

    /// What can be said of one figure.
    package func estimate(of reading: Reading) -> Estimate {
        if let known = memory.figures[reading] { return known }
        if let supposed = supposition(reading, self) {
            memory.figures[reading] = supposed
            return supposed
        }
        let span = reading.span(at: at, in: calendar)
        let known = known(reading, span)
        let isWhole = isCovered(reading.aggregate, span)
        let estimate: Estimate = isWhole ? .exact(known) : bounds(of: reading.aggregate, known: known)
        memory.figures[reading] = estimate
        return estimate
    }

    /// Over the facts that are known.
    package func known(_ reading: Reading) -> Value { known(reading, reading.span(at: at, in: calendar)) }

    private func known(_ reading: Reading, _ span: WindowSpan) -> Value {
        let aggregate = reading.aggregate
        guard aggregate.isKept else {
            return Recount.value(
                of: aggregate, files: sums.files[aggregate] ?? [], in: span.extent(in: calendar), calendar: calendar)
        }
        return cell(of: aggregate, span).value(of: aggregate)
    }

    /// Of a kept aggregate, over the facts that are known.
    package func cell(of reading: Reading) -> Cell { cell(of: reading.aggregate, reading.span(at: at, in: calendar)) }

    private func cell(of aggregate: Aggregate, _ span: WindowSpan) -> Cell {
        var cell = sums.cells[aggregate]?.sum(over: span.days) ?? .zero
        if let moments = span.moments {
            cell += Recount.cell(
                of: aggregate, files: sums.files[aggregate] ?? [], in: moments, calendar: calendar)
        }
        return cell
    }

    /// How many facts are in force, and what they add up to.
    package func cellInForce(of reading: Reading) -> Cell {
        Recount.cellInForce(
            of: reading.aggregate, files: sums.files[reading.aggregate] ?? [],
            at: reading.moment(for: at, in: calendar), calendar: calendar)
    }

    /// Whether every fact that could count is known.
    private func isCovered(_ aggregate: Aggregate, _ span: WindowSpan) -> Bool {
        guard let coverage, aggregate.kindsRead != FactKinds(.measure) else { return true }
        // Nothing can lie in a window without days.
        let extent = span.extent(in: calendar)
        guard !extent.isEmpty else { return true }
        guard let covered = coverage.common(to: aggregate.kindsRead) else { return false }
        // `by opened_at + 48h` counts on a day what began two days before it.
        if let from = covered.from {
            guard let lead = aggregate.lead, from <= extent.lowerBound - lead else { return false }
        }
        for kind in aggregate.kindsElsewhere.kinds where kind != .measure {
            guard let interval = coverage[kind] else { return false }
            if let from = interval.from {
                guard aggregate.kindsFollowing.contains(kind), let lead = aggregate.lead,
                    from <= extent.lowerBound - lead - Aggregate.longestWay
                else { return false }
            }
            if let knownTo, aggregate.kindsTurning.contains(kind), interval.until < knownTo { return false }
        }
        // The moment itself is judged at the covered moment, which is where coverage ends.
        let last = span.moments.map { $0.upperBound - TimeSpan(microseconds: 1) } ?? extent.upperBound
        return last <= covered.until
    }

    /// What more facts could make of it.
    private func bounds(of aggregate: Aggregate, known: Value) -> Estimate {
        guard aggregate.isNeverNegative else { return .anything }
        let isDuration = aggregate.value?.type == .duration
        switch known {
        case .number(let low) where aggregate.isMonotone, .duration(let low) where aggregate.isMonotone:
            return .range(low: low, high: nil, mayBeMissing: false, isDuration: isDuration)
        default:
            return .range(low: .zero, high: nil, mayBeMissing: false, isDuration: isDuration)
        }
    }
}

extension Aggregate {
    /// The type of its value.
    var resultType: ValueType {
        switch reducer {
        case .count, .distinct: .number
        case .mean: value?.type == .duration ? .duration : .number
        case .sum, .min, .max, .percentile, .latest: value?.type ?? .number
        }
    }

    /// A count, or a sum of a member that cannot be negative.
    var isNeverNegative: Bool {
        switch reducer {
        case .count: return true
        case .sum:
            guard case .member(let member, _, _)? = value?.node else { return false }
            return member.isNeverNegative
        case .mean, .min, .max, .percentile, .distinct, .latest: return false
        }
    }
}
