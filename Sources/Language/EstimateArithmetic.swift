import Facts

/// Operators and functions on estimates. Where all operands are exact these are the operators on values; elsewhere the
/// result holds whatever the operands may turn out to be.
enum EstimateArithmetic {
    static func negated(_ a: Estimate, _ type: ValueType) -> Estimate {
        if case .exact(let value) = a { return .exact(Arithmetic.negated(value)) }
        guard let interval = Interval(a) else { return .exact(.missing) }
        return interval.negated.estimate(mayBeMissing: a.mayBeMissing, type)
    }

    static func result(
        _ sign: ArithmeticOperator, _ a: Estimate, _ aType: ValueType, _ b: Estimate, _ bType: ValueType,
        _ type: ValueType
    ) -> Estimate {
        if case .exact(let x) = a, case .exact(let y) = b { return .exact(Arithmetic.result(sign, x, y)) }
        if a == .exact(.missing) || b == .exact(.missing) { return .exact(.missing) }
        // Of times that are not known nothing can be said; neither of what lies between them.
        if aType == .time || bType == .time {
            return type == .duration
                ? .range(low: nil, high: nil, mayBeMissing: a.mayBeMissing || b.mayBeMissing, isDuration: true)
                : .anything
        }
        guard let x = Interval(a), let y = Interval(b) else { return .exact(.missing) }
        var isOver = false
        var mayBeMissing = a.mayBeMissing || b.mayBeMissing
        let interval: Interval
        switch sign {
        case .add: interval = Interval.sum(x, y, isOver: &isOver)
        case .subtract: interval = Interval.sum(x, y.negated, isOver: &isOver)
        case .multiply: interval = Interval.product(x, y, isOver: &isOver)
        case .divide:
            if y.contains(.zero) { mayBeMissing = true }
            guard let quotient = Interval.quotient(x, y, isOver: &isOver) else { return .exact(.missing) }
            interval = quotient
        }
        return interval.estimate(mayBeMissing: mayBeMissing || isOver, type)
    }

    static func compare(_ comparison: ComparisonOperator, _ a: Estimate, _ b: Estimate, _ type: ValueType) -> Outcomes {
        if case .exact(let x) = a, case .exact(let y) = b {
            return Arithmetic.compare(comparison, x, y).map { $0 ? .true : .false } ?? .missing
        }
        var outcomes = Outcomes(
            mayBeTrue: true, mayBeFalse: true, mayBeMissing: a.mayBeMissing || b.mayBeMissing)
        switch type {
        case .number, .duration:
            guard let x = Interval(a), let y = Interval(b) else { return .missing }
            let (canHold, canFail): (Bool, Bool) =
                switch comparison {
                case .less: (x.mayBeBelow(y, orEqual: false), y.mayBeBelow(x, orEqual: true))
                case .lessOrEqual: (x.mayBeBelow(y, orEqual: true), y.mayBeBelow(x, orEqual: false))
                case .greater: (y.mayBeBelow(x, orEqual: false), x.mayBeBelow(y, orEqual: true))
                case .greaterOrEqual: (y.mayBeBelow(x, orEqual: true), x.mayBeBelow(y, orEqual: false))
                case .equal: (x.overlaps(y), !(x.isPoint && x == y))
                case .notEqual: (!(x.isPoint && x == y), x.overlaps(y))
                }
            (outcomes.mayBeTrue, outcomes.mayBeFalse) = (canHold, canFail)
        case .bool:
            let (x, y) = (a.outcomes, b.outcomes)
            let mayAgree = x.mayBeTrue && y.mayBeTrue || x.mayBeFalse && y.mayBeFalse
            let mayDiffer = x.mayBeTrue && y.mayBeFalse || x.mayBeFalse && y.mayBeTrue
            (outcomes.mayBeTrue, outcomes.mayBeFalse) =
                comparison == .equal ? (mayAgree, mayDiffer) : (mayDiffer, mayAgree)
            if !a.mayBePresent || !b.mayBePresent { return .missing }
        case .time, .word, .string:
            if !a.mayBePresent || !b.mayBePresent { return .missing }
        }
        return outcomes
    }

    static func isOneOf(_ a: Estimate, _ values: [Value], _ type: ValueType) -> Outcomes {
        // `x in (a, b)` is `x == a or x == b`, with one x.
        if case .exact(let x) = a {
            guard x != .missing else { return .missing }
            return values.contains { Arithmetic.compare(.equal, x, $0) == true } ? .true : .false
        }
        let each = values.map { compare(.equal, a, .exact($0), type) }
        return Outcomes(
            mayBeTrue: each.contains { $0.mayBeTrue }, mayBeFalse: each.allSatisfy { $0.mayBeFalse },
            mayBeMissing: a.mayBeMissing)
    }

    static func call(_ function: Function, _ arguments: [Estimate], _ type: ValueType) -> Estimate {
        let values = arguments.compactMap { if case .exact(let value) = $0 { value } else { nil } }
        if values.count == arguments.count { return .exact(Arithmetic.call(function, values)) }
        if arguments.contains(.exact(.missing)) { return .exact(.missing) }
        if type == .time { return .anything }
        let mayBeMissing = arguments.contains { $0.mayBeMissing }
        let intervals = arguments.compactMap { Interval($0) }
        guard let first = intervals.first, intervals.count == arguments.count else { return .exact(.missing) }
        var isOver = false
        let interval: Interval
        switch function {
        case .min, .max:
            interval = intervals.dropFirst().reduce(first) { function == .min ? least($0, $1) : greatest($0, $1) }
        case .abs:
            interval =
                first.contains(.zero)
                ? Interval(.zero, first.union(first.negated).high)
                : (first.low ?? .zero) > .zero ? first : first.negated
        // Both only grow with what they are of, so that the ends go to the ends.
        case .floor:
            interval = Interval(first.low.map { Fraction($0.roundedDown) }, first.high.map { Fraction($0.roundedDown) })
        case .round:
            var digits = 0
            if arguments.count > 1 {
                guard case .exact(.number(let asked)) = arguments[1], let whole = Int(exactly: asked.numerator) else {
                    return .anything
                }
                digits = whole
            }
            func rounded(_ bound: Fraction?) -> Fraction? {
                guard let bound else { return nil }
                let result = Arithmetic.round(bound, digits)
                if result == nil { isOver = true }
                return result
            }
            interval = Interval(rounded(first.low), rounded(first.high))
        case .if, .coalesce, .hour, .weekday, .day: return .anything
        }
        return interval.estimate(mayBeMissing: mayBeMissing || isOver, type)
    }

    private static func least(_ a: Interval, _ b: Interval) -> Interval {
        let low = a.low.flatMap { x in b.low.map { min(x, $0) } }
        let high = a.high.map { x in b.high.map { min(x, $0) } ?? x } ?? b.high
        return Interval(low, high)
    }

    private static func greatest(_ a: Interval, _ b: Interval) -> Interval {
        least(a.negated, b.negated).negated
    }
}
