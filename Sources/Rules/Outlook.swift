package import Facts
import Language
package import Rollups

/// How a rule will stand if things go on as they do: when a breach ends, and when one begins.
package struct Outlook: Sendable, Hashable {
    /// When it is well again if what harms gets no more facts and everything else goes on at its mean of the last 28
    /// days; nil for a rule that is ok.
    package var recovery: Turn?
    /// When it stands worse if what harms goes on at its mean of the last 28 days too.
    package var forecast: Turn?
    /// When it stands worse without one harmful fact more: because of what leaves the window.
    package var rollOff: Turn?

    package enum Turn: Sendable, Hashable {
        /// The first day on which it stands so.
        case on(LocalDay, Standing)
        /// On no day within the longest window.
        case never
        /// It ends only because the sample becomes too small to be judged, from that day on.
        case onlyUnjudged(LocalDay)
    }

    /// For people, each a sentence.
    package var words: [Words] {
        var words: [Words] = []
        switch recovery {
        case .on(let day, let standing)?:
            words.append(
                Words(
                    en:
                        "\(standing.title.en) again on \(day) if no more of what harms comes and all else goes on as in the last 28 days",
                    zh: "若不再新增不利数据且其余按近28天均值延续，将于 \(day) 恢复为\(standing.title.zh)"))
        case .never?: words.append(Words(en: "not by waiting", zh: "仅靠等待无法恢复"))
        case .onlyUnjudged(let day)?:
            words.append(
                Words(
                    en: "not by waiting: from \(day) on the sample is only too small to be judged",
                    zh: "仅靠等待无法恢复：自 \(day) 起仅因样本不足而暂不考核"))
        case nil: break
        }
        if case .on(let day, let standing)? = rollOff {
            words.append(
                Words(
                    en:
                        "\(standing.title.en) on \(day) without one harmful fact more, because of what leaves the window",
                    zh: "即使不再新增不利数据，因窗口滚动也将于 \(day) 转为\(standing.title.zh)"))
        } else if case .on(let day, let standing)? = forecast {
            words.append(
                Words(
                    en: "\(standing.title.en) on \(day) if all goes on as in the last 28 days",
                    zh: "若按近28天均值延续，将于 \(day) 转为\(standing.title.zh)"))
        }
        return words
    }

    /// The days of which the mean is what is expected of days to come.
    package static let meanDays = 28
}

extension Evaluation {
    /// What has to be read for the outlook of a rule: the days of its windows, and those of the mean.
    package static func outlookNeeds(of evaluation: RuleEvaluation, _ state: StoreState, set: MetricSet) -> Needs {
        outlookNeeds(of: evaluation.rule, at: evaluation.coveredMoment, state, set: set)
    }

    package static func outlookNeeds(of rule: Rule, at: Timestamp, _ state: StoreState, set: MetricSet) -> Needs {
        var needs = Needs()
        let today = state.calendar.day(of: at)
        for reading in outlookReadings(rule, set) {
            needs.add(reading, at: at, calendar: state.calendar)
            guard reading.aggregate.isKept else { continue }
            needs.add(reading.aggregate, days: today.advanced(by: -Outlook.meanDays)..<today.advanced(by: 1))
        }
        return needs
    }

    /// nil where nothing can be foretold: the rule is not judged or rests on an assessment, reads what no mean day adds
    /// to (hours, the unfinished day, a percentile, what is in force), or its last 28 days are not wholly known.
    ///
    /// - Parameter sums: what was read for `outlookNeeds`.
    package static func outlook(
        of evaluation: RuleEvaluation, _ state: StoreState, sums: StoreSums, set: MetricSet
    ) -> Outlook? {
        let rule = evaluation.rule
        guard [.ok, .warning, .breach].contains(evaluation.standing), evaluation.assessment == nil else { return nil }
        let readings = outlookReadings(rule, set)
        let today = state.calendar.day(of: evaluation.coveredMoment)
        let first = state.calendar.startOfDay(today.advanced(by: -Outlook.meanDays))
        for reading in readings where reading.aggregate.kind != .measure {
            guard reading.aggregate.isKept, !reading.dependsOnMoment else { return nil }
            for kind in reading.aggregate.kindsRead.kinds where kind != .measure {
                guard let covered = state.coverage[kind], covered.from.map({ $0 <= first }) ?? true else { return nil }
            }
        }
        let longest = readings.map { reading -> Int in
            let days = reading.span(at: evaluation.coveredMoment, in: state.calendar).days
            return days.isEmpty ? 0 : days.lowerBound.distance(to: today)
        }
        let course = Course(
            evaluation, state, sums, set, today: today, harm: harming(rule, set), days: (longest.max() ?? 0) + 1)
        var outlook = Outlook()
        if evaluation.standing != .ok { outlook.recovery = course.turn(withHarm: false, isBetter: true) }
        if evaluation.standing != .breach {
            outlook.forecast = course.turn(withHarm: true, isBetter: false)
            outlook.rollOff = course.turn(withHarm: false, isBetter: false)
        }
        return outlook
    }

