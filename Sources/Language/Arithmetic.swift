import Facts

/// Operators and functions on values, the same in both worlds. Missing in, missing out; what does not fit is missing.
enum Arithmetic {
    static func negated(_ value: Value) -> Value {
        switch value {
        case .number(let number): number.negated.map(Value.number) ?? .missing
        case .duration(let span): span.negated.map(Value.duration) ?? .missing
        default: .missing
        }
    }

    static func result(_ sign: ArithmeticOperator, _ a: Fraction, _ b: Fraction) -> Fraction? {
        switch sign {
        case .add: a.adding(b)
        case .subtract: a.subtracting(b)
        case .multiply: a.multiplied(by: b)
        case .divide: a.divided(by: b)
        }
    }

    static func result(_ sign: ArithmeticOperator, _ a: Value, _ b: Value) -> Value {
        switch (a, b) {
        case (.number(let x), .number(let y)): return result(sign, x, y).map(Value.number) ?? .missing
        case (.duration(let x), .duration(let y)):
            let made = result(sign, x, y)
            return made.map { sign == .divide ? .number($0) : .duration($0) } ?? .missing
        case (.duration(let x), .number(let y)), (.number(let x), .duration(let y)):
            return result(sign, x, y).map(Value.duration) ?? .missing
        case (.time(let x), .time(let y)):
            let (difference, isOver) = x.microseconds.subtractingReportingOverflow(y.microseconds)
            return isOver ? .missing : .duration(Fraction(difference))
        case (.time(let x), .duration(let y)): return moved(x, by: sign == .subtract ? y.negated : y)
        case (.duration(let x), .time(let y)): return moved(y, by: x)
        default: return .missing
        }
    }

    /// Rounded to the microsecond: times are whole ones.
    private static func moved(_ moment: Timestamp, by span: Fraction?) -> Value {
        guard let span, let whole = Int64(exactly: span.roundedHalfEven) else { return .missing }
        let (moved, isOver) = moment.microseconds.addingReportingOverflow(whole)
        return isOver ? .missing : .time(Timestamp(microseconds: moved))
    }

    /// nil when either is missing, or they have no order.
    static func compare(_ comparison: ComparisonOperator, _ a: Value, _ b: Value) -> Bool? {
        switch (a, b) {
        case (.missing, _), (_, .missing): nil
        case (.number(let x), .number(let y)), (.duration(let x), .duration(let y)): ordered(comparison, x, y)
        case (.time(let x), .time(let y)): ordered(comparison, x, y)
        default:
            switch comparison {
            case .equal: a == b
            case .notEqual: a != b
            default: nil
            }
        }
    }

    static func ordered<T: Comparable>(_ comparison: ComparisonOperator, _ a: T, _ b: T) -> Bool {
        switch comparison {
        case .equal: a == b
        case .notEqual: a != b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        }
    }

    /// `min`, `max`, `abs`, `round` and `floor`; missing when an argument is.
    static func call(_ function: Function, _ arguments: [Value]) -> Value {
        guard let first = arguments.first else { return .missing }
        switch function {
        case .min, .max:
            var best = first
            for argument in arguments {
                guard let isBetter = compare(function == .min ? .less : .greater, argument, best) else {
                    return .missing
                }
                if isBetter { best = argument }
            }
            return best
        case .abs:
            switch first {
            case .number(let number): return number < .zero ? negated(first) : first
            case .duration(let span): return span < .zero ? negated(first) : first
            default: return .missing
            }
        case .floor:
            guard case .number(let number) = first else { return .missing }
            return .number(Fraction(number.roundedDown))
        case .round:
            guard case .number(let number) = first else { return .missing }
            var digits = 0
            if arguments.count > 1 {
                guard case .number(let asked) = arguments[1], let whole = Int(exactly: asked.numerator),
                    asked.denominator == 1
                else { return .missing }
                digits = whole
            }
            return round(number, digits).map(Value.number) ?? .missing
        case .if, .coalesce, .hour, .weekday, .day: return .missing
        }
    }

    /// Half away from zero. `digits` is from -9 to 9.
    static func round(_ number: Fraction, _ digits: Int) -> Fraction? {
        var scale = Fraction.one
        for _ in 0..<min(abs(digits), 9) { scale = scale.multiplied(by: Fraction(10)) ?? scale }
        let half = Fraction(1, over: 2) ?? .zero
        guard let scaled = digits < 0 ? number.divided(by: scale) : number.multiplied(by: scale),
            let magnitude = scaled < .zero ? scaled.negated : scaled,
            let raised = magnitude.adding(half),
            let whole = scaled < .zero ? Fraction(raised.roundedDown).negated : Fraction(raised.roundedDown)
        else { return nil }
        return digits < 0 ? whole.multiplied(by: scale) : whole.divided(by: scale)
    }
}
