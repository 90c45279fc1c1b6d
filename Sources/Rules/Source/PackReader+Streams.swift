import Facts
import Language

/// What is asked for, and how an answer goes on.
extension PackReading {
    func stream(_ entry: YAMLEntry, _ credentials: [String], isDetail: Bool) -> PullPlan.Stream? {
        if !isDetail, entry.value.hasKey("report") { return reportStream(entry) }
        let known = ["get", "post", "query", "form", "json", "moments", "items", "facts", "authorization", "window"]
        let more = [
            "pages", "details", "list", "again", "reach", "only", "every", "markets", "open", "optional", "whole",
            "count", "instead",
        ]
        guard
            let keys = entry.value.keys(
                known + (isDetail ? ["pages", "total", "adds", "extra", "count", "optional"] : more), required: [])
        else { return nil }
        guard let address = keys["get"] ?? keys["post"], let path = address.string() else {
            if keys["get"] == nil, keys["post"] == nil {
                entry.value.error("\(entry.value.path) lacks 'get' or 'post', the address that is asked")
            }
            return nil
        }
        if keys["facts"] == nil, keys["adds"] == nil {
            entry.value.error("\(entry.value.path) lacks 'facts': what each item becomes")
        }
        let open = keys["open"].flatMap(openCases)
        check(path: path, address, credentials + (isDetail || open != nil ? ["item"] : []))
        let list = keys["list"].flatMap(self.list)
        let names =
            ["from", "since", "until", "page", "cursor", "item", "items", "known_as"] + (list.map { [$0.name] } ?? [])
            + credentials
        var paging = PullPlan.Paging.single
        if let pages = keys["pages"] {
            paging = self.paging(pages) ?? .single
            if isDetail {
                if case .cursor = paging {} else { pages.error("what is asked for one item goes on by {cursor: PATH}") }
                if keys["adds"] != nil { pages.error("what 'adds' is one answer") }
            }
        }
        var stream = PullPlan.Stream(
            name: entry.key, path: path, isPost: keys["post"] != nil,
            query: keys["query"].map { templates($0, names) } ?? [],
            form: keys["form"].map { templates($0, names) } ?? [], json: keys["json"].map { json($0, names) },
            moments: moments(keys["moments"])?.first ?? .rfc3339, paging: paging,
            items: keys["items"].map(Self.paths) ?? [[]], facts: (keys["facts"]?.items() ?? []).compactMap(factMapping),
            details: keys["details"].flatMap { details($0, credentials) })
        if let details = keys["details"] { check(added: stream, details) }
        stream.window = keys["window"]?.span()
        if let window = keys["window"], stream.window.map({ $0 < .seconds(60) }) ?? false {
            window.error("a window is at least a minute")
        }
        (stream.list, stream.total) = (list, keys["total"]?.string().map(Self.names))
        (stream.again, stream.reach) = (keys["again"]?.span(), keys["reach"]?.span())
        stream.every = keys["every"]?.span()
        stream.open = open
        stream.adds = (keys["adds"]?.items() ?? []).compactMap(addition)
        stream.isExtra = keys["extra"]?.bool() ?? false
        if stream.isExtra, stream.adds.isEmpty || !stream.facts.isEmpty {
            keys["extra"]?.error("only what 'adds', and has no facts of its own, may be done without")
        }
        for other in ["pages", "list"] where open != nil && keys[other] != nil {
            keys[other]?.error("what is asked for each open case has no '\(other)': one answer each")
        }
        stream.markets = keys["markets"]?.items()?.compactMap { $0.string() } ?? []
        stream.authorization = keys["authorization"].flatMap { authorization($0, credentials) }
        stream.turn = turn(keys["only"])
        stream.count = keys["count"].map(Self.paths) ?? []
        stream.optional = keys["optional"].flatMap(optional)
        stream.instead = keys["instead"]?.string()
        if let open = keys["open"], stream.optional != nil {
            open.error("what is optional has no 'open': nobody would know until when it was withheld")
        }
        if isDetail, stream.optional != nil, stream.optional?.right == nil || stream.adds.isEmpty == stream.isExtra {
            keys["optional"]?.error(
                "what is asked for one item is optional only with a 'right': that of a list, or its own where it is 'extra'"
            )
        }
        if let lists = keys["whole"] { stream.whole = lists.items()?.compactMap { whole($0, of: stream) } ?? [] }
        return stream
    }

