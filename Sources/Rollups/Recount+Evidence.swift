package import Facts
package import Language

extension Recount {
    /// The facts that an aggregate counts over `moments`, with the time by which each counts.
    package static func facts(
        of aggregate: Aggregate, files: some Sequence<OrderFile>, in moments: Range<Timestamp>, calendar: StoreCalendar
    ) -> [(fact: Fact, at: Timestamp)] {
        let reduction = FactReduction(aggregate, calendar)
        let last = moments.upperBound - TimeSpan(microseconds: 1)
        var found: [(fact: Fact, at: Timestamp)] = []
        for file in files {
            for fact in file.facts(of: aggregate.kind) where reduction.passes(fact, in: file) {
                guard let at = reduction.moment(of: fact, in: file) else { continue }
                switch aggregate.time {
                case .by: guard moments.contains(at) else { continue }
                case .inForce: guard reduction.isInForce(fact, in: file, at: last) else { continue }
                }
                found.append((fact, at))
            }
        }
        return found
    }
}

extension MetricSet {
    /// The figures that one aggregate reads: one for each window it may turn out to have.
    package func readings(of aggregate: AggregateExpression) -> [Reading] {
        readings(of: TypedExpression(.aggregate(aggregate), .number))
    }
}

extension Reading {
    /// The first local day after the moment's on which a fact that counts at `at` no longer does; nil where it does not
    /// leave by itself (what is in force, `to date` windows within their period, rolling hours).
    package func leaves(_ at: Timestamp, after moment: Timestamp, in calendar: StoreCalendar) -> LocalDay? {
        guard let window, window.unit == .day || window.unit == .week || window.unit == .month else { return nil }
        let factDay = calendar.day(of: at)
        let today = calendar.day(of: moment)
        // A year holds every window there is in days, weeks and months up to twelve; longer ones are not foretold.
        for ahead in 1...400 {
            let day = today.advanced(by: ahead)
            let days = span(at: calendar.startOfDay(day), in: calendar).days
            if days.lowerBound > factDay { return day }
        }
        return nil
    }
}
