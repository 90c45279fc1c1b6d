import Facts
import Language
import Rules

/// What rows become.
extension TableMapReader {
    func fact(_ cursor: YAMLCursor) -> TableMap.FactForm? {
        let known = ["kind", "id", "updated_at", "when", "unless", "members", "labels"]
        guard let keys = cursor.keys(known, required: ["kind", "id"]), let kind = keys["kind"].flatMap(kind) else {
            return nil
        }
        let id = keys["id"].flatMap { term($0) }
        let updatedAt = keys["updated_at"].flatMap { term($0, of: .time) }
        var members: [(Member, TableMap.Term)] = []
        for entry in keys["members"]?.entries() ?? [] {
            let names = Schema[kind].members.map(\.name)
            guard let member = Schema[kind].member(entry.key) else {
                let nearest = NearestName.hint(for: entry.key, among: names)
                entry.error(
                    "'\(entry.key)' is not a member of \(kind.name)"
                        + (nearest.isEmpty ? "; its members are \(names.joined(separator: ", "))" : nearest))
                continue
            }
            if let term = term(entry.value, of: member.type, isNeverNegative: member.isNeverNegative) {
                members.append((member, term))
                if kind == .measure, member.name == "name", case .constant(let name) = term.origin {
                    checkIsRead(name, entry)
                }
            }
        }
        let labels = (keys["labels"]?.entries() ?? []).compactMap { entry in
            checkIsAllowed(entry)
            return term(entry.value).map { (entry.key, $0) }
        }
        let conditions = self.conditions(keys["when"], isMet: true) + self.conditions(keys["unless"], isMet: false)
        guard let id else { return nil }
        return TableMap.FactForm(
            kind: kind, id: id, updatedAt: updatedAt, members: members, labels: labels, conditions: conditions)
    }

    /// That someone waits for a reading.
    private func checkIsRead(_ measure: String, _ entry: YAMLEntry) {
        guard let pack, !pack.readsAnyMeasure, !pack.measureNames.contains(measure) else { return }
        entry.warning(
            "nothing of the pack '\(pack.name)' reads a measure '\(measure)'"
                + NearestName.hint(for: measure, among: pack.measureNames.sorted()))
    }

    private func checkIsAllowed(_ label: YAMLEntry) {
        guard let pack, !pack.labels.contains(label.key) else { return }
        label.warning(
            "the pack '\(pack.name)' lets facts carry no label '\(label.key)', so that it is left out"
                + NearestName.hint(for: label.key, among: pack.labels))
    }

    /// `{售后状态: [退款成功, 已退款]}`.
    private func conditions(_ cursor: YAMLCursor?, isMet: Bool) -> [TableMap.Condition] {
        (cursor?.entries() ?? []).map { entry in
            TableMap.Condition(columns: [entry.key], texts: Set(texts(entry.value)), isMet: isMet)
        }
    }

    /// Measures in few words: one moment, and for each name the column or label of its value.
    func readings(_ cursor: YAMLCursor) -> [TableMap.FactForm] {
        guard let keys = cursor.keys(["at", "values"], required: ["at", "values"]),
            let at = keys["at"].flatMap({ term($0, of: .time) })
        else { return [] }
        func member(_ name: String) -> Member {
            Schema[.measure].member(name)!  // proof: the schema's own names
        }
        var forms: [TableMap.FactForm] = []
        for entry in keys["values"]?.entries() ?? [] {
            checkIsRead(entry.key, entry)
            var members = [(member("name"), TableMap.Term(.constant(entry.key))), (member("at"), at)]
            let isPair = entry.value.isMapping && (entry.value.hasKey("reading") || entry.value.hasKey("expected"))
            if isPair, let pair = entry.value.keys(["reading", "expected"]) {
                for (key, name) in [("reading", "value"), ("expected", "expected")] {
                    if let term = pair[key].flatMap({ term($0, of: .number) }) { members.append((member(name), term)) }
                }
            } else if let term = term(entry.value, of: .number) {
                members.append((member("value"), term))
            }
            // The id is the name with the moment, made when that is known.
            forms.append(
                TableMap.FactForm(
                    kind: .measure, id: TableMap.Term(.constant(entry.key)), updatedAt: nil, members: members,
                    labels: [],
                    conditions: []))
        }
        return forms
    }

    private static let termKeys = [
        "column", "optional", "value", "text", "modified", "words", "else", "dates", "zone", "unit", "times", "divide",
    ]

