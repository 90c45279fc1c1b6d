/// A member's value that stands although a newer version says otherwise: the pack keeps the member as first known.
package struct FirstKnown: Sendable, Hashable {
    /// The member's place in its kind's `members`.
    package let member: Int
    /// One of the two holds the value, as the fact does.
    package let number: Int64
    package let text: String?
    /// Of the version that brought it; nil when that version had none.
    package let updatedAt: Timestamp?

    package init(member: Int, number: Int64, text: String?, updatedAt: Timestamp?) {
        (self.member, self.number, self.text, self.updatedAt) = (member, number, text, updatedAt)
    }
}

/// What a version that arrives does to the one that is known.
package enum VersionOutcome: Sendable, Hashable {
    /// Nothing was known of the fact.
    case inserted(Fact)
    /// The arriving version wins; what is kept as first known is carried over into it.
    case replaced(Fact)
    /// The known version is newer and stays, but the arriving one brought an earlier value of a member kept as first
    /// known.
    case amended(Fact)
    /// Known already, or older: nothing to write.
    case unchanged
    /// Of the same `updated_at` as the known version but saying something else; the known one stays.
    case conflict

    /// Something is to be written.
    package var isNews: Bool {
        switch self {
        case .inserted, .replaced, .amended: true
        case .unchanged, .conflict: false
        }
    }
}

extension Fact {
    /// Which version of a fact stands.
    ///
    /// The newer `updated_at` wins whole; of equal ones the first to arrive stays, with those members in `first` that it
    /// lacks: a list may tell less of a version than a look at the case. If either lacks it, the later to arrive wins. Of
    /// the members in `first` the value of the earliest version stands in which it was present and not
    /// false. Where every version carries a different `updated_at`, the order in which they arrive does not matter.
    ///
    /// - Parameter existing: of the same store, kind and id, with its `firstKnown`; nil when the fact is new.
    /// - Parameter first: members of the fact's kind.
    package static func merging(_ arriving: Fact, into existing: Fact?, first: [Member] = []) -> VersionOutcome {
        guard let existing else { return .inserted(arriving) }
        if let known = existing.updatedAt, let new = arriving.updatedAt {
            if new == known, existing.saysTheSame(as: arriving) { return .unchanged }
            if new == known {
                let amended = existing.amended(by: arriving, first: first)
                return amended == existing ? .conflict : .amended(amended)
            }
            if new < known {
                let amended = existing.amended(by: arriving, first: first)
                return amended == existing ? .unchanged : .amended(amended)
            }
        }
        let winner = arriving.carrying(over: existing, first: first)
        return winner == existing ? .unchanged : .replaced(winner)
    }

    /// The newer version with what was known first of some members.
    private func carrying(over earlier: Fact, first: [Member]) -> Fact {
        guard !first.isEmpty else { return self }
        var result = self
        result.firstKnown = []
        for (index, member) in Schema[kind].members.enumerated() where first.contains(where: { $0.name == member.name })
        {
            guard let known = earlier.known(member, at: index) else { continue }
            result.keep(known, as: member)
        }
        return result
    }

    /// The newer version with what an older one, arriving late, knew earlier.
    private func amended(by older: Fact, first: [Member]) -> Fact {
        guard !first.isEmpty else { return self }
        var result = self
        result.firstKnown = []
        for (index, member) in Schema[kind].members.enumerated() where first.contains(where: { $0.name == member.name })
        {
            let found = older.known(member, at: index)
            let entry = firstKnown.first { $0.member == index }
            let known = known(member, at: index)
            // A value whose version had no `updated_at` arrived before this one, and that is all there is to go by.
            let isEarlier = known.map { known in known.updatedAt.map { $0 > (older.updatedAt ?? $0) } ?? false } ?? true
            if let found, isEarlier {
                result.keep(found, as: member)
            } else if let entry {
                result.remember(entry, as: member)
            }
        }
        return result
    }

    /// What is known first of a member: carried over, or this version's own.
    private func known(_ member: Member, at index: Int) -> FirstKnown? {
        if let entry = firstKnown.first(where: { $0.member == index }) { return entry }
        guard has(member), member.type != .bool || numbers[member.slot] != 0 else { return nil }
        return member.type == .string
            ? FirstKnown(member: index, number: Fact.missing, text: texts[member.slot], updatedAt: updatedAt)
            : FirstKnown(member: index, number: numbers[member.slot], text: nil, updatedAt: updatedAt)
    }

    private mutating func keep(_ known: FirstKnown, as member: Member) {
        // What this version says itself is no memory of another.
        let own = member.type == .string ? texts[member.slot] == known.text : numbers[member.slot] == known.number
        if own, known.updatedAt == updatedAt, !isDeleted { return }
        remember(known, as: member)
    }

    private mutating func remember(_ known: FirstKnown, as member: Member) {
        firstKnown.append(known)
        // A tombstone has no members; it only remembers.
        guard !isDeleted else { return }
        if member.type == .string { texts[member.slot] = known.text } else { numbers[member.slot] = known.number }
    }

    /// Whether another version of the same `updated_at` says what this one said when it came; of members that first
    /// known values cover, that cannot be told.
    private func saysTheSame(as other: Fact) -> Bool {
        var other = other
        for known in firstKnown where !isDeleted && !other.isDeleted {
            let member = Schema[kind].members[known.member]
            if member.type == .string {
                other.texts[member.slot] = known.text
            } else {
                other.numbers[member.slot] = known.number
            }
        }
        other.firstKnown = firstKnown
        return self == other
    }
}

extension [FirstKnown] {
    /// For the ledger: `name:microseconds:length:value`, one after the other; words by their word. Nil for none.
    package func text(of kind: FactKind) -> String? {
        guard !isEmpty else { return nil }
        return map { known in
            let member = Schema[kind].members[known.member]
            let value: String
            switch member.type {
            case .string: value = known.text ?? ""
            case .word(let words): value = words[Int(known.number)]
            case .number, .time, .bool: value = "\(known.number)"
            }
            let moment = known.updatedAt.map { "\($0.microseconds)" } ?? ""
            return "\(member.name):\(moment):\(value.utf8.count):\(value)"
        }.joined()
    }

    /// What `text(of:)` gave. A member or word that the schema no longer has is left out; what is not of the form ends
    /// the reading.
    package init(text: String, of kind: FactKind) {
        self = []
        var rest = Substring(text).utf8
        func field() -> Substring? {
            guard let colon = rest.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            defer { rest = rest[rest.index(after: colon)...] }
            return Substring(rest[..<colon])
        }
        while let name = field(), let moment = field(), let length = field().flatMap({ Int($0) }), length >= 0,
            length <= rest.count
        {
            let value = String(Substring(rest.prefix(length)))
            rest = rest.dropFirst(length)
            let members = Schema[kind].members
            guard let index = members.firstIndex(where: { $0.name == name }) else { continue }
            let number: Int64?
            switch members[index].type {
            case .string: number = Fact.missing
            case .word(let words): number = words.firstIndex(of: value).map(Int64.init)
            case .number, .time, .bool: number = Int64(value)
            }
            guard let number else { continue }
            append(
                FirstKnown(
                    member: index, number: number, text: members[index].type == .string ? value : nil,
                    updatedAt: Int64(moment).map { Timestamp(microseconds: $0) }))
        }
        sort { $0.member < $1.member }
    }
}
