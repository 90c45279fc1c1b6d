import Facts
import Language

/// From typed expressions to steps.
extension FactProgram {
    mutating func append(_ expression: TypedExpression) -> Bool {
        switch expression.node {
        case .literal(let literal):
            guard let constant = FactProgram.integer(literal) else { return false }
            return push(.constant, constant: constant)
        case .member(let member, _, let ofOrder):
            guard member.type != .string else { return false }
            return push(ofOrder ? .orderMember : .member, slot: member.slot)
        case .negate(let a):
            return append(a) && push(.negate)
        case .arithmetic(let operation, let a, let b):
            return append(operation, a, b)
        case .compare(let comparison, let a, let b):
            return append(comparison, a, b)
        case .isMissing(let a):
            if let test = textTest(a, .isMissing) { return push(.text, slot: test) }
            return append(a) && push(.isMissing)
        case .isOneOf(let a, let literals):
            return append(a, isOneOf: literals)
        case .not(let a): return append(a) && push(.not)
        case .and(let a, let b): return append(a) && append(b) && push(.and)
        case .or(let a, let b): return append(a) && append(b) && push(.or)
        case .call(let function, let arguments):
            return append(function, arguments)
        case .aggregate(let aggregate):
            return append(aggregate)
        case .label, .parameter, .metric, .offset:
            return false
        }
    }

    mutating func push(_ operation: Operation, slot: Int = 0, constant: Int64 = 0) -> Bool {
        steps.append(Step(operation: operation, slot: Int32(slot), constant: constant))
        return true
    }

    mutating func append(_ operation: ArithmeticOperator, _ a: TypedExpression, _ b: TypedExpression) -> Bool {
        switch operation {
        case .add: return append(a) && append(b) && push(.add)
        case .subtract: return append(a) && append(b) && push(.subtract)
        case .multiply:
            if let factor = FactProgram.wholeNumber(b) {
                return append(a) && push(.multiplyByConstant, constant: factor)
            }
            if let factor = FactProgram.wholeNumber(a) {
                return append(b) && push(.multiplyByConstant, constant: factor)
            }
            return false
        case .divide: return false
        }
    }

    mutating func append(_ comparison: ComparisonOperator, _ a: TypedExpression, _ b: TypedExpression) -> Bool {
        if a.type == .string || b.type == .string {
            guard comparison == .equal || comparison == .notEqual else { return false }
            let (side, other) = if case .literal = a.node { (b, a) } else { (a, b) }
            guard case .literal(.string(let text)) = other.node else { return false }
            let question: TextTest.Question = comparison == .equal ? .isOneOf([text]) : .isNotEqual(to: text)
            guard let test = textTest(side, question) else { return false }
            return push(.text, slot: test)
        }
        guard appendPair(a, b) else { return false }
        switch comparison {
        case .equal: return push(.equal)
        case .notEqual: return push(.notEqual)
        case .less: return push(.less)
        case .lessOrEqual: return push(.lessOrEqual)
        case .greater: return push(.greater)
        case .greaterOrEqual: return push(.greaterOrEqual)
        }
    }

    /// Both sides of a comparison; a word written out becomes its index in the other side's enumeration.
    mutating func appendPair(_ a: TypedExpression, _ b: TypedExpression) -> Bool {
        switch (a.node, b.node) {
        case (.literal(.word(let word)), _):
            guard case .word(let words) = b.type, let index = words.firstIndex(of: word) else { return false }
            return push(.constant, constant: Int64(index)) && append(b)
        case (_, .literal(.word(let word))):
            guard case .word(let words) = a.type, let index = words.firstIndex(of: word) else { return false }
            return append(a) && push(.constant, constant: Int64(index))
        default:
            if case .word(let left) = a.type {
                // Two enumerations have the same index for a word only when they are the same.
                guard case .word(let right) = b.type, left == right else { return false }
            }
            return append(a) && append(b)
        }
    }

