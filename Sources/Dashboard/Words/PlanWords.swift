package import Daemon
package import Facts
import Language
package import Rules

/// A gate on a day to come, for people.
package enum PlanWords {
    package static func state(_ state: GatePlan.State) -> Words {
        switch state {
        case .open: Words(en: "open", zh: "开放")
        case .openIf: Words(en: "open if no more goes wrong than below", zh: "若不超出以下余量则开放")
        case .shut: Words(en: "shut", zh: "未开放")
        case .unknown: Words(en: "cannot be foretold", zh: "无法预测")
        }
    }

    /// What winning appeals would do about a gate that is shut.
    ///
    /// - Parameter printable: makes what came from outside fit for where it is shown.
    package static func appeals(
        _ item: PlanTask.Planned, _ tongue: Tongue, printable: (String) -> String
    ) -> String {
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
        let (count, list) = (relief.count, named.map { "\($0.kind.name)/\(printable($0.id))" })
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

    /// How one of its rules will stand, and what moves it until then, each a line.
    package static func lines(
        _ rule: GatePlan.RulePlan, leaving: [(day: LocalDay, facts: Int)], _ tongue: Tongue
    ) -> [String] {
        guard let quiet = rule.quiet, let going = rule.going else {
            return [tongue("cannot be foretold; now ", "无法预测；当前") + tongue(rule.now.title)]
        }
        var first = tongue(quiet.title)
        if going != quiet {
            first += tongue(", but if all goes on as it did ", "；若按近28天延续则为") + tongue(going.title)
        }
        if rule.restsOnReadings, quiet != .unjudged {
            first += tongue(", as long as what is entered stays as it is and is entered anew", "（以所录入读数不变且持续录入为前提）")
        }
        var lines = [first]
        if let opens = rule.opens {
            var text = tongue("opens by itself on \(opens)", "将于 \(opens) 自行恢复")
            if let again = rule.shutsAgain {
                text += tongue(", and shuts again on \(again) as its windows move on", "，又因窗口滚动于 \(again) 再次关闭")
            }
            lines.append(text)
        }
        if !leaving.isEmpty {
            let days = leaving.map { tongue("\($0.facts) on \($0.day)", "\($0.day) \($0.facts) 条") }
            lines.append(
                tongue("of the facts behind it leave by then: ", "届时移出的相关数据：")
                    + days.joined(separator: tongue(", ", "、")))
        }
        lines += rule.headroom.map { tongue($0.words) }
        if let last = rule.lastDay, !rule.headroom.isEmpty {
            lines.append(tongue("counts until the end of \(last)", "计入截至 \(last) 当日结束"))
        }
        return lines
    }
}
