import Daemon
import Facts
import Language
import Rules

/// A gate on a day to come, for people and for programs.
enum PlanText {
    static func table(_ planned: [PlanTask.Planned]) -> String {
        let tongue = Tongue.current
        var text = ""
        for item in planned {
            text += Terminal.styled(Terminal.printable(item.store.name), .bold)
            if item.store.name != item.store.id { text += " (\(Terminal.printable(item.store.id)))" }
            text += ": \(tongue(item.plan.gate.title)) \(item.plan.day): " + state(item.plan.state, tongue) + "\n"
            for rule in item.plan.rules { text += self.text(rule, tongue) }
        }
        return text
    }

    private static func state(_ state: GatePlan.State, _ tongue: Tongue) -> String {
        switch state {
        case .open: Terminal.styled(tongue("open", "开放"), .green)
        case .openIf: Terminal.styled(tongue("open if no more goes wrong than below", "若不超出以下余量则开放"), .yellow)
        case .shut: Terminal.styled(tongue("shut", "关闭"), .red)
        case .unknown: Terminal.styled(tongue("cannot be foretold", "无法预测"), .magenta)
        }
    }

    private static func text(_ rule: GatePlan.RulePlan, _ tongue: Tongue) -> String {
        var text = "  \(tongue(rule.rule.title)): "
        guard let quiet = rule.quiet, let going = rule.going else {
            return text + tongue("cannot be foretold; now ", "无法预测；当前") + tongue(rule.now.title) + "\n"
        }
        text += tongue(quiet.title)
        if going != quiet { text += tongue(", but if all goes on as it did ", "；若按近28天延续则为") + tongue(going.title) }
        text += "\n"
        if let opens = rule.opens { text += "    " + tongue("opens by itself on \(opens)", "将于 \(opens) 自行恢复") + "\n" }
        for line in rule.headroom { text += "    " + tongue(line.words) + "\n" }
        if let last = rule.lastDay, !rule.headroom.isEmpty {
            text += "    " + tongue("counts until the end of \(last)", "计入截至 \(last) 当日结束") + "\n"
        }
        return text
    }

    static func json(_ planned: [PlanTask.Planned]) -> String {
        JSONValue.array(
            planned.map { item in
                .object([
                    ("store", .string(item.store.id)), ("gate", .string(item.plan.gate.id)),
                    ("on", .string(item.plan.day.description)), ("state", .string(item.plan.state.rawValue)),
                    ("rules", .array(item.plan.rules.map(json))),
                ])
            }
        ).text + "\n"
    }

    private static func json(_ rule: GatePlan.RulePlan) -> JSONValue {
        .object([
            ("rule", .string(rule.rule.id)), ("now", .string(rule.now.rawValue)),
            ("quiet", JSONValue(rule.quiet?.rawValue)),
            ("if_all_goes_on", JSONValue(rule.going?.rawValue)), ("opens", JSONValue(rule.opens?.description)),
            ("last_day", JSONValue(rule.lastDay?.description)),
            ("headroom", .array(rule.headroom.map { JSONValue($0) })),
        ])
    }
}
