import Facts
import Rules

/// A term of a pack, laid out for many items: it is handed on as one reference, and not as all that it is made of.
final class MappedTerm: Sendable {
    let origin: PullPlan.Term.Origin
    /// Lists of whose elements it is told; of none it is told of the place itself.
    let each: [PullPlan.FactMapping.Level]
    let between: PullPlan.Term.Between?
    let moments: [PullPlan.Moments]
    let words: [String: String]?
    let prefix: Int?
    let passesOver: Bool
    let isAbsolute: Bool
    let shift: Int
    let divisor: PullPlan.Term.Divisor?
    let turn: PullPlan.Turn
    let conditions: [MappedCondition]
    /// The bytes that stand at its path, or are said by the pack, are its value, but for words and a point to be set.
    let isPlain: Bool
    /// `words` by their bytes.
    let plainWords: [(word: ContiguousArray<UInt8>, value: ContiguousArray<UInt8>)]

    /// - Parameter firsts: what `{name.first}` in a condition stands for.
    init(_ term: PullPlan.Term, _ firsts: [String: String]) {
        (origin, each) = (term.origin, term.each)
        (between, moments, words) = (term.between, term.moments, term.words)
        (prefix, passesOver, isAbsolute) = (term.prefix, term.passesOver, term.isAbsolute)
        (shift, divisor, turn) = (term.shift, term.divisor, term.turn)
        conditions = term.conditions.map { MappedCondition($0, firsts) }
        let isThere =
            switch term.origin {
            case .path, .constant, .item, .now: true
            case .template, .sum, .each: false
            }
        isPlain =
            isThere && term.each.isEmpty && term.between == nil && term.prefix == nil && !term.isAbsolute
            && term.divisor == nil && conditions.allSatisfy(\.isPlain)
        plainWords = (term.words ?? [:]).map { (ContiguousArray($0.key.utf8), ContiguousArray($0.value.utf8)) }
    }
}

/// A value, and the texts that it has to have, or must not have.
final class MappedCondition: Sendable {
    let term: MappedTerm
    private let texts: [String]
    /// What a text may begin with.
    private let beginnings: [String]
    let quantity: PullPlan.Condition.Quantity
    /// Nothing but bytes that stand somewhere are compared.
    let isPlain: Bool
    let plainTexts: [ContiguousArray<UInt8>]

    init(_ condition: PullPlan.Condition, _ firsts: [String: String]) {
        term = MappedTerm(condition.term, firsts)
        func filled(_ text: String) -> String { PullPlan.filled(text) { firsts[$0] } }
        texts = condition.texts.filter { !$0.hasSuffix("*") }.map(filled)
        beginnings = condition.texts.filter { $0.hasSuffix("*") }.map { filled(String($0.dropLast())) }
        quantity = condition.quantity
        plainTexts = texts.map { ContiguousArray($0.utf8) }
        // Its words and its own conditions are not asked for.
        isPlain = if case .path = term.origin { term.between == nil && beginnings.isEmpty } else { false }
    }

    /// Whether a text, which is empty where nothing is there, is among those that are named.
    func names(_ text: String) -> Bool {
        texts.contains(text) || beginnings.contains { !text.isEmpty && text.hasPrefix($0) }
    }
}

/// A member of a kind, and what a pack says of it.
final class MappedMember: Sendable {
    /// In the kind's `members`.
    let place: Int
    let name: String
    let isTime: Bool
    let isWord: Bool
    let terms: [MappedTerm]
    let isPlain: Bool
    /// Something of it has to be there.
    let isNeeded: Bool

    init(_ member: Member, at place: Int, _ terms: [MappedTerm], isNeeded: Bool) {
        (self.place, name, isTime, self.terms) = (place, member.name, member.type == .time, terms)
        self.isNeeded = isNeeded
        isWord = if case .word = member.type { true } else { false }
        isPlain = terms.allSatisfy(\.isPlain)
    }
}

/// What a pack says of a kind of fact, and where each member stands in the schema.
struct MappedRule {
    let kind: FactKind
    let each: [PullPlan.FactMapping.Level]
    let conditions: [MappedCondition]
    let id: [MappedTerm]?
    let updatedAt: [MappedTerm]
    let needsUpdatedAt: Bool
    let members: [MappedMember]
    let labels: [(name: String, terms: [MappedTerm])]

    init(_ mapping: PullPlan.FactMapping, _ firsts: [String: String]) {
        func mapped(_ terms: [PullPlan.Term]) -> [MappedTerm] { terms.map { MappedTerm($0, firsts) } }
        let all = Schema[mapping.kind].members
        (kind, each) = (mapping.kind, mapping.each)
        conditions = mapping.conditions.map { MappedCondition($0, firsts) }
        (id, updatedAt) = (mapping.id.map(mapped), mapped(mapping.updatedAt))
        needsUpdatedAt = mapping.needs.contains("updated_at")
        members = mapping.members.map { member, terms in
            // proof: a pack names members of the kind only.
            let place = all.firstIndex { $0.name == member.name }!
            return MappedMember(member, at: place, mapped(terms), isNeeded: mapping.needs.contains(member.name))
        }
        labels = mapping.labels.map { ($0.name, mapped($0.terms)) }
    }
}
