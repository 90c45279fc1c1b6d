import Daemon
import Dashboard
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
            if !item.mended.isEmpty {
                let rules = item.mended.map { tongue($0.title) }.joined(separator: tongue(", ", "、"))
                return tongue(
                    "\(counted(all, "appeal")) still open: won they put \(rules) right, and what else shuts it stays",
                    "仍可申诉 \(all) 条：成功后\(rules)可恢复，但其余未达标项仍使其关闭")
            }
            return tongue(
                "\(counted(all, "appeal")) still open, and won they would not open it",
                "仍可申诉 \(all) 条，但即使成功也不会开放")
        }
        let named = relief.isAny ? item.appeals : relief.those
        let (count, list) = (relief.count, named.map { "\($0.kind.name)/\(Terminal.printable($0.id))" })
        // What is seen earlier has to be won earlier.
        let day = item.plan.rules.filter { $0.quiet == .breach }.map(\.seen).min() ?? item.plan.day
        let by = relief.deadline(among: item.appeals).map {
            item.calendar.endText(of: min($0, item.calendar.startOfDay(day)))
        }
        let (contested, early) = (by.map { "contested by \($0) and " } ?? "", by.map { "在 \($0) 前申诉，且" } ?? "")
        return tongue(
            "\(relief.isAny ? "any" : "these") \(count) of \(counted(all, "appeal")) \(contested)won before \(day) would open it: \(list.joined(separator: ", "))",
            "\(early)在 \(day) 之前\(relief.isAny ? "其中任意" : "以下") \(count) 条（共 \(all) 条）成功，即可开放：\(list.joined(separator: "、"))"
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
        if rule.restsOnReadings, quiet != .unjudged {
            text += tongue(", as long as what is entered stays as it is and is entered anew", "（以所录入读数不变且持续录入为前提）")
        }
        text += "\n"
        if let opens = rule.opens {
            text += "    " + tongue("opens by itself on \(opens)", "将于 \(opens) 自行恢复")
            if let again = rule.shutsAgain {
                text += tongue(", and shuts again on \(again) as its windows move on", "，又因窗口滚动于 \(again) 再次关闭")
            }
            text += "\n"
        }
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
                                    ("deadline", JSONValue($0.deadline?.description)), ("open", .bool($0.isOpen)),
                                ])
                            })
                    ),
                    ("mended", .array(item.mended.map { .string($0.id) })),
                    (
                        "relief",
                        item.relief.map {
                            .object([
                                ("won", .number(String($0.count))), ("any", .bool($0.isAny)),
                                ("those", .array($0.those.map { .string($0.id) })),
                            ])
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
            ("shuts_again", JSONValue(rule.shutsAgain?.description)),
            ("last_day", JSONValue(rule.lastDay?.description)), ("seen", .string(rule.seen.description)),
            ("rests_on_readings", .bool(rule.restsOnReadings)),
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
