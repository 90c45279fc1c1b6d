package import Facts
package import Language

/// What expressions rest on: everything they name, and what that names in turn.
package struct Reach: Sendable, Hashable {
    /// Named by the expressions themselves, in the order in which they stand there.
    package private(set) var metrics: [String] = []
    /// Of the expressions and of all metrics and windows below them, each once.
    package private(set) var parameters: [String] = []
    /// All aggregates over the facts of a window, parameters in place, each once.
    package private(set) var aggregates: [AggregateExpression] = []
    /// The kinds of fact that can change the outcome.
    package private(set) var kinds: FactKinds = []
    /// The members of facts that are looked at.
    package private(set) var members: Set<ReadMember> = []

    /// Named by the expressions or by any metric below them.
    package private(set) var everyMetric: Set<String> = []

    /// - Parameter sparing: metrics whose names count, and nothing of what they rest on.
    package init(
        of expressions: some Sequence<TypedExpression>, in vocabulary: Vocabulary, sparing: Set<String> = []
    ) {
        everyMetric = sparing
        for expression in expressions { add(expression, vocabulary, isTop: true) }
    }

    package init(of window: WindowExpression, in vocabulary: Vocabulary) { add(window, vocabulary) }

    private mutating func add(_ expression: TypedExpression, _ vocabulary: Vocabulary, isTop: Bool) {
        switch expression.node {
        case .literal: break
        case .member(let member, let kind, let ofOrder):
            kinds.insert(ofOrder ? .order : kind)
            members.insert(ReadMember(kind: ofOrder ? .order : kind, name: member.name))
        case .label(_, let ofOrder): if ofOrder { kinds.insert(FactKind.order) }
        case .parameter(let name): use(name)
        case .metric(let name):
            if isTop, !metrics.contains(name) { metrics.append(name) }
            guard everyMetric.insert(name).inserted, let metric = vocabulary.metrics[name] else { return }
            add(metric, vocabulary, isTop: false)
        case .aggregate(let aggregate): add(aggregate, vocabulary)
        case .negate(let a), .isMissing(let a), .isOneOf(let a, _), .not(let a), .offset(let a, _):
            add(a, vocabulary, isTop: isTop)
        case .arithmetic(_, let a, let b), .compare(_, let a, let b), .and(let a, let b), .or(let a, let b):
            add(a, vocabulary, isTop: isTop)
            add(b, vocabulary, isTop: isTop)
        case .call(_, let arguments):
            for argument in arguments { add(argument, vocabulary, isTop: isTop) }
        }
    }

    private mutating func add(_ aggregate: AggregateExpression, _ vocabulary: Vocabulary) {
        kinds.insert(aggregate.kind)
        var parts = [aggregate.value, aggregate.filter]
        switch aggregate.span {
        case .orderFile: break
        case .window(let by, let over):
            parts.append(by)
            add(over, vocabulary)
            if !aggregates.contains(aggregate) { aggregates.append(aggregate) }
        case .inForce(let from, let until):
            parts += [from, until]
            if !aggregates.contains(aggregate) { aggregates.append(aggregate) }
        }
        for case let part? in parts { add(part, vocabulary, isTop: false) }
    }

    private mutating func add(_ window: WindowExpression, _ vocabulary: Vocabulary) {
        switch window {
        case .fixed: break
        case .named(let name, _, _):
            // A metric may bear a window's name: the colon keeps them apart.
            guard everyMetric.insert("window:" + name).inserted, let named = vocabulary.windows[name] else { return }
            add(named, vocabulary)
        case .parameter(let name, _, _): use(name)
        case .choose(let condition, let a, let b):
            add(condition, vocabulary, isTop: false)
            add(a, vocabulary)
            add(b, vocabulary)
        }
    }

    private mutating func use(_ parameter: String) {
        if !parameters.contains(parameter) { parameters.append(parameter) }
    }
}

extension Reach {
    /// A member of a kind of fact.
    package struct ReadMember: Sendable, Hashable {
        package let kind: FactKind
        package let name: String
    }

    /// The readings it uses, by the names that the filters ask for.
    package var readings: [Reading] {
        aggregates.filter { $0.kind == .measure }.map { aggregate in
            Reading(names: aggregate.filter.flatMap(Reach.names))
        }
    }

    /// One aggregate over readings.
    package struct Reading: Sendable, Hashable {
        /// The measures it reads; nil when its filter asks for no name: then any.
        package let names: Set<String>?
    }

    /// The names that a filter lets through, when it holds for these names only.
    private static func names(_ filter: TypedExpression) -> Set<String>? {
        switch filter.node {
        case .compare(.equal, let a, let b): name(a, b) ?? name(b, a)
        case .isOneOf(let member, let values) where isName(member):
            Set(values.compactMap { if case .string(let text) = $0 { text } else { nil } })
        case .and(let a, let b):
            switch (names(a), names(b)) {
            case (let a?, let b?): a.intersection(b)
            case (let a, let b): a ?? b
            }
        case .or(let a, let b):
            if let a = names(a), let b = names(b) { a.union(b) } else { nil }
        default: nil
        }
    }

    private static func name(_ member: TypedExpression, _ literal: TypedExpression) -> Set<String>? {
        guard isName(member), case .literal(.string(let text)) = literal.node else { return nil }
        return [text]
    }

    private static func isName(_ expression: TypedExpression) -> Bool {
        if case .member(let member, .measure, false) = expression.node { member.name == "name" } else { false }
    }
}
