import Facts

/// One fact, as a line of JSON Lines or an element of a feed's page.
enum FactsSchema {
    static var value: JSONValue {
        JSONSchema.document(
            "facts", "A fact of a store, or what an export says beside facts",
            [("oneOf", .array(FactKind.allCases.map(fact) + [mark, coverage, withheld]))])
    }

    private static var withheld: JSONValue {
        .object([
            ("type", .string("object")), ("description", .string("whether the platform gives a list to a store")),
            (
                "properties",
                .object([
                    ("kind", .object([("const", .string("coverage"))])), ("store", id("the store")),
                    ("list", JSONSchema.text("of the pack's source, or the right that several need")),
                    ("withheld", JSONSchema.truth("what rests on it is unknown")),
                    ("at", time("where what is known of the store begins")),
                ])
            ), ("required", .array(["kind", "store", "list", "withheld", "at"].map(JSONValue.string))),
        ])
    }

    private static var coverage: JSONValue {
        .object([
            ("type", .string("object")), ("description", .string("from when until when a kind of a store is complete")),
            (
                "properties",
                .object([
                    ("kind", .object([("const", .string("coverage"))])), ("store", id("the store")),
                    ("of", JSONSchema.word(FactKind.allCases.filter { $0 != .measure }.map(\.name), "the kind")),
                    ("from", time("else from the beginning")), ("until", time("up to when")),
                ])
            ), ("required", .array(["kind", "store", "of", "until"].map(JSONValue.string))),
        ])
    }

    /// What `export` writes and `import` takes; a feed brings none.
    private static var mark: JSONValue {
        let text = JSONSchema.text
        return .object([
            ("type", .string("object")), ("description", .string("what our own people know of a fact")),
            (
                "properties",
                .object([
                    ("kind", .object([("const", .string("mark"))])), ("store", id("the store")),
                    ("of", JSONSchema.word(FactKind.allCases.map(\.name), "the fact's kind")),
                    ("id", id("the fact's id")),
                    ("member", JSONSchema.word(Mark.memberNames, "what is known of it")),
                    ("value", text("in the words of a fact")), ("by", text("who says so")), ("why", text("the reason")),
                    ("at", time("when it was said")), ("until", time("from when on it counts no longer")),
                    ("undone_at", time("when it was taken back")), ("undone_by", text("by whom")),
                    ("undone_why", text("why")),
                ])
            ),
            (
                "required",
                .array(["kind", "store", "of", "id", "member", "value", "by", "why", "at"].map(JSONValue.string))
            ),
        ])
    }

    private static func fact(_ kind: FactKind) -> JSONValue {
        let schema = Schema[kind]
        var properties: [(String, JSONValue)] = [
            ("kind", .object([("const", .string(kind.name))])), ("store", id("the store")),
            ("id", id("unique by store and kind")),
            ("updated_at", nullable(time("the newer version replaces the older"))),
            ("deleted", nullable(JSONSchema.truth("it is taken back"))),
            ("excluded", nullable(JSONSchema.truth("the platform does not count it"))),
        ]
        for member in schema.members where !properties.contains(where: { $0.0 == member.name }) {
            properties.append((member.name, nullable(value(of: member))))
        }
        if !properties.contains(where: { $0.0 == "labels" }) {
            properties.append(
                ("labels", nullable(JSONSchema.map(JSONSchema.text("a label"), "those that the pack allows"))))
        }
        return .object([
            ("type", .string("object")), ("description", .string(schema.meaning.en)),
            ("properties", .object(properties)),
            ("required", .array([.string("kind"), .string("store"), .string("id")])),
        ])
    }

    private static func value(of member: Member) -> JSONValue {
        switch member.type {
        case .number:
            let number: [(String, JSONValue)] = member.isNeverNegative ? [("minimum", .number("0"))] : []
            let plain = JSONValue.object([("type", .string("number"))] + number)
            guard member.isMoney else { return described(plain, member) }
            return described(
                JSONSchema.any(of: [plain, JSONSchema.pattern("^[0-9]+(\\.[0-9]+)?$", "a decimal text")]), member)
        case .time: return time(member.meaning.en)
        case .bool: return JSONSchema.truth(member.meaning.en)
        case .word(let words): return JSONSchema.word(words, member.meaning.en)
        case .string: return described(.object([("type", .string("string"))]), member)
        }
    }

    private static func described(_ value: JSONValue, _ member: Member) -> JSONValue {
        guard case .object(let members) = value else { return value }
        return .object(members + [("description", .string(member.meaning.en))])
    }

    private static func time(_ description: String) -> JSONValue {
        .object([
            ("type", .string("string")), ("format", .string("date-time")),
            ("description", .string(description + "; RFC 3339 with an offset")),
        ])
    }

    private static func id(_ description: String) -> JSONValue {
        .object([
            ("type", .string("string")), ("minLength", .number("1")), ("maxLength", .number("200")),
            ("description", .string(description)),
        ])
    }

    private static func nullable(_ value: JSONValue) -> JSONValue {
        JSONSchema.any(of: [value, .object([("type", .string("null"))])])
    }
}
