import Alerts
import Daemon
import Facts
import Rules

/// One store: its rules with their figures along days, its gates and what is known of it.
enum StorePage {
    private static let (days, ahead) = (90, 30)

    static func page(_ id: String, _ request: PageRequest, _ assembly: Assembly) async throws -> Page {
        let found = try await ExplainTask(.running(assembly), store: id, rule: nil, at: nil, looksAtFacts: false).run()
        let tongue = request.tongue
        let pack = assembly.fleet.library[found.store.pack]
        let rules = found.rules.filter(\.evaluation.isInForce)
            .sorted { $0.evaluation.announced.rank > $1.evaluation.announced.rank }
        let charts = try await charts(of: rules, found.store, assembly, tongue)
        let silences = try await SilenceLines(request: request, assembly: assembly).of(found.store, pack)
        return Page(
            template: "store", title: Words(found.store.name), section: .stores,
            view: [
                "id": id, "name": found.store.name, "idInLink": id.percentEncoded, "hasOtherId": found.store.name != id,
                "platform": pack.map { tongue($0.title) } ?? found.store.pack, "zone": found.store.timezone,
                "labels": found.store.labels.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" },
                "at": found.calendar.shown(found.at, tongue),
                "standing": found.standing.rawValue, "standingTitle": tongue(found.standing.title),
                "rules": rules.map { rule($0, of: found.store, pack, tongue) },
                "hasCharts": !charts.isEmpty, "charts": charts,
                "hasGates": !found.gates.isEmpty, "gates": found.gates.map { gate($0, of: id, pack, tongue) },
                "hasSilences": !silences.isEmpty, "silences": silences,
                "inputs": StoreInputs(found, pack, tongue).views,
                "quarantined": found.quarantined > 0 ? "\(found.quarantined)".grouped as Any : false,
                "act": ["store": id, "self": Link.store(id), "csrf": request.csrf(found.store)] as View,
            ])
    }

    private static func rule(
        _ rule: ExplainTask.ExplainedRule, of store: Store, _ pack: Pack?, _ tongue: Tongue
    ) -> View {
        let evaluation = rule.evaluation
        return [
            "url": Link.rule(evaluation.rule.id, of: store.id), "title": tongue(evaluation.rule.title),
            "severity": tongue(evaluation.rule.severity.title), "standing": evaluation.announced.rawValue,
            "standingTitle": tongue(evaluation.announced.title), "words": tongue.shown(evaluation.words),
            "figures": evaluation.values.map { value in
                let title = pack.map { tongue($0.title(of: value.metric)) } ?? value.metric
                let figure = FigureText.words(value.estimate, of: value.metric, in: evaluation, store.currency)
                return "\(title) \(tongue(figure))"
            }, "limit": evaluation.passedLimit, "basis": tongue(evaluation.basisWords),
            "prospects": Self.prospects(rule.prospects, tongue), "judgedTo": evaluation.judgedTo.shown(tongue),
        ]
    }

    static func prospects(_ prospects: Prospects, _ tongue: Tongue) -> [String] {
        prospects.headroom.map { tongue.shown($0.words) } + (prospects.outlook?.words ?? []).map { tongue.shown($0) }
    }

    private static func gate(_ gate: GateEvaluation, of store: String, _ pack: Pack?, _ tongue: Tongue) -> View {
        [
            "url": Link.gate(gate.gate.id, of: store), "title": tongue(gate.gate.title),
            "state": gate.state.rawValue, "stateTitle": tongue(gate.state.title), "hasBecause": !gate.because.isEmpty,
            "because": gate.because.map { id -> View in
                ["url": Link.rule(id, of: store), "title": pack?.rule(id).map { tongue($0.title) } ?? id]
            },
        ]
    }

    /// Of each rule its figures along days, the worst rule first.
    private static func charts(
        of rules: [ExplainTask.ExplainedRule], _ store: Store, _ assembly: Assembly, _ tongue: Tongue
    ) async throws -> [View] {
        guard let watched = assembly.fleet.watched(store.id) else { return [] }
        let histories = try await FigureHistory.find(
            of: watched, in: assembly, days: days, ahead: ahead, where: \.isInForce)
        return rules.flatMap { rule -> [View] in
            guard let history = histories[rule.evaluation.rule.id] else { return [] }
            return RuleCharts(history: history, evaluation: rule.evaluation, watched: watched, tongue: tongue)
                .smallViews
        }
    }
}

extension Gate.State {
    var title: Words {
        switch self {
        case .open: Words(en: "open", zh: "开放")
        case .closed: Words(en: "closed", zh: "未开放")
        case .unknown: Words(en: "unknown", zh: "未知")
        }
    }
}
