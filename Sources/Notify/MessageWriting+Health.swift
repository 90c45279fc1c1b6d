import Alerts
import Facts
import Rules

extension MessageWriting {
    /// Of the data of a store, or of many: whose it is, what is wrong since when, what is not judged because of it, and
    /// what to do.
    func health(_ told: NoticeContent.Told, id: String) -> Message {
        let (event, report) = (told.event, told.report)
        var lines = Self.course(told)
        if let ending = report.ending { lines += Self.ending(ending) }
        if event.kind == .flapping { lines.append(Self.flaps) }
        if event.kind != .resolved {
            lines += [report.consequence].compactMap { $0 }
            if let helps = report.remedy { lines.append(Words(en: "what helps: ", zh: "处理：") + helps) }
        }
        lines.append(Words("goodstanding \(id.prefix(12))"))
        return Message(
            headline: language.text(Self.headline(told)), lines: lines.map(language.text), link: report.link,
            standing: event.standing, severity: report.subject.severity, episode: event.episode,
            store: event.key.store, rule: event.key.rule)
    }

    /// What is wrong, in the place of a standing, and whether it was told before.
    static func healthTitle(_ told: NoticeContent.Told) -> Words {
        let event = told.event
        let heading = told.report.health?.heading(at: event.at) ?? event.standing.title
        if told.isReminder { return heading + Words(en: ", still", zh: "，仍未恢复") }
        switch event.kind {
        case .firing, .raised, .lowered, .paused, .resumed: return heading
        case .flapping: return Words(en: "comes and goes: ", zh: "反复波动：") + heading
        case .settled: return Words(en: "steady again: ", zh: "不再波动：") + heading
        case .resolved where event.standing != .ok: return Words(en: "no longer watched", zh: "不再监控")
        case .resolved where told.report.health?.clock != nil: return Words(en: "clock right again", zh: "时钟已恢复")
        case .resolved where event.key.isExpiry: return Words(en: "renewed", zh: "已续期")
        case .resolved: return Words(en: "data again", zh: "数据已恢复")
        }
    }

    /// Since when it is so, and what was seen of it.
    static func course(_ told: NoticeContent.Told) -> [Words] {
        let (event, health) = (told.event, told.report.health)
        if event.key.isExpiry, event.kind != .resolved || event.standing == .ok {
            return health?.course(at: event.at) ?? []
        }
        guard event.kind == .resolved else {
            return [Words(en: "since \(event.since)", zh: "始于 \(event.since)")] + (health?.course(at: event.at) ?? [])
        }
        let since = Words(en: "it was so since \(event.since)", zh: "异常始于 \(event.since)")
        guard event.standing == .ok, health?.clock == nil else { return [since] }
        return [
            since,
            Words(
                en: "it is judged by what has come; whatever changed meanwhile is told by its own alerts",
                zh: "已按新数据考核；期间的变化由各自的告警通知"),
        ]
    }

    /// Of figures that somebody has to look up and enter.
    func message(_ due: DueBody) -> Message {
        let shown = due.figures.prefix(12).map { figure in
            Words(
                "- "
                    + language.text(
                        Words(
                            en: "\(figure.storeName): \(figure.title.en)", zh: "\(figure.storeName)：\(figure.title.zh)")
                            + (figure.place.map { Words(en: " (\($0.en))", zh: "（\($0.zh)）") } ?? Words(""))))
        }
        let more = due.figures.count - shown.count
        return Message(
            headline: "[goodstanding] " + language.text(due.title),
            lines: (shown + (more > 0 ? [Words(en: "and \(more) more", zh: "另有 \(more) 项")] : []) + [
                due.remedy, Words("goodstanding \(due.id.prefix(12))"),
            ])
            .map(language.text),
            link: nil, standing: .warning, severity: .info, episode: due.episode, store: "", rule: due.key.rule)
    }
}
