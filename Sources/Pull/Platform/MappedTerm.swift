import Facts
import Rules

/// A term of a pack, laid out for many items: it is handed on as one reference, and not as all that it is made of.
final class MappedTerm: Sendable {
    let origin: PullPlan.Term.Origin
    let between: PullPlan.Term.Between?
    let moments: [PullPlan.Moments]
    let words: [String: String]?
    let prefix: Int?
    let passesOver: Bool
    let isAbsolute: Bool
    let shift: Int
    let divisor: [String]?
    let turn: PullPlan.Turn
    let conditions: [MappedCondition]

    /// - Parameter firsts: what `{name.first}` in a condition stands for.
    init(_ term: PullPlan.Term, _ firsts: [String: String]) {
        (origin, between, moments, words) = (term.origin, term.between, term.moments, term.words)
        (prefix, passesOver, isAbsolute) = (term.prefix, term.passesOver, term.isAbsolute)
        (shift, divisor, turn) = (term.shift, term.divisor, term.turn)
        conditions = term.conditions.map { MappedCondition($0, firsts) }
    }
}

/// A value, and the texts that it has to have, or must not have.
final class MappedCondition: Sendable {
    let term: MappedTerm
    let texts: [String]
    let isNegated: Bool

    init(_ condition: PullPlan.Condition, _ firsts: [String: String]) {
        term = MappedTerm(condition.term, firsts)
        texts = condition.texts.map { PullPlan.filled($0) { firsts[$0] } }
        isNegated = condition.isNegated
    }
}

/// What a pack says of a kind of fact, and where each member stands in the schema.
struct MappedRule {
    let kind: FactKind
    let each: [PullPlan.FactMapping.Level]
    let conditions: [MappedCondition]
    let id: [MappedTerm]?
    let updatedAt: [MappedTerm]
    let members: [(place: Int, name: String, isTime: Bool, isWord: Bool, terms: [MappedTerm])]
    let labels: [(name: String, terms: [MappedTerm])]

    init(_ mapping: PullPlan.FactMapping, _ firsts: [String: String]) {
        func mapped(_ terms: [PullPlan.Term]) -> [MappedTerm] { terms.map { MappedTerm($0, firsts) } }
        let all = Schema[mapping.kind].members
        (kind, each) = (mapping.kind, mapping.each)
        conditions = mapping.conditions.map { MappedCondition($0, firsts) }
        (id, updatedAt) = (mapping.id.map(mapped), mapped(mapping.updatedAt))
        members = mapping.members.map { member, terms in
            // proof: a pack names members of the kind only.
            let place = all.firstIndex { $0.name == member.name }!
            let isWord = if case .word = member.type { true } else { false }
            return (place, member.name, member.type == .time, isWord, mapped(terms))
        }
        labels = mapping.labels.map { ($0.name, mapped($0.terms)) }
    }
}
