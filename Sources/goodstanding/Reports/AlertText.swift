import Alerts
import Daemon
import Dashboard
import Facts
import Rules

/// One alert, and what happened to alerts.
enum AlertText {
    static func text(_ shown: AlertsTask.Shown, _ calendars: (String) -> StoreCalendar) -> String {
        let (tongue, alert) = (Tongue.current, shown.alert)
        let calendar = calendars(alert.key.store)
        let subject = alert.subject
        var lines = [
            "\(subject.storeName) (\(alert.key.store)): \(tongue(subject.title)) (\(alert.key.rule))",
            tongue(
                "\(alert.state.title.en)\(alert.isBlind ? ", no fresh data" : "") since \(alert.since), \(subject.severity.rawValue), episode \(alert.episode)",
                "\(alert.state.title.zh)\(alert.isBlind ? "，暂无新数据" : "")，始于 \(alert.since)，\(subject.severity.title.zh)，编号 \(alert.episode)"
            ),
            tongue("has to be: \(alert.outside.limit)", "要求：\(alert.outside.limit)"),
        ]
        if let progress = shown.progress { lines.append(tongue(progress)) }
        if let word = shown.word {
            let until = word.until.map { tongue(" until \($0)", "，至 \($0)") } ?? ""
            lines.append(
                tongue("looked after by \(word.by)\(until): \(word.why)", "由 \(word.by) 跟进\(until)：\(word.why)"))
        }
        for silence in shown.silences {
            let until = silence.endWords
            lines.append(
                tongue(
                    "silenced by \(silence.by) until \(until.en) (\(silence.id)): \(silence.why)",
                    "已被 \(silence.by) 静默至\(until.zh)（\(silence.id)）：\(silence.why)"))
        }
        if let (window, end) = shown.window {
            lines.append(
                tongue(
                    "\(window.kind.rawValue) of the store until \(end)",
                    "店铺\(window.kind == .maintenance ? "维护" : "促销")至 \(end)"))
        }
        lines.append("")
        var text = lines.map { calendar.shown(in: $0) }.joined(separator: "\n") + "\n"
        text += table(shown.events, calendars)
        guard !shown.told.isEmpty else { return text + "\n" + tongue("nobody was told\n", "尚未通知任何人\n") }
        var table = TextTable([
            (tongue("RECEIVER", "接收方"), .left), (tongue("EVENT", "事件"), .left), (tongue("MADE", "产生"), .left),
            (tongue("WHAT BECAME OF IT", "结果"), .left),
        ])
        for item in shown.told {
            table.add([
                .init(item.receiver), .init(tongue(item.event.rawValue, item.event.title.zh)),
                .init(calendar.shown(item.madeAt)), .init(tongue(item.words(calendar.shown))),
            ])
        }
        return text + "\n" + table.text
    }

    static func table(_ events: [AlertEvent], _ calendar: (String) -> StoreCalendar) -> String {
        let tongue = Tongue.current
        guard !events.isEmpty else { return tongue("nothing happened\n", "没有记录\n") }
        var table = TextTable([
            (tongue("AT", "时间"), .left), (tongue("STORE", "店铺"), .left), (tongue("RULE", "规则"), .left),
            (tongue("EVENT", "事件"), .left), (tongue("STANDING", "达标情况"), .left), (tongue("REASON", "原因"), .left),
            (tongue("JUDGED TO", "考核截至"), .left),
        ])
        for event in events {
            table.add([
                .init(calendar(event.key.store).shown(event.at)), .init(event.key.store), .init(event.key.rule),
                .init(tongue(event.kind.rawValue, event.kind.title.zh)),
                .init(tongue(event.standing.title), event.standing.style), .init(tongue(event.reasonWords)),
                .init(event.judgedTo.map { "\($0)" } ?? ""),
            ])
        }
        return table.text
    }

    static func json(_ events: [AlertEvent]) -> String { JSONValue.array(events.map(EventBody.json)).text + "\n" }

    static func json(_ shown: AlertsTask.Shown) -> String { AlertBody.json(shown).text + "\n" }
}

extension AlertEvent {
    /// In English as programs read it, and of an end what did it.
    fileprivate var reasonWords: Words {
        Words(en: reason.rawValue, zh: reason.title.zh)
            + (turning.map { Words(en: " (\($0.rawValue))", zh: $0 == .news ? "（新增数据）" : "（新旧数据）") } ?? Words(""))
    }
}
