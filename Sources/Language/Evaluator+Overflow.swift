import Facts

extension Evaluator {
    /// Whether an expression outside aggregates is missing because a number on the way does not fit, and not because
    /// something it needs is missing or is divided by zero: what to say when it came out missing.
    package static func overflows(
        _ expression: TypedExpression, in vocabulary: Vocabulary, from source: some SumSource,
        shifted shifts: [CalendarOffset] = []
    ) -> Bool {
        func isOver(_ part: TypedExpression) -> Bool { overflows(part, in: vocabulary, from: source, shifted: shifts) }
        switch expression.node {
        case .metric(let name): return vocabulary.metrics[name].map(isOver) ?? false
        case .offset(let part, let offset):
            return overflows(part, in: vocabulary, from: source, shifted: shifts + [offset])
        case .aggregate: return false
        default: break
        }
        if expression.children.contains(where: isOver) { return true }
        guard case .arithmetic(let sign, let a, let b) = expression.node,
            case .exact(let x) = estimate(a, from: source, shifted: shifts), x != .missing,
            case .exact(let y) = estimate(b, from: source, shifted: shifts), y != .missing
        else { return false }
        if sign == .divide, y == .number(.zero) || y == .duration(.zero) { return false }
        return Arithmetic.result(sign, x, y) == .missing
    }
}
