import Alerts
import Daemon
import Dashboard
import Facts
import Rules

/// What was known at a moment, and who was told.
enum WhyNotText {
    static func text(_ answer: WhyNotTask.Answer) -> String {
        let tongue = Tongue.current
        var lines: [String] = []
        if let standing = answer.standing {
            let since = tongue("since \(standing.judgedAt)", "始于 \(standing.judgedAt)")
            lines.append("\(tongue(standing.standing.title)) \(since)\(tongue(": ", "："))\(tongue(standing.because))")
            let values = standing.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            if !values.isEmpty { lines.append("  " + values.joined(separator: ", ")) }
            lines.append(tongue("  has to be: \(standing.limit)", "  要求：\(standing.limit)"))
            let judged = standing.judgedTo.map { "\($0)" } ?? tongue("nothing", "无")
            lines.append(
                tongue(
                    "  judged to \(judged), complete until \(standing.at), pack \(standing.pack), configuration \(standing.configuration)",
                    "  考核截至 \(judged)，数据完整至 \(standing.at)，规则包 \(standing.pack)，配置 \(standing.configuration)"))
        }
        if let event = answer.event {
            lines.append(
                tongue(
                    "alert: \(event.kind.title.en) at \(event.madeAt ?? event.at), by data up to \(event.at): \(event.standing.title.en) (\(event.reason.title.en))",
                    "告警：\(event.madeAt ?? event.at) \(event.kind.title.zh)（数据至 \(event.at)）：\(event.standing.title.zh)（\(event.reason.title.zh)）"
                ))
        }
        for item in answer.told {
            lines.append(
                "  \(item.receiver): \(tongue(item.event.rawValue, item.event.title.zh)) \(item.madeAt), \(tongue(item.words { "\($0)" }))"
            )
        }
        for reason in answer.reasons { lines.append(tongue("not told: ", "未通知：") + tongue(reason)) }
        if let next = answer.next {
            lines.append(
                tongue(
                    "then, at \(next.judgedAt): \(next.standing.title.en)",
                    "之后，于 \(next.judgedAt)：\(next.standing.title.zh)"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func json(_ answer: WhyNotTask.Answer) -> String {
        JSONValue.object([
            ("store", .string(answer.key.store)), ("rule", .string(answer.key.rule)), ("at", .string("\(answer.at)")),
            ("standing", answer.standing.map(value) ?? .null), ("next", answer.next.map(value) ?? .null),
            (
                "event",
                answer.event.map { event in
                    .object([
                        ("event", .string(event.kind.rawValue)), ("at", .string("\(event.at)")),
                        ("made_at", JSONValue(event.madeAt.map { "\($0)" })),
                        ("standing", .string(event.standing.rawValue)), ("reason", .string(event.reason.rawValue)),
                        ("episode", .string(event.episode)),
                    ])
                } ?? .null
            ),
            (
                "told", .array(answer.told.map(AlertBody.json))
            ), ("reasons", .array(answer.reasons.map { JSONValue($0) })),
        ]).text + "\n"
    }

    private static func value(_ change: StandingChange) -> JSONValue {
        .object([
            ("standing", .string(change.standing.rawValue)), ("before", JSONValue(change.before?.rawValue)),
            ("judged_at", .string("\(change.judgedAt)")), ("covered_until", .string("\(change.at)")),
            ("judged_to", JSONValue(change.judgedTo.map { "\($0)" })), ("limit", .string(change.limit)),
            (
                "values",
                .object(change.values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
            ), ("because", .string(change.because.en)), ("because_zh", .string(change.because.zh)),
            ("pack", .string(change.pack)),
            ("configuration", .string(change.configuration)),
        ])
    }
}
