import Facts
import Language
import Rollups

/// The figures of a store on days to come, as far as means tell.
struct DaysToCome {
    /// What is supposed to come until then.
    enum Supposition {
        /// What harms gets no more facts, and all others go on at their mean of the last 28 days.
        case noMoreHarm
        /// Everything goes on at its mean.
        case allGoesOn
        /// So many orders, and so many refunds that harm, from today until the day; nil: as means tell, and none. Of all
        /// else that harms no more comes. Of orders that pass a filter come as many as of `base`, which is what came of
        /// all in the days of the mean, did.
        case so(orders: Int64?, base: Int64, harm: Int64?, until: LocalDay)
        /// So many orders likewise, and what harms goes on at its mean.
        case harmGoesOn(orders: Int64, base: Int64, until: LocalDay)
    }

    private let state: StoreState
    private let sums: StoreSums
    /// Of which means are taken.
    private let usual: StoreSums
    private let set: MetricSet
    private let now: Timestamp
    private let today: LocalDay
    private let harm: Harming
    private let supposition: Supposition

    init(
        _ state: StoreState, _ sums: StoreSums, usual: StoreSums? = nil, _ set: MetricSet, at now: Timestamp,
        harm: Harming, _ supposition: Supposition
    ) {
        self.usual = usual ?? sums
        (self.state, self.sums, self.set, self.now, self.harm) = (state, sums, set, now, harm)
        (self.supposition, today) = (supposition, state.calendar.day(of: now))
    }

