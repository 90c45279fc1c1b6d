package import Facts
import Ledgers
import Rollups
package import Rules

/// What the figures of one rule came to on past days, by what is known now, and what is to be expected of days to come.
package struct FigureHistory: Sendable {
    package struct Point: Sendable {
        /// The last day that is counted: the day judged, and not the one on which it is.
        package let day: LocalDay
        /// nil on days to come.
        package let standing: Standing?
        /// Of the metrics that its conditions name, in their order; nil: not known to the digit.
        package let figures: [Double?]
        /// The limit as it was then.
        package let limit: String
        /// What each figure was held against then; nil: by no number.
        package let limits: [Double?]
        package let preferred: [Double?]

        init(_ day: LocalDay, _ standing: Standing?, _ figures: [Double?], _ valued: RuleValuation) {
            (self.day, self.standing, self.figures, limit) = (day, standing, figures, valued.limit)
            let metrics = valued.rule.reach.metrics
            limits = metrics.map { valued.nearestLimit(of: $0) }
            preferred = metrics.map { valued.nearestPreference(of: $0) }
        }
    }

    /// By day.
    package let past: [Point]
    /// If no more of what harms comes; empty where nothing can be foretold.
    package let quiet: [Point]
    /// If all goes on as in the last 28 days; likewise.
    package let goingOn: [Point]
    /// The days that each figure looks at now; nil for one that looks at no whole days.
    package let windows: [Range<LocalDay>?]

    /// Of one rule; nil where it is not judged.
    ///
    /// - Parameters:
    ///   - days: so many, up to the day on which the rule stands.
    ///   - ahead: so many days to come.
    package static func find(
        _ rule: String, of watched: Watched, in assembly: Assembly, days: Int, ahead: Int
    ) async throws -> FigureHistory? {
        try await find(of: watched, in: assembly, days: days, ahead: ahead) { $0.rule.id == rule }[rule]
    }

    /// Of many rules of a store at once, by rule: the store's past is read and judged once for all of them.
    package static func find(
        of watched: Watched, in assembly: Assembly, days: Int, ahead: Int, where isWanted: (RuleEvaluation) -> Bool
    ) async throws -> [String: FigureHistory] {
        let (clock, calendar) = (assembly.clock.now, watched.calendar)
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let judged = try await judge.judge([watched], at: nil, clock: clock)[0]
        let wanted = judged.evaluation.rules.filter(isWanted)
        func today(_ evaluation: RuleEvaluation) -> LocalDay { calendar.day(of: evaluation.coveredMoment) }
        // Rules whose data is complete up to different days look back from each.
        let past = Set(wanted.flatMap { rule in (0..<days).map { today(rule).advanced(by: $0 - days + 1) } }).sorted()
        let found = try await StoreBacktest(watched, past, judge).evaluations(clock: clock)
        let state = judged.prepared.state
        var valuations = PackValuations()
        var histories: [String: FigureHistory] = [:]
        for (moment, rules) in Dictionary(grouping: wanted, by: \.coveredMoment) {
            let last = calendar.day(of: moment)
            let set = valuations.valuation(of: state.pack, for: state.store, on: last, state.terms).metrics
            var needs = Needs()
            for rule in rules { needs.add(Evaluation.outlookNeeds(of: rule, state, set: set)) }
            let sums = try await judge.readings([(watched, needs)], at: moment, clock: clock, marksAt: clock)[0].sums
            for evaluation in rules {
                let (id, lag) = (evaluation.rule.id, last.distance(to: evaluation.judgedTo))
                func course(goesOn: Bool) -> [Point] {
                    Evaluation.course(of: evaluation, state, sums: sums, set: set, days: ahead, goesOn: goesOn).map {
                        day, values in
                        // A limit that is announced for a day to come is drawn from then on.
                        let then = valuations.valuation(of: state.pack, for: state.store, on: day, state.terms)
                        return Point(
                            day.advanced(by: lag), nil, values.map(\.nearest),
                            then.rules.first { $0.rule.id == id } ?? evaluation.valued)
                    }
                }
                histories[id] = FigureHistory(
                    past: found.compactMap { day, store in
                        guard day <= last, day.distance(to: last) < days else { return nil }
                        return store.rules.first { $0.rule.id == id }.map {
                            Point($0.judgedTo, $0.announced, $0.values.map(\.estimate.nearest), $0.valued)
                        }
                    }, quiet: course(goesOn: false), goingOn: course(goesOn: true),
                    windows: evaluation.values.map { value in
                        let days = set.readings(ofMetric: value.metric).first?.span(
                            at: evaluation.figuresAt, in: calendar
                        ).days
                        return days.flatMap { $0.isEmpty ? nil : $0 }
                    })
            }
        }
        return histories
    }
}
