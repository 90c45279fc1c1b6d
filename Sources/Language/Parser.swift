/// Tokens to tree and diagnostics. Never throws and always gives a tree: what cannot be read is an `invalid` node,
/// about which something has been said. Knows words and shapes, and nothing of kinds, members and metrics.
package struct Parser {
    /// Parentheses, calls and signs within one another.
    static let nestingLimit = 200
    /// Levels of the whole tree, chains of operators included.
    static let depthLimit = 400

    let passage: Passage
    private let tokens: [Token]
    private var position = 0
    private var nesting = 0
    private(set) var diagnostics: [Diagnostic]
    /// One complaint a token: what follows from a mistake is not another.
    private var lastComplaint = -1
    private var hasGivenUp = false

    private init(_ passage: Passage) {
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

    private static func read<Tree>(_ passage: Passage, _ what: String, _ body: (inout Parser) -> Tree) -> (
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

// MARK: - Tokens

extension Parser {
    private var token: Token { tokens[min(position, tokens.count - 1)] }
    private func token(after count: Int) -> Token { tokens[min(position + count, tokens.count - 1)] }
    private var previousEnd: Int { position > 0 ? tokens[position - 1].range.upperBound : 0 }

    @discardableResult
    private mutating func advance() -> Token {
        let current = token
        if current.kind != .end { position += 1 }
        return current
    }

    private mutating func take(_ symbol: Token.Symbol) -> Bool {
        guard token.isSymbol(symbol) else { return false }
        advance()
        return true
    }

    private mutating func take(_ word: String) -> Bool {
        guard token.isWord(word) else { return false }
        advance()
        return true
    }

    private mutating func complain(_ message: String, at range: Range<Int>) {
        guard !hasGivenUp else { return }
        diagnostics.append(Diagnostic(.error, message, at: range, in: passage))
    }

    /// About the token at hand, unless something has been said about it already.
    private mutating func complainHere(_ message: String) {
        guard position != lastComplaint, token.kind != .unknown else { return lastComplaint = position }
        lastComplaint = position
        complain(message, at: token.range)
    }

    private var found: String {
        switch token.kind {
        case .end: "the end"
        case .string: "a string"
        default: "'\(token.text.count > 40 ? token.text.prefix(40) + "…" : token.text[...])'"
        }
    }

    private mutating func giveUp(_ message: String, at range: Range<Int>) {
        complain(message, at: range)
        hasGivenUp = true
        position = tokens.count - 1
    }

    private mutating func expectEnd(of what: String) {
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
    private mutating func expectClose(_ opened: Token) {
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
    private mutating func node(_ form: Syntax.Form, from start: Int) -> Syntax {
        // Of a text given up on the rest was never read: what seems to lack there is no mistake of its own.
        guard !hasGivenUp else { return Syntax(.invalid, start..<start) }
        let made = Syntax(form, start..<max(start, previousEnd))
        guard made.depth > Parser.depthLimit else { return made }
        giveUp("this expression is too long; name parts of it as metrics", at: start..<max(start, previousEnd))
        return Syntax(.invalid, made.range)
    }

    /// Runs `body` one level deeper; nil, with a complaint, when that is too deep.
    private mutating func nested<Tree>(_ body: (inout Parser) -> Tree) -> Tree? {
        guard nesting < Parser.nestingLimit else {
            giveUp("nested more than \(Parser.nestingLimit) levels deep; name parts of it as metrics", at: token.range)
            return nil
        }
        nesting += 1
        defer { nesting -= 1 }
        return body(&self)
    }
}

// MARK: - Expressions

extension Parser {
    private mutating func expression() -> Syntax {
        let start = token.range.lowerBound
        var left = conjunction()
        while take("or") {
            let right = conjunction()
            left = node(.or(left, right), from: start)
        }
        return left
    }

    private mutating func conjunction() -> Syntax {
        let start = token.range.lowerBound
        var left = negation()
        while take("and") {
            let right = negation()
            left = node(.and(left, right), from: start)
        }
        return left
    }

    private mutating func negation() -> Syntax {
        let start = token.range.lowerBound
        guard take("not") else { return comparison() }
        guard let operand = nested({ $0.negation() }) else { return Syntax(.invalid, start..<start) }
        return node(.not(operand), from: start)
    }

    private var comparisonOperator: ComparisonOperator? {
        guard case .symbol(let symbol) = token.kind else { return nil }
        return ComparisonOperator(rawValue: symbol.rawValue)
    }

    private var continuesComparison: Bool {
        comparisonOperator != nil || token.isWord("is") || token.isWord("in")
            || token.isWord("not") && token(after: 1).isWord("in")
    }

    private mutating func comparison() -> Syntax {
        let start = token.range.lowerBound
        let left = sum()
        guard continuesComparison, let result = comparison(of: left, from: start) else { return left }
        if continuesComparison {
            complainHere("comparisons do not chain; join them with 'and'")
            _ = comparison(of: result, from: start)
        }
        return result
    }

    private mutating func comparison(of left: Syntax, from start: Int) -> Syntax? {
        if let comparison = comparisonOperator {
            advance()
            let right = sum()
            return node(.compare(comparison, left, right), from: start)
        }
        if take("is") {
            let isNegated = take("not")
            guard take("missing") else {
                complainHere("expected 'missing' after 'is', found \(found); values are compared with '=='")
                if token.kind == .name { advance() }
                return node(.invalid, from: start)
            }
            let asked = node(.isMissing(left), from: start)
            return isNegated ? node(.not(asked), from: start) : asked
        }
        if take("not") {
            position -= 1
            complainHere("'not in' is not an operator; write 'not x in (…)'")
            advance()
        }
        guard take("in") else { return nil }
        guard token.isSymbol(.open) else {
            complainHere("expected '(' and a list of values after 'in', found \(found)")
            return node(.invalid, from: start)
        }
        let opened = advance()
        var values: [Syntax] = []
        repeat { values.append(listedValue()) } while take(.comma)
        expectClose(opened)
        return node(.isOneOf(left, values), from: start)
    }

    private mutating func listedValue() -> Syntax {
        let start = token.range.lowerBound
        switch token.kind {
        case .symbol(.minus):
            advance()
            let number = listedValue()
            return node(.negate(number), from: start)
        case .number: return number()
        case .string(let text):
            advance()
            return node(.string(text), from: start)
        case .name where token.text != "true" && token.text != "false":
            let word = advance()
            return node(.name([Name(text: word.text, range: word.range)]), from: start)
        default:
            complainHere("expected a word, a string or a number, found \(found)")
            if !token.isSymbol(.comma), !token.isSymbol(.close) { advance() }
            return Syntax(.invalid, start..<start)
        }
    }

    private mutating func sum() -> Syntax {
        let start = token.range.lowerBound
        var left = product()
        while token.isSymbol(.plus) || token.isSymbol(.minus) {
            let sign: ArithmeticOperator = advance().isSymbol(.plus) ? .add : .subtract
            let right = product()
            left = node(.arithmetic(sign, left, right), from: start)
        }
        return left
    }

    private mutating func product() -> Syntax {
        let start = token.range.lowerBound
        var left = unary()
        while token.isSymbol(.times) || token.isSymbol(.over) {
            let sign: ArithmeticOperator = advance().isSymbol(.times) ? .multiply : .divide
            let right = unary()
            left = node(.arithmetic(sign, left, right), from: start)
        }
        return left
    }

    private mutating func unary() -> Syntax {
        let start = token.range.lowerBound
        if take(.minus) {
            guard let operand = nested({ $0.unary() }) else { return Syntax(.invalid, start..<start) }
            return node(.negate(operand), from: start)
        }
        let operand = primary()
        guard take("offset") else { return operand }
        guard let offset = offset() else { return operand }
        return node(.offset(operand, offset), from: start)
    }

    private mutating func offset() -> CalendarOffset? {
        guard case .number(let digits, let suffix) = token.kind else {
            complainHere("expected a number of days, weeks or months after 'offset', found \(found)")
            return nil
        }
        guard let unit = CalendarOffset.Unit(rawValue: suffix), let length = Int(digits), length <= unit.longest else {
            complainHere("\(found) is not an offset; write days, weeks or months, such as 5d, 2w or 1mo")
            advance()
            return nil
        }
        advance()
        return CalendarOffset(length, unit)
    }

    private mutating func number() -> Syntax {
        let start = token.range.lowerBound
        guard case .number(let digits, let suffix) = token.kind else { return Syntax(.invalid, start..<start) }
        if suffix == "" || suffix == "%" {
            advance()
            return node(.number(digits: digits, isPercent: suffix == "%"), from: start)
        }
        if let unit = Literal.DurationUnit(rawValue: suffix) {
            if digits.contains(".") {
                complainHere("a duration is a whole number of its unit; write \(found) in a smaller one")
                advance()
                return node(.invalid, from: start)
            }
            advance()
            return node(.duration(digits: digits, unit: unit), from: start)
        }
        if suffix == "w" || suffix == "mo" {
            complainHere("a duration is in s, min, h or d; weeks and months stand only after 'over' and 'offset'")
        } else {
            complainHere("'\(suffix)' is not a unit; a duration is in s, min, h or d")
        }
        advance()
        return node(.invalid, from: start)
    }

    private mutating func primary() -> Syntax {
        let start = token.range.lowerBound
        switch token.kind {
        case .number: return number()
        case .string(let text):
            advance()
            return node(.string(text), from: start)
        case .symbol(.open):
            let opened = advance()
            let inner = nested { $0.expression() }
            expectClose(opened)
            return inner.map { Syntax($0.form, start..<max(start, previousEnd)) } ?? Syntax(.invalid, start..<start)
        case .name: return named()
        default:
            complainHere("expected a value, found \(found)")
            let stops: [Token.Symbol] = [.close, .comma]
            if !stops.contains(where: { token.isSymbol($0) }) { advance() }
            return Syntax(.invalid, start..<max(start, previousEnd))
        }
    }

    private mutating func named() -> Syntax {
        let start = token.range.lowerBound
        let word = token
        let name = Name(text: word.text, range: word.range)
        if word.text == "true" || word.text == "false" {
            advance()
            return node(.bool(word.text == "true"), from: start)
        }
        if token(after: 1).isSymbol(.open) { return call(name) }
        if FunctionTable.grammarWords.contains(word.text), word.text != "labels" {
            if Reducer(rawValue: word.text) != nil || Function(rawValue: word.text) != nil || word.text == "has" {
                complainHere("'\(word.text)' is followed by '('")
                advance()
            } else {
                complainHere("expected a value, found \(found)")
                // A word that a reader above waits for stays, so that it can go on.
                if !["and", "or", "of", "where", "by", "over", "from", "until", "in", "is"].contains(word.text) {
                    advance()
                }
            }
            return Syntax(.invalid, start..<max(start, previousEnd))
        }
        advance()
        var parts = [name]
        while token.isSymbol(.dot) {
            advance()
            guard token.kind == .name else {
                complainHere("expected a name after '.', found \(found)")
                return node(.invalid, from: start)
            }
            let part = advance()
            parts.append(Name(text: part.text, range: part.range))
        }
        return node(.name(parts), from: start)
    }
}

// MARK: - Calls and aggregates

extension Parser {
    private mutating func call(_ name: Name) -> Syntax {
        let start = token.range.lowerBound
        let made = nested { parser -> Syntax in
            parser.advance()
            let opened = parser.advance()
            if name.text == "has" { return parser.has(opened, from: start) }
            if let reducer = Reducer(rawValue: name.text) {
                return parser.reduction(reducer, name, opened, from: start)
            }
            let function = Function(rawValue: name.text)
            if function == nil {
                let known = Function.allCases.map(\.rawValue) + Reducer.allCases.map(\.rawValue) + ["has"]
                parser.complain(
                    "'\(name.text)' is not a function" + NearestName.hint(for: name.text, among: known), at: name.range)
            }
            var arguments: [Syntax] = []
            if !parser.token.isSymbol(.close) {
                repeat { arguments.append(parser.expression()) } while parser.take(.comma)
            }
            let isAggregate = parser.token.isWord("of") && function != nil
            if isAggregate {
                parser.complainHere("'\(name.text)' is not a reducer and takes no 'of'")
            } else if function == nil {
                parser.lastComplaint = parser.token.isSymbol(.close) ? parser.lastComplaint : parser.position
            }
            parser.expectClose(opened)
            guard let function, !isAggregate else { return parser.node(.invalid, from: start) }
            return parser.node(.call(function, name, arguments), from: start)
        }
        return made ?? Syntax(.invalid, start..<start)
    }

    private mutating func has(_ opened: Token, from start: Int) -> Syntax {
        let kind = kind(allowsSpan: true)
        expectClose(opened)
        if let span = kind.span {
            complain("'has' reads the fact's order file and takes no span", at: span.parts.first?.range ?? kind.range)
            return node(.invalid, from: start)
        }
        return node(.has(kind), from: start)
    }

    /// Whether what follows is a kind alone, as `count` wants it.
    private var beginsWithKindAlone: Bool {
        guard token.kind == .name else { return false }
        let next = token(after: 1)
        return ["where", "by", "from", "until", "over"].contains { next.isWord($0) } || next.isSymbol(.close)
            || next.isSymbol(.comma) || next.kind == .end
    }

    private mutating func reduction(_ reducer: Reducer, _ name: Name, _ opened: Token, from start: Int) -> Syntax {
        if reducer == .count, beginsWithKindAlone || token.isSymbol(.close) {
            return aggregate(reducer, name, of: nil, opened, from: start)
        }
        let first = expression()
        if take("of") {
            if reducer == .count {
                complain("'count' takes a kind alone; what is counted is narrowed with 'where'", at: first.range)
            }
            return aggregate(reducer, name, of: reducer == .count ? nil : first, opened, from: start)
        }
        if let function = Function(rawValue: name.text) {
            var arguments = [first]
            while take(.comma) { arguments.append(expression()) }
            expectClose(opened)
            return node(.call(function, name, arguments), from: start)
        }
        if position != lastComplaint {
            lastComplaint = position
            let example =
                reducer == .count
                ? "a kind, such as count(order by placed_at over 30d)"
                : "an expression 'of' a kind, such as \(reducer.rawValue)(amount of order by placed_at over 30d)"
            complain("'\(reducer.rawValue)' takes \(example)", at: name.range)
        }
        expectClose(opened)
        return node(.invalid, from: start)
    }

    private mutating func aggregate(
        _ reducer: Reducer, _ name: Name, of value: Syntax?, _ opened: Token, from start: Int
    ) -> Syntax {
        let kind = kind(allowsSpan: true)
        var rank: Syntax?
        if take(.comma) {
            if case .number = token.kind {
                rank = number()
            } else {
                complainHere("expected a number, found \(found)")
            }
        }
        expectClose(opened)
        let aggregate = AggregateSyntax(
            reducer: reducer, reducerName: name, value: value, kind: kind, rank: rank)
        return node(.aggregate(aggregate), from: start)
    }

    private mutating func kind(allowsSpan: Bool) -> KindSyntax {
        let start = token.range.lowerBound
        var name = Name(text: "", range: start..<start)
        if token.kind == .name {
            let word = advance()
            name = Name(text: word.text, range: word.range)
        } else {
            complainHere("expected a kind, found \(found)")
        }
        let filter = take("where") ? expression() : nil
        var span: SpanSyntax?
        if allowsSpan, take("by") {
            let time = expression()
            if take("over") {
                span = .window(by: time, over: window(isEntry: false))
            } else {
                complainHere("expected 'over' and a window after 'by …', found \(found)")
                span = .window(by: time, over: .invalid(token.range.lowerBound..<token.range.lowerBound))
            }
        } else if allowsSpan, take("from") {
            let begun = expression()
            if take("until") {
                span = .inForce(from: begun, until: expression())
            } else {
                complainHere("expected 'until' and a time after 'from …', found \(found)")
                span = .inForce(from: begun, until: Syntax(.invalid, start..<start))
            }
        } else if token.isWord("over") {
            complainHere("'over' comes after 'by' and a time, such as 'by placed_at over 30d'")
        } else if token.isWord("where") {
            complainHere("a second 'where'; join conditions with 'and', before 'by'")
        }
        return KindSyntax(name: name, filter: filter, span: span, range: start..<max(start, previousEnd))
    }
}

// MARK: - Windows

extension Parser {
    private mutating func window(isEntry: Bool) -> WindowSyntax {
        let start = token.range.lowerBound
        switch token.kind {
        case .number(let digits, let suffix):
            guard let unit = Window.Unit(rawValue: suffix), let length = Int(digits), 1...unit.longest ~= length else {
                complainHere(
                    "\(found) is not a window; write hours, days, weeks or months, such as 72h, 30d, 4w or 3mo")
                advance()
                let (_, _) = windowTail()
                return .invalid(start..<previousEnd)
            }
            advance()
            return fixed(length, unit, from: start)
        case .name where ["week", "month", "quarter", "year"].contains(token.text):
            let period = advance().text
            if !(take("to") && take("date")) {
                complainHere("expected 'to date' after '\(period)', found \(found)")
            }
            let unit = Window.Unit(rawValue: period + " to date") ?? .monthToDate
            return fixed(1, unit, from: start)
        case .name where token.text == "if" && token(after: 1).isSymbol(.open):
            return choice(isEntry: isEntry)
        case .name where !FunctionTable.grammarWords.contains(token.text):
            let word = advance()
            let (includesToday, offset) = windowTail()
            return .named(
                Name(text: word.text, range: word.range), includesToday: includesToday, offset: offset,
                range: start..<previousEnd)
        default:
            complainHere("expected a window, such as 30d, 3mo or month to date, found \(found)")
            return .invalid(start..<start)
        }
    }

    private mutating func fixed(_ length: Int, _ unit: Window.Unit, from start: Int) -> WindowSyntax {
        let (includesToday, offset) = windowTail()
        return .fixed(
            length: length, unit: unit, includesToday: includesToday, offset: offset, range: start..<previousEnd)
    }

    private mutating func windowTail() -> (includesToday: Bool, offset: CalendarOffset?) {
        var includesToday = false
        if take("including") {
            includesToday = true
            if !take("today") { complainHere("expected 'today' after 'including', found \(found)") }
        }
        return (includesToday, take("offset") ? offset() : nil)
    }

    private mutating func choice(isEntry: Bool) -> WindowSyntax {
        let start = token.range.lowerBound
        if !isEntry { complainHere("'if' chooses a window only in an entry of 'windows:'; name it there") }
        let made = nested { parser -> WindowSyntax in
            parser.advance()
            let opened = parser.advance()
            let condition = parser.expression()
            var entries: [WindowSyntax] = []
            while entries.count < 2 {
                guard parser.take(.comma) else {
                    parser.complainHere("'if' takes a condition and two windows; expected ',', found \(parser.found)")
                    break
                }
                entries.append(parser.window(isEntry: true))
            }
            parser.expectClose(opened)
            guard entries.count == 2, isEntry else { return .invalid(start..<parser.previousEnd) }
            return .choose(condition, entries[0], entries[1], range: start..<parser.previousEnd)
        }
        return made ?? .invalid(start..<start)
    }
}
