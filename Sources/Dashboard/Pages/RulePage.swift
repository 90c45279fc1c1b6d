import Alerts
import Daemon
import Facts
import Foundation
import Language
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
            "standingTitle": tongue(evaluation.announced.title), "words": tongue(evaluation.words),
            "limit": evaluation.limit, "basis": tongue(evaluation.basisWords),
            "preference": evaluation.preference ?? false, "premise": evaluation.premise ?? false,
            "severity": tongue(evaluation.rule.severity.title), "judgedTo": evaluation.judgedTo.description,
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
                tongue("by \($0.by) until \($0.until): \($0.why)", "由 \($0.by) 接受至 \($0.until)：\($0.why)")
            } ?? false
        view["assessed"] =
            evaluation.assessment.map {
                tongue(
                    "on \($0.day): \($0.standing.title.en); next on \($0.next), as it stands now: \($0.projected.title.en)",
                    "\($0.day)：\($0.standing.title.zh)；下次 \($0.next)，按当前数据：\($0.projected.title.zh)")
            } ?? false
        view["charts"] = history.map { charts($0, evaluation, watched, tongue) } ?? []
        view["metrics"] = explained.metrics.map { metric($0, evaluation, watched.pack, tongue) }
        view["since"] = since?.description ?? ""
        view["hasChanges"] = since != nil
        view["changes"] = [
            [
                "title": "",
                "lines": explained.changes.map {
                    ChangeText.text($0, evaluation, tongue, printable: { $0 })
                }.filter { !$0.isEmpty }.ifEmpty([tongue("No figure has changed since then.", "此后数值均未变化。")]),
            ] as View
        ]
        view["hasEvidence"] = !explained.evidence.isEmpty
        view["evidenceCount"] = tongue("\(explained.evidence.count) facts", "\(explained.evidence.count) 条数据")
        view["evidence"] = evidence.map { item($0, calendar) }
        view["pages"] = pages
        view["hasHistory"] = !changes.isEmpty
        view["history"] = changes.map { change(calendar, $0, tongue) }
        view["source"] = explained.sources.isEmpty ? false : explained.sources.joined(separator: "; ")
        return Page(
            template: "rule",
            title: Words(
                en: "\(evaluation.rule.title.en) · \(found.store.name)",
                zh: "\(evaluation.rule.title.zh) · \(found.store.name)"),
            section: .stores, view: view)
    }

    private static func metric(
        _ metric: ExplainTask.ExplainedRule.Metric, _ evaluation: RuleEvaluation, _ pack: Pack, _ tongue: Tongue
    ) -> View {
        [
            "title": tongue(pack.title(of: metric.name)),
            "value": FigureText.text(metric.estimate, of: metric.name, in: evaluation),
            "definition": metric.definition,
            "figures": metric.figures.map { figure -> View in
                [
                    "value": FigureText.text(figure.value), "window": figure.window, "aggregate": figure.aggregate,
                ]
            },
        ]
    }

    private static func item(_ item: EvidenceItem, _ calendar: StoreCalendar) -> View {
        [
            "kind": item.kind.name, "id": item.id, "order": item.order ?? "–", "at": calendar.text(of: item.at),
            "leaves": item.leaves?.description ?? "–", "contest": item.contestableUntil.map(calendar.endText) ?? "–",
        ]
    }

    private static func change(_ calendar: StoreCalendar, _ change: StandingChange, _ tongue: Tongue) -> View {
        [
            "at": calendar.text(of: change.judgedAt), "standing": change.standing.rawValue,
            "standingTitle": tongue(change.standing.title), "limit": change.limit,
            "values": change.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
        ]
    }

    /// As places among the days shown.
    private static func window(_ history: FigureHistory, _ figure: Int) -> ClosedRange<Int>? {
        guard history.windows.indices.contains(figure), let days = history.windows[figure],
            let first = history.past.first?.day
        else { return nil }
        let last = history.past.count - 1
        let (from, to) = (first.distance(to: days.lowerBound), first.distance(to: days.upperBound))
        return max(0, min(from, last))...max(0, min(to, last))
    }

    /// Of each figure of the rule.
    private static func charts(
        _ history: FigureHistory, _ evaluation: RuleEvaluation, _ watched: Watched, _ tongue: Tongue
    ) -> [View] {
        evaluation.values.enumerated().map { place, value in
            let isPercent = evaluation.valued.percentages.contains(value.metric)
            func text(_ number: Double) -> String {
                isPercent ? String(format: "%.2f %%", number * 100) : String(format: "%.4g", number)
            }
            func points(_ points: [FigureHistory.Point]) -> [FigureChart.Point] {
                points.map {
                    .init(
                        day: $0.day.description,
                        value: $0.standing == .unknown || !$0.figures.indices.contains(place) ? nil : $0.figures[place])
                }
            }
            let title = tongue(watched.pack.title(of: value.metric))
            let isDuration = value.estimate.isDuration
            func bound(_ fraction: Fraction?) -> Double? {
                fraction.map { isDuration ? $0.double / 1_000_000 : $0.double }
            }
            let limit = bound(evaluation.valued.limit(of: value.metric))
            let preferred = bound(evaluation.valued.preferredLimit(of: value.metric))
            let (past, future) = (
                points(history.past), points(history.goingOn.isEmpty ? history.quiet : history.goingOn)
            )
            let known = past.compactMap(\.value)
            let newest = FigureText.text(value.estimate, isPercent: isPercent)
            var description = tongue("\(title): now \(newest)", "\(title)：当前 \(newest)")
            if let low = known.min(), let high = known.max() {
                description += tongue(
                    ", in \(past.count) days between \(text(low)) and \(text(high))",
                    "，\(past.count) 天内 \(text(low)) 至 \(text(high))")
            }
            if let limit {
                description += tongue(", limit \(text(limit))", "，要求 \(text(limit))")
            }
            let chart = FigureChart(
                title: title, description: description, past: past, future: future, limit: limit,
                preferred: preferred,
                window: window(history, place), today: past.last?.day ?? "",
                text: text)
            let caption = tongue(
                "\(title), \(past.count) days and \(future.count) to come\(history.goingOn.isEmpty ? "" : " if all goes on as in the last 28 days")",
                "\(title)：近 \(past.count) 天及未来 \(future.count) 天\(history.goingOn.isEmpty ? "" : "（按近28天均值延续）")")
            let rows = zip(past, history.past).reversed().map { point, day -> View in
                [
                    "day": point.day, "value": point.value.map(text) ?? "–",
                    "standing": day.standing.map { tongue($0.title) } ?? "",
                ]
            }
            return ["title": title, "caption": caption, "svg": chart.svg, "rows": rows]
        }
    }
}

extension Estimate {
    fileprivate var isDuration: Bool {
        switch self {
        case .exact(.duration): true
        case .range(_, _, _, let isDuration): isDuration
        default: false
        }
    }
}

extension Array {
    fileprivate func ifEmpty(_ other: [Element]) -> [Element] { isEmpty ? other : self }
}