    /// The first of some days on which the rule stands better, or worse, than now; as the worst of all scopes stands.
    ///
    /// Stretches of days are ruled out as a whole by what the least and the greatest of each figure in them prove, and
    /// halved until they prove something.
    static func turn(
        of rule: Rule, _ scopes: [DaysToCome], from now: Standing, on days: [LocalDay], isBetter: Bool, cap: Standing
    ) -> Outlook.Turn {
        guard let first = scopes.first, !days.isEmpty else { return .never }
        let (state, set) = (first.state, first.set)
        let moments = days.map(state.calendar.startOfDay)
        let readings = rule.conditions.flatMap { set.readings(of: $0.expression) }.reduce(into: [Reading]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        let values = scopes.map { scope in
            readings.map { reading in moments.map { scope.value(of: reading, at: $0) } }
        }
        // A limit that changes within a stretch makes two of it.
        let isOneLimit = rule.reach.parameters.allSatisfy { name in
            state.pack.parameter(name)?.rows.allSatisfy { $0.from == nil && $0.until == nil } ?? true
        }
        var unjudged: LocalDay?
        func possible(_ stretch: ClosedRange<Int>) -> ClosedRange<Int> {
            var (low, high) = (0, 0)
            for place in scopes.indices {
                let reader = MetricReader(
                    sums: scopes[place].sums, set: set, calendar: state.calendar, at: moments[stretch.lowerBound],
                    coverage: nil, parameter: { state.parameter($0, on: $1) },
                    supposing: { reading, _ in
                        readings.firstIndex(of: reading).map {
                            Estimate.hull(of: values[place][$0][stretch], reading.aggregate)
                        }
                    })
                let ranks = Evaluation.possible(rule, cap: cap, reader)
                (low, high) = (max(low, ranks.lowerBound), max(high, ranks.upperBound))
                // One that stays as bad decides it.
                if isBetter, low >= now.rank { break }
            }
            return low...max(low, high)
        }
        func search(_ stretch: ClosedRange<Int>) -> (Int, Standing)? {
            let ranks = possible(stretch)
            let isJudged = ranks.lowerBound > Standing.unjudged.rank
            if isBetter ? ranks.lowerBound >= now.rank && isJudged : ranks.upperBound <= now.rank { return nil }
            if stretch.lowerBound == stretch.upperBound {
                guard isJudged else {
                    unjudged = unjudged ?? days[stretch.lowerBound]
                    return nil
                }
                return Standing.allCases.first { $0.rank == ranks.lowerBound }.map { (stretch.lowerBound, $0) }
            }
            let middle = stretch.lowerBound + (stretch.upperBound - stretch.lowerBound) / 2
            return search(stretch.lowerBound...middle) ?? search(middle + 1...stretch.upperBound)
        }
        var found: (step: Int, standing: Standing)?
        if isOneLimit {
            found = search(0...days.count - 1)
        } else {
            for step in days.indices where found == nil { found = search(step...step) }
        }
        if let found { return .on(days[found.step], found.standing) }
        return isBetter ? unjudged.map { .onlyUnjudged($0) } ?? .never : .never
    }

    /// The figures at the first moment of a day to come.
    ///
    /// - Parameter more: what is supposed beyond that.
    func reader(
        on day: LocalDay, supposing more: @escaping (Reading, MetricReader) -> Estimate? = { _, _ in nil }
    ) -> MetricReader {
        MetricReader(
            sums: sums, set: set, calendar: state.calendar, at: state.calendar.startOfDay(day), coverage: nil,
            parameter: { state.parameter($0, on: $1) },
            supposing: { more($0, $1) ?? .exact(value(of: $0, at: $1.at)) })
    }

    private func value(of reading: Reading, at moment: Timestamp) -> Value {
        // What is in force ends when it says so, and what is no sum of days is what is left of it.
        if reading.window == nil || !reading.aggregate.isKept && reading.aggregate.kind != .measure {
            let then = MetricReader(
                sums: sums, set: set, calendar: state.calendar, at: moment, coverage: nil,
                parameter: { state.parameter($0, on: $1) })
            return then.known(reading)
        }
        guard reading.aggregate.isKept else {
            // What was entered last goes on.
            let known = MetricReader(
                sums: sums, set: set, calendar: state.calendar, at: now, coverage: nil,
                parameter: { state.parameter($0, on: $1) })
            return known.known(reading)
        }
        return cell(of: reading, at: moment).value(of: reading.aggregate)
    }

    /// Days up to yesterday are known; today and those to come are supposed. What harmed today stays.
    func cell(of reading: Reading, at moment: Timestamp) -> SupposedCell {
        let aggregate = reading.aggregate
        let span = reading.span(at: moment, in: state.calendar).days
        guard let cells = sums.cells[aggregate], !span.isEmpty else { return SupposedCell(.zero) }
        var isHalted = false
        var share: Bool?
        switch supposition {
        case .allGoesOn, .harmGoesOn: break
        case .noMoreHarm, .so: (isHalted, share) = (harm.aggregates.contains(aggregate), harm.shares[aggregate])
        }
        let end = isHalted ? today.advanced(by: 1) : today
        let days = span.lowerBound..<max(span.lowerBound, min(span.upperBound, end))
        let (known, usual) = (cells.sum(over: days), usual.cells[aggregate] ?? cells)
        let coming = max(0, max(today, span.lowerBound).distance(to: span.upperBound))
        func adding(_ facts: Fraction, until: LocalDay) -> SupposedCell {
            known.adding(
                facts, like: usual.sum(over: days), all: max(1, today.distance(to: until)), coming: coming)
        }
        func part(of orders: Int64, _ base: Int64) -> Fraction {
            let own = usual.sum(over: today.advanced(by: -Outlook.meanDays)..<today).count
            return Fraction(Int128(orders) * Int128(own), over: Int128(base)) ?? Fraction(orders)
        }
        switch supposition {
        case .so(_, _, let harm, let until) where isHalted:
            return adding(Fraction(aggregate.countsRefunds ? harm ?? 0 : 0), until: until)
        case .so(let orders?, let base, _, let until) where aggregate.kind == .order:
            return adding(part(of: orders, base), until: until)
        case .harmGoesOn(let orders, let base, let until)
        where aggregate.kind == .order && !harm.aggregates.contains(aggregate):
            return adding(part(of: orders, base), until: until)
        default: break
        }
        guard coming > 0, !isHalted else { return SupposedCell(known) }
        if let harmsByHolding = share {
            // Facts go on at their mean, and none of them harms.
            let mean = usual.sum(over: today.advanced(by: -Outlook.meanDays)..<today).count
            let more = Fraction(Int128(mean) * Int128(coming), over: Int128(Outlook.meanDays)) ?? .zero
            let good = harmsByHolding ? .zero : more.multiplied(by: Fraction(Int64(1_000_000))) ?? .zero
            return SupposedCell(
                count: more.adding(Fraction(known.count)) ?? Fraction(known.count),
                sum: good.adding(Fraction(known.sum)) ?? Fraction(known.sum))
        }
        let mean = usual.sum(over: today.advanced(by: -Outlook.meanDays)..<today)
        func whole(_ known: Int128, _ mean: Int128) -> Fraction {
            Fraction(mean * Int128(coming), over: Int128(Outlook.meanDays))?.adding(Fraction(known)) ?? Fraction(known)
        }
        return SupposedCell(
            count: whole(Int128(known.count), Int128(mean.count)), sum: whole(known.sum, mean.sum))
    }
}

extension Aggregate {
    /// Refunds, or orders by their refunds.
    var countsRefunds: Bool { kind == .refund || fileKinds.contains(.refund) }
}

extension Cell {
    /// With facts that come evenly over all days, of which some lie in the window; each adds what those like it have on
    /// average.
    fileprivate func adding(_ facts: Fraction, like others: Cell, all: Int, coming: Int) -> SupposedCell {
        let here = Fraction(Int128(min(coming, all)), over: Int128(all))?.multiplied(by: facts) ?? .zero
        let each = Fraction(others.sum, over: Int128(others.count)) ?? .zero
        return SupposedCell(
            count: Fraction(count).adding(here) ?? Fraction(count),
            sum: each.multiplied(by: here)?.adding(Fraction(sum)) ?? Fraction(sum))
    }
}

extension Estimate {
    /// What some of these values are.
    fileprivate static func hull(of values: ArraySlice<Value>, _ aggregate: Aggregate) -> Estimate {
        let isDuration = aggregate.reducer != .count && aggregate.value?.type == .duration
        guard values.count > 1 else { return .exact(values.first ?? .missing) }
        var (low, high, isMissing): (Fraction?, Fraction?, Bool) = (nil, nil, false)
        for value in values {
            switch value {
            case .number(let number), .duration(let number):
                low = low.map { min($0, number) } ?? number
                high = high.map { max($0, number) } ?? number
            case .missing: isMissing = true
            // Words and times have no hull.
            default: return values.allSatisfy { $0 == value } ? .exact(value) : .anything
            }
        }
        guard let low, let high else { return .exact(.missing) }
        if low == high, !isMissing { return .exact(isDuration ? .duration(low) : .number(low)) }
        return .range(low: low, high: high, mayBeMissing: isMissing, isDuration: isDuration)
    }
}
