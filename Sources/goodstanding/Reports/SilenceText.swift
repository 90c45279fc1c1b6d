import Alerts
import Dashboard
import Facts
import Rules

/// Silences and acknowledgements.
enum SilenceText {
    static func done(_ word: Acknowledgement) -> String {
        let tongue = Tongue.current
        let until =
            word.until.map { tongue("until \($0)", "至 \($0)") } ?? tongue("until it ends or grows worse", "直到结束或恶化")
        return tongue(
            "\(word.by) looks after '\(word.key.rule)' at '\(word.key.store)' \(until)\n",
            "\(word.by) 正在跟进店铺 '\(word.key.store)' 的 '\(word.key.rule)'，\(until)\n")
    }

    static func done(_ acceptance: Acceptance?, _ store: String, _ rule: String) -> String {
        Tongue.current(
            acceptance.map {
                "\($0.by) answers for '\(rule)' at '\(store)' until \($0.until): a breach counts as a warning\n"
            } ?? "nobody answers for '\(rule)' at '\(store)' any more\n",
            acceptance.map { "\($0.by) 已接受店铺 '\(store)' 的 '\(rule)'，至 \($0.until)：不达标计为预警\n" }
                ?? "店铺 '\(store)' 的 '\(rule)' 不再被接受\n")
    }

    static func done(_ silence: Silence, _ alerts: [Alert]) -> String {
        let tongue = Tongue.current
        var text = tongue(
            "\(silence.id): silenced \(tongue(end(of: silence))); fits \(alerts.count) alerts that go on\n",
            "\(silence.id)：已静默，\(tongue(end(of: silence)))；涉及 \(alerts.count) 条进行中的告警\n")
        for alert in alerts.prefix(20) { text += "  \(alert.key.store) \(alert.key.rule)\n" }
        if alerts.count > 20 { text += "  … +\(alerts.count - 20)\n" }
        return text
    }

    static func ended(_ silence: Silence) -> String {
        Tongue.current(
            "\(silence.id) is over; what still goes on is told\n", "\(silence.id) 已结束；仍在进行的告警将会通知\n")
    }

    static func table(_ silences: [Silence]) -> String {
        let tongue = Tongue.current
        guard !silences.isEmpty else { return tongue("nothing is silenced\n", "没有静默\n") }
        var table = TextTable([
            (tongue("SILENCE", "静默"), .left), (tongue("OF", "范围"), .left), (tongue("FROM", "始于"), .left),
            (tongue("ENDS", "结束"), .left), (tongue("BY", "由"), .left), (tongue("WHY", "原因"), .left),
        ])
        for silence in silences {
            table.add([
                .init(String(silence.id.prefix(12))), .init(silence.filter.words),
                .init("\(silence.from)"),
                .init(tongue(end(of: silence))), .init(silence.by), .init(silence.why),
            ])
        }
        return table.text
    }

    static func json(_ silences: [Silence]) -> String {
        JSONValue.array(silences.map(SilenceBody.json)).text + "\n"
    }

    private static func end(of silence: Silence) -> Words {
        if let ended = silence.endedAt {
            let by = silence.endedBy.map { Words(en: " by \($0)", zh: "，由 \($0)") } ?? Words("")
            let why = silence.endedWhy.map { Words(en: ": \($0)", zh: "：\($0)") } ?? Words("")
            return Words(en: "ended \(ended)", zh: "已于 \(ended) 结束") + by + why
        }
        let until = silence.until.map { "\($0)" }
        return switch silence.ends {
        case .time: Words(en: "until \(until ?? "")", zh: "至 \(until ?? "")")
        case .resolved:
            Words(
                en: "until it is over" + (until.map { ", at most until \($0)" } ?? ""),
                zh: "直到恢复" + (until.map { "，最迟至 \($0)" } ?? ""))
        case .worse:
            Words(
                en: "until it grows worse" + (until.map { ", at most until \($0)" } ?? ""),
                zh: "直到恶化" + (until.map { "，最迟至 \($0)" } ?? ""))
        }
    }
}
