package import Facts
package import Rules

/// A condition for people: each metric by its title and not by the name that it has in the pack.
package enum LimitText {
    /// - Parameter title: of a metric; nil for a word that names none.
    package static func text(_ limit: String, _ title: (_ metric: String) -> Words?) -> Words {
        var (en, zh, word) = ("", "", "")
        var isQuoted = false
        func take() {
            guard !word.isEmpty else { return }
            let words = title(word) ?? Words(en: word, zh: chinese[word] ?? word)
            en += words.en
            zh += words.zh
            word = ""
        }
        for character in limit {
            if character == "\"" { isQuoted.toggle() }
            let isWord = character.isASCII && (character.isLetter || character.isNumber || character == "_")
            if isWord, !isQuoted {
                word.append(character)
            } else {
                take()
                en.append(character)
                zh.append(character)
            }
        }
        take()
        return Words(en: en, zh: zh)
    }

    private static let chinese = ["and": "且", "or": "或", "not": "非"]
}