    /// `{kind: refund, each: refunds, id: id}`.
    private func whole(_ cursor: YAMLCursor, of stream: PullPlan.Stream) -> PullPlan.FactMapping? {
        guard let keys = cursor.keys(["kind", "each", "id"], required: ["kind", "each", "id"]),
            let word = keys["kind"], let each = keys["each"]?.string(), let id = keys["id"],
            let kind = word.word(of: FactKind.allCases.map(\.name)).flatMap(FactKind.init(name:))
        else { return nil }
        let (levels, ids) = (Self.levels(each), terms(id))
        let brought = stream.facts.filter { $0.kind == kind }
        let isAddedTo = stream.details?.streams.contains { $0.adds.contains { $0.kind == .order } } ?? false
        if kind == .order || !kind.belongsToOrder || !stream.kinds.contains(kind) {
            word.error("an order names its facts of a kind that '\(stream.name)' brings, such as line or refund")
        } else if isAddedTo || !stream.facts.contains(where: { $0.kind == .order && $0.each.isEmpty }) {
            cursor.error("'whole' is for a list whose items are orders, to which nothing is added")
        } else if brought.contains(where: {
            $0.each.map(\.path) != levels.map(\.path) || $0.id?.map(\.origin) != ids.map(\.origin)
        }) {
            // Whatever else brings the kind, or under other ids, would be taken for deleted.
            cursor.error("'each' and 'id' are those by which '\(stream.name)' brings its facts of the kind")
        }
        return PullPlan.FactMapping(
            kind: kind, each: levels, conditions: [], id: ids, updatedAt: [], members: [])
    }

    func turn(_ cursor: YAMLCursor?) -> PullPlan.Turn {
        let words = PullPlan.Turn.allCases.map(\.rawValue)
        return cursor?.word(of: words).flatMap(PullPlan.Turn.init(rawValue:)) ?? .always
    }

    /// One of this stream's own, or the name of one that several share.
    func factMapping(_ cursor: YAMLCursor) -> PullPlan.FactMapping? {
        guard cursor.isScalar else { return mapping(cursor) }
        guard let name = cursor.string() else { return nil }
        if named[name] == nil {
            cursor.error(
                "there is no '\(name)' in source.facts\(NearestName.hint(for: name, among: Array(named.keys)))")
        }
        return named[name]
    }

    /// One of the stream's own, or one that several share, of which all but its id is added.
    private func addition(_ cursor: YAMLCursor) -> PullPlan.FactMapping? {
        guard cursor.isScalar else { return mapping(cursor, isAddition: true) }
        guard var shared = factMapping(cursor) else { return nil }
        if !shared.each.isEmpty || shared.kind == .measure {
            cursor.error("what is added is one fact, and no reading")
        }
        (shared.id, shared.labels) = (nil, [])
        return shared
    }

