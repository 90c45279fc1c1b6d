import Facts

extension TypedExpression {
    /// The expressions right below this one, with those of an aggregate (value, filter, times, conditions of windows).
    package var children: [TypedExpression] {
        switch node {
        case .literal, .member, .label, .parameter, .metric: []
        case .aggregate(let aggregate): aggregate.children
        case .negate(let a), .isMissing(let a), .isOneOf(let a, _), .not(let a), .offset(let a, _): [a]
        case .arithmetic(_, let a, let b), .compare(_, let a, let b), .and(let a, let b), .or(let a, let b): [a, b]
        case .call(_, let arguments): arguments
        }
    }

    /// The same expression with `change` applied to each child.
    func mapChildren(_ change: (TypedExpression) -> TypedExpression) -> TypedExpression {
        let changed: Node =
            switch node {
            case .literal, .member, .label, .parameter, .metric: node
            case .aggregate(let aggregate): .aggregate(aggregate.mapChildren(change))
            case .negate(let a): .negate(change(a))
            case .isMissing(let a): .isMissing(change(a))
            case .isOneOf(let a, let values): .isOneOf(change(a), values)
            case .not(let a): .not(change(a))
            case .offset(let a, let offset): .offset(change(a), offset)
            case .arithmetic(let sign, let a, let b): .arithmetic(sign, change(a), change(b))
            case .compare(let comparison, let a, let b): .compare(comparison, change(a), change(b))
            case .and(let a, let b): .and(change(a), change(b))
            case .or(let a, let b): .or(change(a), change(b))
            case .call(let function, let arguments): .call(function, arguments.map(change))
            }
        return TypedExpression(changed, type)
    }

    /// Whether it has fewer nodes than `limit`.
    func isSmaller(than limit: Int) -> Bool {
        var (waiting, seen) = ([self], 0)
        while let next = waiting.popLast() {
            seen += 1
            if seen >= limit { return false }
            waiting += next.children
        }
        return true
    }

    /// With parameters replaced by what they hold, inside aggregates too, as far as `values` knows them. One that has
    /// no value, or a missing one, stays, and is missing wherever it is evaluated.
    package func substituting(parameters values: [String: Value]) -> TypedExpression {
        if case .parameter(let name) = node, let literal = values[name].flatMap({ TypedExpression(literal: $0, type) })
        {
            return literal
        }
        return mapChildren { $0.substituting(parameters: values) }
    }

    /// A value as the expression that says it; nil for missing and for times, which nothing written says.
    init?(literal value: Value, _ type: ValueType) {
        switch value {
        case .missing, .time: return nil
        case .number(let number):
            // A sign is an operator: printed and read again, -5 is the negation of 5.
            guard number < .zero, let positive = number.negated else {
                self.init(.literal(.number(number, isPercent: false)), .number)
                return
            }
            self.init(.negate(TypedExpression(.literal(.number(positive, isPercent: false)), .number)), .number)
        case .duration(let span):
            guard span.denominator == 1, let microseconds = Int64(exactly: span.numerator),
                microseconds % 1_000_000 == 0
            else { return nil }
            let seconds = microseconds / 1_000_000
            let units: [(Literal.DurationUnit, Int64)] = [(.day, 86_400), (.hour, 3600), (.minute, 60)]
            let (unit, size) = units.first { seconds != 0 && seconds % $0.1 == 0 } ?? (.second, 1)
            let positive = TypedExpression(.literal(.duration(abs(seconds / size), unit)), .duration)
            self = seconds < 0 ? TypedExpression(.negate(positive), .duration) : positive
        case .bool(let truth): self.init(.literal(.bool(truth)), .bool)
        case .word(let word): self.init(.literal(.word(word)), type)
        case .string(let text): self.init(.literal(.string(text)), .string)
        }
    }
}

extension AggregateExpression {
    package var children: [TypedExpression] { [value, filter].compactMap { $0 } + span.children }

    func mapChildren(_ change: (TypedExpression) -> TypedExpression) -> AggregateExpression {
        AggregateExpression(
            reducer, of: value.map(change), kind, where: filter.map(change), span.mapChildren(change), rank: rank)
    }

    /// With parameters replaced by what they hold (see `TypedExpression.substituting`).
    package func substituting(parameters values: [String: Value]) -> AggregateExpression {
        mapChildren { $0.substituting(parameters: values) }
    }
}

extension AggregateExpression.Span {
    var children: [TypedExpression] {
        switch self {
        case .orderFile: []
        case .window(let by, let over): [by] + over.conditions
        case .inForce(let from, let until): [from, until]
        }
    }

    func mapChildren(_ change: (TypedExpression) -> TypedExpression) -> AggregateExpression.Span {
        switch self {
        case .orderFile: self
        case .window(let by, let over): .window(by: change(by), over: over.mapConditions(change))
        case .inForce(let from, let until): .inForce(from: change(from), until: change(until))
        }
    }
}

extension WindowExpression {
    /// The conditions by which it chooses, those of its parts included; names are not followed.
    package var conditions: [TypedExpression] {
        if case .choose(let condition, let a, let b) = self { [condition] + a.conditions + b.conditions } else { [] }
    }

    func mapConditions(_ change: (TypedExpression) -> TypedExpression) -> WindowExpression {
        guard case .choose(let condition, let a, let b) = self else { return self }
        return .choose(change(condition), a.mapConditions(change), b.mapConditions(change))
    }
}

extension TypedExpression {
    /// The member it reads, for messages; nil when it is no plain member.
    var memberName: String? {
        switch node {
        case .member(let member, _, _): member.name
        case .label(let label, _): label
        case .aggregate(let aggregate): aggregate.reducer == .latest ? aggregate.value?.memberName : nil
        case .call(.coalesce, let arguments): arguments.first?.memberName
        default: nil
        }
    }

    /// The whole number it is, when it is a literal, with or without a sign.
    var wholeLiteral: Int? {
        switch node {
        case .literal(.number(let number, isPercent: false)):
            number.denominator == 1 ? Int(exactly: number.numerator) : nil
        case .negate(let operand):
            if case .literal = operand.node { operand.wholeLiteral.map { -$0 } } else { nil }
        default: nil
        }
    }
}
