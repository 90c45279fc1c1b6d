import Alerts
import Facts
import Ledgers
import Rollups
import Rules

/// One store along past days: the evaluation and the alert steps of the daemon, at the first moment of every day, by what
/// is known now.
struct StoreBacktest {
    private let watched: Watched
    private let days: [LocalDay]
    private let judge: Judge
    /// Every so many days it is noted what is foretold of a rule outside ok, and later whether it came; of one that is ok
    /// every fourth time.
    private static let foresightEvery = 7

    init(_ watched: Watched, _ days: [LocalDay], _ judge: Judge) {
        (self.watched, self.days, self.judge) = (watched, days, judge)
    }

    func run(clock: Timestamp) async throws -> ([BacktestReport.Course], BacktestReport.Foresight) {
        guard var past = try await past(clock: clock, foresees: true) else { return ([], .init()) }
        let states = past.states

        var courses = watched.pack.rules.map { BacktestReport.Course(store: watched.store.id, rule: $0) }
        var alerts: [Alert?] = Array(repeating: nil, count: courses.count)
        var foretold: [(rule: Int, step: Int, Outlook)] = []
        for (step, state) in states.enumerated() {
            let (evaluation, sums) = past.evaluation(step)
            let set = past.valuations.valuation(of: state.pack, for: state.store, on: days[step], state.terms).metrics
            for (place, rule) in evaluation.rules.enumerated() {
                let before = courses[place].standings.last
                if before != rule.announced {
                    courses[place].changes.append(.init(day: days[step], from: before, evaluation: rule))
                }
                courses[place].standings.append(rule.announced)
                courses[place].raw.append(rule.standing)
                courses[place].days[rule.announced, default: 0] += 1
                var observation = Observation(rule, of: watched.store, revision: 1)
                if let then = alerts[place]?.turningMoment(for: observation) {
                    observation.turning = Evaluation.turning(of: rule, since: then, state, sums: sums, set: set)
                }
                let next = AlertStep.step(alerts[place], observation)
                alerts[place] = next.alert
                if let event = next.event { courses[place].events.append(event) }
                let every = rule.standing == .ok ? 4 * Self.foresightEvery : Self.foresightEvery
                guard step % every == 0,
                    let outlook = Evaluation.outlook(of: rule, state, sums: sums, set: set)
                else { continue }
                foretold.append((place, step, outlook))
            }
        }
        // The first day changes nothing where it is ok.
        for place in courses.indices
        where [.ok, .unjudged].contains(courses[place].changes.first?.evaluation.announced) {
            courses[place].changes.removeFirst()
        }
        let set = past.valuations.valuation(
            of: watched.pack, for: watched.store, on: days[days.count - 1], states[states.count - 1].terms
        ).metrics
        func harmCame(_ rule: Int, _ days: Range<LocalDay>) -> Bool {
            Evaluation.harmCame(to: watched.pack.rules[rule], over: days, sums: past.plain, set: set)
        }
        return (courses.filter { !$0.isQuiet }, foresight(foretold, courses, harmCame))
    }

    /// Where it stood at the first moment of each day.
    func evaluations(clock: Timestamp) async throws -> [(day: LocalDay, evaluation: StoreEvaluation)] {
        guard var past = try await past(clock: clock, foresees: false) else { return [] }
        return days.indices.map { (days[$0], past.evaluation($0).evaluation) }
    }

    /// What has been read of the days.
    private struct Past {
        let moments: [Timestamp]
        let states: [StoreState]
        let needs: Needs
        let plain: StoreSums
        var marked: MarkedPast
        var valuations: PackValuations

        mutating func evaluation(_ step: Int) -> (evaluation: StoreEvaluation, sums: StoreSums) {
            let moment = moments[step]
            let sums = marked.sums(plain, at: moment, needs)
            return (Evaluation.evaluate(states[step], sums: sums, at: moment, clock: moment, &valuations), sums)
        }
    }

