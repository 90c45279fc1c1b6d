package import Facts
import Language
import Rollups

/// Headroom in the words of what happens: `2 more dispute refunds and it is in breach`.
extension Headroom {
    package var words: Words {
        let whose = part.map { Words(en: " of \($0)", zh: "（\($0)）") } ?? Words(en: "", zh: "")
        let when = seen.map { Words(en: " on \($0)", zh: "（\($0) 考核）") } ?? Words(en: "", zh: "")
        let who = part ?? "it"
        let end: Words =
            switch then {
            case .ok: Words(en: "and \(who) is ok", zh: "即转为正常")
            case .warning: Words(en: "and \(who) is in warning", zh: "即进入预警")
            default: Words(en: "and \(who) is in breach", zh: "即不达标")
            }
        if let by {
            return Words(
                en: "\(title.en)\(whose.en) \(by.words.en) \(end.en)\(when.en)",
                zh: "\(title.zh)\(whose.zh)\(by.words.zh)\(end.zh)\(when.zh)")
        }
        let count = "\(more)".grouped
        guard let value, let facts else {
            let title = more == 1 ? title.one : title
            let each = value.map { Words(en: " of \($0)", zh: " \($0) 分") } ?? Words("")
            return Words(
                en: "\(count) more \(title.en)\(each.en)\(whose.en) \(end.en)\(when.en)",
                zh: "再增加 \(count) 个\(title.zh)\(each.zh)\(whose.zh)\(end.zh)\(when.zh)")
        }
        let those = more == 1 ? facts.one : facts
        // Of a share nobody gives a score: what is counted in it raises it, all else lowers it.
        guard isShare else {
            return Words(
                en: "\(count) more \(those.en) of \(value) in \(title.en)\(whose.en) \(end.en)\(when.en)",
                zh: "再增加 \(count) 个 \(value) 分的\(facts.zh)（\(title.zh)）\(whose.zh)\(end.zh)\(when.zh)")
        }
        let isRaised = value > .zero
        let verb = (isRaised ? "raise" : "lower") + (more == 1 ? "s" : "")
        return Words(
            en: "\(count) more \(those.en) that \(verb) \(title.en)\(whose.en) \(end.en)\(when.en)",
            zh:
                "再增加 \(count) 个\(isRaised ? "拉高" : "拉低")\(title.zh)的\(facts.zh)\(whose.zh)\(end.zh)\(when.zh)")
    }
}

extension Headroom.Shift {
    fileprivate var words: Words {
        let size = by < .zero ? by.negated ?? by : by
        let text: String
        if isDuration {
            let minutes = size.divided(by: Fraction(60_000_000))?.roundedHalfEven ?? 0
            text =
                minutes < 60
                ? "\(minutes) min"
                : minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
        } else {
            text = isPercent ? "\(size.multiplied(by: Fraction(100)) ?? size)%" : "\(size)"
        }
        return by < .zero
            ? Words(en: "\(text) less", zh: "降低 \(text)") : Words(en: "\(text) more", zh: "提高 \(text)")
    }
}

extension Aggregate {
    /// What it is of.
    var facts: Words { Words(en: kind.plural, zh: Schema[kind].meaning.zh) }

    /// What there is more of: the facts, told from others by the metric that is just that, or by its text. Of a sum they
    /// are facts too, each as large as those of the window on average.
    ///
    /// - Parameter metric: its title.
    func title(_ metric: Words?) -> Words {
        let name = metric ?? Words(en: text, zh: text)
        if reducer == .sum {
            return Words(en: "\(facts.en) of average size (\(name.en))", zh: "平均大小的\(facts.zh)（\(name.zh)）")
        }
        return metric ?? Words(en: "\(facts.en) of \(text)", zh: "\(facts.zh)（\(text)）")
    }
}

extension Words {
    /// The same of one thing: `dispute refunds`, `orders with a defect` and `penalties` end otherwise in English. What
    /// does not begin with a plural stays as it is.
    var one: Words {
        var words = en.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let stops: Set = ["with", "without", "of", "by", "in", "within", "for", "from", "after", "not", "that", "who"]
        guard let last = words.firstIndex(where: stops.contains).map({ $0 - 1 }) ?? words.indices.last,
            words.indices.contains(last)
        else { return self }
        let noun = words[last]
        if noun.hasSuffix("ies") {
            words[last] = noun.dropLast(3) + "y"
        } else if ["ches", "shes", "xes", "sses"].contains(where: noun.hasSuffix) {
            words[last] = String(noun.dropLast(2))
        } else if noun.hasSuffix("s"), !["ss", "us", "is"].contains(where: noun.hasSuffix) {
            words[last] = String(noun.dropLast())
        }
        return Words(en: words.joined(separator: " "), zh: zh)
    }
}
