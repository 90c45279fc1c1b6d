import Facts
import Language

/// The section `source`: how the platform is pulled.
extension PackReading {
    func pullPlan(_ cursor: YAMLCursor) -> PullPlan? {
        guard
            let keys = cursor.keys(
                ["credentials", "address", "authorization", "lag", "overlap", "reach", "streams"],
                required: ["authorization", "streams"])
        else { return nil }
        let credentials = keys["credentials"]?.items()?.compactMap { $0.string() } ?? []
        guard let authorization = keys["authorization"].flatMap({ self.authorization($0, credentials) }) else {
            return nil
        }
        let streams = (keys["streams"]?.entries() ?? []).compactMap { stream($0, isDetail: false) }
        if streams.isEmpty, !log.hasErrors { cursor.error("a source without streams brings nothing") }
        let address = keys["address"]?.string()
        if let address, !address.hasPrefix("https://") {
            keys["address"]?.error("a platform's address begins with https://; '\(address)' does not")
        }
        return PullPlan(
            credentials: credentials, address: address, authorization: authorization,
            lag: keys["lag"]?.span() ?? .zero, overlap: keys["overlap"]?.span() ?? .minutes(10),
            reach: keys["reach"]?.span(), streams: streams)
    }

    private func authorization(_ cursor: YAMLCursor, _ credentials: [String]) -> PullPlan.Authorization? {
        guard let keys = cursor.keys(["basic", "header", "value"]) else { return nil }
        func refuseUnknown(_ names: [String], _ cursor: YAMLCursor) {
            for name in names where !credentials.contains(name) {
                cursor.error(
                    "'\(name)' is no credential of this source\(NearestName.hint(for: name, among: credentials))")
            }
        }
        if let basic = keys["basic"] {
            let names = basic.items()?.compactMap { $0.string() } ?? []
            refuseUnknown(names, basic)
            guard names.count == 2 else {
                basic.error("basic is a list of two credentials: the user's and the password's")
                return nil
            }
            return .basic(user: names[0], password: names[1])
        }
        guard let name = keys["header"]?.string(), let value = keys["value"], let template = value.string() else {
            cursor.error("authorization is {basic: [USER, PASSWORD]} or {header: NAME, value: \"Token {token}\"}")
            return nil
        }
        refuseUnknown(PullPlan.names(in: template), value)
        return .header(name: name, template: template)
    }

    // MARK: Streams

