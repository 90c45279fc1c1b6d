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
            text += ": \(tongue(item.plan.gate.title)) \(item.plan.day): "
            text += Terminal.styled(tongue(PlanWords.state(item.plan.state)), style(item.plan.state)) + "\n"
            for rule in item.plan.rules {
                let lines = PlanWords.lines(rule, leaving: item.leaving[rule.rule.id] ?? [], tongue)
                text += "  \(tongue(rule.rule.title)): " + lines.joined(separator: "\n    ") + "\n"
            }
            if !item.appeals.isEmpty {
                text += "  \(PlanWords.appeals(item, tongue, printable: Terminal.printable))\n"
            }
        }
        return text
    }

    private static func style(_ state: GatePlan.State) -> Terminal.Style {
        switch state {
        case .open: .green
        case .openIf: .yellow
        case .shut: .red
        case .unknown: .magenta
        }
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
