import Alerts
import Daemon
import Dashboard
import Facts
import Rules

/// Alerts that go on, for people and for programs.
enum AlertsText {
    static func table(_ alerts: [AlertsTask.Listed], _ calendar: (String) -> StoreCalendar) -> String {
        let tongue = Tongue.current
        guard !alerts.isEmpty else { return tongue("no alert goes on\n", "当前没有进行中的告警\n") }
        var table = TextTable([
            (tongue("STORE", "店铺"), .left), (tongue("RULE", "规则"), .left), (tongue("STATE", "状态"), .left),
            (tongue("STANDING", "达标情况"), .left), (tongue("SINCE", "始于"), .left), (tongue("TITLE", "标题"), .left),
        ])
        for listed in alerts {
            let alert = listed.alert
            let state =
                tongue(alert.state.title) + (alert.isBlind ? tongue(", blind", "，暂无新数据") : "")
                + (alert.flapping.isHeld ? tongue(", flapping", "，反复波动") : "")
                + (listed.isObserved ? tongue(", observed", "，仅观察") : "")
                + (listed.isSpokenFor ? tongue(", in the outage of its source", "，由来源故障总告警通知") : "")
                + (listed.isSilenced ? tongue(", silenced", "，已静默") : "")
            let standing = alert.announced ?? alert.standing
            table.add([
                .init(alert.key.store), .init(alert.key.rule), .init(state),
                .init(tongue(standing.title), standing.style), .init(calendar(alert.key.store).shown(alert.since)),
                .init(tongue(alert.subject.title)),
            ])
        }
        return table.text
    }

    static func json(_ alerts: [AlertsTask.Listed]) -> String {
        JSONValue.array(alerts.map(AlertBody.json)).text + "\n"
    }

    /// What would have been sent.
    static func table(
        _ events: [(event: AlertEvent, title: Words)], _ calendar: (String) -> StoreCalendar
    ) -> String {
        let tongue = Tongue.current
        guard !events.isEmpty else { return tongue("nothing is withheld by observing\n", "没有因仅观察而未发送的通知\n") }
        var table = TextTable([
            (tongue("AT", "时间"), .left), (tongue("EVENT", "事件"), .left), (tongue("STORE", "店铺"), .left),
            (tongue("RULE", "规则"), .left), (tongue("STANDING", "达标情况"), .left), (tongue("TITLE", "标题"), .left),
        ])
        for (event, title) in events {
            table.add([
                .init(calendar(event.key.store).shown(event.at)),
                .init(tongue(event.kind.rawValue, event.kind.title.zh)), .init(event.key.store),
                .init(event.key.rule),
                .init(tongue(event.standing.title), event.standing.style), .init(tongue(title)),
            ])
        }
        return table.text
    }

    static func json(_ events: [(event: AlertEvent, title: Words)]) -> String {
        JSONValue.array(
            events.map { event, _ in
                .object([
                    ("at", .string("\(event.at)")), ("event", .string(event.kind.rawValue)),
                    ("store", .string(event.key.store)), ("rule", .string(event.key.rule)),
                    ("episode", .string(event.episode)), ("standing", .string(event.standing.rawValue)),
                    ("reason", .string(event.reason.rawValue)), ("since", .string("\(event.since)")),
                ])
            }
        ).text + "\n"
    }
}
