package import Facts

/// Typed expression to value or missing; cannot fail.
///
/// Two worlds. Inside an aggregate an expression is about one fact and the order file around it: conditions are true or
/// false, and one that cannot be told is false (this file). Outside it is about sums, and a condition may be missing or
/// undecided (`Evaluator+Estimates`).
package enum Evaluator {
    /// The value of a filter, value or time of an aggregate for one fact.
    ///
    /// Exact: nothing is rounded but times, to the microsecond, and the values of order-file aggregates, once per fact.
    /// Parameters must have been replaced (`substituting(parameters:)`); one that is left is missing.
    package static func value(
        of expression: TypedExpression, for fact: Fact, in file: OrderFile, _ calendar: StoreCalendar
    ) -> Value {
        FactEvaluation(fact: fact, file: file, calendar: calendar).value(expression)
    }

    /// Whether a filter lets a fact pass; missing is false.
    package static func holds(
        _ expression: TypedExpression, for fact: Fact, in file: OrderFile, _ calendar: StoreCalendar
    ) -> Bool {
        FactEvaluation(fact: fact, file: file, calendar: calendar).holds(expression)
    }

    /// Whether a comparison of two values holds; missing is false.
    package static func holds(_ comparison: ComparisonOperator, _ a: Value, _ b: Value) -> Bool {
        Arithmetic.compare(comparison, a, b) ?? false
    }

    /// What an aggregate takes of one fact: numbers in millionths and durations in microseconds, rounded half-even
    /// once; times in microseconds; conditions 1,000,000 and 0, so that their mean is a share. Nil when missing, and
    /// when it does not fit 64 bits. Words and strings have none.
    package static func amount(of value: Value) -> Int64? {
        switch value {
        case .missing, .word, .string: nil
        case .number(let number): number.multiplied(by: Fraction(1_000_000)).flatMap { fitting($0.roundedHalfEven) }
        case .duration(let span): fitting(span.roundedHalfEven)
        case .time(let moment): moment.microseconds
        case .bool(let truth): truth ? 1_000_000 : 0
        }
    }

    private static func fitting(_ whole: Int128) -> Int64? {
        // The least integer stands for missing.
        guard let fitting = Int64(exactly: whole), fitting != Fact.missing else { return nil }
        return fitting
    }
}

/// One fact, what lies around it, and the store's clock.
private struct FactEvaluation {
    let fact: Fact
    let file: OrderFile
    let calendar: StoreCalendar

    func holds(_ expression: TypedExpression) -> Bool { value(expression) == .bool(true) }

    func value(_ expression: TypedExpression) -> Value {
        switch expression.node {
        case .literal(let literal): return literal.value
        case .member(let member, _, let ofOrder):
            guard ofOrder else { return FactEvaluation.member(member, of: fact) }
            return file.order.map { FactEvaluation.member(member, of: $0) } ?? .missing
        case .label(let name, let ofOrder):
            return (ofOrder ? file.order : fact)?.labels[name].map(Value.string) ?? .missing
        case .parameter, .metric, .offset: return .missing
        case .aggregate(let aggregate): return reduction(aggregate)
        case .negate(let operand): return Arithmetic.negated(value(operand))
        case .arithmetic(let sign, let a, let b): return Arithmetic.result(sign, value(a), value(b))
        case .compare(let comparison, let a, let b):
            let (left, right) = (value(a), value(b))
            // `a != b` is `not (a == b)`, and a comparison with a missing operand is false.
            if comparison == .notEqual { return .bool(Arithmetic.compare(.equal, left, right) != true) }
            return .bool(Arithmetic.compare(comparison, left, right) ?? false)
        case .isMissing(let operand): return .bool(value(operand) == .missing)
        case .isOneOf(let operand, let literals):
            let found = value(operand)
            return .bool(literals.contains { Arithmetic.compare(.equal, found, $0.value) ?? false })
        case .not(let operand): return .bool(!holds(operand))
        case .and(let a, let b): return .bool(holds(a) && holds(b))
        case .or(let a, let b): return .bool(holds(a) || holds(b))
        case .call(let function, let arguments): return call(function, arguments)
        }
    }

    private static func member(_ member: Member, of fact: Fact) -> Value {
        if member.type == .string { return fact.texts[member.slot].map(Value.string) ?? .missing }
        let number = fact.numbers[member.slot]
        guard number != Fact.missing else { return .missing }
        switch member.type {
        case .number: return .number(Fraction(FixedPoint(millionths: number)))
        case .time: return .time(Timestamp(microseconds: number))
        case .bool: return .bool(number != 0)
        case .word(let words): return words.indices.contains(Int(number)) ? .word(words[Int(number)]) : .missing
        case .string: return .missing
        }
    }

    private func call(_ function: Function, _ arguments: [TypedExpression]) -> Value {
        switch function {
        case .if: return value(arguments[holds(arguments[0]) ? 1 : 2])
        case .coalesce:
            for argument in arguments {
                let found = value(argument)
                if found != .missing { return found }
            }
            return .missing
        case .hour, .weekday, .day:
            guard case .time(let moment) = value(arguments[0]) else { return .missing }
            return .number(Fraction(Evaluator.reading(function, of: moment, calendar)))
        case .min, .max, .abs, .round, .floor: return Arithmetic.call(function, arguments.map(value))
        }
    }

    /// An aggregate without a span: over the order file at hand.
    private func reduction(_ aggregate: AggregateExpression) -> Value {
        guard aggregate.span == .orderFile else { return .missing }
        var values: [Value] = []
        var count = 0
        func take(_ other: Fact) {
            guard other.kind == aggregate.kind, !other.isDeleted else { return }
            let around = FactEvaluation(fact: other, file: file, calendar: calendar)
            if let filter = aggregate.filter, !around.holds(filter) { return }
            count += 1
            if let value = aggregate.value { values.append(around.value(value)) }
        }
        if let order = file.order { take(order) }
        for child in file.children { take(child) }
        return Reduction.value(
            aggregate.reducer, of: values, aggregate.value?.type, count: count, rank: aggregate.rank, aggregate.kind)
    }
}

extension Evaluator {
    /// `hour`, `weekday` or `day` of a moment at the store.
    static func reading(_ function: Function, of moment: Timestamp, _ calendar: StoreCalendar) -> Int {
        switch function {
        case .hour: calendar.hour(of: moment)
        case .weekday: calendar.day(of: moment).weekday
        default: Int(calendar.day(of: moment).number)
        }
    }
}
