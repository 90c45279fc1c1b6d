package import Facts
package import Language
package import Rollups

/// Our figures held against the platform's, as of the moments for which the platform's hold.
package enum Reconciliation {
    /// The moment at which ours is counted: theirs, or up to when all that it reads is complete where that is earlier on
    /// the same local day. Windows of whole days are then the same, and a figure that came with the last pull need not
    /// wait for the next one.
    package static func moment(
        of expression: TypedExpression, at: Timestamp, coverage: Coverage, _ vocabulary: Vocabulary,
        _ calendar: StoreCalendar
    ) -> Timestamp {
        let kinds = Reach(of: [expression], in: vocabulary).kinds
        let covered = Evaluation.coveredMoment(of: kinds, coverage, clock: at)
        return calendar.day(of: covered) == calendar.day(of: at) ? covered : at
    }

    /// What has to be read to count an expression as of a moment.
    package static func needs(
        of expression: TypedExpression, at: Timestamp, _ state: StoreState, _ set: MetricSet
    ) -> Needs {
        let moment = moment(of: expression, at: at, coverage: state.coverage, state.pack.vocabulary, state.calendar)
        return set.needs(of: [expression], at: moment, calendar: state.calendar)
    }

    /// What an expression comes to as of a moment.
    ///
    /// - Parameters:
    ///   - sums: read for its `needs`, of the facts as they stood at the moment.
    ///   - isProven: whether a figure has to be proven by coverage; else it is taken over the facts known.
    package static func value(
        of expression: TypedExpression, at: Timestamp, _ state: StoreState, _ set: MetricSet, sums: StoreSums,
        isProven: Bool = true
    ) -> Estimate {
        let moment = moment(of: expression, at: at, coverage: state.coverage, state.pack.vocabulary, state.calendar)
        let reader = MetricReader(
            sums: sums, set: set, calendar: state.calendar, at: moment, coverage: isProven ? state.coverage : nil,
            knownTo: moment, parameter: { state.parameter($0, on: $1) })
        return reader.estimate(expression)
    }

    /// - Parameters:
    ///   - at: the moment that theirs carries.
    ///   - sums: as for `value(of:)`, for the pair's own metric as of `ReconcilePair.asOf`.
    package static func compare(
        _ pair: ReconcilePair, at: Timestamp, theirs: Fraction, _ state: StoreState, _ set: MetricSet, sums: StoreSums
    ) -> Comparison {
        let kinds = Reach(of: [pair.ours], in: state.pack.vocabulary).kinds
        let asOf = pair.asOf(at, in: state.calendar)
        let ours = value(of: pair.ours, at: asOf, state, set, sums: sums)
        func result(_ standing: Comparison.Standing, _ hindrance: Comparison.Hindrance? = nil) -> Comparison {
            Comparison(
                pair: pair, at: at, theirs: theirs, ours: ours, standing: standing, hindrance: hindrance)
        }
        let halfTold = kinds.intersection(state.halfTold)
        guard halfTold.isEmpty else { return result(.unknown, .halfTold(halfTold)) }
        if let why = state.withheld(from: [pair.ours]) { return result(.unknown, .withheld(why)) }
        guard case .exact(let value) = ours else { return result(.unknown, .uncovered(uncovered(kinds, state, asOf))) }
        guard case .number(let figure) = value else { return result(.unknown, .missing) }
        return result(
            Comparison.lies(figure, within: pair.allowance(for: theirs), of: theirs) ? .agrees : .differs)
    }

    /// The kinds that are to blame; all of them where none is by itself.
    private static func uncovered(_ kinds: FactKinds, _ state: StoreState, _ at: Timestamp) -> FactKinds {
        let day = state.calendar.startOfDay(state.calendar.day(of: at))
        let all = kinds.subtracting(FactKinds(.measure))
        var found = FactKinds()
        for kind in all.kinds where state.coverage[kind].map({ $0.from != nil || $0.until < day }) ?? true {
            found.insert(kind)
        }
        return found.isEmpty ? all : found
    }

    /// All pairs of which the platform's newest figure is known, by metric, from the facts alone: for tests of packs.
    package static func comparisons(
        _ state: StoreState, _ set: MetricSet, files: [OrderFile]
    ) -> [String: Comparison] {
        var found: [String: Comparison] = [:]
        for pair in state.pack.reconcile {
            guard let reading = state.newestMeasures[pair.theirs], let value = reading.value else { continue }
            let asOf = pair.asOf(reading.at, in: state.calendar)
            let moment = moment(
                of: pair.ours, at: asOf, coverage: state.coverage, state.pack.vocabulary, state.calendar)
            let sums = StoreSums(
                reading: needs(of: pair.ours, at: asOf, state, set), from: files.map { $0.cut(at: moment) },
                calendar: state.calendar)
            found[pair.metric] = compare(
                pair, at: reading.at, theirs: Fraction(value), state, set, sums: sums)
        }
        return found
    }
}
