import Facts
package import Language
import Rollups
package import Rules

/// Runs a pack's tests through the same evaluation and the same alert steps as the daemon.
package enum PackTestRun {
    package struct Outcome: Sendable {
        package var test: String
        /// Where something else came out than was expected.
        package var differences: [Diagnostic]
    }

    package static func run(_ test: PackTest, of pack: Pack, in source: SourceText) -> Outcome {
        var outcome = Outcome(test: test.name, differences: [])
        guard let calendar = StoreCalendar(timezone: test.store.timezone) else { return outcome }
        let files = OrderFile.files(of: test.facts)
        var valuations = PackValuations()
        var alerts: [String: Alert] = [:]
        var telling = test.routing.map { TestTelling($0, in: calendar) }
        for moment in test.moments {
            telling?.pass(to: moment.at, Array(alerts.values))
            var state = state(of: test, pack, calendar, at: moment.at)
            let metrics = metrics(state, at: moment.at)
            state.comparisons = Reconciliation.comparisons(state, metrics, files: files)
            var needs = Evaluation.needs(of: state, at: moment.at, clock: moment.at, &valuations)
            needs.add(metrics.needs(at: moment.at, calendar: calendar))
            let sums = StoreSums(reading: needs, from: files, calendar: calendar)
            let evaluation = Evaluation.evaluate(
                state, sums: sums, at: moment.at, clock: moment.at, &valuations)
            for rule in evaluation.rules {
                var observation = Observation(rule, of: test.store, revision: 1)
                if let then = alerts[rule.rule.id]?.turningMoment(for: observation) {
                    let needs = Evaluation.turningNeeds(of: rule, since: then, state)
                    observation.turning = Evaluation.turning(
                        of: rule, since: then, state,
                        sums: StoreSums(reading: needs, from: files, calendar: calendar), set: metrics)
                }
                let step = AlertStep.step(alerts[rule.rule.id], observation)
                alerts[rule.rule.id] = step.alert
                guard let alert = step.alert else {
                    telling?.note(rule, pack)
                    continue
                }
                alerts[rule.rule.id] =
                    telling?.take(alert, step.event, rule, test.store, pack, at: moment.at) ?? alert
            }
            telling?.gather(Array(alerts.values), at: moment.at)
            for expectation in moment.expectations {
                let reader = MetricReader(
                    sums: sums, set: metrics, calendar: calendar, at: moment.at, coverage: nil,
                    parameter: { state.parameter($0, on: $1) })
                let prospects = prospects(of: expectation.subject, evaluation, state, files, &valuations)
                let comparisons = state.comparisons
                guard
                    let words = difference(
                        expectation.subject, evaluation, alerts, reader, prospects, comparisons)
                        ?? telling.flatMap({ difference(expectation.subject, $0) })
                else { continue }
                outcome.differences.append(
                    Diagnostic(.error, "\(test.name): \(words)", at: expectation.place, in: source))
            }
        }
        return outcome
    }

    /// Everything is complete up to the moment, and no reading is too old.
    private static func state(
        of test: PackTest, _ pack: Pack, _ calendar: StoreCalendar, at moment: Timestamp
    ) -> StoreState {
        let kinds = FactKind.allCases.filter { $0 != .measure }
        var newest: [String: MeasureReading] = [:]
        let (at, name, value) = (
            Schema[.measure].member("at"), Schema[.measure].member("name"), Schema[.measure].member("value")
        )
        for fact in test.facts where fact.kind == .measure {
            guard let at, let name, fact.has(at), let reading = fact.texts[name.slot] else { continue }
            let taken = Timestamp(microseconds: fact.numbers[at.slot])
            guard taken <= moment, newest[reading].map({ $0.at <= taken }) ?? true else { continue }
            newest[reading] = MeasureReading(
                at: taken,
                value: value.flatMap { fact.has($0) ? FixedPoint(millionths: fact.numbers[$0.slot]) : nil })
        }
        return StoreState(
            store: test.store, calendar: calendar, pack: pack, overrides: test.overrides,
            coverage: Coverage(Dictionary(uniqueKeysWithValues: kinds.map { ($0, CoverageInterval(until: moment)) })),
            newestMeasures: newest)
    }

    private typealias Prospects = (headroom: [Headroom], outlook: Outlook?)

    /// nil for what does not ask for them.
    private static func prospects(
        of subject: PackTest.Subject, _ evaluation: StoreEvaluation, _ state: StoreState, _ files: [OrderFile],
        _ valuations: inout PackValuations
    ) -> Prospects? {
        let id: String
        switch subject {
        case .headroom(let rule, _, _, _), .recovery(let rule, _), .forecast(let rule, _), .rollOff(let rule, _):
            id = rule
        default: return nil
        }
        guard let rule = evaluation.rules.first(where: { $0.rule.id == id }) else { return nil }
        let day = state.calendar.day(of: rule.coveredMoment)
        let set = valuations.valuation(of: state.pack, for: state.store, on: day, state.terms).metrics
        let needs = Evaluation.outlookNeeds(of: rule, state, set: set)
        let sums = StoreSums(reading: needs, from: files, calendar: state.calendar)
        return (
            Evaluation.headroom(of: rule, state, sums: sums, set: set),
            Evaluation.outlook(of: rule, state, sums: sums, set: set)
        )
    }

    private static func metrics(_ state: StoreState, at moment: Timestamp) -> MetricSet {
        let values = state.pack.parameterValues(
            for: state.store, on: state.calendar.day(of: moment), state.terms)
        return MetricSet(
            vocabulary: state.pack.vocabulary,
            parameters: values.compactMapValues { if case .literal(let literal) = $0 { literal.value } else { nil } },
            windows: values.compactMapValues { if case .window(let window) = $0 { window } else { nil } })
    }

    /// nil when it is as expected.
    private static func difference(
        _ subject: PackTest.Subject, _ evaluation: StoreEvaluation, _ alerts: [String: Alert], _ reader: MetricReader,
        _ prospects: Prospects?, _ comparisons: [String: Comparison]
    ) -> String? {
        func unless(_ isAsExpected: Bool, _ what: String, _ expected: String, _ found: String) -> String? {
            isAsExpected ? nil : "\(what) is \(found), not \(expected)"
        }
        func unlessOn(_ expected: LocalDay?, _ found: Outlook.Turn?, _ what: String) -> String? {
            guard let found else { return "\(what) cannot be foretold" }
            if case .on(let day, _) = found {
                return unless(day == expected, what, expected?.description ?? "never", "\(day)")
            }
            return unless(expected == nil, what, expected?.description ?? "", "never")
        }
        switch subject {
        case .store(let standing):
            return unless(
                evaluation.standing == standing, "the store", standing.rawValue, evaluation.standing.rawValue)
        case .rule(let id, let standing):
            guard let rule = evaluation.rules.first(where: { $0.rule.id == id }) else {
                return "there is no rule '\(id)'"
            }
            let values = rule.values.map { "\($0.metric) \($0.estimate.figure)" }.joined(
                separator: ", ")
            return unless(
                rule.standing == standing, "rule '\(id)'", standing.rawValue,
                "\(rule.standing.rawValue) (\(rule.words.en)\(values.isEmpty ? "" : ": \(values)"))")
        case .metric(let name, let expected):
            let found = reader.value(of: name).figure
            return unless(found == expected, "metric '\(name)'", "\(expected)", "\(found)")
        case .gate(let id, let expected):
            guard let gate = evaluation.gates.first(where: { $0.gate.id == id }) else {
                return "there is no gate '\(id)'"
            }
            return unless(gate.state == expected, "gate '\(id)'", expected.rawValue, gate.state.rawValue)
        case .reconcile(let metric, let expected):
            let found = comparisons[metric]
            let figures = found.map { " (ours \($0.ours.figure), theirs \($0.theirs))" } ?? ""
            return unless(
                found?.standing == expected, "'\(metric)' beside the platform's", expected?.rawValue ?? "unread",
                (found?.standing.rawValue ?? "unread") + figures)
        case .level(let id, let expected):
            let found = evaluation.rules.first { $0.rule.id == id }?.level
            return unless(found == expected, "the level of rule '\(id)'", expected, found ?? "not known")
        case .headroom(let id, let metric, let each, let expected):
            let found = prospects?.headroom.first { $0.subject == metric && $0.value == each && $0.by == nil }
            return unless(
                found?.more == expected, "the headroom of rule '\(id)' by \(metric)",
                expected.map(String.init) ?? "never",
                found.map { "\($0.more) (then \($0.then.rawValue))" } ?? "never")
        case .recovery(let id, let expected):
            return unlessOn(expected, prospects?.outlook?.recovery, "the recovery of rule '\(id)'")
        case .forecast(let id, let expected):
            return unlessOn(expected, prospects?.outlook?.forecast, "the forecast of rule '\(id)'")
        case .rollOff(let id, let expected):
            return unlessOn(
                expected, prospects?.outlook?.rollOff, "the day on which rule '\(id)' stands worse by roll-off")
        // What is told is held against by itself.
        case .told: return nil
        case .alert(let id, let expected):
            let found = alerts[id]?.state
            return unless(
                found == expected, "the alert of rule '\(id)'", expected?.rawValue ?? "none", found?.rawValue ?? "none")
        }
    }
}

