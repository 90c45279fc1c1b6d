import Alerts
import Daemon
import Facts
import Ledgers
import Rules

/// One stay of a rule outside ok: what happened, who was told what, and what they answered.
enum AlertPage {
    static func page(_ episode: String, _ request: PageRequest, _ assembly: Assembly) async throws -> Page {
        let tongue = request.tongue
        let events = try await assembly.ledger.events(.episode(episode), limit: .max)
        let open = try await assembly.ledger.openAlerts().first { $0.episode == episode }
        guard let key = open?.key ?? events.first?.key, request.caller.mayRead(key.store, in: assembly.fleet) else {
            throw TaskError(Words(en: "there is no alert '\(episode)'", zh: "没有告警 '\(episode)'"), isUsage: true)
        }
        // The last of the rule may be a later one.
        let last = try await assembly.ledger.alerts(of: [key.store]).first { $0.key == key }
        let shown = last?.episode == episode ? try await AlertsTask(.running(assembly)).show(key.store, key.rule) : nil
        let told: [AlertsTask.Told]
        if let shown { told = shown.told } else { told = try await AlertsTask(.running(assembly)).told(of: episode) }
        let calendar = assembly.fleet.watched(key.store)?.calendar ?? .utc
        let subject = last?.subject
        let title = subject?.title ?? Words(key.rule)
        let standing = shown.map { $0.alert.isOpen ? $0.alert.announced ?? $0.alert.standing : .ok } ?? .ok
        var view: View = [
            "title": tongue(title), "rule": key.rule, "episode": episode, "standing": standing.rawValue,
            "storeUrl": key.store.isEmpty ? false : Link.store(key.store),
            "ruleUrl": key.isHealth ? false : Link.rule(key.rule, of: key.store),
            "state": tongue(shown?.alert.state.title ?? Alert.State.resolved.title),
            "notes": shown.map { notes($0, calendar, tongue) } ?? [],
            "hasEvents": !events.isEmpty, "events": events.map { self.view($0, calendar, tongue) },
            "hasTold": !told.isEmpty, "told": told.map { self.view($0, calendar, tongue) },
        ]
        let watched = assembly.fleet.watched(key.store)
        let mayAct = watched.map { request.caller.mayAct(on: $0.store) } ?? request.caller.mayActOnAll
        view["act"] =
            shown?.alert.isOpen == true && mayAct
            ? [
                "store": key.store, "rule": key.rule, "csrf": request.formToken, "self": Link.alert(episode),
            ] as View : false
        view["store"] = subject.map { AlertsPage.storeName(key.store, $0, tongue) } ?? key.store
        view["since"] = (events.last?.since ?? open?.since).map { calendar.shown($0, tongue) } ?? "–"
        view["severity"] = subject.map { tongue($0.severity.title) } ?? "–"
        let limit = shown?.alert.outside.limit ?? ""
        view["limit"] = limit.isEmpty ? false : limit
        return Page(template: "alert", title: title, section: .alerts, view: view)
    }

    private static func view(_ event: AlertEvent, _ calendar: StoreCalendar, _ tongue: Tongue) -> View {
        [
            "at": calendar.shown(event.at, tongue), "kind": tongue(event.kind.title),
            "standing": event.standing.rawValue, "standingTitle": tongue(event.standing.title),
            "reason": tongue(event.reason.title), "judgedTo": event.judgedTo?.shown(tongue) ?? "–",
            "withheld": event.withheld.map { tongue($0.title) } ?? false,
        ]
    }

    private static func view(_ item: AlertsTask.Told, _ calendar: StoreCalendar, _ tongue: Tongue) -> View {
        [
            "receiver": item.receiver, "event": tongue(item.event.title), "at": calendar.shown(item.madeAt, tongue),
            "outcome": tongue(item.words { calendar.shown($0, tongue) }),
        ]
    }

    private static func notes(_ shown: AlertsTask.Shown, _ calendar: StoreCalendar, _ tongue: Tongue) -> [String] {
        var notes: [String] = []
        if shown.alert.isBlind {
            notes.append(tongue("There is no fresh data: its clock stands.", "暂无新数据：计时暂停。"))
        }
        if let word = shown.word {
            let until =
                word.until.map { tongue(" until \(calendar.shown($0, tongue))", "，至 \(calendar.shown($0, tongue))") }
                ?? ""
            notes.append(
                tongue("Looked after by \(word.by)\(until): \(word.why)", "由 \(word.by) 跟进\(until)：\(word.why)"))
        }
        for silence in shown.silences {
            let until = silence.until.map { calendar.shown($0, tongue) } ?? tongue(silence.ends.title)
            notes.append(
                tongue(
                    "Silenced by \(silence.by) until \(until): \(silence.why)",
                    "已被 \(silence.by) 静默至 \(until)：\(silence.why)"))
        }
        if let (window, end) = shown.window {
            let until = calendar.shown(end, tongue)
            notes.append(
                window.kind == .maintenance
                    ? tongue("Maintenance of the store until \(until).", "店铺维护至 \(until)。")
                    : tongue("Promotion of the store until \(until).", "店铺促销至 \(until)。"))
        }
        return notes
    }
}

extension Withholding {
    /// For people.
    var title: Words {
        switch self {
        case .untold: Words(en: "nobody had been told of it", zh: "此前未通知任何人")
        case .observed: Words(en: "only observed", zh: "仅观察")
        case .outage: Words(en: "one alert spoke for all", zh: "由总告警统一通知")
        case .flapping: Words(en: "it comes and goes, which was told once", zh: "反复波动，已通知一次")
        }
    }
}
