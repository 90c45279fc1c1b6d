package import Facts
package import Language

extension Recount {
    /// A fact that an aggregate counts.
    package struct Counted: Sendable {
        package let fact: Fact
        /// By which it counts.
        package let at: Timestamp
        /// What is reduced; missing for a count.
        package let value: Value
    }

    /// The facts that an aggregate counts over `moments`; for what is in force `moments` ends with the moment.
    package static func facts(
        of aggregate: Aggregate, files: some Sequence<OrderFile>, in moments: Range<Timestamp>, calendar: StoreCalendar
    ) -> [Counted] {
        let reduction = FactReduction(aggregate, calendar)
        let last = moments.upperBound - TimeSpan(microseconds: 1)
        var found: [Counted] = []
        for file in files {
            for fact in file.facts(of: aggregate.kind) where reduction.passes(fact, in: file) {
                guard let at = reduction.moment(of: fact, in: file) else { continue }
                switch aggregate.time {
                case .by: guard moments.contains(at) else { continue }
                case .inForce: guard reduction.isInForce(fact, in: file, at: last) else { continue }
                }
                found.append(Counted(fact: fact, at: at, value: reduction.value(of: fact, in: file)))
            }
        }
        return found
    }

    /// What the aggregate makes of them.
    package static func value(of aggregate: Aggregate, counting facts: some Collection<Counted>) -> Value {
        let values =
            aggregate.reducer == .latest
            ? facts.sorted { ($0.at, $0.fact.id) < ($1.at, $1.fact.id) }.map(\.value) : facts.map(\.value)
        return Reduction.value(
            aggregate.reducer, of: values, aggregate.value?.type, count: facts.count, rank: aggregate.rank,
            aggregate.kind)
    }
}

extension Recount {
    /// What of a sum or count of what is in force is so at a moment.
    static func cellInForce(
        of aggregate: Aggregate, files: some Sequence<OrderFile>, at moment: Timestamp, calendar: StoreCalendar
    ) -> Cell {
        let reduction = FactReduction(aggregate, calendar)
        var total = Cell.zero
        for file in files {
            for fact in file.facts(of: aggregate.kind) where reduction.passes(fact, in: file) {
                guard reduction.isInForce(fact, in: file, at: moment), let cell = reduction.cell(of: fact, in: file)
                else { continue }
                total += cell
            }
        }
        return total
    }

    /// When what is in force ends by itself; nil where nobody knows, or it counts by a window.
    package static func end(
        of fact: Fact, in file: OrderFile, of aggregate: Aggregate, calendar: StoreCalendar
    ) -> Timestamp? {
        guard case .inForce = aggregate.time else { return nil }
        return FactReduction(aggregate, calendar).end(of: fact, in: file)
    }
}

extension Reading {
    /// The first local day by whose end a fact that counts at `time` no longer does; nil where it does not leave by
    /// itself (what is in force) or within three years.
    ///
    /// - Parameter moment: of the evaluation that counts it.
    package func leaves(_ time: Timestamp, after moment: Timestamp, in calendar: StoreCalendar) -> LocalDay? {
        guard window != nil else { return nil }
        let today = calendar.day(of: moment)
        // A window only ever moves on, so what it has left behind never comes back: the days can be halved.
        func hasLeft(_ days: Int) -> Bool {
            let end = calendar.startOfDay(today.advanced(by: days + 1)) - TimeSpan(microseconds: 1)
            return span(at: end, in: calendar).extent(in: calendar).lowerBound > time
        }
        var (counts, left) = (0, 1096)
        guard hasLeft(left) else { return nil }
        guard !hasLeft(counts) else { return today }
        while left - counts > 1 {
            let middle = (counts + left) / 2
            if hasLeft(middle) { left = middle } else { counts = middle }
        }
        return today.advanced(by: left)
    }
}
