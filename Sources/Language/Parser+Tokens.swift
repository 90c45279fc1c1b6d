import Facts

/// Taking tokens, expecting them, and complaining of others.
extension Parser {
    var token: Token { tokens[min(position, tokens.count - 1)] }
    func token(after count: Int) -> Token { tokens[min(position + count, tokens.count - 1)] }
    var previousEnd: Int { position > 0 ? tokens[position - 1].range.upperBound : 0 }

    @discardableResult
    mutating func advance() -> Token {
        let current = token
        if current.kind != .end { position += 1 }
        return current
    }

    mutating func take(_ symbol: Token.Symbol) -> Bool {
        guard token.isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func take(_ word: String) -> Bool {
        guard token.isWord(word) else { return false }
        advance()
        return true
    }

    mutating func complain(_ message: String, at range: Range<Int>) {
        guard !hasGivenUp else { return }
        diagnostics.append(Diagnostic(.error, message, at: range, in: passage))
    }

    /// About the token at hand, unless something has been said about it already.
    mutating func complainHere(_ message: String) {
        guard position != lastComplaint, token.kind != .unknown else { return lastComplaint = position }
        lastComplaint = position
        complain(message, at: token.range)
    }

    var found: String {
        switch token.kind {
        case .end: "the end"
        case .string: "a string"
        default: "'\(token.text.count > 40 ? token.text.prefix(40) + "…" : token.text[...])'"
        }
    }

    mutating func giveUp(_ message: String, at range: Range<Int>) {
        complain(message, at: range)
        hasGivenUp = true
        position = tokens.count - 1
    }

    mutating func expectEnd(of what: String) {
        guard token.kind != .end else { return }
        switch token.kind {
        case .symbol(.close): complainHere("')' without a '(' before it")
        case .symbol(.percent): complainHere("'%' stands directly after a number")
        case .name where token.text == "not" && token(after: 1).isWord("in"):
            complainHere("'not in' is not an operator; write 'not x in (…)'")
        case .name where token.text == "missing" || token.text == "in" || token.text == "is":
            complainHere("unexpected \(found); comparisons do not chain")
        default: complainHere("unexpected \(found) after the \(what)")
        }
    }

    /// The closing parenthesis; else a complaint, and on behind the one that was meant.
    mutating func expectClose(_ opened: Token) {
        guard !take(.close) else { return }
        if token.kind == .end {
            complain("this '(' is not closed", at: opened.range)
            lastComplaint = position
            return
        }
        if token.isSymbol(.percent) {
            complainHere("'%' stands directly after a number")
        } else if token.isWord("not"), token(after: 1).isWord("in") {
            complainHere("'not in' is not an operator; write 'not x in (…)'")
        } else {
            complainHere("expected ')', found \(found)")
        }
        var open = 0
        while token.kind != .end {
            if token.isSymbol(.open) { open += 1 }
            if token.isSymbol(.close) {
                if open == 0 { break }
                open -= 1
            }
            advance()
        }
        _ = take(.close)
    }

    /// Makes a node, or gives up when the tree grows beyond what may be recursed into.
    mutating func node(_ form: Syntax.Form, from start: Int) -> Syntax {
        // Of a text given up on the rest was never read: what seems to lack there is no mistake of its own.
        guard !hasGivenUp else { return Syntax(.invalid, start..<start) }
        let made = Syntax(form, start..<max(start, previousEnd))
        guard made.depth > Parser.depthLimit else { return made }
        giveUp("this expression is too long; name parts of it as metrics", at: start..<max(start, previousEnd))
        return Syntax(.invalid, made.range)
    }

    /// Runs `body` one level deeper; nil, with a complaint, when that is too deep.
    mutating func nested<Tree>(_ body: (inout Parser) -> Tree) -> Tree? {
        guard nesting < Parser.nestingLimit else {
            giveUp("nested more than \(Parser.nestingLimit) levels deep; name parts of it as metrics", at: token.range)
            return nil
        }
        nesting += 1
        defer { nesting -= 1 }
        return body(&self)
    }
}
