import Alerts
import Daemon
import Facts
import Ledgers
import Rules

/// One rule at one store: its figures along days, how they come about, the facts behind them, and how it stood.
enum RulePage {
    private static let (days, ahead) = (90, 30)
    private static let evidenceShown = 100
    private static let changesShown = 50

    static func page(
        _ rule: String, of store: String, _ request: PageRequest, _ assembly: Assembly
    ) async throws -> Page {
        let since = request["since"].flatMap { LocalDay($0) }
        let found = try await ExplainTask(.running(assembly), store: store, rule: rule, at: nil, since: since).run()
        guard let explained = found.rules.first, let watched = assembly.fleet.watched(store) else {
            throw TaskError(Words(en: "the rule is not judged at this store", zh: "该店铺不考核此规则"), isUsage: true)
        }
        let (tongue, evaluation, calendar) = (request.tongue, explained.evaluation, found.calendar)
        let history = try await FigureHistory.find(rule, of: watched, in: assembly, days: days, ahead: ahead)
        let changes = try await assembly.ledger.standingChanges(
            of: AlertKey(store: store, rule: rule), until: assembly.clock.now, limit: changesShown)
        let (evidence, pages) = Paging.slice(explained.evidence, request, size: evidenceShown)
        let prospects = StorePage.prospects(explained.prospects, tongue)
        var view: View = [
            "self": Link.rule(rule, of: store), "storeUrl": Link.store(store), "store": found.store.name,
            "rule": tongue(evaluation.rule.title), "standing": evaluation.announced.rawValue,
            "standingTitle": tongue(evaluation.announced.title), "words": tongue.shown(evaluation.words),
            "limit": evaluation.limit, "basis": tongue(evaluation.basisWords),
            "preference": evaluation.preference ?? false, "premise": evaluation.premise ?? false,
            "severity": tongue(evaluation.rule.severity.title), "judgedTo": evaluation.judgedTo.shown(tongue),
            "level": evaluation.level ?? false, "hasProspects": !prospects.isEmpty, "prospects": prospects,
            "consequence": evaluation.rule.consequence.map { tongue($0) } ?? false,
            "remedy": evaluation.rule.remedy.map { tongue($0) } ?? false,
        ]
        view["act"] =
            [
                "store": store, "rule": rule, "self": Link.rule(rule, of: store), "csrf": request.csrf(found.store),
                "isAccepted": evaluation.accepted != nil,
            ] as View
        view["accepted"] =
            evaluation.accepted.map {
                tongue(
                    "by \($0.by) until \($0.until.shown(tongue)): \($0.why)",
                    "由 \($0.by) 接受至 \($0.until.shown(tongue))：\($0.why)")
            } ?? false
        view["assessed"] =
            evaluation.assessment.map {
                tongue.shown(
                    Words(
                        en:
                            "on \($0.day): \($0.standing.title.en); next on \($0.next), as it stands now: \($0.projected.title.en)",
                        zh: "\($0.day)：\($0.standing.title.zh)；下次 \($0.next)，按当前数据：\($0.projected.title.zh)"))
            } ?? false
        view["charts"] =
            history.map {
                RuleCharts(history: $0, evaluation: evaluation, watched: watched, tongue: tongue).views
            } ?? []
        view["metrics"] = explained.metrics.map { metric($0, evaluation, watched, tongue) }
        view["since"] = since?.description ?? ""
        view["sinceShown"] = since?.shown(tongue) ?? ""
        view["hasChanges"] = since != nil
        view["changes"] = explained.changes.map {
            tongue.shown(ChangeText.text($0, evaluation, tongue, printable: { $0 }))
        }.filter { !$0.isEmpty }.ifEmpty([tongue("No figure has changed since then.", "此后数值均未变化。")])
        view["hasEvidence"] = !explained.evidence.isEmpty
        view["evidenceCount"] = tongue(
            "\("\(explained.evidence.count)".grouped) facts", "\("\(explained.evidence.count)".grouped) 条数据")
        view["evidence"] = evidence.map { item($0, calendar, tongue) }
        view["mark"] =
            request.caller.mayAct(on: found.store)
            ? mark(request.formToken, of: found.store, rule, evidence, tongue) : false
        view["pages"] = pages
        view["hasHistory"] = !changes.isEmpty
        view["history"] = changes.map { change(calendar, $0, watched.pack, tongue) }
        view["source"] = explained.sources.isEmpty ? false : explained.sources.joined(separator: "; ")
        return Page(
            template: "rule",
            title: Words(
                en: "\(evaluation.rule.title.en) · \(found.store.name)",
                zh: "\(evaluation.rule.title.zh) · \(found.store.name)"),
            section: .stores, view: view)
    }

    private static func metric(
        _ metric: ExplainTask.ExplainedRule.Metric, _ evaluation: RuleEvaluation, _ watched: Watched, _ tongue: Tongue
    ) -> View {
        [
            "title": tongue(watched.pack.title(of: metric.name)),
            "value": tongue(
                FigureText.words(metric.estimate, of: metric.name, in: evaluation, watched.store.currency)),
            "definition": metric.definition,
            "figures": metric.figures.map { figure -> View in
                [
                    "value": FigureText.text(figure.value), "window": tongue.shown(figure.window),
                    "aggregate": figure.aggregate,
                ]
            },
        ]
    }

    private static func item(_ item: EvidenceItem, _ calendar: StoreCalendar, _ tongue: Tongue) -> View {
        [
            "kind": tongue(item.kind.title), "id": item.id, "order": item.order ?? "–",
            "fact": "\(item.kind.name)/\(item.id)", "at": calendar.shown(item.at, tongue),
            "leaves": item.leaves?.shown(tongue) ?? "–",
            "contest": item.contestableUntil.map { calendar.shownEnd($0, tongue) } ?? "–",
        ]
    }

    /// What can be said of facts of these kinds with one choice.
    private static func mark(
        _ token: String, of store: Store, _ rule: String, _ evidence: some Sequence<EvidenceItem>, _ tongue: Tongue
    ) -> View {
        [
            "csrf": token, "self": Link.rule(rule, of: store.id), "store": store.id,
            "choices": MarkWords.choices(of: Set(evidence.map(\.kind))).map { choice -> View in
                ["value": choice.value, "text": tongue(choice.title)]
            },
        ]
    }

    private static func change(
        _ calendar: StoreCalendar, _ change: StandingChange, _ pack: Pack, _ tongue: Tongue
    ) -> View {
        [
            "at": calendar.shown(change.judgedAt, tongue), "standing": change.standing.rawValue,
            "standingTitle": tongue(change.standing.title), "limit": change.limit,
            "values": change.values.sorted { $0.key < $1.key }
                .map { "\(tongue(pack.title(of: $0.key))) \($0.value.grouped)" }.joined(separator: tongue(", ", "，")),
        ]
    }
}

extension Array {
    func ifEmpty(_ other: [Element]) -> [Element] { isEmpty ? other : self }
}
