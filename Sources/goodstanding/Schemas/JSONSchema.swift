import Facts

/// Parts that JSON Schemas (draft 2020-12) are made of. In YAML a scalar may be read as a number or as a truth value, so
/// what is text to us may be those to an editor.
enum JSONSchema {
    static func document(_ name: String, _ title: String, _ members: [(String, JSONValue)]) -> JSONValue {
        .object(
            [
                ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
                ("$id", .string("goodstanding:\(name)")),
                ("title", .string(title)),
            ] + members)
    }

    static func object(
        _ properties: [(String, JSONValue)], required: [String] = [], _ description: String? = nil
    ) -> JSONValue {
        var members: [(String, JSONValue)] = [("type", .string("object"))]
        if let description { members.append(("description", .string(description))) }
        members.append(("properties", .object(properties)))
        members.append(("additionalProperties", .bool(false)))
        if !required.isEmpty { members.append(("required", .array(required.map(JSONValue.string)))) }
        return .object(members)
    }

    /// An object of which more is asked than which members it has.
    static func object(_ object: JSONValue, and conditions: [(String, JSONValue)]) -> JSONValue {
        guard case .object(let members) = object else { return object }
        return .object(members + conditions)
    }

    /// Any keys, each with a value of one sort.
    static func map(_ value: JSONValue, _ description: String, names: String? = nil) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("type", .string("object")), ("description", .string(description)), ("additionalProperties", value),
        ]
        if let names { members.append(("propertyNames", .object([("pattern", .string(names))]))) }
        return .object(members)
    }

    static func list(of items: JSONValue, _ description: String? = nil) -> JSONValue {
        .object(
            [("type", .string("array")), ("items", items)] + (description.map { [("description", .string($0))] } ?? []))
    }

    static func text(_ description: String) -> JSONValue {
        .object([
            ("type", .array([.string("string"), .string("number"), .string("boolean")])),
            ("description", .string(description)),
        ])
    }

    static func pattern(_ pattern: String, _ description: String) -> JSONValue {
        .object([
            ("type", .string("string")), ("pattern", .string(pattern)), ("description", .string(description)),
        ])
    }

    static func word(_ words: [String], _ description: String) -> JSONValue {
        .object([("enum", .array(words.map(JSONValue.string))), ("description", .string(description))])
    }

    static func integer(_ range: ClosedRange<Int>, _ description: String) -> JSONValue {
        .object([
            ("type", .string("integer")), ("minimum", .number("\(range.lowerBound)")),
            ("maximum", .number("\(range.upperBound)")), ("description", .string(description)),
        ])
    }

    static func number(_ description: String) -> JSONValue {
        .object([("type", .string("number")), ("description", .string(description))])
    }

    static func truth(_ description: String) -> JSONValue {
        .object([("type", .string("boolean")), ("description", .string(description))])
    }

    static func any(of options: [JSONValue], _ description: String? = nil) -> JSONValue {
        .object([("anyOf", .array(options))] + (description.map { [("description", .string($0))] } ?? []))
    }

    static let day = pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "a local day of the store, such as 2026-03-16")
    static let span = pattern("^[0-9]+(s|m|min|h|d)$", "a length of time such as 30s, 5min, 48h or 1d")
    static let id = "^[A-Za-z0-9][A-Za-z0-9._-]*$"
    static let name = "^[A-Za-z_][A-Za-z0-9_]*$"

    /// Plain text, or one for each language.
    static func words(_ description: String) -> JSONValue {
        any(
            of: [text("the same in both languages"), object([("en", text("English")), ("zh", text("中文"))])], description
        )
    }

    static let secret = any(
        of: [
            text("the secret itself, which is warned of"),
            object([("env", text("the environment variable that holds it"))], required: ["env"]),
            object([("file", text("the file that holds it"))], required: ["file"]),
            object([("credential", text("the systemd credential that holds it"))], required: ["credential"]),
        ], "a secret, from outside the file")
}
