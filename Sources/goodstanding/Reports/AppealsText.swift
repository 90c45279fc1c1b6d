import Daemon
import Dashboard
import Facts
import Language
import Rules

/// What can still be contested, for people and for programs.
enum AppealsText {
    static func table(_ cases: [AppealsTask.Case]) -> String {
        let tongue = Tongue.current
        guard !cases.isEmpty else {
            return tongue(
                "nothing that can be contested weighs on a rule; a deadline that no source tells is set by `goodstanding mark … appeal_by=DAY`\n",
                "当前没有可申诉且影响规则的数据；来源未提供的申诉截止日可用 `goodstanding mark … appeal_by=日期` 标记\n")
        }
        var text = ""
        for item in cases {
            let rule = item.evaluation
            text +=
                Terminal.styled(Terminal.printable(item.store.name), .bold)
                + " (\(Terminal.printable(item.store.id))): "
            text +=
                tongue(rule.rule.title) + " "
                + Terminal.styled(tongue(rule.announced.title), rule.announced.style ?? .dim) + "\n"
            if !item.appeals.isEmpty {
                text += "  " + AppealWords.worth(item, tongue, printable: Terminal.printable) + "\n"
            }
            var table = TextTable([
                ("", .left), (tongue("DEADLINE", "截止"), .left), (tongue("KIND", "类型"), .left),
                (tongue("ID", "编号"), .left),
                (tongue("ORDER", "订单"), .left), (tongue("REASON", "原因"), .left), (tongue("APPEAL", "申诉"), .left),
            ])
            for appeal in item.appeals {
                table.add([
                    .init(" "), .init(appeal.deadline.map(item.calendar.endText) ?? "–"), .init(appeal.kind.name),
                    .init(appeal.id),
                    .init(appeal.order ?? "–"),
                    .init(appeal.reason.map { ReasonText.text(Terminal.printable($0), tongue) } ?? "–"),
                    .init(appeal.isOpen ? tongue("under way", "进行中") : tongue("not begun", "未发起")),
                ])
            }
            if !item.appeals.isEmpty { text += table.text }
            if item.undated > 0 {
                text +=
                    "  "
                    + tongue(
                        "\(counted(item.undated, item.appeals.isEmpty ? "fact" : "more fact")) behind it without a known deadline; set one by `goodstanding mark KIND/ID appeal_by=DAY --store \(Terminal.printable(item.store.id)) --why …`\n",
                        "另有 \(item.undated) 条未知申诉截止日；可用 `goodstanding mark 类型/编号 appeal_by=日期 --store \(Terminal.printable(item.store.id)) --why …` 标记\n"
                    )
            }
        }
        return text
    }

    static func json(_ cases: [AppealsTask.Case]) -> String {
        JSONValue.array(
            cases.map { item in
                .object([
                    ("store", .string(item.store.id)), ("rule", .string(item.evaluation.rule.id)),
                    ("standing", .string(item.evaluation.announced.rawValue)),
                    ("won", item.relief.map { .number(String($0.won.count)) } ?? .null),
                    ("any", item.relief.map { .bool($0.won.isAny) } ?? .null),
                    ("those", .array((item.relief?.won.those ?? []).map { .string($0.id) })),
                    ("then", JSONValue(item.relief?.then.rawValue)),
                    ("gates", .array(item.gates.map { .string($0.id) })),
                    ("undated", .number(String(item.undated))),
                    (
                        "appeals",
                        .array(
                            item.appeals.map { appeal in
                                .object([
                                    ("kind", .string(appeal.kind.name)), ("id", .string(appeal.id)),
                                    ("order", JSONValue(appeal.order)), ("reason", JSONValue(appeal.reason)),
                                    ("deadline", JSONValue(appeal.deadline?.description)),
                                    ("open", .bool(appeal.isOpen)),
                                ])
                            })
                    ),
                ])
            }
        ).text + "\n"
    }
}
