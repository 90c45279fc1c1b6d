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

    /// As the platform leaves out what was won on appeal.
    mutating func exclude() {
        for (name, value) in [("excluded", 1), ("appeal", Schema[kind].wordIndex(of: "won", in: "appeal"))] {
            if let member = Schema[kind].member(name), let value { numbers[member.slot] = Int64(value) }
        }
    }

    func time(_ name: String) -> Timestamp? {
        guard let member = Schema[kind].member(name), has(member), member.type == .time else { return nil }
        return Timestamp(microseconds: numbers[member.slot])
    }
}

extension KindSchema {
    fileprivate func wordIndex(of word: String, in name: String) -> Int? {
        guard case .word(let words)? = member(name)?.type else { return nil }
        return words.firstIndex(of: word)
    }
}
