import Facts

/// What stands after `over`.
extension Parser {
    mutating func window(isEntry: Bool) -> WindowSyntax {
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

    mutating func fixed(_ length: Int, _ unit: Window.Unit, from start: Int) -> WindowSyntax {
        let (includesToday, offset) = windowTail()
        return .fixed(
            length: length, unit: unit, includesToday: includesToday, offset: offset, range: start..<previousEnd)
    }

    mutating func windowTail() -> (includesToday: Bool, offset: CalendarOffset?) {
        var includesToday = false
        if take("including") {
            includesToday = true
            if !take("today") { complainHere("expected 'today' after 'including', found \(found)") }
        }
        return (includesToday, take("offset") ? offset() : nil)
    }

    mutating func choice(isEntry: Bool) -> WindowSyntax {
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
