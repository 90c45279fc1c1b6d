/// The smallest piece of text with a meaning, and where it stands.
package struct Token: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// A name or a word of the grammar; which of them only the parser can tell.
        case name
        /// Digits, perhaps with a decimal part, and what directly follows them: nothing, `%`, or letters of a unit.
        case number(digits: String, suffix: String)
        /// What stood between the quotes, escapes resolved.
        case string(String)
        case symbol(Symbol)
        /// Characters that mean nothing here; the lexer has said so.
        case unknown
        case end
    }

    package enum Symbol: String, Sendable, Hashable {
        case open = "(", close = ")", comma = ",", dot = "."
        case plus = "+", minus = "-", times = "*", over = "/", percent = "%"
        case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    }

    package let kind: Kind
    /// As written.
    package let text: String
    /// UTF-8 offsets in the text that was read.
    package let range: Range<Int>

    func isWord(_ word: String) -> Bool { kind == .name && text == word }
    func isSymbol(_ symbol: Symbol) -> Bool { kind == .symbol(symbol) }
}
