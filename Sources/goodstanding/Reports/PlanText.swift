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
            for rule in item.plan.rules {
                text += self.text(rule, leaving: item.leaving[rule.rule.id] ?? [], tongue)
            }
            if !item.appeals.isEmpty { text += "  \(appeals(item, tongue))\n" }
        }
        return text
    }

    private static func state(_ state: GatePlan.State, _ tongue: Tongue) -> String {
        switch state {
        case .open: Terminal.styled(tongue("open", "开放"), .green)
        case .openIf: Terminal.styled(tongue("open if no more goes wrong than below", "若不超出以下余量则开放"), .yellow)
        case .shut: Terminal.styled(tongue("shut", "未开放"), .red)
        case .unknown: Terminal.styled(tongue("cannot be foretold", "无法预测"), .magenta)
        }
    }

    private static func appeals(_ item: PlanTask.Planned, _ tongue: Tongue) -> String {
        let all = item.appeals.count
        guard let relief = item.relief else {
            return tongue(
                "\(counted(all, "appeal")) still open, and won they would not open it",
                "仍可申诉 \(all) 条，但即使成功也不会开放")
        }
        let (count, list) = (relief.count, item.appeals.map { "\($0.kind.name)/\(Terminal.printable($0.id))" })
        let deadline = item.appeals[relief.isAny ? all - count : 0].deadline
        let by = item.calendar.endText(of: min(deadline, item.calendar.startOfDay(item.plan.day)))
        return tongue(
            "\(relief.isAny ? "any" : "the first") \(count) of \(counted(all, "appeal")) contested by \(by) and won before that day would open it: \(list.joined(separator: ", "))",
            "在 \(by) 前申诉，且在该日之前\(relief.isAny ? "其中任意" : "最先截止的") \(count) 条（共 \(all) 条）成功，即可开放：\(list.joined(separator: "、"))"
        )
    }

    private static func text(
        _ rule: GatePlan.RulePlan, leaving: [(day: LocalDay, facts: Int)], _ tongue: Tongue
    ) -> String {
        var text = "  \(tongue(rule.rule.title)): "
        guard let quiet = rule.quiet, let going = rule.going else {
            return text + tongue("cannot be foretold; now ", "无法预测；当前") + tongue(rule.now.title) + "\n"
        }
        text += tongue(quiet.title)
        if going != quiet { text += tongue(", but if all goes on as it did ", "；若按近28天延续则为") + tongue(going.title) }
        text += "\n"
        if let opens = rule.opens { text += "    " + tongue("opens by itself on \(opens)", "将于 \(opens) 自行恢复") + "\n" }
        if !leaving.isEmpty {
            let days = leaving.map { tongue("\($0.facts) on \($0.day)", "\($0.day) \($0.facts) 条") }
            text +=
                "    " + tongue("of the facts behind it leave by then: ", "届时移出的相关数据：")
                + days.joined(separator: tongue(", ", "、")) + "\n"
        }
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
                    ("rules", .array(item.plan.rules.map { json($0, leaving: item.leaving[$0.rule.id] ?? []) })),
                    (
                        "appeals",
                        .array(
                            item.appeals.map {
                                .object([
                                    ("kind", .string($0.kind.name)), ("id", .string($0.id)),
                                    ("deadline", .string($0.deadline.description)),
                                ])
                            })
                    ),
                    (
                        "relief",
                        item.relief.map {
                            .object([("won", .number(String($0.count))), ("any", .bool($0.isAny))])
                        } ?? .null
                    ),
                ])
            }
        ).text + "\n"
    }

    private static func json(_ rule: GatePlan.RulePlan, leaving: [(day: LocalDay, facts: Int)]) -> JSONValue {
        .object([
            ("rule", .string(rule.rule.id)), ("now", .string(rule.now.rawValue)),
            ("quiet", JSONValue(rule.quiet?.rawValue)),
            ("if_all_goes_on", JSONValue(rule.going?.rawValue)), ("opens", JSONValue(rule.opens?.description)),
            ("last_day", JSONValue(rule.lastDay?.description)),
            (
                "leaving",
                .array(
                    leaving.map {
                        .object([("on", .string($0.day.description)), ("facts", .number(String($0.facts)))])
                    })
            ),
            ("headroom", .array(rule.headroom.map { JSONValue($0) })),
        ])
    }
}
