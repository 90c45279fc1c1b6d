/// The page told last of each list, as a cache on the way holds it. What was told longest ago is forgotten.
struct ToldPages: Sendable {
    private var known: [String: (page: [String: String], reply: PlatformReply)] = [:]
    /// The one told longest ago first.
    private var names: [String] = []
    private var bytes = 0
    private static let most = 4_000_000

    /// The page told last, where another one of the same list is asked for; nil: none was, or it is the same one.
    func before(_ call: PlatformCall) -> PlatformReply? {
        let (name, page) = call.list
        return known[name].flatMap { $0.page == page ? nil : $0.reply }
    }

    mutating func note(_ reply: PlatformReply, to call: PlatformCall) {
        let (name, page) = call.list
        forget(name)
        known[name] = (page, reply)
        names.append(name)
        bytes += reply.body.utf8.count
        while bytes > Self.most, names.count > 1 { forget(names[0]) }
    }

    private mutating func forget(_ name: String) {
        guard let old = known.removeValue(forKey: name) else { return }
        bytes -= old.reply.body.utf8.count
        names.removeAll { $0 == name }
    }
}

extension PlatformCall {
    /// What says which page of a list is meant.
    private static let ofPages: Set = [
        "page", "page_no", "pageNo", "pageNumber", "currentPage", "offset", "cursor", "pcursor", "nextCursor",
        "next_cursor", "page_token", "paginationToken", "use_has_next", "poIndex", "soIndex", "hasMoreElements",
        "partnerId", "sellerId",
    ]
    /// What differs in every call.
    private static let ofCalls: Set = [
        "timestamp", "sign", "nonce", "oauth_nonce", "oauth_timestamp", "oauth_signature", "access_token",
    ]

    /// Which list is asked for, and which page of it.
    fileprivate var list: (name: String, page: [String: String]) {
        let all = parameters.filter { !Self.ofCalls.contains($0.key) }
        let rest = all.filter { !Self.ofPages.contains($0.key) }.map { $0.key + "=" + $0.value }.sorted()
        return ("\(method) \(path) " + rest.joined(separator: " "), all.filter { Self.ofPages.contains($0.key) })
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
