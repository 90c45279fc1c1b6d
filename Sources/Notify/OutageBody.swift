package import Alerts
package import Facts
package import Rules

/// What people are told once their receiver takes messages again, in place of all that waited for it: of each alert what
/// happened meanwhile, and where it stands.
package struct OutageBody: Sendable {
    package var receiver: String
    /// When it took nothing any more.
    package var since: Timestamp
    /// The ids of what waited.
    package var notices: [String]
    /// At least one.
    package var alerts: [Line]

    /// One alert, in the order in which it was first told of.
    package struct Line: Sendable, Hashable {
        package var subject: AlertSubject
        package var events: [NoticeItem.Event]
        /// As what it was to be told last.
        package var standing: Standing
        /// What it comes to now, and what it has to be.
        package var figures: Words?
        package var link: String?

        package init(subject: AlertSubject, events: [NoticeItem.Event], standing: Standing) {
            (self.subject, self.events, self.standing) = (subject, events, standing)
        }
    }

    /// A page of all alerts.
    package var link: String?

    package init(receiver: String, since: Timestamp, notices: [String], alerts: [Line]) {
        (self.receiver, self.since, self.notices, self.alerts) = (receiver, since, notices, Self.sorted(alerts))
    }

    /// So many are shown, the worst first; the others are counted.
    package static let most = 40

    private static func sorted(_ alerts: [Line]) -> [Line] {
        let order: [Standing] = [.breach, .unknown, .warning, .unjudged, .ok]
        return alerts.enumerated().sorted { a, b in
            let (first, second) = (order.firstIndex(of: a.element.standing), order.firstIndex(of: b.element.standing))
            return (first ?? 0, a.offset) < (second ?? 0, b.offset)
        }.map(\.element)
    }

    /// The same however often it is made.
    package func notice(at now: Timestamp, in writing: ReceiverWriting) -> Notice {
        let id = ContentID.bundle(receiver: receiver, of: notices)
        return Notice(
            id: id, receiver: receiver, key: Notice.several, episode: id, change: 0, madeAt: now,
            body: writing.bytes(of: message(writing.message, id: id), at: now, to: receiver) { [] })
    }

    func message(_ writing: MessageWriting, id: String) -> Message {
        let language = writing.language
        var lines: [String] = []
        for line in alerts.prefix(Self.most) {
            lines.append(language.text(Self.words(line)))
            lines += [line.figures.map(language.text), line.link].compactMap { $0 }.map { "  " + $0 }
        }
        let more = alerts.count - Self.most
        if more > 0 {
            lines.append(
                language.text(
                    Words(
                        en:
                            "and \(more) alert\(more == 1 ? "" : "s") more: goodstanding alerts history, goodstanding alerts list",
                        zh: "另有 \(more) 条告警：见 goodstanding alerts history 与 goodstanding alerts list")))
        }
        lines.append("goodstanding \(id.prefix(12))")
        let worst = alerts[0]
        let gravest = Severity.allCases.first { severity in
            alerts.contains { $0.standing == worst.standing && $0.subject.severity == severity }
        }
        return Message(
            headline: language.text(
                Words(
                    en: "[goodstanding] \(notices.count) notices waited since \(since); where their alerts stand",
                    zh: "【goodstanding】自 \(since) 起有 \(notices.count) 条通知未能送达，相关告警现状")),
            lines: lines, link: link, standing: worst.standing, severity: gravest ?? worst.subject.severity,
            episode: id, store: "", rule: Notice.several.rule
        ).shown(by: writing.zone)
    }

    private static func words(_ line: Line) -> Words {
        let events = line.events.map(Self.word).joined(separator: Words(en: ", ", zh: "、"))
        let (title, name) = (line.subject.title, line.subject.storeName)
        return Words(
            en: "[\(line.standing.title.en)] \(name): \(title.en) (\(events.en))",
            zh: "【\(line.standing.title.zh)】\(name)：\(title.zh)（\(events.zh)）")
    }

    private static func word(_ event: NoticeItem.Event) -> Words {
        switch event {
        case .firing: Words(en: "fired", zh: "触发")
        case .raised: Words(en: "raised", zh: "升级")
        case .lowered: Words(en: "lowered", zh: "降级")
        case .reminder: Words(en: "goes on", zh: "持续")
        case .resolved: Words(en: "ended", zh: "结束")
        case .flapping: Words(en: "comes and goes", zh: "反复波动")
        case .settled: Words(en: "steady again", zh: "不再波动")
        // Nobody is told of these.
        case .paused, .resumed: Words(event.rawValue)
        }
    }
}
