package import Facts
package import Rules

extension Observation {
    /// What an evaluation said about one rule.
    ///
    /// - Parameters:
    ///   - revision: the store's, of the facts that were evaluated.
    ///   - evidenceTotal: nil when the facts behind it were not counted.
    ///   - hindsight: see `Alert.hindsightMoment`; nil when not asked.
    package init(
        _ evaluation: RuleEvaluation, of store: Store, revision: Int64, evidenceTotal: Int? = nil,
        hindsight: Standing? = nil
    ) {
        let rule = evaluation.rule
        self.init(
            key: AlertKey(store: store.id, rule: rule.id), standing: evaluation.standing,
            at: evaluation.coveredMoment, judgedTo: evaluation.judgedTo, limit: evaluation.limit,
            isConfirmed: evaluation.isConfirmed, revision: revision, evidenceTotal: evidenceTotal,
            hindsight: hindsight, timing: AlertTiming(for: rule.for, keep: rule.keep),
            subject: AlertSubject(store: store, title: rule.title, severity: rule.severity))
    }
}

extension AlertReport {
    /// What there is to say about a rule that was evaluated.
    ///
    /// - Parameters:
    ///   - evidence: the facts behind it, oldest first, as many as are to be shown; `evidenceTotal` counts them all.
    ///   - link: the page about it, when there is a public address.
    package init(
        _ evaluation: RuleEvaluation, of store: Store, evidence: [EvidenceItem], evidenceTotal: Int?, link: String?
    ) {
        let rule = evaluation.rule
        self.init(
            subject: AlertSubject(store: store, title: rule.title, severity: rule.severity),
            values: evaluation.values.map { NamedEstimate($0.metric, $0.estimate) }, limit: evaluation.limit,
            basis: evaluation.basis, evidence: evidence, evidenceTotal: evidenceTotal, consequence: rule.consequence,
            remedy: rule.remedy, source: rule.source, link: link)
    }
}