    func check(path: String, _ address: YAMLCursor, _ known: [String]) {
        let isPlain = path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`|?#".utf8.contains($0) }
        if !path.hasPrefix("/") || !isPlain {
            address.error(
                "an address within a source begins with /, such as /orders, and has neither blanks nor a query")
        }
        for name in PullPlan.names(in: path) where !known.contains(name) {
            address.error("'{\(name)}' is not known in an address; what is asked for one item has {item}")
        }
    }

    /// What is withheld for want of a right is read from the beginning once it is given, by the lists of a first pull, and
    /// goes on with those of later ones.
    func refuseHoles(_ streams: [PullPlan.Stream], _ cursor: YAMLCursor?) {
        func rights(_ turn: PullPlan.Turn) -> Set<String> {
            let asked = streams.filter { [.always, turn].contains($0.turn) }
            return Set(asked.flatMap { [$0] + $0.extras }.compactMap(\.right))
        }
        let told = Set(
            streams.flatMap { [$0] + $0.extras }.filter { $0.optional?.remainder != nil }.compactMap(\.right))
        let whole = rights(.first).intersection(rights(.later))
        for stream in streams {
            for asked in [stream] + (stream.details?.streams ?? []) {
                guard let right = asked.optional?.right else { continue }
                if !whole.contains(right) {
                    cursor?.error(
                        "the right '\(right)' of '\(asked.name)' needs lists that are asked in the first pull and later"
                    )
                } else if asked.isExtra, !told.contains(right) {
                    cursor?.error("nothing says with 'spares' and 'why' what is unknown while '\(right)' is withheld")
                } else if asked.name != stream.name, stream.turn != .first, !asked.isExtra {
                    cursor?.error("what '\(asked.name)' asks for an item is optional only in a list with 'only: first'")
                }
            }
        }
    }

    /// `true`, `{right: cases, spares: [refunded_orders], why: {en: …, zh: …}}`, or `{else: older_orders}`.
    private func optional(_ cursor: YAMLCursor) -> PullPlan.OptionalList? {
        if cursor.isScalar {
            return cursor.bool() ?? false ? PullPlan.OptionalList() : nil
        }
        guard let keys = cursor.keys(["right", "spares", "why", "else"]) else { return nil }
        if let other = keys["else"] {
            if keys["right"] != nil || keys["spares"] != nil || keys["why"] != nil {
                other.error("where another list tells the same nothing is lacking: 'else' stands alone")
            }
            return PullPlan.OptionalList(other: other.string())
        }
        var list = PullPlan.OptionalList(right: keys["right"]?.string())
        guard keys["spares"] != nil || keys["why"] != nil || list.right == nil else { return list }
        guard let why = keys["why"]?.words(), keys["spares"] != nil else {
            cursor.error("\(cursor.path) lacks 'spares' and 'why', or has neither and a 'right'")
            return nil
        }
        let names = keys["spares"]?.items()?.compactMap { item -> String? in
            guard let name = item.string() else { return nil }
            if vocabulary.metrics[name] == nil {
                let hint = NearestName.hint(for: name, among: Array(vocabulary.metrics.keys))
                item.error("there is no metric '\(name)'\(hint)")
            }
            return name
        }
        list.remainder = PullPlan.OptionalList.Remainder(spares: names ?? [], why: why)
        return list
    }

    /// `{by: order, after: 1d, status: [open, rejected]}`.
    private func openCases(_ cursor: YAMLCursor) -> PullPlan.OpenCases? {
        guard let keys = cursor.keys(["by", "after", "until", "types", "status"], required: ["by"]),
            let by = keys["by"]?.word(of: ["order", "case"])
        else { return nil }
        func words(_ key: String, of known: [String]) -> [String]? {
            keys[key]?.items()?.compactMap { $0.word(of: known) }
        }
        let after = keys["after"]?.span() ?? .zero
        let until = keys["until"]?.span()
        if let until, until <= after { keys["until"]?.error("'until' is longer than 'after', or no case is asked for") }
        return PullPlan.OpenCases(
            byOrder: by == "order", after: after, until: until,
            types: words("types", of: Schema[.refund].words(of: "type")),
            statuses: words("status", of: PullPlan.OpenCases.unfinished) ?? ["open"])
    }

    /// `{status: [10, 8]}`.
    private func list(_ cursor: YAMLCursor) -> (name: String, values: [String])? {
        guard let entries = cursor.entries(), let entry = entries.first, entries.count == 1,
            let values = entry.value.items()?.compactMap({ $0.string() }), !values.isEmpty
        else {
            cursor.error("list is {NAME: [VALUE, …]}: what is asked once for each value, with {NAME} in it")
            return nil
        }
        return (entry.key, values)
    }

    private func details(_ cursor: YAMLCursor, _ credentials: [String]) -> PullPlan.Details? {
        guard
            let keys = cursor.keys(
                ["of", "where", "unless", "all", "skip", "item", "known_as", "batch", "streams"],
                required: ["item", "streams"]),
            let item = keys["item"].flatMap(idTerm)
        else { return nil }
        if let known = keys["known_as"], keys["batch"] != nil {
            known.error("items that are asked for several at once are known by the id by which they are asked")
        }
        let of = keys["of"]?.string()
        return PullPlan.Details(
            of: of.map { Self.names($0.hasSuffix("?") ? String($0.dropLast()) : $0) },
            mayLackOf: of?.hasSuffix("?") ?? false,
            conditions: conditions(of: keys),
            skip: conditions(keys["skip"]), item: item, knownAs: keys["known_as"].flatMap(idTerm),
            batch: keys["batch"]?.integer(1...1000) ?? 1,
            streams: (keys["streams"]?.entries() ?? []).compactMap { stream($0, credentials, isDetail: true) })
    }

    /// What is added has to have a fact that it is added to, and an answer of its own.
    private func check(added stream: PullPlan.Stream, _ cursor: YAMLCursor) {
        let details = stream.details?.streams ?? []
        for addition in details.flatMap(\.adds) where !stream.facts.contains(where: { $0.kind == addition.kind }) {
            cursor.error("there is no \(addition.kind.name) among the facts of '\(stream.name)' to add to")
        }
        if details.contains(where: { !$0.adds.isEmpty }), stream.details?.batch != 1 {
            cursor.error("'adds' is for what is asked one by one, and not with 'batch'")
        }
    }

    // MARK: JSON

    /// A number or a truth as it stands, a text in quotes or not; `{number: "{page}"}`, `{text: …}`,
    /// `{list: "{ids}"}`, cut at its commas, and `{literal: …}`, in which nothing is replaced.
    func json(_ cursor: YAMLCursor, _ known: [String]) -> PullPlan.JSONTemplate {
        if cursor.isList { return .array((cursor.items() ?? []).map { json($0, known) }) }
        if cursor.isMapping {
            let entries = cursor.entries() ?? []
            if entries.count == 1, let entry = entries.first, ["number", "text", "literal", "list"].contains(entry.key)
            {
                let text = entry.value.string() ?? ""
                if entry.key == "literal" { return .literal(text) }
                check(text, entry.value, known)
                return entry.key == "number" ? .number(text) : entry.key == "list" ? .list(text) : .text(text)
            }
            return .object(entries.map { ($0.key, json($0.value, known)) })
        }
        guard let text = cursor.string() else { return .literal("") }
        if !cursor.isQuoted {
            if text == "true" || text == "false" { return .bool(text == "true") }
            if text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?/) != nil { return .number(text) }
        }
        check(text, cursor, known)
        return .text(text)
    }

    private func check(_ template: String, _ cursor: YAMLCursor, _ known: [String]) {
        for name in PullPlan.names(in: template) where !known.contains(name) {
            let hint = NearestName.hint(for: name, among: known)
            cursor.error("'{\(name)}' is not known here\(hint)")
        }
    }
}