    mutating func append(_ a: TypedExpression, isOneOf literals: [Literal]) -> Bool {
        switch a.type {
        case .string:
            var texts: [String] = []
            for literal in literals {
                guard case .string(let text) = literal else { return false }
                texts.append(text)
            }
            guard let test = textTest(a, .isOneOf(texts)) else { return false }
            return push(.text, slot: test)
        case .word(let words):
            var mask: UInt64 = 0
            for literal in literals {
                guard case .word(let word) = literal, let index = words.firstIndex(of: word), index < 64 else {
                    return false
                }
                mask |= 1 << UInt64(index)
            }
            return append(a) && push(.isOneOfWords, constant: Int64(bitPattern: mask))
        default:
            // a == x or a == y …: the operand is asked again for each.
            for (place, literal) in literals.enumerated() {
                guard let constant = FactProgram.integer(literal), append(a) else { return false }
                guard push(.constant, constant: constant), push(.equal) else { return false }
                if place > 0 { guard push(.or) else { return false } }
            }
            return !literals.isEmpty
        }
    }

    mutating func append(_ function: Function, _ arguments: [TypedExpression]) -> Bool {
        // Of words and texts an `if` could mix enumerations; the evaluator keeps them apart.
        for argument in arguments {
            switch argument.type {
            case .number, .duration, .time, .bool: break
            case .word, .string: return false
            }
        }
        switch (function, arguments.count) {
        case (.abs, 1): return append(arguments[0]) && push(.absolute)
        case (.if, 3): return append(arguments[0]) && append(arguments[1]) && append(arguments[2]) && push(.select)
        case (.coalesce, 1...): return append(arguments, joinedBy: .coalesce)
        case (.min, 1...): return append(arguments, joinedBy: .least)
        case (.max, 1...): return append(arguments, joinedBy: .greatest)
        default: return false
        }
    }

    mutating func append(_ arguments: [TypedExpression], joinedBy operation: Operation) -> Bool {
        for (place, argument) in arguments.enumerated() {
            guard append(argument), place == 0 || push(operation) else { return false }
        }
        return true
    }

    mutating func append(_ aggregate: AggregateExpression) -> Bool {
        guard case .orderFile = aggregate.span else { return false }
        switch aggregate.reducer {
        case .count, .sum, .min, .max: break
        case .mean, .percentile, .distinct, .latest: return false
        }
        var reduction = FileReduction(reducer: aggregate.reducer, kind: aggregate.kind)
        if let filter = aggregate.filter {
            guard let program = FactProgram(filter) else { return false }
            reduction.filter = program
        }
        if let value = aggregate.value {
            switch value.type {
            case .number, .duration, .time: break
            case .bool, .word, .string: return false
            }
            guard let program = FactProgram(value) else { return false }
            reduction.value = program
        }
        reductions.append(reduction)
        return push(.file, slot: reductions.count - 1)
    }

    mutating func textTest(_ expression: TypedExpression, _ question: TextTest.Question) -> Int? {
        switch expression.node {
        case .member(let member, _, let ofOrder) where member.type == .string:
            tests.append(TextTest(source: .member(slot: member.slot), ofOrder: ofOrder, question: question))
        case .label(let name, let ofOrder):
            tests.append(TextTest(source: .label(name), ofOrder: ofOrder, question: question))
        default: return nil
        }
        return tests.count - 1
    }

    /// Millionths or microseconds; nil when the literal is not a whole number of them.
    static func integer(_ literal: Literal) -> Int64? {
        switch literal.value {
        case .number(let number):
            let (millionths, isOver) = number.numerator.multipliedReportingOverflow(by: 1_000_000)
            guard !isOver, millionths % number.denominator == 0 else { return nil }
            return Int64(exactly: millionths / number.denominator)
        case .duration(let span):
            guard span.denominator == 1 else { return nil }
            return Int64(exactly: span.numerator)
        case .bool(let truth): return truth ? 1 : 0
        case .missing, .time, .word, .string: return nil
        }
    }

    static func wholeNumber(_ expression: TypedExpression) -> Int64? {
        guard case .literal(let literal) = expression.node, case .number(let number) = literal.value,
            number.denominator == 1
        else { return nil }
        return Int64(exactly: number.numerator)
    }
}
