import Facts

/// Typed expression to canonical text: one spelling for one meaning, and reading it gives the same typed expression.
///
/// Percent and units stay as written; kinds of `kinds:` are written out; `has(…)` and `is not missing` are preferred to
/// what they stand for; parentheses stand only where they are needed.
package enum Printer {
    package static func text(of expression: TypedExpression) -> String {
        var text = ""
        write(expression, .or, to: &text)
        return text
    }

    package static func text(of aggregate: AggregateExpression) -> String {
        var text = ""
        write(aggregate, to: &text, withWindow: true)
        return text
    }

    /// Without `over` and its window: what is counted, not over which days. The name of an aggregate in the ledger.
    package static func textWithoutWindow(of aggregate: AggregateExpression) -> String {
        var text = ""
        write(aggregate, to: &text, withWindow: false)
        return text
    }

    package static func text(of window: WindowExpression) -> String {
        switch window {
        case .fixed(let window): self.text(of: window)
        case .named(let name, let includesToday, let offset), .parameter(let name, let includesToday, let offset):
            name + tail(includesToday, offset)
        case .choose(let condition, let a, let b): "if(\(text(of: condition)), \(text(of: a)), \(text(of: b)))"
        }
    }

    package static func text(of window: Window) -> String {
        let length =
            switch window.unit {
            case .hour, .day, .week, .month: "\(window.length)\(window.unit.rawValue)"
            case .weekToDate, .monthToDate, .quarterToDate, .yearToDate: window.unit.rawValue
            }
        return length + tail(window.includesToday, window.offset)
    }

    package static func text(of evidence: EvidenceExpression) -> String {
        var text = evidence.kind.name
        if let filter = evidence.filter {
            text += " where "
            write(filter, .or, to: &text)
        }
        if let span = evidence.span { write(span, to: &text, withWindow: true) }
        return text
    }

    package static func text(of literal: Literal) -> String {
        switch literal {
        case .number(let number, let isPercent):
            // A quotient without a decimal form comes from no text; it is written so that it reads as a value.
            (number.decimalText ?? "(\(number.numerator) / \(number.denominator))") + (isPercent ? "%" : "")
        case .duration(let count, let unit): "\(count)\(unit.rawValue)"
        case .string(let text): quoted(text)
        case .word(let word): word
        case .bool(let truth): truth ? "true" : "false"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text.unicodeScalars {
            if character == "\"" || character == "\\" { quoted.append("\\") }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }

    private static func tail(_ includesToday: Bool, _ offset: CalendarOffset?) -> String {
        (includesToday ? " including today" : "") + (offset.map { " offset \(text(of: $0))" } ?? "")
    }

    private static func text(of offset: CalendarOffset) -> String { "\(offset.length)\(offset.unit.rawValue)" }
}

// MARK: - Expressions

extension Printer {
    /// How tightly a form binds, loosest first.
    private enum Binding: Int, Comparable {
        case or, and, not, comparison, sum, product, unary, primary
        static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
    }

    private static func binding(of expression: TypedExpression) -> Binding {
        switch expression.node {
        case .or: .or
        case .and: .and
        case .not(let operand): if case .isMissing = operand.node { .comparison } else { .not }
        case .compare: expression.hasForm == nil ? .comparison : .primary
        case .isMissing, .isOneOf: .comparison
        case .arithmetic(.add, _, _), .arithmetic(.subtract, _, _): .sum
        case .arithmetic: .product
        case .negate: .unary
        case .literal(.number(let number, _)): number < .zero ? .unary : .primary
        case .literal(.duration(let count, _)): count < 0 ? .unary : .primary
        case .offset: .unary
        case .literal, .member, .label, .parameter, .metric, .aggregate, .call: .primary
        }
    }

    /// In parentheses when it binds less tightly than its place asks.
    private static func write(_ expression: TypedExpression, _ least: Binding, to text: inout String) {
        if binding(of: expression) < least {
            text += "("
            defer { text += ")" }
            return write(expression, to: &text)
        }
        write(expression, to: &text)
    }

    private static func write(_ expression: TypedExpression, to text: inout String) {
        switch expression.node {
        case .literal(let literal): text += self.text(of: literal)
        case .member(let member, _, let ofOrder): text += (ofOrder ? "order." : "") + member.name
        case .label(let name, let ofOrder): text += (ofOrder ? "order.labels." : "labels.") + name
        case .parameter(let name), .metric(let name): text += name
        case .aggregate(let aggregate): write(aggregate, to: &text, withWindow: true)
        case .negate(let operand):
            text += "-"
            write(operand, .unary, to: &text)
        case .not(let operand):
            if case .isMissing(let asked) = operand.node {
                write(asked, .sum, to: &text)
                text += " is not missing"
            } else {
                text += "not "
                write(operand, .not, to: &text)
            }
        case .isMissing(let operand):
            write(operand, .sum, to: &text)
            text += " is missing"
        case .isOneOf(let operand, let values):
            write(operand, .sum, to: &text)
            text += " in (" + values.map { self.text(of: $0) }.joined(separator: ", ") + ")"
        case .and(let a, let b): infix("and", a, b, .and, .not, to: &text)
        case .or(let a, let b): infix("or", a, b, .or, .and, to: &text)
        case .compare(let comparison, let a, let b):
            if let aggregate = expression.hasForm {
                text += "has(" + aggregate.kind.name
                if let filter = aggregate.filter {
                    text += " where "
                    write(filter, .or, to: &text)
                }
                text += ")"
            } else {
                infix(comparison.rawValue, a, b, .sum, .sum, to: &text)
            }
        case .arithmetic(let sign, let a, let b):
            switch sign {
            case .add, .subtract: infix(sign.rawValue, a, b, .sum, .product, to: &text)
            case .multiply, .divide: infix(sign.rawValue, a, b, .product, .unary, to: &text)
            }
        case .call(let function, let arguments):
            text += function.rawValue + "("
            for (index, argument) in arguments.enumerated() {
                if index > 0 { text += ", " }
                write(argument, .or, to: &text)
            }
            text += ")"
        case .offset(let operand, let offset):
            write(operand, .primary, to: &text)
            text += " offset " + self.text(of: offset)
        }
    }

    private static func infix(
        _ sign: String, _ a: TypedExpression, _ b: TypedExpression, _ left: Binding, _ right: Binding,
        to text: inout String
    ) {
        write(a, left, to: &text)
        text += " \(sign) "
        write(b, right, to: &text)
    }

    private static func write(_ aggregate: AggregateExpression, to text: inout String, withWindow: Bool) {
        text += aggregate.reducer.rawValue + "("
        if let value = aggregate.value {
            write(value, .or, to: &text)
            text += " of "
        }
        text += aggregate.kind.name
        if let filter = aggregate.filter {
            text += " where "
            write(filter, .or, to: &text)
        }
        write(aggregate.span, to: &text, withWindow: withWindow)
        if let rank = aggregate.rank { text += ", " + self.text(of: .number(rank, isPercent: false)) }
        text += ")"
    }

    private static func write(_ span: AggregateExpression.Span, to text: inout String, withWindow: Bool) {
        switch span {
        case .orderFile: break
        case .window(let by, let over):
            text += " by "
            write(by, .or, to: &text)
            if withWindow { text += " over " + self.text(of: over) }
        case .inForce(let from, let until):
            text += " from "
            write(from, .or, to: &text)
            text += " until "
            write(until, .or, to: &text)
        }
    }
}

extension TypedExpression {
    /// The count that `has(…)` stands for, when this is one: a count of the order file above 0.
    var hasForm: AggregateExpression? {
        guard case .compare(.greater, let count, let zero) = node, case .aggregate(let aggregate) = count.node,
            aggregate.reducer == .count, aggregate.span == .orderFile,
            case .literal(.number(.zero, isPercent: false)) = zero.node
        else { return nil }
        return aggregate
    }
}
