import Alerts
import Daemon
import Facts
import Language
import Ledgers
import Rules

/// Alerts that go on, each with its figures as the wall has them, and what happened last.
enum AlertsPage {
    private static let (shown, eventsShown) = (100, 50)

    static func page(_ request: PageRequest, _ wall: Wall.View, _ assembly: Assembly) async throws -> Page {
        let tongue = request.tongue
        let caller = request.caller
        let listed = try await AlertsTask(.running(assembly)).list(nil)
            .filter { caller.mayRead($0.alert.key.store, in: assembly.fleet) && fits($0, request) }
            .sorted { ($1.rank, $0.alert.since, $0.alert.key) < ($0.rank, $1.alert.since, $1.alert.key) }
        let (slice, pages) = Paging.slice(listed, request, size: shown)
        let words = try await assembly.ledger.acknowledgements(of: slice.map(\.alert.episode))
        let acknowledged = Dictionary(words.map { ($0.episode, $0) }) { $1 }
        let now = assembly.clock.now
        let lines = Dictionary(wall.lines.map { ($0.store.id, $0) }) { $1 }
        let inForce = try await AlertsTask(.running(assembly)).silences(all: false).filter { $0.isInForce(at: now) }
        let events = try await assembly.ledger.events(
            .all, of: try await caller.stores(in: assembly), until: nil, limit: eventsShown)
        let subjects = Dictionary(
            try await assembly.ledger.alerts(of: Array(Set(events.map(\.key.store)))).map { ($0.key, $0.subject) }
        ) { $1 }
        let silences = try await SilenceLines(request: request, assembly: assembly).all()
        return Page(
            template: "alerts", title: Words(en: "Alerts", zh: "告警"), section: .alerts,
            view: [
                "search": request["q"] ?? "", "isFiltered": request["q"] != nil,
                "summary": tongue(
                    listed.count == 1 ? "1 alert goes on" : "\(listed.count) alerts go on", "\(listed.count) 个告警进行中"),
                "hasRows": !listed.isEmpty, "pages": pages,
                "rows": slice.map { item -> View in
                    let word = acknowledged[item.alert.episode]
                    let isSilenced = inForce.contains {
                        $0.filter.fits(item.alert.key, item.alert.subject, standing: nil)
                    }
                    return row(
                        item, word.flatMap { $0.isInForce(for: item.alert, at: now) ? $0 : nil },
                        isSilenced: isSilenced,
                        assembly, tongue
                    ).merging(figures(of: item.alert.key, lines, assembly, tongue)) { $1 }
                },
                "hasSilences": !silences.isEmpty, "silences": silences, "hasEvents": !events.isEmpty,
                "events": events.map { event(of: $0, subjects[$0.key], assembly, tongue) },
            ])
    }

    private static func fits(_ item: AlertsTask.Listed, _ request: PageRequest) -> Bool {
        guard let text = request["q"]?.lowercased() else { return true }
        let subject = item.alert.subject
        return [item.alert.key.store, item.alert.key.rule, subject.storeName, subject.title.en, subject.title.zh]
            .contains { $0.lowercased().contains(text) }
    }

    private static func row(
        _ item: AlertsTask.Listed, _ word: Acknowledgement?, isSilenced: Bool, _ assembly: Assembly, _ tongue: Tongue
    ) -> View {
        let alert = item.alert
        let standing = alert.announced ?? alert.standing
        let store = storeName(alert.key.store, alert.subject, tongue)
        return [
            "standing": standing.rawValue, "standingTitle": tongue(standing.title),
            "state": tongue(alert.state.title), "url": Link.alert(alert.episode),
            "title": tongue(alert.subject.title), "store": store,
            "storeUrl": alert.key.store.isEmpty ? false : Link.store(alert.key.store),
            "severity": tongue(alert.subject.severity.title),
            "since": at(alert.since, alert.key.store, assembly, tongue),
            "notes": [
                alert.isBlind ? tongue("no fresh data", "暂无新数据") : nil,
                item.isObserved ? tongue("only observed", "仅观察") : nil,
                word.map { tongue("looked after by \($0.by)", "由 \($0.by) 跟进") },
                isSilenced ? tongue("silenced", "已静默") : nil,
            ].compactMap { $0 },
        ]
    }

    /// Of a rule at a store; an alert about data has none.
    private static func figures(
        of key: AlertKey, _ lines: [String: WallLine], _ assembly: Assembly, _ tongue: Tongue
    ) -> View {
        guard let line = lines[key.store], let rule = line.rules.first(where: { $0.valued.rule.id == key.rule }),
            let pack = assembly.fleet.library[line.store.pack]
        else { return ["figures": "", "limit": false, "room": false] }
        let shown = zip(rule.valued.rule.reach.metrics, rule.figures).compactMap { metric, figure -> String? in
            figure.map { figure in
                let text = FigureText.text(
                    nearest: figure, isPercent: rule.valued.percentages.contains(metric),
                    isDuration: pack.vocabulary.metrics[metric]?.type == .duration)
                return "\(tongue(pack.title(of: metric))) \(text)"
            }
        }
        return [
            "figures": shown.joined(separator: tongue(", ", "，")), "limit": rule.valued.limit,
            "room": rule.room.map { RoomBar($0).view(tongue) } ?? false,
        ]
    }

    private static func event(
        of event: AlertEvent, _ subject: AlertSubject?, _ assembly: Assembly, _ tongue: Tongue
    ) -> View {
        [
            "at": at(event.at, event.key.store, assembly, tongue), "kind": tongue(event.kind.title),
            "url": Link.alert(event.episode), "title": subject.map { tongue($0.title) } ?? event.key.rule,
            "store": subject.map { storeName(event.key.store, $0, tongue) } ?? event.key.store,
            "reason": tongue(event.reason.title),
        ]
    }

    /// Of an alert about many stores there is no store.
    static func storeName(_ id: String, _ subject: AlertSubject, _ tongue: Tongue) -> String {
        id.isEmpty ? tongue("all stores of it", "相关全部店铺") : subject.storeName
    }

    /// In the zone of the store.
    static func at(_ moment: Timestamp, _ store: String, _ assembly: Assembly, _ tongue: Tongue) -> String {
        (assembly.fleet.watched(store)?.calendar ?? .utc).shown(moment, tongue)
    }
}

extension AlertsTask.Listed {
    /// Firing first, then what stands worst, then the most severe.
    fileprivate var rank: Int {
        let state = alert.state == .firing ? 100 : alert.state == .recovering ? 50 : 0
        let severity = Severity.allCases.firstIndex(of: alert.subject.severity) ?? 0
        return state + (alert.announced ?? alert.standing).rank * 5 - severity
    }
}
