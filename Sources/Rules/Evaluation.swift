package import Facts
package import Language
package import Rollups

/// The heart: what is known of a store → where it stands. A function of its arguments and of nothing else; the daemon,
/// a check by hand, a backtest and a pack's test call the same one.
///
/// Two steps, between which the caller reads: `needs` says what is wanted, `evaluate` judges what was read.
package enum Evaluation {
    /// What has to be read to evaluate a store.
    ///
    /// - Parameters:
    ///   - fixed: the moment asked for (`--at`), which is then the clock too; nil: each rule at its covered moment.
    ///   - clock: the time of day.
    ///   - valuations: kept between calls by the caller; it only saves work.
    package static func needs(
        of state: StoreState, at fixed: Timestamp?, clock: Timestamp, _ valuations: inout PackValuations
    ) -> Needs {
        var needs = Needs()
        for group in plan(state, at: fixed, clock: clock, &valuations).groups {
            for planned in group.rules where planned.isJudged {
                if planned.rule.each != nil { addFacts(of: planned, state, to: &needs) }
                for reading in planned.valued.readings {
                    needs.add(reading, at: group.moment, calendar: state.calendar)
                }
            }
        }
        return needs
    }

    /// Judges every rule and gate of a store.
    ///
    /// - Parameters:
    ///   - sums: what was read for the `needs` of the same arguments.
    ///   - others: where somebody marked facts, the figures counted the other way; see `RuleEvaluation.counterpart`.
    package static func evaluate(
        _ state: StoreState, sums: StoreSums, others: StoreSums? = nil, at fixed: Timestamp?, clock: Timestamp,
        _ valuations: inout PackValuations
    ) -> StoreEvaluation {
        let plan = plan(state, at: fixed, clock: clock, &valuations)
        var rules: [RuleEvaluation?] = Array(repeating: nil, count: state.pack.rules.count)
        var assessed: [Int: RuleEvaluation] = [:]
        for group in plan.groups {
            let reader = MetricReader(
                sums: sums, set: group.valuation.metrics, calendar: state.calendar, at: group.moment,
                coverage: state.coverage, knownTo: group.moment, parameter: { state.parameter($0, on: $1) })
            for planned in group.rules {
                let judged = judge(planned, state, reader, clock: plan.clock)
                if planned.isAssessment { assessed[planned.index] = judged } else { rules[planned.index] = judged }
            }
        }
        for (index, earlier) in assessed {
            guard let now = rules[index], let days = now.rule.assessed else { continue }
            rules[index] = combine(earlier, now: now, days)
        }
        var judged = rules.compactMap { $0 }
        if let others {
            let other = evaluate(state, sums: others, at: fixed, clock: clock, &valuations).rules
            for place in judged.indices { judged[place].compare(with: other[place], isMarked: !state.countsMarks) }
        }
        return StoreEvaluation(
            store: state.store.id, at: plan.clock, standing: .worst(of: judged.compactMap(\.counted)), rules: judged,
            gates: state.pack.gates.map { evaluate($0, judged) })
    }

    private static func evaluate(_ gate: Gate, _ rules: [RuleEvaluation]) -> GateEvaluation {
        let members = gate.rules.compactMap { id in rules.first { $0.rule.id == id } }.filter(\.isInForce)
        // A limit that nobody confirmed closes nothing: a rule counts here as it is shown.
        let state = Gate.state(of: members.map(\.announced))
        let because = members.filter { member in
            switch state {
            case .open: false
            case .closed: member.announced == .breach || member.announced == .unjudged
            case .unknown: member.announced == .unknown
            }
        }
        return GateEvaluation(gate: gate, state: state, because: because.map(\.rule.id))
    }
}

extension RuleEvaluation {
    /// Keeps what the other way of counting gives, where that is something else.
    fileprivate mutating func compare(with other: RuleEvaluation, isMarked: Bool) {
        let differs = zip(values, other.values).contains { $0.estimate != $1.estimate }
        guard differs || announced != other.announced else { return }
        counterpart = Counterpart(isMarked: isMarked, standing: other.announced, values: other.values)
    }
}

extension StoreState {
    /// The value in force; missing when none is known, or for a window.
    package func parameter(_ name: String, on day: LocalDay) -> Value {
        // By one reading, and not by the `terms` of all parameters: this is asked for every supposition.
        guard let parameter = pack.parameter(name) else { return .missing }
        let shown = parameter.measure.flatMap { newestMeasures[$0]?.value }
        return pack.value(of: parameter, for: store, on: day, overrides, shown: shown)?.value.value ?? .missing
    }
}
