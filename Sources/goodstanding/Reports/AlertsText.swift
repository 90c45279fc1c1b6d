import Alerts
import Facts
import Rules

/// Alerts that go on, for people and for programs.
enum AlertsText {
    static func table(_ alerts: [Alert]) -> String {
        let tongue = Tongue.current
        guard !alerts.isEmpty else { return tongue("no alert goes on\n", "当前没有进行中的告警\n") }
        var table = TextTable([
            (tongue("STORE", "店铺"), .left), (tongue("RULE", "规则"), .left), (tongue("STATE", "状态"), .left),
            (tongue("STANDING", "达标情况"), .left), (tongue("SINCE", "始于"), .left), (tongue("TITLE", "标题"), .left),
        ])
        for alert in alerts {
            let state = tongue(alert.state.title) + (alert.isBlind ? tongue(", blind", "，暂无新数据") : "")
            let standing = alert.announced ?? alert.standing
            table.add([
                .init(alert.key.store), .init(alert.key.rule), .init(state),
                .init(tongue(standing.title), standing.style), .init("\(alert.since)"),
                .init(tongue(alert.subject.title)),
            ])
        }
        return table.text
    }

    static func json(_ alerts: [Alert]) -> String {
        JSONValue.array(
            alerts.map { alert in
                .object([
                    ("store", .string(alert.key.store)), ("rule", .string(alert.key.rule)),
                    ("episode", .string(alert.episode)), ("state", .string(alert.state.rawValue)),
                    ("standing", .string(alert.standing.rawValue)),
                    ("announced", JSONValue(alert.announced?.rawValue)), ("blind", .bool(alert.isBlind)),
                    ("since", .string("\(alert.since)")), ("fired_at", JSONValue(alert.firedAt.map { "\($0)" })),
                    ("reason", JSONValue(alert.reason?.rawValue)),
                ])
            }
        ).text + "\n"
    }
}

extension Alert.State {
    var title: Words {
        switch self {
        case .pending: Words(en: "pending", zh: "待确认")
        case .firing: Words(en: "firing", zh: "告警中")
        case .recovering: Words(en: "recovering", zh: "恢复中")
        case .resolved: Words(en: "resolved", zh: "已结束")
        }
    }
}
