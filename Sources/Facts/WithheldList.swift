import CJSON

/// Whether a platform gives a list of its to a store, as an export writes it: `{"kind":"coverage","store":…,
/// "list":"disputes","withheld":true,"at":…}`. In the ledger it is a reading, and none of the store's figures.
package struct WithheldList: Sendable, Hashable {
    package let store: String
    /// Of the list, or of the right that several need.
    package let list: String
    package let isWithheld: Bool
    /// Where what is known of the store begins.
    package let at: Timestamp

    package init(store: String, list: String, isWithheld: Bool, at: Timestamp) {
        (self.store, self.list, self.isWithheld, self.at) = (store, list, isWithheld, at)
    }

    /// The name of the reading.
    package static func reading(of list: String) -> String { prefix + list }
    private static let prefix = "withheld."

    /// nil where the fact is none.
    package init?(_ fact: Fact) {
        guard fact.kind == .measure, !fact.isDeleted, fact.id.hasPrefix(Self.prefix),
            let name = Self.member("name"), fact.texts[name.slot] == fact.id,
            let at = Self.member("at"), fact.has(at), let value = Self.member("value"), fact.has(value)
        else { return nil }
        self.init(
            store: fact.store, list: String(fact.id.dropFirst(Self.prefix.count)),
            isWithheld: fact.numbers[value.slot] != 0, at: Timestamp(microseconds: fact.numbers[at.slot]))
    }

    /// The reading.
    package var fact: Fact {
        let name = Self.reading(of: list)
        var fact = Fact(.measure, store: store, id: name)
        if let member = Self.member("name") { fact.texts[member.slot] = name }
        if let member = Self.member("at") { fact.numbers[member.slot] = at.microseconds }
        if let member = Self.member("value") { fact.numbers[member.slot] = isWithheld ? 1_000_000 : 0 }
        return fact
    }

    private static func member(_ name: String) -> Member? { Schema[.measure].members.first { $0.name == name } }
}

extension FactDecoder {
    /// nil where it names no list: then it is of a kind of facts.
    func withheldList(_ object: Int) throws(Problem) -> WithheldList? {
        let texts = texts(of: object)
        guard let list = texts["list"] else { return nil }
        guard let store = texts["store"], !store.isEmpty, store.utf8.count <= FactDecoder.greatestIDBytes,
            !store.utf8.contains(0), !list.isEmpty,
            WithheldList.reading(of: list).utf8.count <= FactDecoder.greatestIDBytes, !list.utf8.contains(0),
            !reader.isDamaged(reader.tokens[object])
        else { throw Problem("coverage of a list without a store or a name") }
        guard let at = texts["at"].flatMap({ Timestamp($0) }) else { throw Problem("coverage of a list without at") }
        let tokens = reader.tokens
        var (isWithheld, place): (Bool?, Int) = (nil, object + 1)
        while place < Int(tokens[object].next) {
            if tokens[place].string == "withheld" {
                let kind = tokens[place + 1].kind
                isWithheld = kind == CJSON_TRUE ? true : kind == CJSON_FALSE ? false : nil
            }
            place = Int(tokens[place + 1].next)
        }
        guard let isWithheld else { throw Problem("coverage of a list that does not say whether it is withheld") }
        return WithheldList(store: store, list: list, isWithheld: isWithheld, at: at)
    }
}

extension FactEncoder {
    /// As a line of an export, without a line end.
    package static func encode(_ list: WithheldList, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"kind\":\"\(FactDecoder.coverageKind)\",\"store\":".utf8)
        bytes.append(jsonString: list.store)
        bytes.append(contentsOf: ",\"list\":".utf8)
        bytes.append(jsonString: list.list)
        bytes.append(contentsOf: ",\"withheld\":\(list.isWithheld),\"at\":\"\(list.at)\"}".utf8)
    }
}
