/// Tokens to tree and diagnostics. Never throws and always gives a tree: what cannot be read is an `invalid` node,
/// about which something has been said. Knows words and shapes, and nothing of kinds, members and metrics.
package struct Parser {
    /// Parentheses, calls and signs within one another.
    static let nestingLimit = 200
    /// Levels of the whole tree, chains of operators included.
    static let depthLimit = 400

    let passage: Passage
    let tokens: [Token]
    var position = 0
    var nesting = 0
    var diagnostics: [Diagnostic]
    /// One complaint a token: what follows from a mistake is not another.
    var lastComplaint = -1
    var hasGivenUp = false

    init(_ passage: Passage) {
        self.passage = passage
        (tokens, diagnostics) = Lexer.tokens(of: passage)
    }

    package static func expression(_ passage: Passage) -> (Syntax, [Diagnostic]) {
        read(passage, "expression") { $0.expression() }
    }

    /// An entry of `windows:`.
    package static func windowEntry(_ passage: Passage) -> (WindowSyntax, [Diagnostic]) {
        read(passage, "window") { $0.window(isEntry: true) }
    }

    /// An entry of `kinds:`.
    package static func kindEntry(_ passage: Passage) -> (KindSyntax, [Diagnostic]) {
        read(passage, "kind") { parser in
            let kind = parser.kind(allowsSpan: true)
            if let span = kind.span {
                let range = span.parts.first?.range ?? kind.range
                parser.complain("a kind takes no span; write it where the kind is counted", at: range)
            }
            return kind
        }
    }

    /// `kind ["where" expression] [span]`
    package static func evidence(_ passage: Passage) -> (KindSyntax, [Diagnostic]) {
        read(passage, "evidence") { $0.kind(allowsSpan: true) }
    }

    static func read<Tree>(_ passage: Passage, _ what: String, _ body: (inout Parser) -> Tree) -> (
        Tree, [Diagnostic]
    ) {
        var parser = Parser(passage)
        let tree = body(&parser)
        parser.expectEnd(of: what)
        let inOrder = parser.diagnostics.enumerated().sorted {
            ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
        }
        return (tree, inOrder.map(\.element))
    }
}
