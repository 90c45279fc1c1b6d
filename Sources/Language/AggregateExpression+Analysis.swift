package import Facts

/// An aggregate where an expression uses it, with the offsets around it, outermost first.
package struct AggregateUse: Sendable, Hashable {
    package var aggregate: AggregateExpression
    package var shifts: [CalendarOffset]

    package init(_ aggregate: AggregateExpression, shifted shifts: [CalendarOffset] = []) {
        (self.aggregate, self.shifts) = (aggregate, shifts)
    }
}

extension TypedExpression {
    /// The aggregates over days, or in force, that this expression reads, each once, in the order of the text: its own
    /// and, with a vocabulary, those of the metrics and windows it names. Those of the order file are parts of others
    /// and not among them.
    package func aggregates(in vocabulary: Vocabulary? = nil) -> [AggregateExpression] {
        uses(in: vocabulary).map(\.aggregate).reduce(into: ([], Set())) { result, aggregate in
            if result.1.insert(aggregate).inserted { result.0.append(aggregate) }
        }.0
    }

    /// The same with the offsets under which each is read; one that is read at two moments is there twice.
    package func uses(in vocabulary: Vocabulary? = nil) -> [AggregateUse] {
        var walk = UseWalk(vocabulary: vocabulary)
        walk.visit(self, [])
        return walk.uses
    }

    /// The parameters that it reads, and with a vocabulary the metrics and windows it names; windows among them.
    package func parameters(in vocabulary: Vocabulary? = nil) -> Set<String> {
        var walk = UseWalk(vocabulary: vocabulary)
        walk.visit(self, [])
        return walk.parameters
    }

    /// The metrics that it names, each once, in the order of the text; not those that they name.
    package var metrics: [String] {
        var names: [String] = []
        func visit(_ expression: TypedExpression) {
            if case .metric(let name) = expression.node, !names.contains(name) { names.append(name) }
            expression.children.forEach(visit)
        }
        visit(self)
        return names
    }
}

private struct UseWalk {
    let vocabulary: Vocabulary?
    var uses: [AggregateUse] = []
    var parameters: Set<String> = []
    private var seen: Set<AggregateUse> = []
    private var visited: Set<Visit> = []

    /// A metric or window under offsets: read once, however often it is named.
    private struct Visit: Hashable {
        var name: String
        var isWindow: Bool
        var shifts: [CalendarOffset]
    }

    init(vocabulary: Vocabulary?) { self.vocabulary = vocabulary }

    mutating func visit(_ expression: TypedExpression, _ shifts: [CalendarOffset]) {
        switch expression.node {
        case .aggregate(let aggregate):
            if aggregate.span != .orderFile {
                let use = AggregateUse(aggregate, shifted: shifts)
                if seen.insert(use).inserted { uses.append(use) }
                if case .window(_, let over) = aggregate.span { visit(over, shifts) }
            }
            for child in aggregate.children { visit(child, shifts) }
        case .metric(let name):
            guard let metric = vocabulary?.metrics[name] else { return }
            guard visited.insert(Visit(name: name, isWindow: false, shifts: shifts)).inserted else { return }
            visit(metric, shifts)
        case .parameter(let name): parameters.insert(name)
        case .offset(let operand, let offset): visit(operand, shifts + [offset])
        default: for child in expression.children { visit(child, shifts) }
        }
    }

    private mutating func visit(_ window: WindowExpression, _ shifts: [CalendarOffset]) {
        switch window {
        case .fixed: break
        case .parameter(let name, _, _): parameters.insert(name)
        case .named(let name, _, _):
            guard let entry = vocabulary?.windows[name] else { return }
            guard visited.insert(Visit(name: name, isWindow: true, shifts: shifts)).inserted else { return }
            for condition in entry.conditions { visit(condition, shifts) }
            visit(entry, shifts)
        case .choose(_, let a, let b):
            visit(a, shifts)
            visit(b, shifts)
        }
    }
}

extension AggregateExpression {
    /// The kinds of fact that can change its value: its own, those its filter, value and times read from the order
    /// file, and `order` when they read `order.x`.
    package var kindsRead: FactKinds {
        var kinds = FactKinds(kind)
        func visit(_ expression: TypedExpression) {
            switch expression.node {
            case .member(_, _, ofOrder: true), .label(_, ofOrder: true): kinds.insert(FactKind.order)
            case .aggregate(let aggregate): kinds.insert(aggregate.kind)
            default: break
            }
            expression.children.forEach(visit)
        }
        // Conditions of its window are outside: they choose the days, not what counts.
        for part in [value, filter].compactMap({ $0 }) + times { visit(part) }
        return kinds
    }

    /// The expressions of type time in its span.
    package var times: [TypedExpression] {
        switch span {
        case .orderFile: []
        case .window(let by, _): [by]
        case .inForce(let from, let until): [from, until]
        }
    }

    /// Whether it only grows as facts are added, so that what is known is a lower bound of what is: a `count`, or a
    /// `sum` of a member that cannot be negative, whose filter and times can only become true and stay so.
    package var isMonotone: Bool {
        switch reducer {
        case .count: break
        case .sum:
            guard case .member(let member, _, _)? = value?.node, member.isNeverNegative else { return false }
        case .mean, .min, .max, .percentile, .distinct, .latest: return false
        }
        // A missing end is not yet: an end that comes with the order would take away.
        if case .inForce(_, let until) = span, until.readsAround { return false }
        return times.allSatisfy(\.isSteady) && (filter?.onlyBecomesTrue ?? true)
    }
}

extension TypedExpression {
    /// A condition that facts added to the order file can turn true and never false.
    fileprivate var onlyBecomesTrue: Bool {
        switch node {
        case .and(let a, let b), .or(let a, let b): a.onlyBecomesTrue && b.onlyBecomesTrue
        case .compare(let comparison, let a, let b):
            switch comparison {
            case .notEqual: false
            case .greater, .greaterOrEqual: (a.onlyGrows || a.isSteadyPart) && b.isSteadyPart
            case .less, .lessOrEqual: a.isSteadyPart && (b.onlyGrows || b.isSteadyPart)
            case .equal: a.isSteadyPart && b.isSteadyPart
            }
        default: isSteady
        }
    }

    /// An order-file aggregate that only grows.
    private var onlyGrows: Bool {
        if case .aggregate(let aggregate) = node { aggregate.isMonotone } else { false }
    }

    /// Missing until what it reads is known, and the same from then on: no aggregate, and nothing that says something
    /// of what is missing.
    fileprivate var isSteady: Bool {
        switch node {
        case .aggregate, .isMissing, .not, .compare(.notEqual, _, _), .call(.if, _), .call(.coalesce, _): false
        default: children.allSatisfy(\.isSteadyPart)
        }
    }

    /// As an operand: a condition is false, not missing, while what it reads is not known, and so may change.
    private var isSteadyPart: Bool { isSteady && !(isLogic && readsAround) }

    /// A condition that is false, not missing, where what it reads is missing.
    private var isLogic: Bool {
        switch node {
        case .compare, .and, .or, .isOneOf: true
        default: false
        }
    }

    /// Whether it reads the order or the order file around the fact.
    fileprivate var readsAround: Bool {
        switch node {
        case .member(_, _, ofOrder: true), .label(_, ofOrder: true), .aggregate: true
        default: children.contains(where: \.readsAround)
        }
    }
}
