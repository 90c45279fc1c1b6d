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

        package init(subject: AlertSubject, events: [NoticeItem.Event], standing: Standing) {
            (self.subject, self.events, self.standing) = (subject, events, standing)
        }
    }

    package init(receiver: String, since: Timestamp, notices: [String], alerts: [Line]) {
        (self.receiver, self.since, self.notices, self.alerts) = (receiver, since, notices, alerts)
    }

    private static let most = 40

    /// The same however often it is made.
    package func notice(at now: Timestamp, in writing: ReceiverWriting) -> Notice {
        let id = ContentID.bundle(receiver: receiver, of: notices)
        return Notice(
            id: id, receiver: receiver, key: Notice.several, episode: id, change: 0, madeAt: now,
            body: writing.bytes(of: message(writing.message.language, id: id), at: now, to: receiver) { [] })
    }

    func message(_ language: MessageLanguage, id: String) -> Message {
        let order: [Standing] = [.breach, .unknown, .warning, .unjudged, .ok]
        let sorted = alerts.enumerated().sorted { a, b in
            let (first, second) = (order.firstIndex(of: a.element.standing), order.firstIndex(of: b.element.standing))
            return (first ?? 0, a.offset) < (second ?? 0, b.offset)
        }.map(\.element)
        var lines = sorted.prefix(Self.most).map { language.text(Self.words($0)) }
        if sorted.count > Self.most { lines.append("… +\(sorted.count - Self.most)") }
        lines.append("goodstanding \(id.prefix(12))")
        let worst = sorted[0]
        return Message(
            headline: language.text(
                Words(
                    en: "[goodstanding] \(notices.count) notices waited since \(since); where their alerts stand",
                    zh: "【goodstanding】自 \(since) 起有 \(notices.count) 条通知未能送达，相关告警现状")),
            lines: lines, link: nil, standing: worst.standing, severity: worst.subject.severity, episode: id, store: "",
            rule: Notice.several.rule)
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
