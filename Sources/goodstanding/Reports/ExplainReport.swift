import Alerts
import Daemon
import Dashboard
import Facts
import Language
import Rollups
import Rules

/// A standing down to the facts: for people a page, for programs the same as JSON.
enum ExplainReport {
    /// Facts a page shows; JSON holds all.
    private static let shownEvidence = 20

    static func text(_ explanation: ExplainTask.Explanation) -> String {
        let tongue = Tongue.current
        var text = Terminal.styled(Terminal.printable(explanation.store.name), .bold)
        if explanation.store.name != explanation.store.id { text += " (\(Terminal.printable(explanation.store.id)))" }
        text += ", \(explanation.store.pack), \(explanation.store.timezone): "
        text += Terminal.styled(tongue(explanation.standing.title), explanation.standing.style ?? .dim) + "\n"
        let calendar = explanation.calendar
        text += tongue("as of ", "评估时刻 ") + "\(calendar.text(of: explanation.at))\n"
        for kind in FactKind.allCases {
            guard let interval = explanation.coverage[kind] else { continue }
            let from = interval.from.map(calendar.text).map { tongue(" from \($0)", "，自 \($0)") } ?? ""
            let source = explanation.sources[kind].map { " (\($0))" } ?? ""
            text +=
                "  \(kind.name)\(source): " + tongue("complete", "数据完整") + from + tongue(" up to ", "，截至 ")
                + "\(calendar.text(of: interval.until))\n"
        }
        if explanation.quarantined > 0 {
            text += tongue(
                "  \(counted(explanation.quarantined, "fact")) could not be read (quarantine)\n",
                "  有 \(explanation.quarantined) 条数据无法读取（已隔离）\n")
        }
        for rule in explanation.rules { text += "\n" + self.text(rule, calendar, tongue) }
        for gate in explanation.gates {
            let state =
                switch gate.state {
                case .open: tongue("open", "开放")
                case .closed: tongue("closed", "未开放")
                case .unknown: tongue("unknown", "未知")
                }
            text +=
                "\n" + tongue("Gate", "门槛") + " \(tongue(gate.gate.title)): \(state)"
                + (gate.because.isEmpty ? "" : tongue(", because of ", "，原因：") + gate.because.joined(separator: ", "))
                + "\n"
        }
        return text
    }

    private static func text(
        _ rule: ExplainTask.ExplainedRule, _ calendar: StoreCalendar, _ tongue: Tongue
    ) -> String {
        let evaluation = rule.evaluation
        var text = Terminal.styled(tongue(evaluation.rule.title), .bold) + " [\(evaluation.rule.id)]: "
        text += Terminal.styled(tongue(evaluation.announced.title), evaluation.announced.style ?? .dim)
        text += ", " + tongue(evaluation.words) + "\n"
        text += "  " + tongue("limit", "要求") + "      \(evaluation.limit)  (\(basis(rule, tongue)))\n"
        if let preference = evaluation.preference { text += "  " + tongue("preferred", "期望") + "  \(preference)\n" }
        if let premise = evaluation.premise { text += "  " + tongue("given", "前提") + "      \(premise)\n" }
        text += "  " + tongue("judged to", "统计至") + "  \(evaluation.judgedTo)\n"
        for metric in rule.metrics {
            text +=
                "  \(metric.name) = \(FigureText.text(metric.estimate, of: metric.name, in: evaluation))"
            // An aggregate that stands in the rule itself is its own name.
            text += metric.definition == metric.name ? "\n" : "    \(metric.definition)\n"
            for figure in metric.figures {
                text += "      \(FigureText.text(figure.value))  \(figure.window)  \(figure.aggregate)\n"
            }
        }
        if evaluation.counterpart != nil {
            text += "  " + tongue("marks", "标记") + "      \(MarkText.sides(evaluation, tongue))\n"
        }
        for figure in rule.reconciled {
            guard let comparison = figure.comparison else { continue }
            text +=
                "  " + tongue("platform", "平台") + "   \(figure.pair.metric) \(tongue(comparison.standing.title)): "
                + ReconcileText.line(figure, calendar) + "\n"
        }
        for line in rule.prospects.headroom { text += "  " + tongue("headroom", "余量") + "   \(tongue(line.words))\n" }
        for words in rule.prospects.outlook?.words ?? [] {
            text += "  " + tongue("outlook", "展望") + "    \(tongue(words))\n"
        }
        if let limit = rule.limitThen {
            text += "  " + tongue("limit was", "原要求") + "  \(limit)\n"
        }
        for change in rule.changes {
            text += ChangeText.text(change, evaluation, tongue, printable: Terminal.printable)
        }
        if !rule.changes.isEmpty, rule.changes.allSatisfy({ $0.then == $0.now && $0.parts.isEmpty }) {
            text += "  " + tongue("changed", "变化") + "    " + tongue("no figure since then", "数值均未变化") + "\n"
        }
        if let assessment = evaluation.assessment {
            text +=
                "  "
                + tongue(
                    "assessed   on \(assessment.day): \(assessment.standing.title.en); next on \(assessment.next), as it stands now: \(assessment.projected.title.en)",
                    "考核于 \(assessment.day)：\(assessment.standing.title.zh)；下次考核 \(assessment.next)，按当前数据：\(assessment.projected.title.zh)"
                ) + "\n"
        }
        if let member = evaluation.rule.each { text += parts(evaluation, of: member.text, tongue) }
        if let level = evaluation.level { text += "  " + tongue("level", "等级") + "      \(level)\n" }
        if let accepted = evaluation.accepted {
            text +=
                "  "
                + tongue(
                    "accepted   by \(Terminal.printable(accepted.by)) until \(accepted.until): \(Terminal.printable(accepted.why))",
                    "已接受     由 \(Terminal.printable(accepted.by)) 接受至 \(accepted.until)：\(Terminal.printable(accepted.why))"
                ) + "\n"
        }
        if !rule.evidence.isEmpty {
            text +=
                "  " + tongue("\(counted(rule.evidence.count, "fact")) behind it", "相关数据 \(rule.evidence.count) 条")
                + "\n"
            text += evidence(rule.evidence.prefix(shownEvidence), calendar, tongue)
            if rule.evidence.count > shownEvidence {
                text +=
                    "      "
                    + tongue(
                        "and \(rule.evidence.count - shownEvidence) more", "另有 \(rule.evidence.count - shownEvidence) 条"
                    ) + "\n"
            }
        }
        if evaluation.announced == .breach || evaluation.announced == .warning {
            if let consequence = evaluation.rule.consequence { text += "  → \(tongue(consequence))\n" }
            if let remedy = evaluation.rule.remedy { text += "  → \(tongue(remedy))\n" }
        }
        return text
    }

