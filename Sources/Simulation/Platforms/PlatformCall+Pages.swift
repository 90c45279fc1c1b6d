/// The page told last of each list, as a cache on the way holds it. What was told longest ago is forgotten.
struct ToldPages: Sendable {
    /// Which list is asked for, and which page of it.
    struct Asked: Sendable {
        var name: String
        var page: [String: String]
    }

    private typealias Known = [String: (page: [String: String], reply: PlatformReply)]

    /// Told since the others, and before: when there are too many the former take the place of the latter.
    private var (known, older): (Known, Known) = ([:], [:])
    private var bytes = 0
    private static let most = 2_000_000

    /// The page told last, where another one of the same list is asked for; nil: none was, or it is the same one.
    func before(_ asked: Asked) -> PlatformReply? {
        (known[asked.name] ?? older[asked.name]).flatMap { $0.page == asked.page ? nil : $0.reply }
    }

    mutating func note(_ reply: PlatformReply, to asked: Asked) {
        bytes += reply.body.utf8.count - (known[asked.name]?.reply.body.utf8.count ?? 0)
        known[asked.name] = (asked.page, reply)
        if bytes > Self.most { (older, known, bytes) = (known, [:], 0) }
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

    var list: ToldPages.Asked {
        let all = parameters.filter { !Self.ofCalls.contains($0.key) }
        let rest = all.filter { !Self.ofPages.contains($0.key) }.map { $0.key + "=" + $0.value }.sorted()
        return ToldPages.Asked(
            name: "\(method) \(path) " + rest.joined(separator: " "),
            page: all.filter { Self.ofPages.contains($0.key) })
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
