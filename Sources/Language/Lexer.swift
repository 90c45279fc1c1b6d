/// Text to tokens. Never fails: what it cannot read becomes an `unknown` token and a diagnostic, and reading goes on.
struct Lexer {
    private let passage: Passage
    private let bytes: [UInt8]
    private var position = 0
    private var tokens: [Token] = []
    private var diagnostics: [Diagnostic] = []

    private init(_ passage: Passage) {
        self.passage = passage
        bytes = Array(passage.text.utf8)
    }

    /// The last token is always `end`.
    static func tokens(of passage: Passage) -> ([Token], [Diagnostic]) {
        var lexer = Lexer(passage)
        lexer.run()
        return (lexer.tokens, lexer.diagnostics)
    }

    private mutating func run() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
            case let byte where Lexer.beginsName(byte): name()
            case UInt8(ascii: "\""): string()
            case let byte where byte < 0x80: symbol()
            default: foreign()
            }
        }
        tokens.append(Token(kind: .end, text: "", range: bytes.count..<bytes.count))
    }

    static func beginsName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    /// `[A-Za-z_][A-Za-z0-9_]*`
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, beginsName(first) else { return false }
        return text.utf8.allSatisfy { beginsName($0) || isDigit($0) }
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private mutating func add(_ kind: Token.Kind, from start: Int) {
        tokens.append(Token(kind: kind, text: text(start..<position), range: start..<position))
    }

    private mutating func complain(_ message: String, from start: Int) {
        diagnostics.append(Diagnostic(.error, message, at: start..<position, in: passage))
    }

    private mutating func skip(while holds: (UInt8) -> Bool) {
        while position < bytes.count, holds(bytes[position]) { position += 1 }
    }

    private mutating func name() {
        let start = position
        skip { Lexer.beginsName($0) || Lexer.isDigit($0) }
        add(.name, from: start)
    }

    private mutating func number() {
        let start = position
        skip(while: Lexer.isDigit)
        if position + 1 < bytes.count, bytes[position] == UInt8(ascii: "."), Lexer.isDigit(bytes[position + 1]) {
            position += 1
            skip(while: Lexer.isDigit)
        }
        let end = position
        if position < bytes.count, bytes[position] == UInt8(ascii: "%") {
            position += 1
        } else {
            skip { Lexer.beginsName($0) || Lexer.isDigit($0) }
        }
        add(.number(digits: text(start..<end), suffix: text(end..<position)), from: start)
    }

    private mutating func string() {
        let start = position
        position += 1
        var content: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") {
                let escape = position
                position += 1
                guard position < bytes.count else { break }
                if bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
                    position += 1
                    complain("only \\\" and \\\\ can follow a backslash in a string", from: escape)
                    position -= 1
                }
            }
            content.append(bytes[position])
            position += 1
        }
        if position < bytes.count {
            position += 1
        } else {
            complain("this string has no closing '\"'", from: start)
        }
        add(.string(String(decoding: content, as: UTF8.self)), from: start)
    }

    private mutating func symbol() {
        let start = position
        let pair = text(start..<min(start + 2, bytes.count))
        if pair.utf8.count == 2, let symbol = Token.Symbol(rawValue: pair) {
            position += 2
            return add(.symbol(symbol), from: start)
        }
        // What other languages write, with the word for it here; read as what was meant.
        let foreign: [(String, Token.Kind?, String)] = [
            ("&&", nil, "'and'"), ("||", nil, "'or'"), ("<>", .symbol(.notEqual), "'!='"),
            ("=<", .symbol(.lessOrEqual), "'<='"), ("=>", .symbol(.greaterOrEqual), "'>='"),
        ]
        for (written, meant, word) in foreign where pair == written {
            position += 2
            complain("unknown operator '\(written)'; write \(word)", from: start)
            if let meant {
                add(meant, from: start)
            } else {
                let word = written == "&&" ? "and" : "or"
                tokens.append(Token(kind: .name, text: word, range: start..<position))
            }
            return
        }
        position += 1
        let one = text(start..<position)
        switch one {
        case "=":
            complain("'=' is not a comparison; write '=='", from: start)
            add(.symbol(.equal), from: start)
        case "!":
            complain("unknown operator '!'; write 'not'", from: start)
            tokens.append(Token(kind: .name, text: "not", range: start..<position))
        case "'":
            skip { $0 != UInt8(ascii: "'") }
            if position < bytes.count { position += 1 }
            complain("a string stands in double quotes", from: start)
            let inside = start + 1..<max(start + 1, position - 1)
            add(.string(text(inside)), from: start)
        default:
            if let symbol = Token.Symbol(rawValue: one) { return add(.symbol(symbol), from: start) }
            let shown = bytes[start] < 0x20 || bytes[start] == 0x7F ? "control character" : "character '\(one)'"
            complain("unexpected \(shown)", from: start)
            add(.unknown, from: start)
        }
    }

    /// Full-width signs that an input method leaves behind, and what they stand for.
    private static let wide: [Character: Token.Symbol] = [
        "（": .open, "）": .close, "，": .comma, "、": .comma, "。": .dot, "％": .percent, "＋": .plus, "－": .minus,
        "×": .times, "÷": .over, "＜": .less, "＞": .greater, "≤": .lessOrEqual, "≥": .greaterOrEqual, "≠": .notEqual,
    ]

    private mutating func foreign() {
        let start = position
        skip { $0 >= 0x80 }
        let run = text(start..<position)
        position = start
        guard let first = run.first else { return position += 1 }
        if first.isWhitespace {
            position += first.utf8.count
            return
        }
        if let symbol = Lexer.wide[first] {
            position += first.utf8.count
            complain("unexpected character '\(first)'; write '\(symbol.rawValue)'", from: start)
            return add(.symbol(symbol), from: start)
        }
        // A whole run is one complaint: one word in another script, not one complaint a letter.
        let strange = run.prefix { Lexer.wide[$0] == nil && !$0.isWhitespace }
        position += strange.utf8.count
        if "“”‘’＂".contains(first) {
            complain("unexpected character '\(first)'; a string stands in straight double quotes", from: start)
        } else {
            complain("unexpected '\(strange)'; names are made of A-Z, a-z, 0-9 and '_'", from: start)
        }
        add(.unknown, from: start)
    }
}
