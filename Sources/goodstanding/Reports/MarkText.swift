import Alerts
import Daemon
import Dashboard
import Facts
import Language
import Rules

/// Marks, for people and for programs.
enum MarkText {
    /// What was done, and what the figures are with and without marks now.
    static func done(_ outcome: MarkTask.Outcome) -> String {
        let tongue = Tongue.current
        var text = ""
        for mark in outcome.marks {
            let store = Terminal.printable(outcome.store.id)
            text += name(mark) + tongue(" of store \(store): ", "（店铺 \(store)）：")
            text += "\(mark.member.name) \(value(mark, outcome.calendar))" + tongue(", ", "，")
            if let undoing = mark.undoing {
                text += tongue("taken back by ", "已撤销，撤销人：") + "\(Terminal.printable(undoing.by))\n"
                continue
            }
            text += tongue("by ", "标记人：") + "\(Terminal.printable(mark.by))"
            if let until = mark.until { text += tongue(" until ", "，有效至 ") + outcome.calendar.text(of: until) }
            text += "\n"
        }
        guard !outcome.rules.isEmpty else {
            return text + tongue("no figure of a rule changes by it\n", "没有规则的数值因此改变\n")
        }
        for rule in outcome.rules {
            text += "\(tongue(rule.rule.title)) [\(rule.rule.id)]: \(sides(rule, tongue))\n"
        }
        return text
    }

    /// `without marks breach, dispute_orders 3; with marks ok, dispute_orders 2`; empty where marks change nothing.
    static func sides(_ rule: RuleEvaluation, _ tongue: Tongue) -> String {
        let moved = Set(
            zip(rule.values, rule.counterpart?.values ?? []).filter { $0.estimate != $1.estimate }.map(\.0.metric))
        func side(_ standing: Standing, _ values: [(metric: String, estimate: Estimate)]) -> String {
            let shown = values.filter { rule.counterpart == nil || moved.contains($0.metric) }
            let figures = shown.map { "\($0.metric) \(FigureText.text($0.estimate, of: $0.metric, in: rule))" }
            return ([Terminal.styled(tongue(standing.title), standing.style ?? .dim)] + figures).joined(
                separator: tongue(", ", "，"))
        }
        let own = side(rule.announced, rule.values)
        guard let other = rule.counterpart.map({ side($0.standing, $0.values) }) else {
            return tongue("with and without marks ", "标记与否均为 ") + own
        }
        let (without, with) = rule.counterpart?.isMarked ?? true ? (own, other) : (other, own)
        return tongue("without marks \(without); with marks \(with)", "不计标记：\(without)；计入标记：\(with)")
    }

    static func table(_ marks: [(store: Store, calendar: StoreCalendar, mark: Mark)]) -> String {
        let tongue = Tongue.current
        guard !marks.isEmpty else { return tongue("nothing is marked\n", "没有标记\n") }
        var table = TextTable([
            (tongue("STORE", "店铺"), .left), (tongue("FACT", "数据"), .left), (tongue("MARK", "标记"), .left),
            (tongue("BY", "标记人"), .left), (tongue("SINCE", "时间"), .left), (tongue("UNTIL", "有效至"), .left),
            (tongue("WHY", "原因"), .left),
        ])
        let lastByMember = Dictionary(
            marks.map { ([$0.store.id, name($0.mark), $0.mark.member.name], $0.mark.at) }, uniquingKeysWith: max)
        for (store, calendar, mark) in marks {
            let last = lastByMember[[store.id, name(mark), mark.member.name]]
            let replaced = last.flatMap { $0 > mark.at ? tongue("replaced ", "已被取代于 ") + calendar.text(of: $0) : nil }
            let end =
                replaced ?? mark.undoing.map { tongue("taken back ", "撤销于 ") + calendar.text(of: $0.at) }
                ?? mark.until.map(calendar.text) ?? "–"
            table.add([
                .init(store.id), .init(name(mark)), .init("\(mark.member.name) \(value(mark, calendar))"),
                .init(mark.by), .init(calendar.text(of: mark.at)), .init(end), .init(mark.why),
            ])
        }
        return table.text
    }

    static func json(_ marks: [(store: Store, calendar: StoreCalendar, mark: Mark)]) -> String {
        JSONValue.array(marks.map { MarkBody.json($0.mark) }).text + "\n"
    }

    private static func name(_ mark: Mark) -> String { "\(mark.fact.kind.name)/\(Terminal.printable(mark.fact.id))" }

    private static func value(_ mark: Mark, _ calendar: StoreCalendar) -> String {
        mark.member.type == .time ? calendar.endText(of: Timestamp(microseconds: mark.value)) : mark.valueText
    }
}
