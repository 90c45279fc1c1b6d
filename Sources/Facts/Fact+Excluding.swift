extension Fact {
    /// As the platform leaves out what was won on appeal.
    package mutating func exclude() {
        for (name, text) in [("excluded", "true"), ("appeal", "won")] {
            guard let member = Schema[kind].member(name), let value = Mark.value(text, of: member) else { continue }
            numbers[member.slot] = value
        }
    }
}
