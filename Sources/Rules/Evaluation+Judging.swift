package import Facts
import Language
import Rollups

extension Evaluation {
    static func judge(_ planned: Planned, _ state: StoreState, _ reader: MetricReader, clock: Timestamp)
        -> RuleEvaluation
    {
        let rule = planned.rule
        let hindered = obstacle(of: planned, state, clock: clock)
        if let member = rule.each, hindered == nil {
            var (standing, cause, parts) = judge(planned, each: member, state, reader)
            (standing, cause) = excused(standing, cause, rule, state)
            let worst = parts.max { $0.standing.rank < $1.standing.rank }
            var judged = evaluation(
                of: planned, state, standing, cause, values: worst?.values ?? [], level: worst?.level)
            // `worstPart` is then the same one.
            judged.parts = parts
            return judged
        }
        var (standing, cause) = hindered ?? standing(of: rule, reader)
        if hindered == nil {
            (standing, cause) = excused(standing, cause, rule, state)
            // What nothing else decides is not merely missing: it was entered once, and nobody has since.
            if standing == .unjudged || standing == .unknown {
                let old = staleMeasures(of: rule, state, clock: clock)
                if !old.isEmpty { (standing, cause) = (.unknown, Self.cause(of: old)) }
            }
        }
        return evaluation(
            of: planned, state, standing, cause,
            values: planned.isJudged ? rule.reach.metrics.map { ($0, reader.value(of: $0)) } : [],
            level: standing == .unknown || standing == .unjudged ? nil : level(of: rule, reader))
    }

    /// What a store may do without leaves a rule unjudged that nothing else decides, and not unknown.
    private static func excused(
        _ standing: Standing, _ cause: Cause, _ rule: Rule, _ state: StoreState
    ) -> (Standing, Cause) {
        guard standing == .unknown, cause == .partial else { return (standing, cause) }
        let unbrought = state.unbrought(for: rule)
        return unbrought.isEmpty ? (standing, cause) : (.unjudged, .notBrought(unbrought))
    }

    private static func evaluation(
        of planned: Planned, _ state: StoreState, _ standing: Standing, _ cause: Cause,
        values: [(metric: String, estimate: Estimate)], level: String?
    ) -> RuleEvaluation {
        let rule = planned.rule
        let (basis, isConfirmed) = authority(of: rule, state, on: planned.day)
        return RuleEvaluation(
            valued: planned.valued, standing: standing, because: cause, coveredMoment: planned.moment,
            judgedTo: planned.day.advanced(by: -1),
            values: values, basis: basis, isConfirmed: isConfirmed, accepted: accepted(rule, state, on: planned.day),
            level: level)
    }

    /// The first level whose condition holds; nil when the data leaves open which.
    static func level(of rule: Rule, _ reader: MetricReader) -> String? {
        for level in rule.levels {
            let outcome = Outcome(Evaluator.estimate(level.condition.expression, from: reader))
            if outcome == .holds { return level.name }
            // Also where it is missing: a rung that nobody can tell is not one that was passed.
            if outcome != .fails { return nil }
        }
        return nil
    }

    /// What the platform saw when it last looked, and what it would see now. Where nobody knows what stands now, nobody
    /// knows what will be seen.
    static func combine(_ assessed: RuleEvaluation, now: RuleEvaluation, _ days: AssessmentDay) -> RuleEvaluation {
        let day = assessed.judgedTo.advanced(by: 1)
        let assessment = RuleEvaluation.Assessment(
            moment: assessed.coveredMoment, day: day, next: days.next(after: now.judgedTo.advanced(by: 1)),
            standing: assessed.standing,
            values: assessed.values, projected: now.standing, projectedValues: now.values)
        var result = assessed
        if now.standing == .unknown || !now.isInForce {
            result = now
        } else if assessed.standing != .unknown, now.standing.rank > max(assessed.standing.rank, Standing.ok.rank) {
            result = now
            (result.standing, result.because) = (.warning, .projected(next: assessment.next))
        }
        // Alerts live by the covered moment, which moves on.
        result.coveredMoment = now.coveredMoment
        result.assessment = assessment
        return result
    }

