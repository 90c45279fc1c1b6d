import CJSON

/// JSON to facts, or the reason for quarantine. Nothing that identifies a person has a way in.
///
/// Members that the schema does not name are dropped, and only their names remembered. null is missing, and so is an empty text. A fact
/// is rejected whole for: no or an unknown kind; no store or id, or one over 200 bytes; a wrong type or word; a time
/// without offset or outside 1995 to 2100; a negative amount; a number that does not fit; a NUL or invalid UTF-8; a
/// currency other than the store's; a member that is given twice. A deletion needs only kind, store and id, and no
/// other member of it is read. Numbers are exact: more than six decimals are rounded once, half to even.
///
/// Keeps its buffers from one reading to the next, so a task uses one decoder for all it reads.
package struct FactDecoder {
    /// A longer line is rejected unread.
    package static let greatestLineBytes = 1 << 20
    /// Of store, id and order.
    package static let greatestIDBytes = 200
    /// Of any other text.
    package static let greatestTextBytes = 2000

    let reader = JSONReader(names: DecodingTable.shared.readerNames)
    let table = DecodingTable.shared
    let buyerKey: BuyerKey
    var stores: StoreTable
    /// Of everything read so far.
    package private(set) var unknownMembers = UnknownMembers()
    /// Of facts that were told member by member, how many had to be decoded from their lines: what is wrong with them is
    /// looked for there.
    package internal(set) var toldByLine = 0

    /// - Parameter terms: asked once for every store that occurs.
    package init(buyerKey: BuyerKey, terms: @escaping @Sendable (_ store: String) -> StoreTerms) {
        self.buyerKey = buyerKey
        stores = StoreTable(terms: terms)
    }

    /// One line of JSON Lines, with or without its line end.
    package mutating func decode(line bytes: UnsafeRawBufferPointer) -> DecodedFact {
        guard bytes.count <= FactDecoder.greatestLineBytes else {
            return .rejected(
                Rejection(
                    reason: "longer than \(FactDecoder.greatestLineBytes) bytes", text: Masking.unreadable(bytes)))
        }
        let reason: String
        switch reader.read(bytes) {
        case CJSON_OK: return decode(at: 0)
        case CJSON_EMPTY: reason = "an empty line"
        case CJSON_SCALAR: reason = Rejection.noObject
        default: reason = Rejection.noJSON
        }
        return .rejected(Rejection(reason: reason, text: Masking.unreadable(bytes)))
    }

    /// The same from a text.
    package mutating func decode(line: String) -> DecodedFact {
        var line = line
        return line.withUTF8 { decode(line: UnsafeRawBufferPointer($0)) }
    }

    /// A feed's page. A bad fact is among the rejections and the others stand; a page that is not JSON as a whole is an
    /// error, and nothing of it counts.
    package mutating func decode(page bytes: UnsafeRawBufferPointer) throws(PageError) -> DecodedPage {
        try readObject(bytes)
        let tokens = reader.tokens
        var list: Int?
        var saysWhereNext = false
        var page = DecodedPage()
        var at = 1
        while at < tokens.count {
            let value = tokens[at + 1]
            switch tokens[at].string {
            case "facts":
                guard value.kind == CJSON_ARRAY, list == nil else { throw .withoutFacts }
                list = at + 1
            case "next":
                guard value.kind == CJSON_STRING || value.kind == CJSON_NULL, !saysWhereNext else { throw .badCursor }
                page.next = value.kind == CJSON_STRING && value.length > 0 ? value.string : nil
                saysWhereNext = true
            default: break
            }
            at = Int(value.next)
        }
        guard let list else { throw .withoutFacts }
        guard saysWhereNext else { throw .withoutNext }
        var element = list + 1
        var index = 0
        while element < Int(tokens[list].next) {
            switch decode(at: element) {
            case .fact(let fact): page.facts.append(fact)
            case .mark(let mark):
                page.rejections.append(
                    (index, .ofExport("a mark is set by our own people, and no feed brings one", mark.store)))
            case .coverage(let coverage):
                page.rejections.append((index, .ofExport("a feed covers by finishing, and by no word", coverage.store)))
            case .rejected(let rejection): page.rejections.append((index, rejection))
            }
            element = Int(tokens[element].next)
            index += 1
        }
        page.unknownMembers = unknownMembers
        return page
    }

    // MARK: One fact

    /// What is wrong with a fact, in words.
    struct Problem: Error {
        let words: String
        init(_ words: String) { self.words = words }
    }

    struct Identity {
        var kind: FactKind?
        var store: Int?
        var id: String?
        var updatedAt: Timestamp?
        var isDeleted = false
    }

    mutating func decode(at object: Int) -> DecodedFact {
        var identity = Identity()
        do throws(Problem) {
            try readIdentity(object, into: &identity)
            guard let kind = identity.kind, let store = identity.store, let id = identity.id else {
                throw Problem("without kind, store or id")
            }
            if identity.isDeleted {
                return .fact(
                    Fact(kind, store: stores[store].id, id: id, updatedAt: identity.updatedAt, isDeleted: true))
            }
            return .fact(try readMembers(object, kind, stores[store], id, identity.updatedAt))
        } catch {
            if identity.kind == nil, let aside = aside(object) {
                return aside == .mark ? decodeMark(object) : decodeCoverage(object)
            }
            return .rejected(
                Rejection(
                    reason: error.words, store: identity.store.map { stores[$0].id }, kind: identity.kind,
                    id: identity.id,
                    text: Masking.object(
                        reader.tokens, at: object, kind: identity.kind,
                        labels: identity.store.map { stores[$0].terms.labels } ?? [])))
        }
    }

    /// What every fact has. Reads on after a problem, so that the rejection tells as much as can be known.
    mutating func readIdentity(_ object: Int, into identity: inout Identity) throws(Problem) {
        let tokens = reader.tokens
        guard tokens[object].kind == CJSON_OBJECT else { throw Problem(Rejection.noObject) }
        var problem: Problem?
        var seen: UInt8 = 0
        var at = object + 1
        let end = Int(tokens[object].next)
        while at < end {
            let name = Int(tokens[at].name)
            let value = tokens[at + 1]
            at = Int(value.next)
            guard name >= 0, name <= DecodingTable.labels else { continue }
            let isRepeated = seen & (1 << UInt8(name)) != 0
            seen |= 1 << UInt8(name)
            do throws(Problem) {
                if isRepeated { throw Problem("\(table.names[name]) is given twice") }
                if value.kind == CJSON_NULL { continue }
                switch name {
                case DecodingTable.kind:
                    try readText("kind", value, atMost: FactDecoder.greatestIDBytes)
                    identity.kind = table.kind(value.bytes)
                    if identity.kind == nil { throw Problem("kind \(Masking.quoted(value.bytes)) is unknown") }
                case DecodingTable.store:
                    try readText("store", value, atMost: FactDecoder.greatestIDBytes)
                    if value.length > 0 { identity.store = stores.index(of: value.bytes) }
                case DecodingTable.id:
                    try readText("id", value, atMost: FactDecoder.greatestIDBytes)
                    if value.length > 0 { identity.id = value.string }
                case DecodingTable.updatedAt: identity.updatedAt = try readTime("updated_at", value)
                case DecodingTable.deleted:
                    guard value.kind == CJSON_TRUE || value.kind == CJSON_FALSE else {
                        throw wrongType("deleted", "a bool", value)
                    }
                    identity.isDeleted = value.kind == CJSON_TRUE
                default: break
                }
            } catch {
                problem = problem ?? error
            }
        }
        if reader.isDamaged(tokens[object]) {
            // What was replaced reads as `?`: better no store than another one.
            if let store = identity.store, stores[store].id.contains("?") { identity.store = nil }
            if let id = identity.id, id.contains("?") { identity.id = nil }
            throw Problem("invalid UTF-8 or a bare control character in it")
        }
        if let problem { throw problem }
        if tokens[object].is_flawed != 0 { try explainFlaw(object) }
        if identity.kind == nil { throw Problem("kind is missing") }
        if identity.store == nil { throw Problem("store is missing") }
        if identity.id == nil { throw Problem("id is missing") }
    }

    mutating func readMembers(
        _ object: Int, _ kind: FactKind, _ store: StoreTable.Entry, _ id: String, _ updatedAt: Timestamp?
    ) throws(Problem) -> Fact {
        let tokens = reader.tokens
        var numbers = table.numbers[Int(kind.rawValue)]
        var texts = table.texts[Int(kind.rawValue)]
        var labels: [String: String] = [:]
        var seen: UInt64 = 0
        var at = object + 1
        let end = Int(tokens[object].next)
        while at < end {
            let name = Int(tokens[at].name)
            let place = at + 1
            let value = tokens[place]
            at = Int(value.next)
            guard name > DecodingTable.deleted else {
                if name < 0, !unknownMembers.isFull { unknownMembers.note(tokens[place - 1].string, of: kind) }
                continue
            }
            if name == DecodingTable.labels {
                labels = try readLabels(place, allowed: store.terms.labels)
                continue
            }
            guard let index = table.entry(kind, name) else {
                unknownMembers.note(table.names[name], of: kind)
                continue
            }
            guard seen & (1 << UInt64(index)) == 0 else { throw Problem("\(table.names[name]) is given twice") }
            seen |= 1 << UInt64(index)
            guard value.kind != CJSON_NULL else { continue }
            try table.withEntry(kind, at: index) { entry throws(Problem) in
                switch entry.form {
                case .number, .money: numbers[entry.slot] = try readNumber(name, value, entry)
                case .time: numbers[entry.slot] = try readTime(table.names[name], value).microseconds
                case .bool:
                    guard value.kind == CJSON_TRUE || value.kind == CJSON_FALSE else {
                        throw wrongType(table.names[name], "a bool", value)
                    }
                    numbers[entry.slot] = value.kind == CJSON_TRUE ? 1 : 0
                case .word: numbers[entry.slot] = try readWord(name, value, entry)
                case .string, .currency, .buyer, .order:
                    texts[entry.slot] = try readString(name, value, entry.form, store)
                }
            }
        }
        table.exclude(wonAppealOf: kind, in: &numbers)
        return Fact(
            kind, store: store.id, id: id, updatedAt: updatedAt, numbers: numbers, texts: texts, labels: labels)
    }
}
