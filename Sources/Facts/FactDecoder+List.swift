import CJSON

extension FactDecoder {
    /// An object with a list `facts`, as a feed's page without a next one. Whatever else stands in it is passed over.
    package mutating func decode(list bytes: UnsafeRawBufferPointer) throws(PageError) -> [DecodedFact] {
        try readObject(bytes)
        let tokens = reader.tokens
        var list: Int?
        var at = 1
        while at < tokens.count {
            if tokens[at].string == "facts" {
                guard tokens[at + 1].kind == CJSON_ARRAY, list == nil else { throw .withoutFacts }
                list = at + 1
            }
            at = Int(tokens[at + 1].next)
        }
        guard let list else { throw .withoutFacts }
        var (element, facts) = (list + 1, [DecodedFact]())
        while element < Int(tokens[list].next) {
            facts.append(decode(at: element))
            element = Int(tokens[element].next)
        }
        return facts
    }

    /// Leaves in the reader's tokens what has to be an object as a whole.
    func readObject(_ bytes: UnsafeRawBufferPointer) throws(PageError) {
        switch reader.read(bytes) {
        case CJSON_OK: break
        case CJSON_EMPTY: throw .empty
        case CJSON_SCALAR: throw .withoutFacts
        case CJSON_TOO_LARGE: throw .tooLarge
        default: throw .notJSON(Masking.unreadable(bytes))
        }
        guard reader.tokens[0].kind == CJSON_OBJECT else { throw .withoutFacts }
    }
}
