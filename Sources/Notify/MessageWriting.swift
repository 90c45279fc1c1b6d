package import Alerts
package import Facts
import Rules

/// Which language a receiver's people read.
package enum MessageLanguage: String, Sendable, Hashable, CaseIterable {
    case en, zh
    /// Chinese first, then English.
    case both

    func text(_ words: Words) -> String {
        switch self {
        case .en: words.en
        case .zh: words.zh
        case .both: words.zh == words.en ? words.en : "\(words.zh) · \(words.en)"
        }
    }
}

/// How much of the facts behind a figure a receiver is shown.
package enum EvidenceShown: String, Sendable, Hashable, CaseIterable {
    case full
    /// Of every number its last four characters.
    case masked
    /// How many there are.
    case counts

    func shown(_ id: String) -> String { self == .masked && id.count > 4 ? "…" + id.suffix(4) : id }

    /// What a program gets, that shows all it is given.
    func shown(_ told: NoticeContent.Told) -> NoticeContent.Told {
        guard self != .full else { return told }
        var told = told
        told.report.evidenceTotal = told.report.evidenceTotal ?? told.report.evidence.count
        told.report.evidence =
            self == .counts
            ? []
            : told.report.evidence.map { item in
                var item = item
                (item.id, item.order) = (shown(item.id), item.order.map(shown))
                return item
            }
        return told
    }
}

/// Events in words, for receivers that people read.
package struct MessageWriting: Sendable, Hashable {
    package var language: MessageLanguage
    package var evidence: EvidenceShown
    /// In place of our own words about an alert.
    package var template: MessageTemplate?
    /// By whose clock times are shown; nil: the store's.
    package var zone: StoreCalendar?

    /// So many facts are named.
    static let mostFacts = 5

    package init(
        language: MessageLanguage = .en, evidence: EvidenceShown = .full, template: MessageTemplate? = nil,
        zone: StoreCalendar? = nil
    ) {
        (self.language, self.evidence, self.template, self.zone) = (language, evidence, template, zone)
    }

    /// - Parameter id: of the notice, of which the beginning is shown: by it people see that they read something twice.
    package func message(_ told: NoticeContent.Told, id: String) -> Message {
        let message = told.event.key.isHealth ? health(told, id: id) : rule(told, id: id)
        return (template.map { written(message, by: $0, members(told, id: id)) } ?? message)
            .shown(by: zone ?? told.report.calendar)
    }

    private func rule(_ told: NoticeContent.Told, id: String) -> Message {
        let (event, report) = (told.event, told.report)
        let subject = report.subject
        var lines: [Words] = []
        if let figures = figures(report) { lines.append(figures) }
        if let since = report.blindSince {
            lines.append(
                Words(
                    en: "nothing new is known since \(since): it goes on as far as anybody knows",
                    zh: "自 \(since) 起没有新数据：按最后一次判断仍在持续"))
        }
        if let because = event.because { lines.append(because) }
        if let accepted = report.accepted, event.kind != .resolved { lines.append(Self.accepted(accepted)) }
        if let ending = report.ending { lines += Self.ending(ending) }
        if event.kind == .flapping { lines.append(Self.flaps) }
        if event.kind != .resolved { lines += report.headroom.map(\.words) }
        lines += report.outlook?.words ?? []
        if event.kind != .resolved {
            if let follows = report.consequence { lines.append(Words(en: "if it stays: ", zh: "后果：") + follows) }
            if let helps = report.remedy { lines.append(Words(en: "what helps: ", zh: "处理：") + helps) }
        }
        if let day = event.judgedTo { lines.append(Words(en: "judged to \(day)", zh: "考核截至 \(day)")) }
        // Robots may ask for the word; and where not all has room, the facts give way to it.
        lines.append(Words(en: "goodstanding \(id.prefix(12))", zh: "goodstanding \(id.prefix(12))"))
        if event.kind != .resolved { lines += facts(report) }
        return Message(
            headline: language.text(Self.headline(told)),
            lines: lines.map(language.text),
            headroom: event.kind == .resolved ? nil : report.headroom.first.map { language.text($0.words) },
            link: report.link, standing: event.standing,
            severity: subject.severity, episode: event.episode, store: event.key.store, rule: event.key.rule,
            reason: event.kind == .resolved ? event.because.map(language.text) : nil)
    }

    /// Nobody looks after it from soon on, unless somebody says so anew.
    static func ending(_ word: Acknowledgement) -> [Words] {
        guard let until = word.until else { return [] }
        return [
            Words(
                en:
                    "\(word.by) looks after it until \(until), and nobody from then on: goodstanding alerts ack says it anew",
                zh: "\(word.by) 跟进至 \(until)，之后无人跟进：可用 goodstanding alerts ack 重新认领")
        ]
    }

    private static func accepted(_ acceptance: Acceptance) -> Words {
        Words(
            en:
                "a breach counts as a warning until \(acceptance.until), for which \(acceptance.by) answers: \(acceptance.why)",
            zh: "\(acceptance.by) 已接受，至 \(acceptance.until) 前不达标计为预警：\(acceptance.why)")
    }

    /// The same in the words of a template. What a template makes nothing of is told in ours.
    private func written(_ message: Message, by template: MessageTemplate, _ members: [String: Any]) -> Message {
        let lines = template.lines(members)
        guard let first = lines.first else { return message }
        var message = message
        (message.headline, message.lines) = (first, Array(lines.dropFirst()))
        // How far it is it says itself, or wants unsaid.
        message.headroom = nil
        if template.names("link") { message.link = nil }
        return message
    }

    static func headline(_ told: NoticeContent.Told) -> Words {
        let (title, subject) = (title(told), told.report.subject)
        let (store, parts) = (subject.storeName, told.report.partNames)
        return Words(
            en: "[\(title.en)] \(store): \(subject.title.en)\(parts)",
            zh: "【\(title.zh)】\(store)：\(subject.title.zh)\(parts)")
    }

    static let flaps = Words(
        en: "it fired or ended 4 times within 7 days; until it is steady only a rise to breach is told",
        zh: "7 天内触发与恢复共 4 次；稳定之前仅通知升级为不达标")

    static func title(_ told: NoticeContent.Told) -> Words {
        let event = told.event
        if event.key.isHealth { return healthTitle(told) }
        if told.isReminder { return event.standing.title + Words(en: ", still", zh: "，仍未恢复") }
        return switch event.kind {
        case .firing: event.standing.title
        case .raised: event.standing.title + Words(en: ", was warning", zh: "，原为预警")
        case .lowered: event.standing.title + Words(en: ", was breach", zh: "，原为不达标")
        case .flapping:
            Words(en: "comes and goes, held as ", zh: "反复波动，暂按") + event.standing.title
        case .settled: Words(en: "steady again: ", zh: "不再波动：") + event.standing.title
        // Nobody is told of these.
        case .paused, .resumed: event.standing.title
        case .resolved where event.standing == .ok: Words(en: "ok again", zh: "已恢复")
        case .resolved: Words(en: "no longer judged", zh: "不再考核")
        }
    }

    func figures(_ report: AlertReport) -> Words? {
        let shown = report.values.map { value in
            let figure = FigureText.text(value.estimate, isPercent: value.isPercent)
            let title = value.title ?? Words(en: value.metric, zh: value.metric)
            return Words(en: "\(title.en) \(figure)", zh: "\(title.zh) \(figure)")
        }
        guard !shown.isEmpty else { return nil }
        var words = Words(
            en: shown.map(\.en).joined(separator: ", "), zh: shown.map(\.zh).joined(separator: "，"))
        if let limit = Self.limit(report) {
            let basis = report.basis.map { Words(en: " (\($0.title.en))", zh: "（\($0.title.zh)）") }
            words = words + Words(en: "; has to be: ", zh: "；要求：") + limit + (basis ?? Words(en: "", zh: ""))
        }
        return words
    }

    /// With the metrics by their titles.
    static func limit(_ report: AlertReport) -> Words? {
        let titles = Dictionary(report.values.map { ($0.metric, $0.title) }) { first, _ in first }
        return report.limit.map { LimitText.text($0) { titles[$0] ?? nil } }
    }

    private func facts(_ report: AlertReport) -> [Words] {
        let total = report.evidenceTotal ?? report.evidence.count
        guard total > 0 else { return [] }
        let named = evidence == .counts ? [] : report.evidence.prefix(Self.mostFacts)
        let count =
            named.isEmpty || named.count == total
            ? Words(en: "facts behind it: \(total)", zh: "相关记录：\(total) 条")
            : Words(en: "facts behind it: \(total), of which", zh: "相关记录：\(total) 条，其中")
        return [count] + named.map { Words("- " + language.text(line($0))) }
    }

    func line(_ item: EvidenceItem) -> Words {
        let (id, order) = (shown(item.id), item.order.map(shown))
        var words = Words(en: "\(item.kind.name) \(id)", zh: "\(item.kind.chinese) \(id)")
        if let order, order != id { words = words + Words(en: " of order \(order)", zh: "（订单 \(order)）") }
        if let day = item.leaves { words = words + Words(en: ", leaves on \(day)", zh: "，\(day) 起不再计入") }
        return words
    }

    func shown(_ id: String) -> String { evidence.shown(id) }
}

