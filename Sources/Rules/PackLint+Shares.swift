import Facts
import Language

/// Shares held against what no share can be.
extension PackLint {
    /// A share is never more than 1: whoever writes 5 most likely means 5%. Of orders and what befell them one may bear
    /// several, and a limit below 2 can be meant.
    static func shares(of rule: Rule, in pack: Pack) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for condition in rule.conditions {
            func visit(_ expression: TypedExpression) {
                if case .compare(_, let a, let b) = expression.node {
                    for (side, other) in [(a, b), (b, a)] {
                        guard case .literal(let literal) = other.node, case .number(let number) = literal.value,
                            number > .one, isShare(side, in: pack),
                            number >= Fraction(2) || !isOfTwoKinds(side, in: pack)
                        else { continue }
                        found.append(
                            warn(
                                "rule '\(rule.id)' compares the share \(Printer.text(of: side)) with \(Printer.text(of: other)), and no share is more than 1; write it with a %",
                                pack, at: condition.written))
                    }
                }
                expression.children.forEach(visit)
            }
            visit(condition.expression)
        }
        return found
    }

    /// The mean of a condition, or a count (a sum of amounts) over that of which it is a part.
    static func isShare(_ expression: TypedExpression, in pack: Pack) -> Bool {
        switch expression.node {
        case .metric(let name): return pack.vocabulary.metrics[name].map { isShare($0, in: pack) } ?? false
        case .call(.coalesce, let arguments), .call(.min, let arguments), .call(.max, let arguments):
            return arguments.contains { isShare($0, in: pack) }
        case .aggregate(let aggregate): return aggregate.reducer == .mean && aggregate.value?.type == .bool
        case .arithmetic(.divide, let some, let all):
            guard let some = total(some, in: pack), let all = total(all, in: pack) else { return false }
            return some.isPart(of: all)
        default: return false
        }
    }

    private static func isOfTwoKinds(_ expression: TypedExpression, in pack: Pack) -> Bool {
        Set(Reach(of: [expression], in: pack.vocabulary).aggregates.map(\.kind)).count > 1
    }

    private static func total(_ expression: TypedExpression, in pack: Pack) -> AggregateExpression? {
        switch expression.node {
        case .metric(let name): pack.vocabulary.metrics[name].flatMap { total($0, in: pack) }
        case .aggregate(let aggregate): aggregate.reducer == .count || aggregate.reducer == .sum ? aggregate : nil
        default: nil
        }
    }
}

extension AggregateExpression {
    /// Whether this counts some of what `all` counts, or what befell some of it: orders with a refund, or the refunds
    /// themselves, among orders. Of different windows it is growth, and an order has as many lines and parcels as it
    /// likes.
    fileprivate func isPart(of all: AggregateExpression) -> Bool {
        guard reducer == all.reducer, let mine = window, let theirs = all.window, mine.over == theirs.over,
            isOfSameMember(as: all)
        else { return false }
        if kind != all.kind { return all.kind == .order && [.refund, .rating, .case].contains(kind) }
        if parts.isStrictSuperset(of: all.parts) { return true }
        // To have been refunded on a day is to have been refunded.
        return mine.by.looksIntoFile && !theirs.by.looksIntoFile && parts.isSuperset(of: all.parts)
    }

    /// Both count, or both sum up the one member of their kinds.
    private func isOfSameMember(as other: AggregateExpression) -> Bool {
        guard let value, let others = other.value else { return value == nil && other.value == nil }
        return value.memberName.map { $0 == others.memberName } ?? false
    }

    private var window: (by: TypedExpression, over: WindowExpression)? {
        if case .window(let by, let over) = span { (by, over) } else { nil }
    }

    private var parts: Set<TypedExpression> {
        func split(_ filter: TypedExpression) -> Set<TypedExpression> {
            if case .and(let a, let b) = filter.node { split(a).union(split(b)) } else { [filter] }
        }
        return filter.map(split) ?? []
    }
}

extension TypedExpression {
    /// The member that it is, whatever kind it is of; nil for what is worked out.
    fileprivate var memberName: String? {
        if case .member(let member, _, _) = node { member.name } else { nil }
    }

    /// Whether it asks other facts of the order.
    fileprivate var looksIntoFile: Bool {
        if case .aggregate = node { true } else { children.contains(where: \.looksIntoFile) }
    }
}
