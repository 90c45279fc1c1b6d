import CJSON

/// A mark as `export` writes it: `{"kind":"mark","of":"refund","id":…,"member":"liable","value":"carrier",…}`.
extension FactDecoder {
    static let markKind = "mark"

    /// What an export holds beside facts, and says of itself.
    enum Aside { case mark, coverage }

    func aside(_ object: Int) -> Aside? {
        guard reader.tokens[object].kind == CJSON_OBJECT else { return nil }
        return switch texts(of: object)["kind"] {
        case FactDecoder.markKind: .mark
        case FactDecoder.coverageKind: .coverage
        default: nil
        }
    }

    /// Its members that are texts; of one given twice the last.
    func texts(of object: Int) -> [String: String] {
        let tokens = reader.tokens
        var (texts, at): ([String: String], Int) = ([:], object + 1)
        while at < Int(tokens[object].next) {
            let value = tokens[at + 1]
            if value.kind == CJSON_STRING { texts[tokens[at].string] = value.string }
            at = Int(value.next)
        }
        return texts
    }

    func decodeMark(_ object: Int) -> DecodedFact {
        let texts = texts(of: object)
        func text(_ name: String, atMost limit: Int = FactDecoder.greatestIDBytes) throws(Problem) -> String {
            guard let text = texts[name], !text.isEmpty else { throw Problem("a mark without \(name)") }
            guard text.utf8.count <= limit else { throw Problem("\(name) is over \(limit) bytes") }
            guard !text.utf8.contains(0) else { throw Problem("\(name) holds a NUL") }
            return text
        }
        func moment(_ name: String) throws(Problem) -> Timestamp? {
            guard let text = texts[name], !text.isEmpty else { return nil }
            guard let moment = Timestamp(text) else { throw Problem("\(name) is no time with an offset") }
            return moment
        }
        do throws(Problem) {
            if reader.isDamaged(reader.tokens[object]) {
                throw Problem("invalid UTF-8 or a bare control character in it")
            }
            let of = try text("of")
            guard let kind = FactKind(name: of) else { throw Problem("a mark of \(of), which is no kind of fact") }
            let name = try text("member")
            guard let member = Mark.members(of: kind).first(where: { $0.name == name }) else {
                throw Problem("\(name) of \(kind.name)s cannot be marked")
            }
            guard let value = Mark.value(try text("value"), of: member) else {
                throw Problem("\(name) cannot be what the mark says")
            }
            guard let at = try moment("at") else { throw Problem("a mark without at") }
            var undoing: Mark.Undoing?
            if let undoneAt = try moment("undone_at") {
                undoing = Mark.Undoing(
                    at: undoneAt, by: try text("undone_by"),
                    why: try text("undone_why", atMost: FactDecoder.greatestTextBytes))
            }
            return .mark(
                Mark(
                    store: try text("store"), fact: FactKey(kind: kind, id: try text("id")), member: member,
                    value: value, by: try text("by"), why: try text("why", atMost: FactDecoder.greatestTextBytes),
                    at: at, until: try moment("until"), undoing: undoing))
        } catch {
            return .rejected(
                Rejection(
                    reason: error.words, store: nil,
                    text: Masking.object(reader.tokens, at: object, kind: nil, labels: [])))
        }
    }
}
