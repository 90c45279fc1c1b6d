/// Facts that were told member by member, without a text of JSON in between.
extension FactDecoder {
    /// What its line would be decoded as.
    package mutating func decode(_ told: ToldFact) -> DecodedFact {
        // What is not plainly right is decoded from its line, which says what is wrong with it.
        if let fact = fact(told) { return .fact(fact) }
        toldByLine += 1
        return decode(line: told.line)
    }

    private mutating func fact(_ told: ToldFact) -> Fact? {
        guard var draft = draft(told.kind, store: told.store) else { return nil }
        for (place, value) in told.members {
            let isRight =
                switch value {
                case .moment(let moment): put(moment, at: place, of: &draft)
                case .text(var text): text.withUTF8 { put($0, at: place, of: &draft) }
                }
            if !isRight { return nil }
        }
        return fact(draft, id: told.id, updatedAt: told.updatedAt, labels: told.labels)
    }
}
