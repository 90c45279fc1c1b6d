import Facts

extension Evaluator {
    /// What can be said of an expression outside aggregates.
    ///
    /// Exact figures give an exact value. Of ranges it gives a range that holds every value the expression could have,
    /// and of conditions every outcome they could have: what it proves is so whatever the figures turn out to be.
    /// Figures are taken as independent of each other, so a range may be wider than it need be, never narrower.
    package static func estimate(
        _ expression: TypedExpression, from source: some SumSource, shifted shifts: [CalendarOffset] = []
    ) -> Estimate {
        func part(_ expression: TypedExpression) -> Estimate { estimate(expression, from: source, shifted: shifts) }
        switch expression.node {
        case .literal(let literal): return .exact(literal.value)
        case .member, .label: return .exact(.missing)
        case .parameter(let name): return .exact(source.parameter(name, shifted: shifts))
        case .metric(let name): return source.metric(name, shifted: shifts)
        case .aggregate(let aggregate): return source.estimate(of: aggregate, shifted: shifts)
        case .offset(let operand, let offset): return estimate(operand, from: source, shifted: shifts + [offset])
        case .negate(let operand): return EstimateArithmetic.negated(part(operand), operand.type)
        case .arithmetic(let sign, let a, let b):
            return EstimateArithmetic.result(sign, part(a), a.type, part(b), b.type, expression.type)
        case .compare(let comparison, let a, let b):
            return Estimate(EstimateArithmetic.compare(comparison, part(a), part(b), a.type))
        case .isMissing(let operand):
            let found = part(operand)
            return Estimate(
                Outcomes(mayBeTrue: found.mayBeMissing, mayBeFalse: found.mayBePresent, mayBeMissing: false))
        case .isOneOf(let operand, let literals):
            return Estimate(EstimateArithmetic.isOneOf(part(operand), literals.map(\.value), operand.type))
        case .not(let operand): return Estimate(part(operand).outcomes.negated)
        case .and(let a, let b):
            let left = part(a).outcomes
            // Proven false either way; the other side need not be read.
            return left == .false ? .exact(.bool(false)) : Estimate(left.and(part(b).outcomes))
        case .or(let a, let b):
            let left = part(a).outcomes
            return left == .true ? .exact(.bool(true)) : Estimate(left.or(part(b).outcomes))
        case .call(let function, let arguments):
            return call(function, arguments, expression.type, source, part)
        }
    }

    private static func call(
        _ function: Function, _ arguments: [TypedExpression], _ type: ValueType, _ source: some SumSource,
        _ part: (TypedExpression) -> Estimate
    ) -> Estimate {
        switch function {
        case .if:
            let condition = part(arguments[0]).outcomes
            var result: Estimate?
            if condition.mayBeTrue { result = part(arguments[1]) }
            if condition.mayBeFalse { result = .either(result, part(arguments[2]), type) }
            if condition.mayBeMissing { result = .either(result, .exact(.missing), type) }
            return result ?? .exact(.missing)
        case .coalesce:
            var result: Estimate?
            for argument in arguments {
                let found = part(argument)
                if let present = found.present(type) { result = .either(result, present, type) }
                if !found.mayBeMissing { return result ?? found }
            }
            return .either(result, .exact(.missing), type)
        case .hour, .weekday, .day:
            let found = part(arguments[0])
            guard case .exact(let value) = found else {
                let (low, high): (Fraction?, Fraction?) =
                    switch function {
                    case .hour: (.zero, Fraction(23))
                    case .weekday: (.one, Fraction(7))
                    default: (nil, nil)
                    }
                return .range(low: low, high: high, mayBeMissing: found.mayBeMissing, isDuration: false)
            }
            guard case .time(let moment) = value else { return .exact(.missing) }
            return .exact(.number(Fraction(reading(function, of: moment, source.calendar))))
        case .min, .max, .abs, .round, .floor:
            return EstimateArithmetic.call(function, arguments.map(part), type)
        }
    }

    /// The windows that a window expression may come to: one when its conditions are decided, `nil` among them when it
    /// may be missing (a condition that is missing, a parameter without a value). Never empty; none twice.
    package static func windows(
        _ expression: WindowExpression, in vocabulary: Vocabulary, from source: some SumSource,
        shifted shifts: [CalendarOffset] = []
    ) -> [Window?] {
        let found: [Window?]
        switch expression {
        case .fixed(let window): return [window]
        case .parameter(let name, let includesToday, let offset):
            found = [source.window(name, shifted: shifts)?.including(today: includesToday, offset: offset)]
        case .named(let name, let includesToday, let offset):
            guard let entry = vocabulary.windows[name] else { return [nil] }
            found = windows(entry, in: vocabulary, from: source, shifted: shifts)
                .map { $0?.including(today: includesToday, offset: offset) }
        case .choose(let condition, let a, let b):
            let outcomes = estimate(condition, from: source, shifted: shifts).outcomes
            found =
                (outcomes.mayBeTrue ? windows(a, in: vocabulary, from: source, shifted: shifts) : [])
                + (outcomes.mayBeFalse ? windows(b, in: vocabulary, from: source, shifted: shifts) : [])
                + (outcomes.mayBeMissing ? [nil] : [])
        }
        return found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