    /// `given` first, then `require`, then `prefer`; each decides only when every possibility that the data leaves open
    /// agrees. Partial data may prove a breach, and never proves health.
    static func standing(of rule: Rule, _ reader: MetricReader) -> (Standing, Cause) {
        func outcome(_ condition: Condition) -> Outcome {
            Outcome(Evaluator.estimate(condition.expression, from: reader))
        }
        func whyMissing(_ condition: Condition?) -> Cause {
            guard let condition else { return .missing }
            return Evaluator.overflows(condition.expression, in: reader.set.vocabulary, from: reader)
                ? .overflow : .missing
        }
        if let given = rule.given.map(outcome), given != .holds {
            if given.mayHold { return (.unknown, .partial) }
            return (.unjudged, given == .missing ? whyMissing(rule.given) : .sampleTooSmall)
        }
        let require = outcome(rule.require)
        if require == .missing { return (.unjudged, whyMissing(rule.require)) }
        if require == .fails { return (.breach, .limit) }
        if require != .holds { return (.unknown, .partial) }
        guard let prefer = rule.prefer.map(outcome) else { return (.ok, .holds) }
        if prefer == .fails { return (.warning, .limit) }
        // Missing is not false: a preference that says nothing warns of nothing.
        return prefer.mayFail ? (.unknown, .partial) : (.ok, .holds)
    }

    /// What a condition may come out as.
    struct Outcome: Equatable {
        let mayHold: Bool
        let mayFail: Bool
        let mayBeMissing: Bool

        static let holds = Outcome(mayHold: true, mayFail: false, mayBeMissing: false)
        static let fails = Outcome(mayHold: false, mayFail: true, mayBeMissing: false)
        static let missing = Outcome(mayHold: false, mayFail: false, mayBeMissing: true)

        init(mayHold: Bool, mayFail: Bool, mayBeMissing: Bool) {
            (self.mayHold, self.mayFail, self.mayBeMissing) = (mayHold, mayFail, mayBeMissing)
        }

        init(_ estimate: Estimate) {
            switch estimate {
            case .exact(.bool(true)): self = .holds
            case .exact(.bool(false)): self = .fails
            case .exact: self = .missing
            case .undecided(let mayBeTrue, let mayBeFalse, let mayBeMissing):
                self.init(mayHold: mayBeTrue, mayFail: mayBeFalse, mayBeMissing: mayBeMissing)
            // A condition is neither; nothing is proven by it.
            case .range, .anything: self.init(mayHold: true, mayFail: true, mayBeMissing: true)
            }
        }
    }

    /// Whether a breach of the rule is only a warning: somebody answers for it, or see `authority`.
    package static func isWarningAtMost(_ rule: Rule, _ state: StoreState, on day: LocalDay) -> Bool {
        accepted(rule, state, on: day) != nil
            || state.pack.mayOnlySuggest && !authority(of: rule, state, on: day).isConfirmed
    }

    static func accepted(_ rule: Rule, _ state: StoreState, on day: LocalDay) -> Acceptance? {
        state.overrides.accepted[rule.id].flatMap { day < $0.until ? $0 : nil }
    }

    /// On whose word the limit of a rule rests, and whether that is enough for a breach.
    ///
    /// A user's own pack is its owner's word. Of ours, what is only suggested has to be confirmed: as a whole
    /// (`confirmed: true`, or for this rule), or by values of the configuration in the place of those suggested.
    static func authority(of rule: Rule, _ state: StoreState, on day: LocalDay) -> (Basis?, isConfirmed: Bool) {
        let terms = state.terms
        let limits = rule.limits.compactMap { state.pack.parameter($0, for: state.store, on: day, terms) }
        let isSet = limits.contains(where: \.isOverridden)
        var bases = limits.compactMap(\.basis)
        // Where the owner has set a limit of the rule, the rule's own basis speaks of a number that is not used.
        if let basis = rule.basis, !isSet { bases.append(basis) }
        let weakest = bases.min()
        guard state.pack.mayOnlySuggest else { return (weakest, true) }
        return (weakest, weakest != .suggested || state.overrides.confirmation.covers(rule.id))
    }
}
