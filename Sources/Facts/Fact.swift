/// One thing that happened at a store.
///
/// Identified by store, kind and id. Its members lie in two flat arrays in schema order (`Member.slot`), so that a
/// page of facts costs a few allocations a fact and a filter reads an integer at a known place.
package struct Fact: Sendable, Hashable {
    package let kind: FactKind
    package let store: String
    package let id: String
    /// When the source last changed it; nil when the source does not say. Decides which version wins.
    package var updatedAt: Timestamp?
    /// A tombstone: the source took the fact back. A version like another; its members are all missing.
    package var isDeleted = false
    /// Numbers in millionths, times in microseconds, bools as 0 and 1, words as their index; `Fact.missing` otherwise.
    package var numbers: [Int64]
    package var texts: [String?]
    /// Only those that the store's pack allows.
    package var labels: [String: String] = [:]
    /// Members kept as first known whose standing value came with another version than this one, in schema order. Empty
    /// for nearly all facts.
    package var firstKnown: [FirstKnown] = []

    /// What an integer slot holds when the member is missing. Never a value: times end in 2100 and numbers are
    /// refused before they come near.
    package static let missing = Int64.min

    /// A fact whose members are all missing.
    package init(_ kind: FactKind, store: String, id: String, updatedAt: Timestamp? = nil, isDeleted: Bool = false) {
        (self.kind, self.store, self.id, self.updatedAt, self.isDeleted) = (kind, store, id, updatedAt, isDeleted)
        numbers = Array(repeating: Fact.missing, count: Schema[kind].numberCount)
        texts = Array(repeating: nil, count: Schema[kind].textCount)
    }

    /// As decoded: both arrays as long as the schema says.
    init(
        _ kind: FactKind, store: String, id: String, updatedAt: Timestamp?, numbers: [Int64], texts: [String?],
        labels: [String: String]
    ) {
        (self.kind, self.store, self.id, self.updatedAt) = (kind, store, id, updatedAt)
        (self.numbers, self.texts, self.labels) = (numbers, texts, labels)
    }

    /// The order whose file this fact belongs to: its own id for an order, else the order it names; nil when it
    /// names none, and then the fact is a file of its own.
    package var order: String? {
        if kind == .order { return id }
        guard let slot = Schema[kind].orderSlot else { return nil }
        return texts[slot]
    }

    /// Whether the member has a value.
    package func has(_ member: Member) -> Bool {
        member.type == .string ? texts[member.slot] != nil : numbers[member.slot] != Fact.missing
    }

    package var key: FactKey { FactKey(kind: kind, id: id) }

    /// With what another answer tells of the same fact: members that are there in it stand.
    ///
    /// Its version is as new as the newer of the two. What is added without a moment of its own may change though nothing
    /// says that the fact did: the whole has none then, so that what arrives later stands.
    package func adding(_ other: Fact) -> Fact {
        precondition(other.kind == kind && other.id == id, "what is added is told of the same fact")
        var result = self
        for place in numbers.indices where other.numbers[place] != Fact.missing {
            result.numbers[place] = other.numbers[place]
        }
        for place in texts.indices { result.texts[place] = other.texts[place] ?? texts[place] }
        result.updatedAt = updatedAt.flatMap { own in other.updatedAt.map { max(own, $0) } }
        return result
    }
}

/// What identifies a fact within its store; ids are told apart by their bytes.
package struct FactKey: Sendable, Hashable {
    package let kind: FactKind
    package let id: String
    package init(kind: FactKind, id: String) { (self.kind, self.id) = (kind, id) }

    package static func == (a: FactKey, b: FactKey) -> Bool { a.kind == b.kind && a.id.isSameBytes(as: b.id) }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind.rawValue)
        hasher.combine(bytesOf: id)
    }
}
