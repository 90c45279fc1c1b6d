import Facts
import Language

/// How the platform's documents become facts.
extension PackReading {
    /// How an item becomes a fact, or what it adds to one.
    ///
    /// - Parameter isAddition: to a fact that is known: it has no id of its own.
    func mapping(_ cursor: YAMLCursor, isAddition: Bool = false) -> PullPlan.FactMapping? {
        guard let word = cursor.entries()?.first(where: { $0.key == "kind" })?.value,
            let kind = word.word(of: FactKind.allCases.map(\.name)).flatMap(FactKind.init(name:))
        else {
            if cursor.isMapping, !cursor.hasKey("kind") { cursor.error("which kind of fact is it? write kind: order") }
            return nil
        }
        let members = Schema[kind].members
        guard
            let keys = cursor.keys(
                (isAddition ? [] : ["each", "id", "labels", "needs"]) + [
                    "kind", "where", "unless", "all", "updated_at",
                ]
                    + members.map(\.name),
                required: isAddition ? [] : kind == .measure ? ["name", "at", "value"] : ["id"])
        else { return nil }
        if isAddition, kind == .measure { word.error("nothing is added to a reading") }
        let id = keys["id"].map(terms)
        if id == nil, kind != .measure, !isAddition { return nil }
        var mapping = PullPlan.FactMapping(
            kind: kind, each: keys["each"]?.string().map(Self.levels) ?? [],
            conditions: conditions(of: keys), id: id,
            updatedAt: keys["updated_at"].map(terms) ?? [],
            members: members.compactMap { member in
                keys[member.name].map { (member, terms($0)) }
            })
        mapping.labels = (keys["labels"]?.entries() ?? []).map { ($0.key, terms($0.value)) }
        let told = mapping.members.map(\.member.name) + (mapping.updatedAt.isEmpty ? [] : ["updated_at"])
        mapping.needs = Set((keys["needs"]?.items() ?? []).compactMap { $0.word(of: told) })
        return mapping
    }

    /// A term, or several of which the first that gives a value counts.
    func terms(_ cursor: YAMLCursor) -> [PullPlan.Term] {
        cursor.isList ? (cursor.items() ?? []).compactMap(term) : term(cursor).map { [$0] } ?? []
    }

    /// `total`, `^id`, `{value: refunded}`, `{path: status, words: {processing: paid}}`.
    private func term(_ cursor: YAMLCursor) -> PullPlan.Term? {
        if !cursor.isMapping { return cursor.string().map { PullPlan.Term(Self.origin($0)) } }
        let known = [
            "path", "value", "template", "sum", "item", "now", "each", "between", "prefix", "moments", "words",
            "otherwise", "absolute", "shift", "divisor", "only", "where", "unless", "all",
        ]
        guard let keys = cursor.keys(known) else { return nil }
        var term: PullPlan.Term
        if let path = keys["path"]?.string() {
            term = PullPlan.Term(Self.origin(path))
        } else if let value = keys["value"]?.string() {
            term = PullPlan.Term(.constant(value))
        } else if let template = keys["template"]?.string() {
            term = PullPlan.Term(.template(template))
        } else if let sum = keys["sum"], let text = sum.string() {
            let levels = Self.levels(text)
            guard levels.count > 1 else {
                sum.error("a sum is of lists: charges[].amount")
                return nil
            }
            term = PullPlan.Term(.sum(levels.dropLast(), levels[levels.count - 1].path))
        } else if keys["item"]?.bool() == true {
            term = PullPlan.Term(.item)
        } else if keys["now"]?.bool() == true {
            term = PullPlan.Term(.now)
        } else {
            cursor.error(
                "a value comes from {path: …} or {template: …}, is {value: …}, or is {item: true} or {now: true}")
            return nil
        }
        term.each = keys["each"]?.string().map(Self.levels) ?? []
        term.between = keys["between"].flatMap(between)
        term.moments = moments(keys["moments"]) ?? [.rfc3339]
        if let words = keys["words"] {
            term.words = Dictionary(
                (words.entries() ?? []).compactMap { entry in entry.value.string().map { (entry.key, $0) } },
                uniquingKeysWith: { first, _ in first })
        }
        if let otherwise = keys["otherwise"], otherwise.word(of: ["none"]) != nil { term.passesOver = true }
        term.prefix = keys["prefix"]?.integer(1...100)
        term.isAbsolute = keys["absolute"]?.bool() ?? false
        term.shift = keys["shift"]?.integer(0...9) ?? 0
        term.divisor = keys["divisor"].flatMap(divisor)
        term.turn = turn(keys["only"])
        term.conditions = conditions(of: keys)
        return term
    }

