extension PlatformCall {
    /// What says which page of a list is meant.
    private static let ofPages: Set = [
        "page", "page_no", "pageNo", "pageNumber", "currentPage", "offset", "cursor", "pcursor", "nextCursor",
        "next_cursor", "page_token", "paginationToken", "use_has_next",
    ]
    /// What differs in every call.
    private static let ofCalls: Set = [
        "timestamp", "sign", "nonce", "oauth_nonce", "oauth_timestamp", "oauth_signature", "access_token",
    ]

    /// Whether it asks for another page of the list that `other` asked for.
    func asksForMore(than other: PlatformCall) -> Bool {
        guard method == other.method, path == other.path else { return false }
        let (own, others) = (parameters, other.parameters)
        func differs(_ name: String) -> Bool { own[name] != others[name] }
        let names = Set(own.keys).union(others.keys).subtracting(Self.ofCalls)
        return names.subtracting(Self.ofPages).allSatisfy { !differs($0) }
            && names.intersection(Self.ofPages).contains(where: differs)
    }

    /// All that was sent, by name; what stands within JSON by the names there.
    private var parameters: [String: String] {
        var found: [String: String] = [:]
        func read(_ name: String, _ value: JSONText) {
            switch value {
            case .object(let members): for member in members { read(member.0, member.1) }
            case .array, .number, .bool, .null: found[name] = value.text
            case .string(let text):
                if text.hasPrefix("{"), let inner = JSONText(reading: Array(text.utf8)) {
                    read(name, inner)
                } else {
                    found[name] = text
                }
            }
        }
        for pair in query { read(pair.name, .string(pair.value)) }
        if let document = JSONText(reading: body) {
            read("", document)
        } else {
            for pair in form { read(pair.name, .string(pair.value)) }
        }
        return found
    }
}
