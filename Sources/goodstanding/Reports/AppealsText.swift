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
            if !item.appeals.isEmpty { text += "  " + worth(item, tongue) + "\n" }
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

    private static func worth(_ item: AppealsTask.Case, _ tongue: Tongue) -> String {
        let all = item.appeals.count
        guard let relief = item.relief else {
            let tried =
                item.tried < all
                ? tongue("the first \(item.tried) of \(all)", "前 \(item.tried) / \(all) 条")
                : all == 1 ? tongue("this one", "该条") : tongue("all \(all)", "全部 \(all) 条")
            return tongue("\(tried) won would not change where it stands", "即使\(tried)申诉成功，状态也不会改变")
        }
        let gates = item.gates.map { tongue($0.title) }.joined(separator: tongue(", ", "、"))
        let end = gates.isEmpty ? "" : tongue(" and reopen \(gates)", "，并重新开放\(gates)")
        let count = relief.won.count
        let by = relief.won.deadline(among: item.appeals).map(item.calendar.endText)
        let (contested, early) = (by.map { ", contested by \($0)" } ?? "", by.map { "在 \($0) 前申诉并" } ?? "")
        let those = relief.won.those.map { Terminal.printable($0.id) }.joined(separator: ", ")
        let who = Words(
            en: all == 1 ? "this one" : relief.won.isAny ? "any \(count) of these \(all)" : "\(those) of these \(all)",
            zh: all == 1 ? "该条" : relief.won.isAny ? "其中任意 \(count) 条（共 \(all) 条）" : "其中 \(those)（共 \(all) 条）")
        let one = all == 1 || !relief.won.isAny && count == 1
        return tongue(
            "\(who.en)\(contested)\(contested.isEmpty ? "" : " and") won, \(one ? "makes" : "make") it \(relief.then.title.en)\(end)",
            "\(who.zh)\(early)成功，即转为\(relief.then.title.zh)\(end)")
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