    /// The id of an item of which more is asked: `id`, `{path: url, between: [/orders/, /]}`.
    func idTerm(_ cursor: YAMLCursor) -> PullPlan.Term? {
        if !cursor.isMapping { return cursor.string().map { PullPlan.Term(Self.origin($0)) } }
        guard let keys = cursor.keys(["path", "template", "between"]) else { return nil }
        guard let origin = keys["path"]?.string().map(Self.origin) ?? keys["template"]?.string().map({ .template($0) })
        else {
            cursor.error("an item's id comes from {path: …} or {template: …}")
            return nil
        }
        var term = PullPlan.Term(origin)
        term.between = keys["between"].flatMap(between)
        return term
    }

    private func between(_ cursor: YAMLCursor) -> PullPlan.Term.Between? {
        let texts = cursor.items()?.compactMap { $0.string() } ?? []
        guard texts.count == 2 else {
            cursor.error(
                "between is a list of two texts, such as [/orders/, /]; an empty one is the beginning or the end")
            return nil
        }
        return PullPlan.Term.Between(first: texts[0], second: texts[1])
    }

    /// A whole number, or the path of one.
    private func divisor(_ cursor: YAMLCursor) -> PullPlan.Term.Divisor? {
        guard let text = cursor.string() else { return nil }
        guard text.allSatisfy(\.isNumber) else { return .path(Self.names(text)) }
        return cursor.integer(2...1_000_000).map { .number($0) }
    }

    /// What has to hold by `where`, `unless` and `all`.
    func conditions(of keys: YAMLKeys) -> [PullPlan.Condition] {
        conditions(keys["where"]) + conditions(keys["unless"], .none) + conditions(keys["all"], .all)
    }

    /// `{status: [approved]}`; an empty text stands for what is not there.
    func conditions(
        _ cursor: YAMLCursor?, _ quantity: PullPlan.Condition.Quantity = .some
    ) -> [PullPlan.Condition] {
        (cursor?.entries() ?? []).map { entry in
            let texts = entry.value.items()?.compactMap { $0.string() } ?? []
            for name in texts.flatMap(PullPlan.names) where !credentialNames.map({ $0 + ".first" }).contains(name) {
                entry.value.error("'{\(name)}' is not known here; {CREDENTIAL.first} is, for each credential")
            }
            return PullPlan.Condition(term: PullPlan.Term(Self.origin(entry.key)), texts: texts, quantity: quantity)
        }
    }

    /// `^^id` two levels up; `lines[].id` in each of a list, `tags[]` each of it.
    private static func origin(_ text: String) -> PullPlan.Term.Origin {
        let up = text.prefix { $0 == "^" }.count
        let path = String(text.dropFirst(up))
        guard path.contains("[]") else { return .path(names(path), up: up) }
        let levels = levels(path)
        return path.hasSuffix("[]")
            ? .each(levels, [], up: up) : .each(levels.dropLast(), levels.last?.path ?? [], up: up)
    }

    /// `lines[].refunds`: the refunds of each of the lines; `packages?` may be missing.
    static func levels(_ text: String) -> [PullPlan.FactMapping.Level] {
        text.replacing("[]", with: "[").split(separator: "[").map { part in
            let path = part.drop { $0 == "." }
            let mayBeMissing = path.hasSuffix("?")
            return PullPlan.FactMapping.Level(
                path: names(String(mayBeMissing ? path.dropLast() : path)), mayBeMissing: mayBeMissing)
        }.filter { !$0.path.isEmpty }
    }
}
