import Facts

/// Operators and functions.
extension TypeChecker {
    mutating func arithmetic(
        _ sign: ArithmeticOperator, _ a: Syntax, _ b: Syntax, _ scope: Scope, at range: Range<Int>
    ) -> TypedExpression? {
        let (left, right) = (expression(a, scope), expression(b, scope))
        guard let left, let right else { return nil }
        let type: ValueType? =
            switch (sign, left.type, right.type) {
            case (_, .number, .number): .number
            case (.add, .duration, .duration), (.subtract, .duration, .duration): .duration
            case (.subtract, .time, .time): .duration
            case (.add, .time, .duration), (.subtract, .time, .duration), (.add, .duration, .time): .time
            case (.multiply, .duration, .number), (.multiply, .number, .duration), (.divide, .duration, .number):
                .duration
            case (.divide, .duration, .duration): .number
            default: nil
            }
        if let type { return TypedExpression(.arithmetic(sign, left, right), type) }
        let expected: String? =
            switch (sign, left.type) {
            case (.add, .number), (.subtract, .number), (.divide, .number): "a number"
            case (.multiply, .number): "a number or a duration"
            case (.add, .duration): "a duration or a time"
            case (.subtract, .duration), (.add, .time): "a duration"
            case (.subtract, .time): "a duration or a time"
            case (.multiply, .duration): "a number"
            case (.divide, .duration): "a number or a duration"
            default: nil
            }
        if let expected {
            complain("expected \(expected), found \(right.type.phrase)", at: b.range)
        } else {
            complain("\(left.type.phrase) cannot stand before '\(sign.rawValue)'", at: a.range)
        }
        return nil
    }

    mutating func compare(
        _ comparison: ComparisonOperator, _ a: Syntax, _ b: Syntax, _ scope: Scope
    ) -> TypedExpression? {
        guard let sides = together([a, b], scope) else { return nil }
        switch (comparison, sides[0].type) {
        case (.equal, _), (.notEqual, _), (_, .number), (_, .duration), (_, .time): break
        default:
            complain(
                "\(sides[0].type.phrase) has no order; compare with '==' or '!='",
                at: a.range.lowerBound..<b.range.upperBound)
            return nil
        }
        return TypedExpression(.compare(comparison, sides[0], sides[1]), .bool)
    }

    mutating func isOneOf(_ operand: Syntax, _ values: [Syntax], _ scope: Scope) -> TypedExpression? {
        guard let typed = expression(operand, scope) else {
            return nil
        }
        var literals: [Literal] = []
        var isWhole = true
        for value in values {
            guard let one = expression(value, scope, beside: typed) else {
                isWhole = false
                continue
            }
            guard one.type == typed.type else {
                complain("expected \(typed.type.phrase), found \(one.type.phrase)", at: value.range)
                isWhole = false
                continue
            }
            switch one.node {
            case .literal(let literal): literals.append(literal)
            case .negate(let inner):
                guard case .literal(.number(let number, let isPercent)) = inner.node, let negated = number.negated
                else {
                    fallthrough
                }
                literals.append(.number(negated, isPercent: isPercent))
            default:
                complain("a list holds words, strings and numbers", at: value.range)
                isWhole = false
            }
        }
        return isWhole ? TypedExpression(.isOneOf(typed, literals), .bool) : nil
    }

    mutating func call(
        _ function: Function, _ name: Name, _ arguments: [Syntax], _ scope: Scope, _ beside: TypedExpression?,
        at range: Range<Int>
    ) -> TypedExpression? {
        guard FunctionTable.arguments(of: function).contains(arguments.count) else {
            complain("'\(name.text)' is written \(FunctionTable.entry(function).usage)", at: range)
            return nil
        }
        switch function {
        case .min, .max:
            guard let typed = together(arguments, scope) else { return nil }
            guard [.number, .duration, .time].contains(typed[0].type) else {
                complain(
                    "expected a number, a duration or a time, found \(typed[0].type.phrase)", at: arguments[0].range)
                return nil
            }
            return TypedExpression(.call(function, typed), typed[0].type)
        case .coalesce:
            return together(arguments, scope, beside: beside).map { TypedExpression(.call(.coalesce, $0), $0[0].type) }
        case .if:
            let condition = expression(arguments[0], scope, of: .bool)
            let branches = together(Array(arguments.dropFirst()), scope, beside: beside)
            guard let condition, let branches else { return nil }
            return TypedExpression(.call(.if, [condition] + branches), branches[0].type)
        case .abs:
            guard let typed = expression(arguments[0], scope) else { return nil }
            guard typed.type == .number || typed.type == .duration else {
                complain("expected a number or a duration, found \(typed.type.phrase)", at: arguments[0].range)
                return nil
            }
            return TypedExpression(.call(.abs, [typed]), typed.type)
        case .floor:
            return expression(arguments[0], scope, of: .number).map { TypedExpression(.call(.floor, [$0]), .number) }
        case .round:
            guard let typed = expression(arguments[0], scope, of: .number) else { return nil }
            guard arguments.count == 2 else { return TypedExpression(.call(.round, [typed]), .number) }
            guard let digits = expression(arguments[1], scope, of: .number) else { return nil }
            guard digits.wholeLiteral.map({ -9...9 ~= $0 }) == true else {
                complain("the digits of 'round' are a whole number from -9 to 9", at: arguments[1].range)
                return nil
            }
            return TypedExpression(.call(.round, [typed, digits]), .number)
        case .hour, .weekday, .day:
            return expression(arguments[0], scope, of: .time).map { TypedExpression(.call(function, [$0]), .number) }
        }
    }
}