    private static func evidence(
        _ items: some Collection<EvidenceItem>, _ calendar: StoreCalendar, _ tongue: Tongue
    ) -> String {
        let isContestable = items.contains { $0.contestableUntil != nil }
        var table = TextTable(
            [
                ("", .left), (tongue("KIND", "类型"), .left), (tongue("ID", "编号"), .left), (tongue("ORDER", "订单"), .left),
                (tongue("COUNTS ON", "计入时间"), .left), (tongue("LEAVES", "移出日"), .left),
            ] + (isContestable ? [(tongue("CONTEST BY", "申诉截止"), .left)] : []))
        for item in items {
            table.add(
                [
                    .init("   "), .init(item.kind.name), .init(item.id), .init(item.order ?? "–"),
                    .init(calendar.text(of: item.at)), .init(item.leaves?.description ?? "–"),
                ] + (isContestable ? [.init(item.contestableUntil.map(calendar.endText) ?? "–")] : []))
        }
        return table.text
    }

    /// Those outside ok, worst first; the others are counted.
    private static func parts(_ evaluation: RuleEvaluation, of member: String, _ tongue: Tongue) -> String {
        let outside = evaluation.parts.filter { [.warning, .breach, .unknown].contains($0.standing) }
            .sorted { ($1.standing.rank, $0.value) < ($0.standing.rank, $1.value) }
        var text = ""
        for part in outside.prefix(shownEvidence) {
            let figures = part.values.map {
                "\($0.metric) \(FigureText.text($0.estimate, of: $0.metric, in: evaluation))"
            }
            text += "  \(member) \(Terminal.printable(part.value)): "
            text += Terminal.styled(tongue(part.standing.title), part.standing.style ?? .dim)
            text += part.level.map { ", \($0)" } ?? ""
            text += "  \(figures.joined(separator: ", "))\n"
        }
        let others = evaluation.parts.count - min(outside.count, shownEvidence)
        return others > 0 ? text + "  " + tongue("and \(others) more", "另有 \(others) 个") + "\n" : text
    }

    /// A suggested limit is never presented as the platform's own.
    private static func basis(_ rule: ExplainTask.ExplainedRule, _ tongue: Tongue) -> String {
        let evaluation = rule.evaluation
        if case .noParameter = evaluation.because {
            return tongue(
                "no value is known yet: `goodstanding rules parameters --missing` says where to find it",
                "尚无限值：`goodstanding rules parameters --missing` 列出查找位置")
        }
        return ([tongue(evaluation.basisWords)] + rule.sources).joined(separator: "; ")
    }

    static func json(_ explanation: ExplainTask.Explanation) -> String { ExplanationBody.json(explanation).text + "\n" }
}
