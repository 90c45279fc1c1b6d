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
        guard !told.id.isEmpty, isText(told.id, atMost: FactDecoder.greatestIDBytes), !told.store.isEmpty,
            isText(told.store, atMost: FactDecoder.greatestIDBytes)
        else { return nil }
        if let updatedAt = told.updatedAt, !Timestamp.plausible.contains(updatedAt) { return nil }
        var id = told.store
        let index = id.withUTF8 { stores.index(of: $0) }
        let store = stores[index]
        var numbers = table.numbers[Int(told.kind.rawValue)]
        var texts = table.texts[Int(told.kind.rawValue)]
        for (place, value) in told.members {
            let isRight = table.withEntry(told.kind, at: place) { entry in
                switch (entry.form, value) {
                case (.time, .moment(let moment)):
                    numbers[entry.slot] = moment.microseconds
                    return Timestamp.plausible.contains(moment)
                case (.time, .text), (_, .moment): return false
                case (.number, .text(let text)), (.money, .text(let text)):
                    guard let number = number(text, entry) else { return false }
                    numbers[entry.slot] = number
                case (.bool, .text(let text)):
                    guard text == "true" || text == "false" else { return false }
                    numbers[entry.slot] = text == "true" ? 1 : 0
                case (.word, .text(var text)):
                    let word = text.withUTF8 { bytes in entry.words.firstIndex { bytes.isEqual(to: $0) } }
                    guard let word else { return false }
                    numbers[entry.slot] = Int64(word)
                case (.order, .text(let text)):
                    guard isText(text, atMost: FactDecoder.greatestIDBytes) else { return false }
                    texts[entry.slot] = text.isEmpty ? nil : text
                case (.string, .text(let text)):
                    guard isText(text, atMost: FactDecoder.greatestTextBytes) else { return false }
                    texts[entry.slot] = text.isEmpty ? nil : text
                case (.buyer, .text(let text)):
                    guard isText(text, atMost: FactDecoder.greatestTextBytes) else { return false }
                    texts[entry.slot] = text.isEmpty ? nil : buyerKey.pseudonym(of: text)
                case (.currency, .text(let text)):
                    // One that is written otherwise is looked at more closely.
                    guard let currency = store.terms.currency, currency.isSameBytes(as: text) else { return false }
                    texts[entry.slot] = currency
                }
                return true
            }
            if !isRight { return nil }
        }
        var labels: [String: String] = [:]
        for (name, text) in told.labels where store.terms.labels.contains(name) && !text.isEmpty {
            guard isText(text, atMost: FactDecoder.greatestIDBytes), labels.updateValue(text, forKey: name) == nil
            else { return nil }
        }
        table.exclude(wonAppealOf: told.kind, in: &numbers)
        return Fact(
            told.kind, store: store.id, id: told.id, updatedAt: told.updatedAt, numbers: numbers, texts: texts,
            labels: labels)
    }

    /// In millionths; nil for what a line would not be read as, too.
    private func number(_ text: String, _ entry: borrowing DecodingTable.Entry) -> Int64? {
        if entry.form == .number, !text.isJSONNumber { return nil }
        var text = text
        guard let number = text.withUTF8({ try? FixedPoint(decimal: $0) }) else { return nil }
        return entry.isNeverNegative && number.millionths < 0 ? nil : number.millionths
    }

    private func isText(_ text: String, atMost limit: Int) -> Bool {
        text.utf8.count <= limit && !text.utf8.contains(0)
    }
}
