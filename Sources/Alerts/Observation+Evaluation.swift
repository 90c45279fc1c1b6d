package import Facts
package import Rules

extension Observation {
    /// What an evaluation said about one rule.
    ///
    /// - Parameter revision: the store's, of the facts that were evaluated.
    package init(_ evaluation: RuleEvaluation, of store: Store, revision: Int64) {
        let rule = evaluation.rule
        // What people enter has no coverage: there the moment runs with the clock, and new is what the next day shows.
        let isByClock = rule.reach.kinds.subtracting(FactKinds(.measure)).isEmpty
        self.init(
            key: AlertKey(store: store.id, rule: rule.id), standing: evaluation.standing,
            at: evaluation.coveredMoment, judgedTo: evaluation.judgedTo, limit: evaluation.limit,
            isConfirmed: evaluation.isConfirmed, revision: revision,
            timing: AlertTiming(for: rule.for, keep: rule.keep, confirm: rule.confirm, damping: .standard),
            subject: AlertSubject(store: store, title: rule.title, severity: rule.severity),
            reach: isByClock ? Timestamp(seconds: Int64(evaluation.judgedTo.number) * 86_400) : nil)
        isAccepted = evaluation.accepted != nil
    }
}

extension AlertReport {
    /// What there is to say about a rule that was evaluated.
    ///
    /// - Parameters:
    ///   - title: of a metric, for people.
    ///   - evidence: the facts behind it, oldest first, as many as are to be shown; `evidenceTotal` counts them all.
    package init(
        _ evaluation: RuleEvaluation, of store: Store, title: (_ metric: String) -> Words, evidence: [EvidenceItem],
        evidenceTotal: Int?
    ) {
        let rule = evaluation.rule
        let percentages = evaluation.valued.percentages
        self.init(
            subject: AlertSubject(store: store, title: rule.title, severity: rule.severity),
            values: evaluation.values.map { value in
                NamedEstimate(
                    value.metric, value.estimate, title: title(value.metric),
                    isPercent: percentages.contains(value.metric))
            }, limit: evaluation.passedLimit, basis: evaluation.basis, evidence: evidence, evidenceTotal: evidenceTotal,
            consequence: rule.consequence,
            remedy: rule.remedy, source: rule.source)
        accepted = evaluation.accepted
        if rule.each != nil {
            parts = evaluation.parts.filter { $0.standing == .warning || $0.standing == .breach }
                .map { Part($0.value, evaluation.isWarningAtMost ? .warning : $0.standing) }
                .enumerated().sorted { (-$0.element.standing.rank, $0.offset) < (-$1.element.standing.rank, $1.offset) }
                .map(\.element)
        }
        counterpart = evaluation.counterpart.map { other in
            Counterpart(
                isMarked: other.isMarked, standing: other.standing,
                values: other.values.map { NamedEstimate($0.metric, $0.estimate) })
        }
    }
}
