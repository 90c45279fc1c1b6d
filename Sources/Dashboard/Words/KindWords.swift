import Facts

extension FactKind {
    /// For people.
    var title: Words { Words(en: name, zh: Schema[self].meaning.zh) }
}

/// What our own people can say of a fact, as choices; a date has to be written and is none of them.
enum MarkWords {
    struct Choice {
        /// `liable=carrier`
        var value: String
        var title: Words
    }

    /// What can be said of facts of any of these kinds.
    static func choices(of kinds: Set<FactKind>) -> [Choice] {
        let members = kinds.sorted().flatMap { Mark.members(of: $0) }
        return Mark.memberNames.compactMap { name in members.first { $0.name == name } }.flatMap { member -> [Choice] in
            switch member.type {
            case .bool: [Choice(value: member.name, title: title(member.name, nil))]
            case .word(let words): words.map { Choice(value: "\(member.name)=\($0)", title: title(member.name, $0)) }
            default: []
            }
        }
    }

    private static let chinese = [
        "excluded": "不计入", "liable": "责任方", "appeal": "申诉", "seller": "商家", "buyer": "买家", "carrier": "物流",
        "platform": "平台", "none": "无", "open": "进行中", "won": "成功", "lost": "失败",
    ]

    private static func title(_ member: String, _ word: String?) -> Words {
        func zh(_ text: String) -> String { chinese[text] ?? text }
        guard let word else {
            return Words(en: "\(member): the platform does not count it", zh: "\(zh(member))：平台不计入考核")
        }
        return Words(en: "\(member): \(word)", zh: "\(zh(member))：\(zh(word))")
    }
}
