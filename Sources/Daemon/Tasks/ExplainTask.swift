package import Alerts
package import Facts
package import Language
import Ledgers
import Rollups
package import Rules

/// One store's standings down to their windows, numbers and facts.
package struct ExplainTask: Sendable {
    private let opening: Opening
    private let store: String
    private let rule: String?
    private let fixed: Timestamp?
    private let since: LocalDay?
    private let packThen: String?
    private let looksAtFacts: Bool

    /// - Parameter since: also why figures are others than at the first moment of that day; nil: not asked.
    /// - Parameter packThen: the file of the pack as it was on that day; nil: as it is now.
    /// - Parameter looksAtFacts: false leaves the facts behind figures out, of which there may be many.
    package init(
        _ opening: Opening, store: String, rule: String?, at fixed: Timestamp?, since: LocalDay? = nil,
        packThen: String? = nil, looksAtFacts: Bool = true
    ) {
        (self.opening, self.store, self.rule, self.fixed) = (opening, store, rule, fixed)
        (self.since, self.packThen, self.looksAtFacts) = (since, packThen, looksAtFacts)
    }

    package struct Explanation: Sendable {
        package var store: Store
        package var calendar: StoreCalendar
        package var at: Timestamp
        package var standing: Standing
        package var rules: [ExplainedRule]
        package var gates: [GateEvaluation]
        /// What is known to be complete.
        package var coverage: Coverage
        /// How long that counts as new.
        package var freshness: [FactKind: Freshness]
        package var sources: [FactKind: String]
        /// On whose word kinds are complete, also such of which nothing has come.
        package var coveredBy: [FactKind: String] = [:]
        package var quarantined: Int
        /// What no event carries and its pack looks at, in the order of the pack.
        package var readings: [Reading] = []

        package struct Reading: Sendable {
            package var need: MeasureNeed
            /// nil: none ever came.
            package var newest: MeasureReading?
        }
    }

    package struct ExplainedRule: Sendable {
        package var evaluation: RuleEvaluation
        package var metrics: [Metric]
        package var evidence: [EvidenceItem]
        package var prospects: Prospects
        /// What the rule and its values in force rest on.
        package var sources: [String]
        /// Since the day that was asked for; empty when none was.
        package var changes: [ExplainedChange] = []
        /// Of the figures it rests on those that the platform shows too.
        package var reconciled: [Reconciled] = []
        /// Its limit on that day, where it was another.
        package var limitThen: String?

        /// One metric the rule names: its definition and figure.
        package struct Metric: Sendable {
            package var name: String
            package var definition: String
            package var estimate: Estimate
            package var figures: [Figure]
        }

        /// One aggregate below a metric: what is counted over which days.
        package struct Figure: Sendable {
            package var aggregate: String
            package var window: String
            package var value: Estimate
        }
    }

    package func run() async throws -> Explanation {
        let assembly = try opening.assembly(.read)
        let known = try await assembly.watchedStores(nil).map(\.store.id)
        guard let watched = assembly.fleet.watched(store), known.contains(store) else {
            guard assembly.fleet.watched(store) != nil else { throw TaskError.unwatched(store, among: known) }
            throw TaskError(
                Words(en: "nothing is known of a store '\(store)'", zh: "店铺“\(store)”没有任何数据")
                    + NearestName.words(for: store, among: known), isUsage: true)
        }
        if let rule, watched.pack.rule(rule) == nil {
            throw TaskError.noRule(rule, in: watched.pack, listsAll: true)
        }
        let clock = assembly.clock.now
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let prepared = try await judge.prepare([watched], at: fixed, clock: clock)
        let judged = try await judge.judge(prepared, at: fixed, clock: clock)[0]
        if !judged.prepared.state.unsettled.isEmpty { assembly.warnOfUnsettled([store]) }
        var rules: [ExplainedRule] = []
        var past: ChangeSearch.Past?
        if let since {
            let fleet = try packThen.map { try Assembly.fleet(config: opening.path, replacing: $0) }
            if let packThen, fleet?.watched(store)?.pack.source.name != packThen {
                throw TaskError(
                    Words(
                        en: "the store is judged by the pack '\(watched.pack.name)', and not by that of \(packThen)",
                        zh: "该店铺按规则包“\(watched.pack.name)”考核，而非 \(packThen)"), isUsage: true)
            }
            past = try await ChangeSearch.Past(
                judged, since: since, under: fleet, in: assembly, clock: fixed ?? clock)
        }
        let reconciled = try await Reconciler(judge: judge, clock: fixed ?? clock).reconcile(
            judged.prepared, isWhole: false)
        for evaluation in judged.evaluation.rules where rule == nil || evaluation.rule.id == rule {
            var explained = ExplainedRule(
                evaluation: evaluation, metrics: try await metrics(evaluation, judged, judge, assembly, clock),
                evidence: looksAtFacts
                    ? try await Evidence.find(evaluation, watched, in: assembly, at: fixed ?? clock).items : [],
                prospects: try await Prospects.find(
                    evaluation, judged.prepared, in: assembly, clock: fixed ?? clock),
                sources: watched.pack.sources(
                    of: evaluation.rule, for: watched.store, on: watched.calendar.day(of: fixed ?? clock),
                    judged.prepared.state.terms))
            explained.reconciled = reconciled.filter { evaluation.rule.reach.rests(on: $0.pair) }
            if let past {
                (explained.changes, explained.limitThen) = try await ExplainedChange.find(
                    evaluation, judged, since: past, in: assembly, clock: fixed ?? clock)
            }
            rules.append(explained)
        }
        return Explanation(
            store: watched.store, calendar: watched.calendar, at: fixed ?? clock, standing: judged.evaluation.standing,
            rules: rules,
            gates: judged.evaluation.gates, coverage: judged.prepared.state.coverage,
            freshness: judged.prepared.state.freshness,
            sources: judged.prepared.sources.mapValues { $0.sorted().map(\.description).joined(separator: ", ") },
            coveredBy: judged.prepared.coveredBy.mapValues(\.description),
            quarantined: judged.prepared.state.quarantined,
            readings: assembly.fleet.measureNeeds(of: watched, on: watched.calendar.day(of: fixed ?? clock)).map {
                need in
                Explanation.Reading(need: need, newest: need.last(judged.prepared.state.newestMeasures))
            })
    }

    /// The figures that the rule stands by: of an assessed rule those of the last look, of one that is judged for each value
    /// of a member those of the worst. After its metrics what it is held against of earlier days.
    private func metrics(
        _ evaluation: RuleEvaluation, _ judged: Judge.Judged, _ judge: Judge, _ assembly: Assembly, _ clock: Timestamp
    ) async throws -> [ExplainedRule.Metric] {
        let (watched, at) = (judged.watched, evaluation.figuresAt)
        let (calendar, day) = (watched.calendar, watched.calendar.day(of: evaluation.figuresAt))
        let set = assembly.fleet.plan(of: watched, on: day).set
        let earlier = evaluation.rule.conditions.flatMap(\.expression.offsets)
        let wanted = evaluation.values.map { TypedExpression(.metric($0.metric), .number) } + earlier
        var needs = set.needs(of: wanted, at: at, calendar: calendar)
        if evaluation.rule.each != nil {
            for reading in wanted.flatMap(set.readings) {
                let extent = reading.span(at: at, in: calendar).extent(in: calendar)
                if !extent.isEmpty { needs.add(FactNeed(reading.aggregate, in: extent)) }
            }
        }
        var sums = try await judge.readings([(watched, needs)], at: fixed, clock: clock)[0].sums
        if let member = evaluation.rule.each, let part = evaluation.worstPart {
            sums = sums.split(by: member, calendar: calendar)[part.value] ?? StoreSums()
        }
        let reader = MetricReader(
            sums: sums, set: set, calendar: calendar, at: at,
            coverage: evaluation.rule.each == nil ? judged.prepared.state.coverage : nil,
            parameter: { judged.prepared.state.parameter($0, on: $1) })
        func figures(_ expression: TypedExpression) -> [ExplainedRule.Figure] {
            reader.readingsInForce(of: expression).map { figure in
                ExplainedRule.Figure(
                    aggregate: figure.aggregate.text,
                    window: figure.window.map {
                        $0.describe(at: figure.moment(for: at, in: calendar), from: day, calendar: calendar)
                    } ?? "",
                    value: reader.estimate(of: figure))
            }
        }
        return evaluation.values.map { value in
            ExplainedRule.Metric(
                name: value.metric,
                definition: watched.pack.vocabulary.metrics[value.metric].map { Printer.text(of: $0) } ?? "",
                estimate: value.estimate, figures: figures(TypedExpression(.metric(value.metric), .number)))
        }
            + earlier.map { expression in
                ExplainedRule.Metric(
                    name: Printer.text(of: expression), definition: "", estimate: reader.estimate(expression),
                    figures: figures(expression))
            }
    }
}

extension TypedExpression {
    /// What in it is as of an earlier day, outside metrics; each once.
    fileprivate var offsets: [TypedExpression] {
        if case .offset = node { return [self] }
        var found: [TypedExpression] = []
        for child in children.flatMap(\.offsets) where !found.contains(child) { found.append(child) }
        return found
    }
}