    private static func outlookReadings(_ rule: Rule, _ set: MetricSet) -> [Reading] {
        var seen: Set<Reading> = []
        return rule.conditions.flatMap { set.readings(of: $0.expression) }.filter { seen.insert($0).inserted }
    }

    /// The aggregates that harm, and are no other's base.
    private static func harming(_ rule: Rule, _ set: MetricSet) -> Set<Aggregate> {
        let found = rule.harm.compactMap { set.aggregate(for: $0) }
        let classes = found.map { FactClass(Reading($0, over: nil)) }
        return Set(
            found.filter { aggregate in
                !classes.contains { $0.aggregate != aggregate && $0.isBased(on: aggregate) }
            })
    }
}

/// One rule along the days to come.
private struct Course {
    private let evaluation: RuleEvaluation
    private let state: StoreState
    private let sums: StoreSums
    private let set: MetricSet
    private let today: LocalDay
    private let harm: Set<Aggregate>
    private let days: Int

    init(
        _ evaluation: RuleEvaluation, _ state: StoreState, _ sums: StoreSums, _ set: MetricSet, today: LocalDay,
        harm: Set<Aggregate>, days: Int
    ) {
        (self.evaluation, self.state, self.sums, self.set) = (evaluation, state, sums, set)
        (self.today, self.harm, self.days) = (today, harm, days)
    }

    /// The first day on which the rule stands better, or worse, than now.
    func turn(withHarm: Bool, isBetter: Bool) -> Outlook.Turn {
        var unjudged: LocalDay?
        for step in 0..<days {
            let day = today.advanced(by: step + 1)
            let standing = standing(on: day, withHarm: withHarm)
            if standing == .unjudged {
                unjudged = unjudged ?? day
                continue
            }
            let now = evaluation.standing.rank
            if isBetter ? standing.rank < now : standing.rank > now { return .on(day, standing) }
        }
        return isBetter ? unjudged.map { .onlyUnjudged($0) } ?? .never : .never
    }

    /// At the first moment of a day to come.
    private func standing(on day: LocalDay, withHarm: Bool) -> Standing {
        let at = state.calendar.startOfDay(day)
        let reader = MetricReader(
            sums: sums, set: set, calendar: state.calendar, at: at, coverage: nil,
            parameter: { state.parameter($0, on: $1) },
            supposing: { reading, reader in
                .exact(self.value(of: reading, reader, withHarm: withHarm))
            })
        return Evaluation.standing(of: evaluation.rule, reader).0
    }

    /// Days up to yesterday are known; today and those to come are mean ones, or bring what harms no more.
    private func value(of reading: Reading, _ reader: MetricReader, withHarm: Bool) -> Value {
        let aggregate = reading.aggregate
        // What was entered last goes on.
        guard aggregate.isKept else {
            let now = MetricReader(
                sums: sums, set: set, calendar: state.calendar, at: evaluation.coveredMoment, coverage: nil,
                parameter: { state.parameter($0, on: $1) })
            return now.known(reading)
        }
        let span = reading.span(at: reader.at, in: state.calendar).days
        guard let cells = sums.cells[aggregate], !span.isEmpty else { return Cell.zero.value(of: aggregate) }
        let isHalted = harm.contains(aggregate) && !withHarm
        // What harmed today stays; a mean day takes the place of an unfinished one.
        let known = cells.sum(
            over: span.lowerBound..<max(span.lowerBound, min(span.upperBound, isHalted ? today.advanced(by: 1) : today))
        )
        let coming = isHalted ? 0 : max(0, max(today, span.lowerBound).distance(to: span.upperBound))
        guard coming > 0 else { return known.value(of: aggregate) }
        let mean = cells.sum(over: today.advanced(by: -Outlook.meanDays)..<today)
        func whole(_ known: Int128, _ mean: Int128) -> Fraction? {
            Fraction(mean * Int128(coming), over: Int128(Outlook.meanDays))?.adding(Fraction(known))
        }
        guard let count = whole(Int128(known.count), Int128(mean.count)), let sum = whole(known.sum, mean.sum) else {
            return .missing
        }
        return SupposedCell(count: count, sum: sum).value(of: aggregate)
    }
}