    private func stream(_ entry: YAMLEntry, isDetail: Bool) -> PullPlan.Stream? {
        let known = ["get", "query", "moments", "pages", "items", "facts"] + (isDetail ? [] : ["details"])
        guard let keys = entry.value.keys(known, required: ["get", "facts"]), let path = keys["get"]?.string() else {
            return nil
        }
        let isPlain = path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`|?#".utf8.contains($0) }
        if !path.hasPrefix("/") || !isPlain {
            keys["get"]?.error(
                "an address within a source begins with /, such as /orders, and has neither blanks nor a query")
        }
        for name in PullPlan.names(in: path) where !isDetail || name != "item" {
            keys["get"]?.error("'{\(name)}' is not known in an address; what is asked for one item has {item}")
        }
        let query = (keys["query"]?.entries() ?? []).map { entry in
            let template = entry.value.string() ?? ""
            let names = ["from", "since", "until", "page", "cursor", "item"]
            for name in PullPlan.names(in: template) where !names.contains(name) {
                let hint = NearestName.hint(for: name, among: names)
                let all = "; there are {from}, {since}, {until}, {page}, {cursor} and {item}"
                entry.value.error("'{\(name)}' is not known here\(hint.isEmpty ? all : hint)")
            }
            return (name: entry.key, template: template)
        }
        let paging = keys["pages"].flatMap(self.paging) ?? .single
        if isDetail, paging != .single {
            keys["pages"]?.error("what is asked for one item is one page; ask for as many as an answer holds")
        }
        return PullPlan.Stream(
            name: entry.key, path: path, query: query, moments: moments(keys["moments"]), paging: paging,
            items: keys["items"]?.string().map(Self.names) ?? [],
            facts: (keys["facts"]?.items() ?? []).compactMap(mapping), details: keys["details"].flatMap(details))
    }

    private func details(_ cursor: YAMLCursor) -> PullPlan.Details? {
        guard let keys = cursor.keys(["of", "item", "streams"], required: ["of", "item", "streams"]) else { return nil }
        return PullPlan.Details(
            of: keys["of"]?.string().map(Self.names) ?? [], item: keys["item"]?.string().map(Self.names) ?? [],
            streams: (keys["streams"]?.entries() ?? []).compactMap { stream($0, isDetail: true) })
    }

    private func paging(_ cursor: YAMLCursor) -> PullPlan.Paging? {
        guard let keys = cursor.keys(["number", "link", "cursor"]) else { return nil }
        if let link = keys["link"]?.string() { return .link(Self.names(link)) }
        if let path = keys["cursor"]?.string() { return .cursor(Self.names(path)) }
        guard let first = keys["number"]?.integer(0...1) else {
            cursor.error("pages is {number: 1}, {link: PATH} or {cursor: PATH}")
            return nil
        }
        return .number(first: first)
    }

    private func moments(_ cursor: YAMLCursor?) -> PullPlan.Moments {
        let words = PullPlan.Moments.allCases.map(\.rawValue)
        return cursor?.word(of: words).flatMap(PullPlan.Moments.init(rawValue:)) ?? .rfc3339
    }

    // MARK: Facts

    private func mapping(_ cursor: YAMLCursor) -> PullPlan.FactMapping? {
        guard let word = cursor.entries()?.first(where: { $0.key == "kind" })?.value,
            let kind = word.word(of: FactKind.allCases.map(\.name)).flatMap(FactKind.init(name:))
        else {
            if cursor.isMapping, !cursor.hasKey("kind") { cursor.error("which kind of fact is it? write kind: order") }
            return nil
        }
        let members = Schema[kind].members
        guard
            let keys = cursor.keys(
                ["kind", "each", "where", "id", "updated_at"] + members.map(\.name), required: ["id"]),
            let id = keys["id"].flatMap(term)
        else { return nil }
        return PullPlan.FactMapping(
            kind: kind, each: keys["each"]?.string().map(Self.names) ?? [], conditions: conditions(keys["where"]),
            id: id, updatedAt: keys["updated_at"].flatMap(term),
            members: members.compactMap { member in
                keys[member.name].flatMap(term).map { (member, $0) }
            })
    }

    /// `total`, `^id`, `{value: refunded}`, `{path: status, words: {processing: paid}}`.
    private func term(_ cursor: YAMLCursor) -> PullPlan.Term? {
        if !cursor.isMapping { return cursor.string().map { PullPlan.Term(Self.origin($0)) } }
        let known = ["path", "value", "item", "moments", "words", "otherwise", "absolute", "where"]
        guard let keys = cursor.keys(known) else { return nil }
        var term: PullPlan.Term
        if let path = keys["path"]?.string() {
            term = PullPlan.Term(Self.origin(path))
        } else if let value = keys["value"]?.string() {
            term = PullPlan.Term(.constant(value))
        } else if keys["item"]?.bool() == true {
            term = PullPlan.Term(.item)
        } else {
            cursor.error("a value comes from {path: …}, is {value: …}, or is {item: true}")
            return nil
        }
        term.moments = moments(keys["moments"])
        if let words = keys["words"] {
            term.words = Dictionary(
                (words.entries() ?? []).compactMap { entry in entry.value.string().map { (entry.key, $0) } },
                uniquingKeysWith: { first, _ in first })
        }
        if let otherwise = keys["otherwise"], otherwise.word(of: ["none"]) != nil { term.passesOver = true }
        term.isAbsolute = keys["absolute"]?.bool() ?? false
        term.conditions = conditions(keys["where"])
        return term
    }

    /// `{status: [approved]}`.
    private func conditions(_ cursor: YAMLCursor?) -> [(term: PullPlan.Term, texts: [String])] {
        (cursor?.entries() ?? []).map { entry in
            (PullPlan.Term(Self.origin(entry.key)), entry.value.items()?.compactMap { $0.string() } ?? [])
        }
    }

    private static func origin(_ text: String) -> PullPlan.Term.Origin {
        let up = text.prefix { $0 == "^" }.count
        return .path(names(String(text.dropFirst(up))), up: up)
    }

    private static func names(_ path: String) -> [String] {
        path == "." ? [] : path.split(separator: ".").map(String.init)
    }
}

extension PullPlan {
    /// What stands in braces.
    package static func names(in template: String) -> [String] {
        template.split(separator: "{").dropFirst(template.hasPrefix("{") ? 0 : 1).compactMap { part in
            part.firstIndex(of: "}").map { String(part[..<$0]) }
        }
    }

    /// With what stands in braces replaced; a name without a value stays as it is.
    package static func filled(_ template: String, _ values: (String) -> String?) -> String {
        var (text, rest) = ("", template[...])
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            text += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            text += values(name) ?? "{\(name)}"
            rest = rest[rest.index(after: close)...]
        }
        return text + rest
    }
}
