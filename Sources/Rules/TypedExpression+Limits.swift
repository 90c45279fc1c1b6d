import Facts
package import Language

extension TypedExpression {
    /// With parameters replaced by what they hold, as their owner wrote it (1% stays 1%): the limit that people read.
    /// A parameter without a value stays as its name.
    package func writing(_ values: [String: ParameterValue]) -> TypedExpression {
        func write(_ part: TypedExpression) -> TypedExpression { part.writing(values) }
        let written: Node
        switch node {
        case .parameter(let name):
            guard case .literal(let literal)? = values[name] else { return self }
            if case .number(let number, let isPercent) = literal, number < .zero, let positive = number.negated {
                written = .negate(TypedExpression(.literal(.number(positive, isPercent: isPercent)), type))
            } else {
                written = .literal(literal)
            }
        case .aggregate(let aggregate): written = .aggregate(aggregate.writing(values))
        case .literal, .member, .label, .metric: return self
        case .negate(let a): written = .negate(write(a))
        case .isMissing(let a): written = .isMissing(write(a))
        case .isOneOf(let a, let list): written = .isOneOf(write(a), list)
        case .not(let a): written = .not(write(a))
        case .offset(let a, let offset): written = .offset(write(a), offset)
        case .arithmetic(let sign, let a, let b): written = .arithmetic(sign, write(a), write(b))
        case .compare(let sign, let a, let b): written = .compare(sign, write(a), write(b))
        case .and(let a, let b): written = .and(write(a), write(b))
        case .or(let a, let b): written = .or(write(a), write(b))
        case .call(let function, let arguments): written = .call(function, arguments.map(write))
        }
        return TypedExpression(written, type)
    }
}

extension TypedExpression {
    /// The metrics that a condition compares with a percentage, once parameters are replaced.
    var percentages: Set<String> {
        switch node {
        case .compare(_, let a, let b): a.isPercentage ? b.metric : b.isPercentage ? a.metric : []
        case .and(let a, let b), .or(let a, let b): a.percentages.union(b.percentages)
        case .not(let a): a.percentages
        default: []
        }
    }

    private var isPercentage: Bool {
        switch node {
        case .literal(.number(_, isPercent: true)): true
        case .negate(let a): a.isPercentage
        default: false
        }
    }

    private var metric: Set<String> {
        switch node {
        case .metric(let name): [name]
        case .offset(let a, _), .negate(let a): a.metric
        // `coalesce(shown_rate, rate) < 1%`
        case .call(.coalesce, let arguments), .call(.min, let arguments), .call(.max, let arguments):
            arguments.reduce(into: []) { $0.formUnion($1.metric) }
        default: []
        }
    }
}

extension TypedExpression {
    /// A sum, a mean, a least or a greatest of amounts of money.
    func isMoney(in vocabulary: Vocabulary) -> Bool {
        switch node {
        case .metric(let name): return vocabulary.metrics[name]?.isMoney(in: vocabulary) ?? false
        case .aggregate(let aggregate):
            guard aggregate.reducer != .count, aggregate.reducer != .distinct,
                case .member(let member, _, _)? = aggregate.value?.node
            else { return false }
            return member.isMoney
        case .call(.coalesce, let all), .call(.min, let all), .call(.max, let all):
            return all.contains { $0.isMoney(in: vocabulary) }
        default: return false
        }
    }
}

extension AggregateExpression {
    package func writing(_ values: [String: ParameterValue]) -> AggregateExpression {
        var written = self
        written.value = value?.writing(values)
        written.filter = filter?.writing(values)
        switch span {
        case .orderFile: break
        case .window(let by, let over): written.span = .window(by: by.writing(values), over: over.writing(values))
        case .inForce(let from, let until):
            written.span = .inForce(from: from.writing(values), until: until.writing(values))
        }
        return written
    }
}

extension WindowExpression {
    func writing(_ values: [String: ParameterValue]) -> WindowExpression {
        switch self {
        case .fixed, .named: return self
        case .parameter(let name, let includesToday, let offset):
            guard case .window(var window)? = values[name], offset == nil || window.offset == nil else { return self }
            window.includesToday = window.includesToday || includesToday
            window.offset = offset ?? window.offset
            return .fixed(window)
        case .choose(let condition, let a, let b):
            return .choose(condition.writing(values), a.writing(values), b.writing(values))
        }
    }
}
