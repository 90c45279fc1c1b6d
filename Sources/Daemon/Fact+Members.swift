import Facts

extension Fact {
    /// The text of a member that is a word or a string; nil when the kind has none of that name, or it has no value.
    func word(_ name: String) -> String? {
        guard let member = Schema[kind].member(name), has(member) else { return nil }
        switch member.type {
        case .string: return texts[member.slot]
        case .word(let words):
            let index = Int(numbers[member.slot])
            return words.indices.contains(index) ? words[index] : nil
        default: return nil
        }
    }

    func time(_ name: String) -> Timestamp? {
        guard let member = Schema[kind].member(name), has(member), member.type == .time else { return nil }
        return Timestamp(microseconds: numbers[member.slot])
    }
}
