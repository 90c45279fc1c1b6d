import Daemon
import Facts
import Language
import Rules

/// Why a figure is another than it was.
enum ChangeText {
    static func text(_ change: ExplainedChange, _ rule: RuleEvaluation) -> String {
        guard change.then != change.now else { return "" }
        let tongue = Tongue.current
        let isPercent = rule.valued.percentages.contains(change.metric)
        func figure(_ value: Value) -> String { FigureText.text(value, isPercent: isPercent) }
        var text =
            "  " + tongue("changed", "变化") + "    \(change.metric) \(figure(change.then)) → \(figure(change.now))"
        text += (change.isCovered ? "" : tongue(" (over the facts known)", "（按已知数据）"))
        text += change.isThenKnown ? "" : tongue(" (then: by what is known now)", "（当时数值按现有数据计算）")
        text += "\n"
        for part in change.parts {
            let effect = part.effect.map { (signed($0) + FigureText.text(.number($0), isPercent: isPercent)) } ?? "–"
            text +=
                "      \(tongue(part.title)) \(FigureText.text(part.then)) → \(FigureText.text(part.now)): \(effect)"
            switch part.cause {
            case .passing, .terms, .rule: break
            case .learntLate: text += tongue("; learnt late", "；延迟获知")
            case .corrected: text += tongue("; corrected", "；更正")
            }
            if !part.changed.isEmpty { text += tongue("; of another value: ", "；数值变更：") + groups(part.changed) }
            if !part.came.isEmpty { text += tongue("; came: ", "；新增：") + groups(part.came) }
            if !part.left.isEmpty { text += tongue("; left: ", "；移出：") + groups(part.left) }
            text += "\n"
        }
        return text
    }

    private static func signed(_ number: Fraction) -> String { number < .zero ? "" : "+" }

    /// The largest few; the rest is counted.
    private static func groups(_ groups: [ExplainedChange.Group]) -> String {
        var words = groups.prefix(4).map { group in
            let what = [group.reason, group.product].compactMap { $0 }.map(Terminal.printable).joined(separator: " ")
            return what.isEmpty ? "\(group.count)" : "\(group.count) \(what)"
        }
        let rest = groups.dropFirst(4).reduce(0) { $0 + $1.count }
        if rest > 0 { words.append(Tongue.current("\(rest) others", "其他 \(rest)")) }
        return words.joined(separator: ", ")
    }

    static func json(_ change: ExplainedChange) -> JSONValue {
        func json(_ groups: [ExplainedChange.Group]) -> JSONValue {
            .array(
                groups.map {
                    .object([
                        ("reason", JSONValue($0.reason)), ("product", JSONValue($0.product)),
                        ("count", .number(String($0.count))),
                    ])
                })
        }
        return .object([
            ("metric", .string(change.metric)), ("then", JSONValue(change.then)), ("now", JSONValue(change.now)),
            ("covered", .bool(change.isCovered)), ("then_known", .bool(change.isThenKnown)),
            (
                "parts",
                .array(
                    change.parts.map { part in
                        .object([
                            ("cause", .string(part.cause.rawValue)), ("of", JSONValue(part.title)),
                            ("then", JSONValue(part.then)), ("now", JSONValue(part.now)),
                            ("effect", part.effect.map { JSONValue(.number($0)) } ?? .null), ("came", json(part.came)),
                            ("left", json(part.left)), ("changed", json(part.changed)),
                        ])
                    })
            ),
        ])
    }
}
