import Facts
package import Language

extension ParameterValue {
    /// Reads a value as a pack or the configuration writes it: `1%`, `0.01`, `48h`, `true`, `30d`, plain text.
    ///
    /// - Parameter what: what messages call it; "dispute_rate_limit".
    package static func read(_ text: Passage, as type: ParameterType, what: String) -> (ParameterValue?, [Diagnostic]) {
        let whole = 0..<text.text.utf8.count
        if type == .string { return (.literal(.string(text.text)), []) }
        if type == .window {
            let (vocabulary, _) = TypeChecker.check(
                Declarations(windows: [Declaration(name: "w", place: text, text: text)]))
            if case .fixed(let window)? = vocabulary.windows["w"] { return (.window(window), []) }
            return (nil, [Diagnostic(.error, "\(what) must be a window such as 30d or 3mo", at: whole, in: text)])
        }
        let (typed, _) = Vocabulary().expression(text, expecting: type.valueType)
        guard let literal = typed?.plainLiteral else {
            return (
                nil, [Diagnostic(.error, "\(what) must be \(type.example), not '\(text.text)'", at: whole, in: text)]
            )
        }
        var warnings: [Diagnostic] = []
        if type == .rate, case .number(let share) = literal.value, share > .one {
            let message =
                "\(what) is a share, of which \(text.text) is more than all\(text.text.hasSuffix("%") ? "" : "; did you mean \(text.text)%?")"
            warnings.append(Diagnostic(.warning, message, at: whole, in: text))
        }
        return (.literal(literal), warnings)
    }
}

extension TypedExpression {
    /// The literal it is, with its sign.
    fileprivate var plainLiteral: Literal? {
        switch node {
        case .literal(let literal): return literal
        case .negate(let operand):
            guard case .literal(.number(let number, let isPercent)) = operand.node else { return nil }
            return number.negated.map { .number($0, isPercent: isPercent) }
        default: return nil
        }
    }
}

extension ParameterType {
    fileprivate var example: String {
        switch self {
        case .number: "a number"
        case .rate: "a rate such as 1% or 0.01"
        case .duration: "a duration such as 48h or 30min"
        case .bool: "true or false"
        case .string: "text"
        case .window: "a window such as 30d or 3mo"
        }
    }
}
