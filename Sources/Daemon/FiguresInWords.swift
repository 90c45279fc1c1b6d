import Alerts
import Facts
import Rules

extension Judge.Judged {
    /// What a rule's figures come to, and what they have to be.
    func figures(of rule: RuleEvaluation) -> Words {
        let (percentages, pack) = (rule.valued.percentages, watched.pack)
        let shown = rule.values.map { value in
            let title = pack.title(of: value.metric)
            let text = FigureText.text(value.estimate, isPercent: percentages.contains(value.metric))
            return Words(en: "\(title.en) \(text)", zh: "\(title.zh) \(text)")
        }
        let named = Set(rule.values.map(\.metric))
        let limit = LimitText.text(rule.passedLimit) { named.contains($0) ? pack.title(of: $0) : nil }
        return shown.joined(separator: Words(en: ", ", zh: "，")) + Words(en: "; has to be: ", zh: "；要求：") + limit
    }
}
