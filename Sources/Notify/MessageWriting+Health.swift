import Alerts
import Facts
import Rules

extension MessageWriting {
    /// Of the data of a store, or of many: whose it is, what is wrong since when, what is not judged because of it, and
    /// what to do.
    func health(_ told: NoticeContent.Told, id: String, isReminder: Bool = false) -> Message {
        let (event, report) = (told.event, told.report)
        let subject = report.subject
        var title: Words
        var lines: [Words] = []
        if event.kind == .resolved {
            title =
                event.standing == .ok
                ? Words(en: "data again", zh: "数据已恢复") : Words(en: "no longer watched", zh: "不再监控")
            lines.append(Words(en: "it was so since \(event.since)", zh: "异常始于 \(event.since)"))
            if event.standing == .ok {
                lines.append(
                    Words(
                        en: "it is judged by what has come; whatever changed meanwhile is told by its own alerts",
                        zh: "已按新数据考核；期间的变化由各自的告警通知"))
            }
        } else {
            title = report.health?.cause.title ?? event.standing.title
            if isReminder { title = title + Words(en: ", still", zh: "，仍未恢复") }
            lines.append(Words(en: "since \(event.since)", zh: "始于 \(event.since)"))
            lines += report.health?.course(at: event.at) ?? []
            lines += [report.consequence].compactMap { $0 }
            if let helps = report.remedy { lines.append(Words(en: "what helps: ", zh: "处理：") + helps) }
        }
        lines.append(Words("goodstanding \(id.prefix(12))"))
        return Message(
            headline: language.text(
                Words(
                    en: "[\(title.en)] \(subject.storeName): \(subject.title.en)",
                    zh: "【\(title.zh)】\(subject.storeName)：\(subject.title.zh)")),
            lines: lines.map(language.text), link: report.link, standing: event.standing, severity: subject.severity,
            episode: event.episode, store: event.key.store, rule: event.key.rule)
    }

    /// Of figures that somebody has to look up and enter.
    func message(_ due: DueBody) -> Message {
        let shown = due.figures.prefix(12).map { figure in
            Words(en: "- \(figure.storeName): \(figure.title.en)", zh: "- \(figure.storeName)：\(figure.title.zh)")
                + (figure.place.map { Words(en: " (\($0.en))", zh: "（\($0.zh)）") } ?? Words(""))
        }
        let more = due.figures.count - shown.count
        return Message(
            headline: "[goodstanding] " + language.text(due.title),
            lines: (shown + (more > 0 ? [Words(en: "and \(more) more", zh: "另有 \(more) 项")] : []) + [due.remedy])
                .map(language.text),
            link: nil, standing: .warning, severity: .info, episode: due.episode, store: "", rule: due.key.rule)
    }
}