extension FactKind {
    fileprivate var chinese: String {
        switch self {
        case .order: "订单"
        case .line: "订单行"
        case .parcel: "包裹"
        case .refund: "售后单"
        case .rating: "评价"
        case .case: "工单"
        case .penalty: "处罚"
        case .measure: "读数"
        }
    }
}

extension AlertEvent {
    /// Why it happened, where the figures alone would be taken for more; nil: nothing is to be said.
    var because: Words? {
        switch reason {
        case .limit, .worsened, .eased: nil
        // Who answers for it is said by itself.
        case .accepted: nil
        case .acceptanceOver: Words(en: "nobody answers for it any more", zh: "接受已到期或被撤销")
        case .cleared:
            switch turning {
            case .news: Words(en: "by what has come since, not by age", zh: "因新增数据达标，并非旧记录移出窗口")
            case .both:
                Words(en: "old facts left the window and new ones came into it", zh: "旧记录移出统计窗口，同时有新数据计入")
            case .age, nil: nil
            }
        case .rolledOff:
            Words(en: "by age alone: old facts left the window, nothing became better", zh: "仅因旧记录移出统计窗口，并无改善")
        case .corrected: Words(en: "facts of days already judged were changed", zh: "已考核日期的数据有更正")
        case .limitChanged: Words(en: "the limit is another than before", zh: "限值已变更")
        case .notApplicable:
            Words(en: "the rule does not judge the store any more: no sign of health", zh: "规则不再适用，不代表已达标")
        case .ruleRemoved: Words(en: "the rule is no longer watched", zh: "规则已不再监控")
        case .storeRemoved: Words(en: "the store is no longer watched", zh: "店铺已不再监控")
        }
    }
}
