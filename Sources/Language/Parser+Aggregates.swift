import Facts

/// Calls, and reductions over facts of a kind.
extension Parser {
    mutating func call(_ name: Name) -> Syntax {
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

    mutating func has(_ opened: Token, from start: Int) -> Syntax {
        let kind = kind(allowsSpan: true)
        expectClose(opened)
        if let span = kind.span {
            complain("'has' reads the fact's order file and takes no span", at: span.parts.first?.range ?? kind.range)
            return node(.invalid, from: start)
        }
        return node(.has(kind), from: start)
    }

    /// Whether what follows is a kind alone, as `count` wants it.
    var beginsWithKindAlone: Bool {
        guard token.kind == .name else { return false }
        let next = token(after: 1)
        return ["where", "by", "from", "until", "over"].contains { next.isWord($0) } || next.isSymbol(.close)
            || next.isSymbol(.comma) || next.kind == .end
    }

    mutating func reduction(_ reducer: Reducer, _ name: Name, _ opened: Token, from start: Int) -> Syntax {
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

    mutating func aggregate(
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

    mutating func kind(allowsSpan: Bool) -> KindSyntax {
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
