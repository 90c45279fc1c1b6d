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
    /// What leaves then, and what that makes of a figure; nil where it is no matter of days that leave.
    package var leaving: Leaving?
    /// What harms, is known already and counts from then on, where that is what decides: the windows end with yesterday.
    package var coming: Leaving?
    /// What harms are values that are averaged: then none of those facts is supposed to come at all, good ones included.
    package var haltsMeans = false

    package init(recovery: Turn? = nil, forecast: Turn? = nil, rollOff: Turn? = nil, leaving: Leaving? = nil) {
        (self.recovery, self.forecast, self.rollOff, self.leaving) = (recovery, forecast, rollOff, leaving)
    }

    /// A day whose facts leave a window, or come into it: had they stayed, or not come, the rule would stand where it stands.
    package struct Leaving: Sendable, Hashable {
        package let day: LocalDay
        package let facts: Int64
        /// What they are.
        package let title: Words
        package let figure: Words
        package let before: Fraction
        package let after: Fraction
        /// People read the figure as a percentage.
        package let isPercent: Bool

        fileprivate func text(_ number: Fraction) -> String {
            let digits = isPercent ? number.multiplied(by: Fraction(100)) ?? number : number
            let hundredths = digits.multiplied(by: Fraction(100))?.roundedHalfEven ?? 0
            return "\(Fraction(hundredths, over: 100) ?? digits)".grouped + (isPercent ? " %" : "")
        }

        private var count: String { "\(facts)".grouped }

        private var change: Words {
            Words(
                en: "\(figure.en) \(text(before)) becomes \(text(after))",
                zh: "\(figure.zh)由 \(text(before)) 变为 \(text(after))")
        }

        /// `the 8,400 paid orders of 2026-11-11 leave: dispute rate 0.7 % becomes 1.4 %`.
        fileprivate var words: Words {
            Words(
                en: facts == 1
                    ? "the one of \(title.en) on \(day) leaves: \(change.en)"
                    : "the \(count) \(title.en) of \(day) leave: \(change.en)",
                zh: "\(day) 的 \(count) 个\(title.zh)移出：\(change.zh)")
        }

        /// `what is known of 2026-11-28 counts from then on (2 dispute orders): dispute orders 4 becomes 6`.
        fileprivate var wordsOfComing: Words {
            Words(
                en:
                    "what is known of \(day) counts from then on (\(count) \(facts == 1 ? title.one.en : title.en)): \(change.en)",
                zh: "\(day) 已发生的 \(count) 个\(title.zh)将计入：\(change.zh)")
        }
    }

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
        let (harm, more) =
            haltsMeans
            ? (Words(en: "nothing more of what is averaged comes", zh: "所求均值的数据不再新增"), "one more of what is averaged")
            : (Words(en: "no more of what harms comes", zh: "不再新增不利数据"), "one harmful fact more")
        switch recovery {
        case .on(let day, let standing)?:
            words.append(
                Words(
                    en:
                        "\(standing.title.en) again on \(day) if \(harm.en) and all else goes on as in the last 28 days",
                    zh: "若\(harm.zh)且其余按近28天均值延续，将于 \(day) 恢复为\(standing.title.zh)"))
        case .never?: words.append(Words(en: "not by waiting", zh: "仅靠等待无法恢复"))
        case .onlyUnjudged(let day)?:
            words.append(
                Words(
                    en: "not by waiting: from \(day) on the sample is only too small to be judged",
                    zh: "仅靠等待无法恢复：自 \(day) 起仅因样本不足而暂不考核"))
        case nil: break
        }
        var fallsOn: LocalDay?
        if case .on(let day, let standing)? = rollOff {
            fallsOn = day
            let why =
                leaving.map { Words(en: ", because of what leaves the window: ", zh: "（因窗口滚动）：") + $0.words }
                ?? coming.map { Words(en: ": ", zh: "：") + $0.wordsOfComing } ?? Words("")
            words.append(
                Words(
                    en: "\(standing.title.en) on \(day) without \(more), all else as in the last 28 days",
                    zh: "即使\(harm.zh)、其余按近28天均值延续，也将于 \(day) 转为\(standing.title.zh)") + why)
        }
        if case .on(let day, let standing)? = forecast, fallsOn.map({ day < $0 }) ?? true {
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
            let meanDays = today.advanced(by: -Outlook.meanDays)..<today.advanced(by: 1)
            if reading.aggregate.isKept { needs.add(reading.aggregate, days: meanDays) }
            guard rule.each != nil else { continue }
            // To be told apart by value.
            let extent = reading.span(at: at, in: state.calendar).extent(in: state.calendar)
            if !extent.isEmpty { needs.add(FactNeed(reading.aggregate, in: extent)) }
            if reading.aggregate.isKept {
                needs.add(FactNeed(reading.aggregate, in: state.calendar.range(of: meanDays)))
            }
        }
        return needs
    }

    /// When a rule will stand better, or worse. Of a rule that the platform looks at on certain days, on which of those.
    ///
    /// nil where nothing can be foretold: the rule is not judged, reads what no mean day adds to (hours, the unfinished
    /// day, a percentile that does not harm), or its last 28 days are not wholly known.
    ///
    /// - Parameter sums: what was read for `outlookNeeds`.
    package static func outlook(
        of evaluation: RuleEvaluation, _ state: StoreState, sums: StoreSums, set: MetricSet
    ) -> Outlook? {
        let rule = evaluation.rule
        guard [.ok, .warning, .breach].contains(evaluation.standing) else { return nil }
        let readings = outlookReadings(rule, set)
        let today = state.calendar.day(of: evaluation.coveredMoment)
        guard canForesee(rule, state, set, at: evaluation.coveredMoment),
            isWhollyKnown(rule, state, sums, set, at: evaluation.coveredMoment)
        else { return nil }
        let longest = readings.map { reading -> Int in
            // What is in force may end late; further than a year nobody looks.
            guard reading.window != nil else { return 366 }
            let days = reading.span(at: evaluation.coveredMoment, in: state.calendar).days
            return days.isEmpty ? 0 : days.lowerBound.distance(to: today)
        }
        let (moment, harm) = (evaluation.coveredMoment, harming(rule, set))
        let scopes = scopes(of: evaluation, state, sums: sums, set: set)
        func days(_ supposition: DaysToCome.Supposition) -> [DaysToCome] {
            scopes.map { DaysToCome(state, $0.sums, set, at: moment, harm: harm, supposition) }
        }
        // What it last saw stands until it looks again.
        let seen = evaluation.assessment?.standing ?? evaluation.standing
        let (now, cap) = (seen.rank > evaluation.cap.rank ? evaluation.cap : seen, evaluation.cap)
        let course = looks(at: rule, after: today, within: (longest.max() ?? 0) + 1)
        let quiet = days(.noMoreHarm)
        var outlook = Outlook()
        outlook.haltsMeans = harm.aggregates.contains { $0.reducer == .mean && $0.scale != nil }
        if now != .ok {
            outlook.recovery = DaysToCome.turn(of: rule, quiet, from: now, on: course, isBetter: true, cap: cap)
        }
        if now != cap {
            if canGoOn(rule, set) {
                outlook.forecast = DaysToCome.turn(
                    of: rule, days(.allGoesOn), from: now, on: course, isBetter: false, cap: cap)
            }
            outlook.rollOff = DaysToCome.turn(of: rule, quiet, from: now, on: course, isBetter: false, cap: cap)
        }
        // What is well again may be so for a few days only.
        if case .on(let day, let standing)? = outlook.recovery, outlook.rollOff.map({ $0 == .never }) ?? true {
            let again = DaysToCome.turn(
                of: rule, quiet, from: standing, on: course.filter { $0 > day }, isBetter: false, cap: cap)
            if case .on = again { outlook.rollOff = again }
        }
        if now != cap || outlook.rollOff != nil {
            if case .on(let day, _)? = outlook.rollOff, rule.each == nil, let scope = quiet.first {
                outlook.leaving = leaving(on: day, evaluation, scope, state, set)
                if outlook.leaving == nil { outlook.coming = coming(on: day, evaluation, scope, state, set) }
            }
        }
        return outlook
    }

    /// The days on which it is judged anew: all of them, or those on which the platform looks, one at least.
    static func looks(at rule: Rule, after today: LocalDay, within days: Int) -> [LocalDay] {
        guard let assessed = rule.assessed else { return (0..<days).map { today.advanced(by: $0 + 1) } }
        var looks = [assessed.next(after: today)]
        // With the first look that sees nothing of today any more.
        while let last = looks.last, today.distance(to: last) < days { looks.append(assessed.next(after: last)) }
        return looks
    }

    /// Whether every figure that the rule reads is one number, and not what partial data leaves open.
    static func isWhollyKnown(
        _ rule: Rule, _ state: StoreState, _ sums: StoreSums, _ set: MetricSet, at moment: Timestamp
    ) -> Bool {
        let reader = MetricReader(
            sums: sums, set: set, calendar: state.calendar, at: moment, coverage: state.coverage, knownTo: moment,
            parameter: { state.parameter($0, on: $1) })
        return outlookReadings(rule, set).allSatisfy {
            if case .exact = reader.estimate(of: $0) { true } else { false }
        }
    }

    static func canForesee(_ rule: Rule, _ state: StoreState, _ set: MetricSet, at moment: Timestamp) -> Bool {
        let first = state.calendar.startOfDay(state.calendar.day(of: moment).advanced(by: -Outlook.meanDays))
        let harm = harming(rule, set).aggregates
        return outlookReadings(rule, set).allSatisfy { reading in
            let aggregate = reading.aggregate
            guard aggregate.kind != .measure else { return true }
            // What is no sum of days has no mean day: it can be foretold where no more of it is supposed to come.
            guard reading.window == nil || !reading.dependsOnMoment, aggregate.isKept || harm.contains(aggregate) else {
                return false
            }
            return aggregate.kindsRead.kinds.allSatisfy { kind in
                kind == .measure || state.coverage[kind].map { $0.from.map { $0 <= first } ?? true } ?? false
            }
        }
    }

    /// Whether all that harms has a mean day, so that it can be supposed to go on.
    static func canGoOn(_ rule: Rule, _ set: MetricSet) -> Bool {
        outlookReadings(rule, set).allSatisfy { $0.aggregate.isKept || $0.aggregate.kind == .measure }
    }

    /// Whether anything that harms the rule came on some days: what is foretold of no more harm then had no chance.
    package static func harmCame(
        to rule: Rule, over days: Range<LocalDay>, sums: StoreSums, set: MetricSet
    ) -> Bool {
        let harm = harming(rule, set)
        return harm.aggregates.union(harm.shares.keys).contains { aggregate in
            guard let cells = sums.cells[aggregate] else { return false }
            let cell = cells.sum(over: days)
            switch harm.shares[aggregate] {
            // Of a share those harm for which the condition holds, or does not.
            case true?: return cell.sum > 0
            case false?: return Int128(cell.count) * 1_000_000 > cell.sum
            case nil: return cell.count > 0
            }
        }
    }

    static func outlookReadings(_ rule: Rule, _ set: MetricSet) -> [Reading] {
        var seen: Set<Reading> = []
        return rule.conditions.flatMap { set.readings(of: $0.expression) }.filter { seen.insert($0).inserted }
    }

    /// What harms, and is no base of what else the rule counts.
    static func harming(_ rule: Rule, _ set: MetricSet) -> Harming {
        let counted = rule.conditions.flatMap { set.readings(of: $0.expression) }
            .reduce(into: [FactClass]()) { if !$0.map(\.aggregate).contains($1.aggregate) { $0.append(FactClass($1)) } }
        let found = rule.harm.compactMap { set.aggregate(for: $0) }
        var harming = Harming()
        var halted = Set(
            found.filter { aggregate in !counted.contains { $0.aggregate != aggregate && $0.isBased(on: aggregate) } })
        // Where no more facts are averaged, none of the same facts is counted either: the sample is theirs.
        for mean in halted where mean.reducer == .mean {
            guard let averaged = counted.first(where: { $0.aggregate == mean }) else { continue }
            halted.formUnion(counted.filter { $0.isSame(as: averaged) }.map(\.aggregate))
        }
        harming.aggregates = halted
        for share in rule.reach.aggregates {
            guard let aggregate = set.aggregate(for: share) else { continue }
            for holds in [true, false] {
                guard let harm = share.counting(holds: holds), rule.harm.contains(harm) else { continue }
                harming.shares[aggregate] = holds
            }
        }
        return harming
    }
}

/// What harms a rule by growing.
struct Harming {
    var aggregates: Set<Aggregate> = []
    /// Shares of which the facts harm for which the condition holds, or does not.
    var shares: [Aggregate: Bool] = [:]
}