    /// - Parameter foresees: with what outlooks read; nil where there are no days.
    private func past(clock: Timestamp, foresees: Bool) async throws -> Past? {
        let moments = days.map(watched.calendar.startOfDay)
        guard let last = moments.last else { return nil }
        let states = try await states(at: moments, clock: clock)
        var (valuations, needs) = (PackValuations(), Needs())
        for (step, (moment, state)) in zip(moments, states).enumerated() {
            needs.add(Evaluation.needs(of: state, at: moment, clock: moment, &valuations))
            guard foresees, step % Self.foresightEvery == 0 else { continue }
            // What is foretold looks at more days than what is judged.
            let set = valuations.valuation(of: state.pack, for: state.store, on: days[step], state.terms).metrics
            for rule in state.pack.rules { needs.add(Evaluation.outlookNeeds(of: rule, at: moment, state, set: set)) }
        }
        let reading = try await judge.readings([(watched, needs)], at: last, clock: clock)[0]
        return Past(
            moments: moments, states: states, needs: needs,
            plain: watched.countsMarks ? reading.others ?? reading.sums : reading.sums,
            marked: try await MarkedPast(watched, judge), valuations: valuations)
    }

    /// What is known of the store now, seen from each moment: the readings entered by then, everything else as it is.
    private func states(at moments: [Timestamp], clock: Timestamp) async throws -> [StoreState] {
        guard let last = moments.last else { return [] }
        let latest = try await judge.prepare([watched], at: last, clock: clock)[0].state
        guard !latest.newestMeasures.isEmpty else { return moments.map { _ in latest } }
        var states: [StoreState] = []
        for moment in moments {
            states.append(try await judge.prepare([watched], at: moment, clock: clock)[0].state)
        }
        return states
    }

    /// A day foretold is true when the rule then first stood better, or worse, within a day of it.
    private func foresight(
        _ foretold: [(rule: Int, step: Int, Outlook)], _ courses: [BacktestReport.Course],
        _ harmCame: (_ rule: Int, _ days: Range<LocalDay>) -> Bool
    ) -> BacktestReport.Foresight {
        var result = BacktestReport.Foresight()
        for (rule, step, outlook) in foretold {
            let standings = courses[rule].raw
            func score(
                _ turn: Outlook.Turn?, isBetter: Bool, isQuiet: Bool
            ) -> BacktestReport.Foresight.Score {
                guard case .on(let day, _)? = turn, let index = days.firstIndex(of: day) else { return .init() }
                if isQuiet, harmCame(rule, days[step]..<day) { return .init(overtaken: 1) }
                let now = standings[step]
                let came = standings[(step + 1)...].firstIndex {
                    $0 != .unknown && $0 != .unjudged && (isBetter ? $0.rank < now.rank : $0.rank > now.rank)
                }
                return .init(foretold: 1, cameTrue: came.map { abs($0 - index) <= 1 } ?? false ? 1 : 0)
            }
            var found = BacktestReport.Foresight()
            found.recoveries = score(outlook.recovery, isBetter: true, isQuiet: true)
            found.breaches = score(outlook.rollOff, isBetter: false, isQuiet: true)
            if found.breaches.foretold == 0 {
                found.breaches = score(outlook.forecast, isBetter: false, isQuiet: false)
            }
            result += found
        }
        return result
    }
}

/// The marks of a store along its past, where they count: each moment has those that were in force then.
private struct MarkedPast {
    private let marks: [Mark]
    /// Of all facts that anybody ever marked.
    private let files: [OrderFile]
    private let calendar: StoreCalendar
    private var last: (marks: MarksInForce, sums: StoreSums)?

    init(_ watched: Watched, _ judge: Judge) async throws(LedgerError) {
        calendar = watched.calendar
        marks = watched.countsMarks ? try await judge.ledger.marks(of: watched.store.id) : []
        files = try await judge.ledger.files(of: watched.store.id, holding: Array(Set(marks.map(\.fact))))
    }

    mutating func sums(_ plain: StoreSums, at moment: Timestamp, _ needs: Needs) -> StoreSums {
        guard !files.isEmpty else { return plain }
        let inForce = MarksInForce(marks, at: moment)
        if let last, last.marks == inForce { return last.sums }
        let sums = plain.replacing(files, by: files.map(inForce.applied), for: needs, calendar: calendar)
        last = (inForce, sums)
        return sums
    }
}
