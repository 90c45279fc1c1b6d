import Facts

/// Operators by their strength, and what stands between them.
extension Parser {
    mutating func expression() -> Syntax {
        let start = token.range.lowerBound
        var left = conjunction()
        while take("or") {
            let right = conjunction()
            left = node(.or(left, right), from: start)
        }
        return left
    }

    mutating func conjunction() -> Syntax {
        let start = token.range.lowerBound
        var left = negation()
        while take("and") {
            let right = negation()
            left = node(.and(left, right), from: start)
        }
        return left
    }

    mutating func negation() -> Syntax {
        let start = token.range.lowerBound
        guard take("not") else { return comparison() }
        guard let operand = nested({ $0.negation() }) else { return Syntax(.invalid, start..<start) }
        return node(.not(operand), from: start)
    }

    var comparisonOperator: ComparisonOperator? {
        guard case .symbol(let symbol) = token.kind else { return nil }
        return ComparisonOperator(rawValue: symbol.rawValue)
    }

    var continuesComparison: Bool {
        comparisonOperator != nil || token.isWord("is") || token.isWord("in")
            || token.isWord("not") && token(after: 1).isWord("in")
    }

    mutating func comparison() -> Syntax {
        let start = token.range.lowerBound
        let left = sum()
        guard continuesComparison, let result = comparison(of: left, from: start) else { return left }
        if continuesComparison {
            complainHere("comparisons do not chain; join them with 'and'")
            _ = comparison(of: result, from: start)
        }
        return result
    }

    mutating func comparison(of left: Syntax, from start: Int) -> Syntax? {
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

    mutating func listedValue() -> Syntax {
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

    mutating func sum() -> Syntax {
        let start = token.range.lowerBound
        var left = product()
        while token.isSymbol(.plus) || token.isSymbol(.minus) {
            let sign: ArithmeticOperator = advance().isSymbol(.plus) ? .add : .subtract
            let right = product()
            left = node(.arithmetic(sign, left, right), from: start)
        }
        return left
    }

    mutating func product() -> Syntax {
        let start = token.range.lowerBound
        var left = unary()
        while token.isSymbol(.times) || token.isSymbol(.over) {
            let sign: ArithmeticOperator = advance().isSymbol(.times) ? .multiply : .divide
            let right = unary()
            left = node(.arithmetic(sign, left, right), from: start)
        }
        return left
    }

    mutating func unary() -> Syntax {
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

    mutating func offset() -> CalendarOffset? {
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

    mutating func number() -> Syntax {
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

    mutating func primary() -> Syntax {
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

    mutating func named() -> Syntax {
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
