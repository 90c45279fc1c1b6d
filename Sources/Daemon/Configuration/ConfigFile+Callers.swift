import Facts
import Rules

/// `access:` as it is written: tokens, roles, and what a proxy says.
extension ConfigFile {
    static func accessTerms(_ cursor: YAMLCursor) -> AccessTerms? {
        guard let keys = cursor.keys(["local", "tokens", "proxy", "metrics"]) else { return nil }
        var terms = AccessTerms()
        terms.tokens = keys["tokens"]?.items()?.compactMap(token) ?? []
        terms.proxy = keys["proxy"].flatMap(proxy)
        terms.hasOpenMetrics = keys["metrics"]?.word(of: ["token", "open"]) == "open"
        if let local = keys["local"] {
            terms.local = local.word(of: ["viewer", "operator"]).flatMap(AccessTerms.Role.init)
            // A proxy on this machine, and whoever it lets through, comes from this machine too.
            if !terms.isOpen {
                local.error(
                    "local: says what is asked without a token, and with tokens: or a proxy: everybody shows who he is; leave it out"
                )
            }
        }
        if let tokens = keys["tokens"], tokens.items()?.isEmpty ?? false {
            tokens.error(
                "tokens: is empty, so that nobody would be let in; goodstanding token new NAME makes one")
        }
        checkRepeated(terms, cursor)
        return terms
    }

    private static func checkRepeated(_ terms: AccessTerms, _ cursor: YAMLCursor) {
        for (all, what) in [
            (terms.tokens.map(\.id), "token"), (terms.proxy?.people.map(\.id) ?? [], "person of the proxy"),
        ] {
            for (place, id) in all.enumerated() where all[..<place].contains(id) {
                cursor.error("the \(what) '\(id)' is given twice")
            }
        }
        let hashes = terms.tokens.compactMap(\.hash)
        if Set(hashes).count < hashes.count { cursor.error("two tokens have the same hash; make one for each") }
    }

    private static func token(_ cursor: YAMLCursor) -> AccessTerms.Grantee? {
        guard
            let keys = cursor.keys(
                ["id", "hash", "role", "stores", "labels", "kinds", "until"], required: ["id", "hash", "role"]),
            let id = keys["id"]?.id(), let hash = keys["hash"], let text = hash.string(),
            var grantee = grantee(id, keys)
        else { return nil }
        guard let digits = digits(of: text) else {
            // Not quoted: it may be the token.
            hash.error("this is no hash of a token; goodstanding token new NAME prints the entry")
            return nil
        }
        grantee.hash = digits
        return grantee
    }

    /// The 64 hex digits of a SHA-256.
    private static func digits(of hash: String) -> String? {
        let digits = String(hash.trimmingPrefix("sha256:")).lowercased()
        return digits.utf8.count == 64 && digits.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) } ? digits : nil
    }

    private static func grantee(_ id: String, _ keys: YAMLKeys) -> AccessTerms.Grantee? {
        guard
            let role = keys["role"]?.word(of: AccessTerms.Role.allCases.map(\.rawValue)).flatMap(AccessTerms.Role.init)
        else { return nil }
        var grantee = AccessTerms.Grantee(id: id, role: role)
        grantee.stores = texts(keys["stores"]).map { Glob($0) }
        for label in keys["labels"]?.entries() ?? [] { grantee.labels[label.key] = texts(label.value) }
        grantee.until = keys["until"]?.day()
        if let kinds = keys["kinds"] {
            if role != .pusher {
                kinds.error("kinds: are what a pusher may bring; leave it out, or write role: pusher")
            }
            grantee.kinds = texts(kinds).compactMap { name in
                if let kind = FactKind(name: name) { return kind }
                kinds.error("'\(name)' is no kind of fact")
                return nil
            }
        }
        // Written, and nothing in it: that is not everything.
        let named = ["stores": grantee.stores.isEmpty, "labels": grantee.labels.isEmpty, "kinds": grantee.kinds == []]
        for key in ["stores", "labels", "kinds"] where keys[key] != nil && named[key] == true {
            keys[key]?.error("\(key): names nothing; leave it out for all")
            return nil
        }
        return grantee
    }

    private static func proxy(_ cursor: YAMLCursor) -> AccessTerms.Proxy? {
        guard let keys = cursor.keys(["header", "from", "role", "people"], required: ["from"]) else { return nil }
        var proxy = AccessTerms.Proxy(from: [])
        for from in keys["from"]?.items() ?? [] {
            guard let text = from.string() else { continue }
            if let range = AddressRange(text) {
                proxy.from.append(range)
            } else {
                from.error("'\(text)' is no address such as 10.0.0.7, nor a range such as 10.0.0.0/8")
            }
        }
        if proxy.from.isEmpty {
            keys["from"]?.error("from: lists the addresses of the proxy; without one anybody could be it")
        }
        if let header = keys["header"], let name = header.string() {
            proxy.header = name
            if name.isEmpty || !name.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }) {
                header.error("'\(name)' is no HTTP header name such as X-Forwarded-User")
            }
        }
        proxy.role = keys["role"]?.word(of: ["viewer", "operator"]).flatMap(AccessTerms.Role.init)
        proxy.people = keys["people"]?.items()?.compactMap(person) ?? []
        if proxy.header == nil, proxy.role != nil || !proxy.people.isEmpty {
            cursor.error("a proxy that vouches for people writes their names into a header; say which: header:")
        }
        if proxy.header != nil, proxy.role == nil, proxy.people.isEmpty {
            cursor.error("nobody would be let in; give role: for all for whom the proxy vouches, or people:")
        }
        return proxy
    }

    private static func person(_ cursor: YAMLCursor) -> AccessTerms.Grantee? {
        guard
            let keys = cursor.keys(
                ["id", "role", "stores", "labels", "until"], required: ["id", "role"]),
            let id = keys["id"]?.string()
        else { return nil }
        guard !id.isEmpty, id.utf8.count <= 200 else {
            keys["id"]?.error("a person's id is what the proxy writes into the header: 1 to 200 bytes")
            return nil
        }
        return grantee(id, keys)
    }

    /// One text, or a list of them.
    private static func texts(_ cursor: YAMLCursor?) -> [String] {
        guard let cursor else { return [] }
        return cursor.isList ? (cursor.items() ?? []).compactMap { $0.string() } : [cursor.string()].compactMap { $0 }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
