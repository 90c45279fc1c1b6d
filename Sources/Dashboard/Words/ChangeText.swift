import Alerts
package import Daemon
package import Facts
import Language
package import Rules

/// Why a figure is another than it was.
package enum ChangeText {
    /// - Parameter printable: makes what came from outside fit for where it is shown.
    package static func text(
        _ change: ExplainedChange, _ rule: RuleEvaluation, _ tongue: Tongue, printable: (String) -> String
    ) -> String {
        guard change.then != change.now || !change.parts.isEmpty else { return "" }
        let isPercent = rule.valued.percentages.contains(change.metric)
        let scale = FigureScale.common(change.then, change.now, isPercent: isPercent)
        func figure(_ value: Value) -> String {
            scale.flatMap { scale in value.amount.map { scale.text($0).grouped } }
                ?? FigureText.text(value, isPercent: isPercent)
        }
        var text =
            "  " + tongue("changed", "变化") + "    \(change.metric) \(figure(change.then)) → \(figure(change.now))"
        text += (change.isCovered ? "" : tongue(" (over the facts known)", "（按已知数据）"))
        text += change.isThenKnown ? "" : tongue(" (then: by what is known now)", "（当时数值按现有数据计算）")
        text += "\n"
        /// The figure after each step, from which the next one goes on.
        var at = change.then.amount ?? .zero
        func way(_ effect: Fraction?, from: Fraction) -> String {
            guard let scale, let effect, let to = from.adding(effect) else { return "–" }
            return scale.text(from: from, to: to).grouped
        }
        for part in change.parts {
            text +=
                "      \(tongue(part.title)) \(FigureText.text(part.then)) → \(FigureText.text(part.now)): \(way(part.effect, from: at))"
            switch part.cause {
            case .passing, .terms, .rule, .marks: break
            case .learntLate: text += tongue("; learnt late", "；延迟获知")
            case .corrected: text += tongue("; corrected", "；更正")
            }
            var step = at
            for (groups, what) in [
                (part.came, tongue("; came: ", "；新增：")), (part.changed, tongue("; of another value: ", "；数值变更：")),
                (part.left, tongue("; left: ", "；移出：")),
            ] where !groups.isEmpty {
                text +=
                    what
                    + self.groups(groups, tongue, printable) { effect in
                        defer { step = effect.flatMap(step.adding) ?? step }
                        return way(effect, from: step)
                    }
            }
            text += "\n"
            at = part.effect.flatMap(at.adding) ?? at
        }
        return text
    }

    /// The largest few; the rest together.
    ///
    /// - Parameter way: the text of an effect, asked in order.
    private static func groups(
        _ groups: [ExplainedChange.Group], _ tongue: Tongue, _ printable: (String) -> String,
        _ way: (Fraction?) -> String
    ) -> String {
        var words = groups.prefix(4).map { group in
            let what = [group.reason.map { ReasonText.text(printable($0), tongue) }, group.product.map(printable)]
                .compactMap { $0 }
                .joined(separator: " ")
            return (what.isEmpty ? "\(group.count)" : "\(group.count) \(what)") + " (\(way(group.effect)))"
        }
        let rest = groups.dropFirst(4)
        if !rest.isEmpty {
            let count = rest.reduce(0) { $0 + $1.count }
            let effect = rest.reduce(Fraction.zero as Fraction?) { sum, group in
                sum.flatMap { sum in group.effect.flatMap(sum.adding) }
            }
            words.append(tongue("\(count) others", "其他 \(count)") + " (\(way(effect)))")
        }
        return words.joined(separator: ", ")
    }

    package static func json(_ change: ExplainedChange) -> JSONValue {
        var isDuration = false
        if case .duration = change.now { isDuration = true }
        func effect(_ fraction: Fraction?) -> JSONValue {
            fraction.map { JSONValue(isDuration ? .duration($0) : .number($0)) } ?? .null
        }
        func json(_ groups: [ExplainedChange.Group]) -> JSONValue {
            .array(
                groups.map {
                    .object([
                        ("reason", JSONValue($0.reason)), ("product", JSONValue($0.product)),
                        ("count", .number(String($0.count))),
                        ("effect", effect($0.effect)),
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
                            ("effect", effect(part.effect)), ("came", json(part.came)),
                            ("left", json(part.left)), ("changed", json(part.changed)),
                        ])
                    })
            ),
        ])
    }
}

extension Value {
    /// A number, or the microseconds of a length of time.
    fileprivate var amount: Fraction? {
        switch self {
        case .number(let number), .duration(let number): number
        default: nil
        }
    }
}