extension PackTestRun {
    /// What a receiver was told, where that was asked for; nil when it is as expected.
    private static func difference(_ subject: PackTest.Subject, _ telling: TestTelling) -> String? {
        guard case .told(let receiver, let expected) = subject else { return nil }
        let found = telling.messages(to: receiver)
        guard found.sorted(by: Self.inOrder) != expected.sorted(by: Self.inOrder) else { return nil }
        func words(_ messages: [[String]]) -> String {
            messages.isEmpty
                ? "nothing"
                : messages.map { $0.count == 1 ? $0[0] : "[\($0.joined(separator: ", "))]" }.joined(separator: ", ")
        }
        let held = telling.holds(of: receiver)
        return "receiver '\(receiver)' is told \(words(found)), not \(words(expected))"
            + (held.isEmpty ? "" : "; held back: \(held.joined(separator: ", "))")
    }

    /// Messages of one moment have no order: each receiver takes them as they come.
    private static func inOrder(_ a: [String], _ b: [String]) -> Bool { a.lexicographicallyPrecedes(b) }
}

extension Estimate {
    fileprivate var figure: PackTest.Figure {
        switch self {
        case .exact(.number(let number)): .number(number)
        case .exact(.duration(let span)):
            Fraction(span.numerator, over: span.denominator * 1_000_000).map { .number($0) } ?? .missing
        case .exact(.bool(let truth)): .number(Fraction(truth ? 1 : 0))
        case .exact(.time(let moment)): .text("\(moment)")
        case .exact(.word(let text)), .exact(.string(let text)): .text(text)
        default: .missing
        }
    }
}

extension PackTest.Figure: CustomStringConvertible {
    package var description: String {
        switch self {
        // Exactly: two that print alike may differ.
        case .number(let number):
            number.denominator == 1 ? "\(number)" : "\(number) (\(number.numerator)/\(number.denominator))"
        case .text(let text): "'\(text)'"
        case .missing: "missing"
        }
    }
}
