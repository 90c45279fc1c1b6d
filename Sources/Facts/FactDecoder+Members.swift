import CJSON

/// One member's value.
extension FactDecoder {
    func readNumber(
        _ name: Int, _ value: cjson_token, _ entry: borrowing DecodingTable.Entry
    ) throws(Problem) -> Int64 {
        guard value.kind == CJSON_NUMBER || (value.kind == CJSON_STRING && entry.form == .money) else {
            throw wrongType(
                table.names[name], entry.form == .money ? "a number or a decimal text" : "a number", value)
        }
        let number: FixedPoint
        do {
            number = try FixedPoint(decimal: value.bytes)
        } catch {
            throw Problem("\(table.names[name]) \(error.words): \(Masking.quoted(value.bytes))")
        }
        if entry.isNeverNegative, number.millionths < 0 {
            throw Problem("\(table.names[name]) is negative: \(number)")
        }
        return number.millionths
    }

    func readTime(_ name: String, _ value: cjson_token) throws(Problem) -> Timestamp {
        guard value.kind == CJSON_STRING else { throw wrongType(name, "a time", value) }
        do {
            return try Timestamp(rfc3339: value.bytes)
        } catch {
            throw Problem("\(name) \(error.words): \(Masking.quoted(value.bytes))")
        }
    }

    func readWord(
        _ name: Int, _ value: cjson_token, _ entry: borrowing DecodingTable.Entry
    ) throws(Problem) -> Int64 {
        guard value.kind == CJSON_STRING else { throw wrongType(table.names[name], "a word", value) }
        for index in entry.words.indices where value.bytes.isEqual(to: entry.words[index]) { return Int64(index) }
        throw Problem("\(table.names[name]) \(Masking.quoted(value.bytes)) is none of its words")
    }

    func readString(
        _ name: Int, _ value: cjson_token, _ form: DecodingTable.Form, _ store: StoreTable.Entry
    ) throws(Problem) -> String? {
        let isID = form == .order
        try readText(
            table.names[name], value, atMost: isID ? FactDecoder.greatestIDBytes : FactDecoder.greatestTextBytes)
        guard value.length > 0 else { return nil }
        switch form {
        case .buyer: return buyerKey.pseudonym(of: value.string)
        case .currency:
            if let currency = store.terms.currency, value.bytes.elementsEqual(currency.utf8) { return currency }
            let written = value.string.uppercased()
            guard written.utf8.count == 3, written.utf8.allSatisfy({ (65...90).contains($0) }) else {
                throw Problem("currency \(Masking.quoted(value.bytes)) is not an ISO 4217 code")
            }
            if let currency = store.terms.currency, currency != written {
                throw Problem("currency \(written) is not the store's, \(currency)")
            }
            return written
        default: return value.string
        }
    }

    /// Only labels of the allow-list are looked at.
    func readLabels(_ place: Int, allowed: Set<String>) throws(Problem) -> [String: String] {
        let tokens = reader.tokens
        let value = tokens[place]
        if value.kind == CJSON_NULL { return [:] }
        guard value.kind == CJSON_OBJECT else { throw wrongType("labels", "an object", value) }
        guard !allowed.isEmpty else { return [:] }
        var labels: [String: String] = [:]
        var at = place + 1
        while at < Int(value.next) {
            let (key, text) = (tokens[at].string, tokens[at + 1])
            at = Int(text.next)
            guard allowed.contains(key), text.kind != CJSON_NULL else { continue }
            try readText("label \(key)", text, atMost: FactDecoder.greatestIDBytes)
            guard text.length > 0 else { continue }
            guard labels.updateValue(text.string, forKey: key) == nil else {
                throw Problem("label \(key) is given twice")
            }
        }
        return labels
    }

    /// That a value is a text, not too long, and without NUL.
    func readText(_ name: String, _ value: cjson_token, atMost limit: Int) throws(Problem) {
        guard value.kind == CJSON_STRING else { throw wrongType(name, "a text", value) }
        guard value.length <= limit else { throw Problem("\(name) has \(value.length) bytes, more than \(limit)") }
        guard value.is_flawed == 0 else { throw Problem("\(name) holds a NUL") }
    }

    func wrongType(_ name: String, _ expected: String, _ value: cjson_token) -> Problem {
        let found =
            switch value.kind {
            case CJSON_FALSE, CJSON_TRUE: "a bool"
            case CJSON_NUMBER: "a number"
            case CJSON_STRING: "a text"
            case CJSON_OBJECT: "an object"
            case CJSON_ARRAY: "a list"
            default: "not JSON"
            }
        return Problem("\(name) must be \(expected), and is \(found)")
    }

    /// Names the first thing within the object that is not JSON.
    func explainFlaw(_ object: Int) throws(Problem) {
        let tokens = reader.tokens
        for index in object + 1..<Int(tokens[object].next) {
            if tokens[index].kind == CJSON_DEEP { throw Problem("nested more than \(CJSON_GREATEST_DEPTH) deep") }
            if tokens[index].kind == CJSON_BROKEN || (tokens[index].kind == CJSON_KEY && tokens[index].is_flawed != 0) {
                let offset = tokens[index].offset - tokens[object].offset
                throw Problem("not JSON at byte \(offset) of the fact")
            }
        }
    }
}