    /// The name of a column, or a mapping that says more.
    ///
    /// - Parameter type: of the member that it is for; nil: it is for a text.
    func term(
        _ cursor: YAMLCursor, of type: MemberType = .string, isNeverNegative: Bool = false, keys: [String]? = nil
    ) -> TableMap.Term? {
        if cursor.isScalar {
            guard let name = cursor.string() else { return nil }
            return TableMap.Term(.column([name.trimmed], isOptional: false))
        }
        if cursor.isList { return TableMap.Term(.column(texts(cursor).map(\.trimmed), isOptional: false)) }
        guard let keys = cursor.keys(keys ?? Self.termKeys), let origin = origin(cursor, keys, type) else { return nil }
        var term = TableMap.Term(origin)
        (term.words, term.other) = words(keys, type)
        switch type {
        case .time:
            term.dates = keys["dates"].map(dates)
            term.calendar = keys["zone"].flatMap(calendar)
        case .number:
            term.units = keys["unit"].map(texts) ?? []
            term.times = keys["times"]?.integer(1...1_000_000) ?? 1
            term.dividedBy = keys["divide"]?.integer(1...1_000_000_000) ?? 1
        default: break
        }
        for (key, isFitting) in [
            ("dates", type == .time), ("zone", type == .time), ("unit", type == .number), ("times", type == .number),
            ("divide", type == .number), ("words", type != .time),
        ] where !isFitting {
            keys[key]?.error("'\(key)' means nothing for \(type.inWords)")
        }
        return term
    }

    private func origin(_ cursor: YAMLCursor, _ keys: YAMLKeys, _ type: MemberType) -> TableMap.Origin? {
        let ways = ["column", "value", "text", "modified"].filter { keys[$0] != nil }
        guard ways.count == 1 else {
            cursor.error("\(cursor.path) comes from one of column, value, text\(type == .time ? ", modified" : "")")
            return nil
        }
        if let column = keys["column"] {
            return .column(texts(column).map(\.trimmed), isOptional: keys["optional"]?.bool() ?? false)
        }
        if let value = keys["value"]?.string() {
            check(value, type, at: keys["value"])
            return .constant(value)
        }
        if let template = keys["text"]?.string() { return pieces(template, at: keys["text"]).map { .text($0) } }
        guard keys["modified"]?.bool() ?? false, type == .time else {
            keys["modified"]?.error("'modified: true' is when the file was last changed, for times")
            return nil
        }
        return .modified
    }

    /// `{订单号}-{SKU}`.
    private func pieces(_ template: String, at cursor: YAMLCursor?) -> [TableMap.Piece]? {
        var (pieces, rest) = ([TableMap.Piece](), Substring(template))
        while !rest.isEmpty {
            let literal = rest.prefix { $0 != "{" }
            if !literal.isEmpty { pieces.append(.literal(String(literal))) }
            rest = rest.dropFirst(literal.count)
            guard !rest.isEmpty else { break }
            guard let end = rest.firstIndex(of: "}") else {
                cursor?.error("'{' is not closed; {COLUMN} puts a column in")
                return nil
            }
            pieces.append(.column(String(rest[rest.index(after: rest.startIndex)..<end]).trimmed))
            rest = rest[rest.index(after: end)...]
        }
        return pieces
    }

    private func words(_ keys: YAMLKeys, _ type: MemberType) -> ([String: String]?, String?) {
        if keys["words"] == nil {
            keys["else"]?.error("'else' is for what 'words' do not have; there are none")
            return (nil, nil)
        }
        var words: [String: String] = [:]
        for entry in keys["words"]?.entries() ?? [] {
            guard let word = entry.value.string() else { continue }
            check(word, type, at: entry.value)
            words[entry.key.trimmed] = word
        }
        let other = keys["else"]?.string()
        if let other { check(other, type, at: keys["else"]) }
        return (words, other)
    }

    /// That a word of the map's own can be a member's. `missing` stands for none.
    private func check(_ value: String, _ type: MemberType, at cursor: YAMLCursor?) {
        guard value != "missing" else { return }
        switch type {
        case .word(let words) where !words.contains(value):
            cursor?.error(
                "'\(value)' is none of \(words.joined(separator: ", "))\(NearestName.hint(for: value, among: words))")
        case .bool where value != "true" && value != "false": cursor?.error("'\(value)' is neither true nor false")
        case .number where FixedPoint(value) == nil: cursor?.error("'\(value)' is no number")
        case .time where Timestamp(value) == nil: cursor?.error("'\(value)' is no time with an offset")
        default: break
        }
    }
}

extension MemberType {
    fileprivate var inWords: String {
        switch self {
        case .number: "a number"
        case .time: "a time"
        case .bool: "a bool"
        case .word: "a word"
        case .string: "a text"
        }
    }
}
