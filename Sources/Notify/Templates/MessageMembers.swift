import Alerts
import Facts
import Rules

/// What a template may name, in the receiver's language. What is not known is left out: a section of it is not shown.
package enum MessageMembers {
    /// For people, with what each is.
    package static let all: [(name: String, means: String)] = [
        ("headline", "standing, store and rule, as the first line is without a template"),
        ("title", "what happened: breach, warning, ok again, …"),
        ("event", "firing, raised, lowered, reminder, resolved, flapping or settled"),
        ("standing", "ok, warning, breach or unjudged"),
        ("reason", "limit, worsened, eased, cleared, rolled_off, …"), ("store", "its name"), ("store_id", "its id"),
        ("platform", "the pack's name"), ("labels", "of the store, each by its name: labels.team"),
        ("rule", "its title"), ("rule_id", "its id"),
        ("parts", "of a rule with each: those outside ok, such as WH-1, WH-2"),
        ("severity", "critical, major, minor or info"),
        ("figures", "the metrics and the limit, in one line; of data, since when it is so and what was seen of it"),
        ("cause", "of data: stale, partial, auth, throttled, schema, empty, reconcile, internal or expiry"),
        ("limit", "the condition with its numbers"),
        ("because", "why it ended, where the figures alone would be taken for more"),
        ("headroom", "how far it is to where it stands elsewhere"), ("recovery", "what the days to come will bring"),
        ("consequence", "what follows if it stays"), ("remedy", "what helps"),
        ("evidence", "the facts behind it, each with kind, id, order, at, leaves and text"),
        ("evidence_total", "how many there are in all"), ("since", "since when it stands outside ok"),
        ("at", "of which moment this is told"), ("judged_to", "the last day that was judged"),
        ("link", "a page about it, where the configuration has public_url:"),
        ("source", "where the platform states the limit"), ("id", "of this notice"),
        ("short_id", "the beginning of that, by which people see that they read something twice"),
    ]
    package static var names: [String] { all.map(\.name) }
}

extension MessageWriting {
    /// By the names of `MessageMembers`.
    func members(_ told: NoticeContent.Told, id: String) -> [String: Any] {
        let (event, report) = (told.event, told.report)
        let isOver = event.kind == .resolved
        let texts: [String: String?] = [
            "headline": language.text(Self.headline(told)), "title": language.text(Self.title(told)),
            "event": told.name.rawValue, "standing": event.standing.rawValue, "reason": event.reason.rawValue,
            "store": report.subject.storeName, "store_id": event.key.store, "platform": report.subject.platform,
            "rule": language.text(report.subject.title), "rule_id": event.key.rule,
            "parts": report.parts.flatMap { $0.isEmpty ? nil : $0.map(\.value).joined(separator: ", ") },
            "severity": report.subject.severity.rawValue,
            "figures": event.key.isHealth
                ? language.text(Self.course(told).joined(separator: Words(en: "; ", zh: "；")))
                : figures(report).map(language.text),
            "cause": report.health?.cause.rawValue,
            "limit": Self.limit(report).map(language.text), "because": event.because.map(language.text),
            "headroom": isOver ? nil : joined(report.headroom.map(\.words)),
            "recovery": joined(report.outlook?.words ?? []),
            "consequence": isOver ? nil : report.consequence.map(language.text),
            "remedy": isOver ? nil : report.remedy.map(language.text),
            "evidence_total": isOver ? nil : report.evidenceTotal.map { "\($0)" }, "since": "\(event.since)",
            "at": "\(event.at)", "judged_to": event.judgedTo.map { "\($0)" }, "link": report.link,
            "source": report.source,
            "id": id, "short_id": String(id.prefix(12)),
        ]
        var members: [String: Any] = texts.compactMapValues { $0 }
        members["labels"] = report.subject.labels
        members["evidence"] = isOver || evidence == .counts ? [] : report.evidence.prefix(Self.mostFacts).map(fact)
        return members
    }

    private func joined(_ lines: [Words]) -> String? {
        lines.isEmpty ? nil : lines.map(language.text).joined(separator: "\n")
    }

    private func fact(_ item: EvidenceItem) -> [String: String] {
        [
            "kind": item.kind.name, "id": shown(item.id), "order": item.order.map(shown), "at": "\(item.at)",
            "leaves": item.leaves.map { "\($0)" }, "text": "- " + language.text(line(item)),
        ].compactMapValues { $0 }
    }
}
