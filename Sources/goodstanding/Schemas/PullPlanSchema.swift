import Facts
import Rules

/// The section `source` of a pack.
enum PullPlanSchema {
    static var value: JSONValue {
        JSONSchema.object(
            [
                (
                    "credentials",
                    JSONSchema.list(of: JSONSchema.text("a name"), "what a store gives, as the platform names it")
                ),
                ("address", JSONSchema.text("where all addresses begin; without it each store gives its endpoint")),
                ("authorization", authorization), ("lag", JSONSchema.span), ("overlap", JSONSchema.span),
                ("reach", JSONSchema.span),
                ("streams", JSONSchema.map(stream(isDetail: false), "the lists that the platform keeps")),
            ], required: ["authorization", "streams"], "how the platform is pulled")
    }

    private static var authorization: JSONValue {
        JSONSchema.any(
            of: [
                JSONSchema.object(
                    [("basic", JSONSchema.list(of: JSONSchema.text("a credential"), "the user's and the password's"))],
                    required: ["basic"]),
                JSONSchema.object(
                    [
                        ("header", JSONSchema.text("its name")),
                        ("value", JSONSchema.text("with {credential} for each credential")),
                    ], required: ["header", "value"]),
            ], "what shows who asks")
    }

    private static func stream(isDetail: Bool) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("get", JSONSchema.text("behind the address")),
            (
                "query",
                JSONSchema.map(JSONSchema.text("a template"), "of {from}, {since}, {until}, {page}, {cursor}, {item}")
            ),
            ("moments", moments), ("pages", pages), ("items", JSONSchema.text("where the list is in an answer")),
            ("facts", JSONSchema.list(of: JSONSchema.any(of: FactKind.allCases.map(mapping)), "what an item becomes")),
        ]
        if !isDetail {
            members.append(
                (
                    "details",
                    JSONSchema.object(
                        [
                            ("of", JSONSchema.text("only of items that have something here")),
                            ("item", JSONSchema.text("the id by which an item is asked for")),
                            ("streams", JSONSchema.map(stream(isDetail: true), "one page each")),
                        ], required: ["of", "item", "streams"])
                ))
        }
        return JSONSchema.object(members, required: ["get", "facts"])
    }

    private static var moments: JSONValue {
        JSONSchema.word(PullPlan.Moments.allCases.map(\.rawValue), "how moments are written; rfc3339 by default")
    }

    private static var pages: JSONValue {
        JSONSchema.any(
            of: [
                JSONSchema.object(
                    [("number", JSONSchema.integer(0...1, "of the first page; an empty one is the last"))],
                    required: ["number"]),
                JSONSchema.object([("link", JSONSchema.text("where the next address is"))], required: ["link"]),
                JSONSchema.object([("cursor", JSONSchema.text("where the next cursor is"))], required: ["cursor"]),
            ], "how an answer goes on; without it all comes in one")
    }

    private static func mapping(_ kind: FactKind) -> JSONValue {
        JSONSchema.object(
            [
                ("kind", JSONSchema.word([kind.name], "of the fact")), ("each", JSONSchema.text("a list in the item")),
                ("where", conditions), ("id", term), ("updated_at", term),
            ] + Schema[kind].members.map { ($0.name, term) }, required: ["kind", "id"])
    }

    private static var conditions: JSONValue {
        JSONSchema.map(JSONSchema.list(of: JSONSchema.text("a text")), "paths and the texts that stand there")
    }

    private static var term: JSONValue {
        JSONSchema.any(
            of: [
                JSONSchema.text("a path in the item; ^ for the one that holds it"),
                JSONSchema.object([
                    ("path", JSONSchema.text("a path in the item")), ("value", JSONSchema.text("always this")),
                    ("item", JSONSchema.truth("the id of the item that was asked for")), ("moments", moments),
                    ("words", JSONSchema.map(JSONSchema.text("ours"), "by the platform's words")),
                    ("otherwise", JSONSchema.word(["none"], "other words are no value")),
                    ("absolute", JSONSchema.truth("without its sign")), ("where", conditions),
                ]),
            ])
    }
}
