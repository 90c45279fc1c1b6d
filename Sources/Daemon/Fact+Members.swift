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

    /// The end of the time in which it can be contested, where that is not over and nothing is decided.
    func contestableUntil(after now: Timestamp) -> Timestamp? {
        guard let deadline = time("appeal_by"), deadline > now else { return nil }
        return ["won", "lost"].contains(word("appeal")) ? nil : deadline
    }

    func number(_ name: String) -> FixedPoint? {
        guard let member = Schema[kind].member(name), has(member), member.type == .number else { return nil }
        return FixedPoint(millionths: numbers[member.slot])
    }

    func time(_ name: String) -> Timestamp? {
        guard let member = Schema[kind].member(name), has(member), member.type == .time else { return nil }
        return Timestamp(microseconds: numbers[member.slot])
    }
}
