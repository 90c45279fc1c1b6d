import Facts
import Language

extension TypedExpression {
    /// Adds the kinds that this expression, evaluated on a fact, reads from the rest of the fact's order file.
    func collectFileKinds(into kinds: inout FactKinds) {
        switch node {
        case .member(_, _, let ofOrder), .label(_, let ofOrder):
            if ofOrder { kinds.insert(FactKind.order) }
        case .aggregate(let aggregate):
            kinds.insert(aggregate.kind)
            aggregate.value?.collectFileKinds(into: &kinds)
            aggregate.filter?.collectFileKinds(into: &kinds)
        default:
            for part in children { part.collectFileKinds(into: &kinds) }
        }
    }
}
