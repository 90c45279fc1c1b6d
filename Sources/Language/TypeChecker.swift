import Facts

/// Tree and schema to typed expression and diagnostics: every name resolved, every type known.
///
/// A nil result means that something has been said about the expression or about what it names.
package struct TypeChecker {
    let vocabulary: Vocabulary
    let passage: Passage
    private(set) var diagnostics: [Diagnostic] = []

    /// What the expression is about.
    enum Scope: Equatable {
        /// Metrics and conditions: over sums.
        case outside
        /// Filters, values and times within an aggregate: over one fact of this kind.
        case fact(FactKind)
    }

    init(_ vocabulary: Vocabulary, _ passage: Passage) { (self.vocabulary, self.passage) = (vocabulary, passage) }

    mutating func complain(_ message: String, at range: Range<Int>) {
        diagnostics.append(Diagnostic(.error, message, at: range, in: passage))
    }

    /// Of this type, or a complaint.
    mutating func expression(_ syntax: Syntax, _ scope: Scope, of type: ValueType) -> TypedExpression? {
        guard let typed = expression(syntax, scope) else { return nil }
        guard typed.type == type else {
            complain("expected \(type.phrase), found \(typed.type.phrase)", at: syntax.range)
            return nil
        }
        return typed
    }

    /// `beside` is what it is compared with or stands for: of its type a bare word is understood.
    mutating func expression(_ syntax: Syntax, _ scope: Scope, beside: TypedExpression? = nil) -> TypedExpression? {
        switch syntax.form {
        case .invalid: return nil
        case .number(let digits, let isPercent): return number(digits, isPercent, at: syntax.range)
        case .duration(let digits, let unit): return duration(digits, unit, at: syntax.range)
        case .string(let text):
            if case .word? = beside?.type {
                complain("expected a word, found a string; words are written without quotes", at: syntax.range)
                return nil
            }
            return TypedExpression(.literal(.string(text)), .string)
        case .bool(let truth): return TypedExpression(.literal(.bool(truth)), .bool)
        case .name(let parts): return name(parts, scope, beside, at: syntax.range)
        case .aggregate(let aggregate): return self.aggregate(aggregate, scope, at: syntax.range)
        case .has(let kind): return has(kind, scope, at: syntax.range)
        case .call(let function, let name, let arguments):
            return call(function, name, arguments, scope, beside, at: syntax.range)
        case .negate(let operand):
            guard let typed = expression(operand, scope) else { return nil }
            guard typed.type == .number || typed.type == .duration else {
                complain("expected a number or a duration, found \(typed.type.phrase)", at: operand.range)
                return nil
            }
            return TypedExpression(.negate(typed), typed.type)
        case .not(let operand):
            return expression(operand, scope, of: .bool).map { TypedExpression(.not($0), .bool) }
        case .and(let a, let b):
            let (left, right) = (expression(a, scope, of: .bool), expression(b, scope, of: .bool))
            guard let left, let right else { return nil }
            return TypedExpression(.and(left, right), .bool)
        case .or(let a, let b):
            let (left, right) = (expression(a, scope, of: .bool), expression(b, scope, of: .bool))
            guard let left, let right else { return nil }
            return TypedExpression(.or(left, right), .bool)
        case .arithmetic(let sign, let a, let b): return arithmetic(sign, a, b, scope, at: syntax.range)
        case .compare(let comparison, let a, let b): return compare(comparison, a, b, scope)
        case .isMissing(let operand):
            return expression(operand, scope).map { TypedExpression(.isMissing($0), .bool) }
        case .isOneOf(let operand, let values): return isOneOf(operand, values, scope)
        case .offset(let operand, let offset):
            guard scope == .outside else {
                complain(
                    "'offset' moves aggregates, metrics and windows; it cannot stand over a single fact",
                    at: syntax.range)
                return nil
            }
            return expression(operand, scope, beside: beside).map { TypedExpression(.offset($0, offset), $0.type) }
        }
    }
}

// MARK: - Literals

extension TypeChecker {
    mutating func number(_ digits: String, _ isPercent: Bool, at range: Range<Int>) -> TypedExpression? {
        guard let number = Fraction(decimalDigits: digits) else {
            complain("a number has at most 30 digits", at: range)
            return nil
        }
        return TypedExpression(.literal(.number(number, isPercent: isPercent)), .number)
    }

    mutating func duration(_ digits: String, _ unit: Literal.DurationUnit, at range: Range<Int>)
        -> TypedExpression?
    {
        guard let count = Int64(digits), Literal.DurationUnit.longest(unit) >= count else {
            complain("this duration is too long; at most a hundred years", at: range)
            return nil
        }
        return TypedExpression(.literal(.duration(count, unit)), .duration)
    }
}
