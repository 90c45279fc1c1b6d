import Facts

/// `access:` of the configuration.
enum AccessSchema {
    static var value: JSONValue {
        JSONSchema.object(
            [
                ("local", JSONSchema.word(["viewer", "operator"], "what is asked on this machine without a token")),
                ("tokens", JSONSchema.list(of: token, "named persons and programs, each with a token")),
                ("proxy", proxy),
                (
                    "metrics",
                    JSONSchema.word(["token", "open"], "whether /metrics asks for a token where there are any")
                ),
            ], required: [], "who may see and do what on the pages")
    }

    private static var token: JSONValue {
        JSONSchema.object(
            [
                ("id", JSONSchema.pattern(JSONSchema.id, "the person or program")),
                (
                    "hash",
                    JSONSchema.pattern("^(sha256:)?[0-9a-fA-F]{64}$", "of its token; goodstanding token new prints it")
                ),
                (
                    "role",
                    JSONSchema.word(
                        ["viewer", "operator", "pusher"], "looks; acts too; or brings facts and sees nothing")
                ),
            ] + scope + [
                (
                    "kinds",
                    texts(JSONSchema.word(FactKind.allCases.map(\.name), "a kind"), "of a pusher, what it may bring")
                )
            ], required: ["id", "hash", "role"])
    }

    private static var proxy: JSONValue {
        JSONSchema.object(
            [
                ("header", JSONSchema.text("in which it writes who has logged in, such as X-Forwarded-User")),
                (
                    "from",
                    JSONSchema.list(of: JSONSchema.text("an address or a range, such as 10.0.0.0/8"), "where it stands")
                ),
                (
                    "role",
                    JSONSchema.word(
                        ["viewer", "operator"], "of whom people: does not name; without it they are refused")
                ),
                (
                    "people",
                    JSONSchema.list(
                        of: JSONSchema.object(
                            [
                                ("id", JSONSchema.text("as the proxy writes it")),
                                ("role", JSONSchema.word(["viewer", "operator", "pusher"], "what he may")),
                            ] + scope, required: ["id", "role"]))
                ),
            ], required: ["from"])
    }

    /// How far its rights go.
    private static var scope: [(String, JSONValue)] {
        [
            ("stores", texts(JSONSchema.text("a store; * and ?"), "which it may see or write; all by default")),
            (
                "labels",
                JSONSchema.map(texts(JSONSchema.text("a value")), "that its stores have")
            ),
            (
                "until",
                JSONSchema.pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "the first day (UTC) on which it is not let in")
            ),
        ]
    }

    private static func texts(_ one: JSONValue, _ meaning: String? = nil) -> JSONValue {
        JSONSchema.any(of: [one, JSONSchema.list(of: one)], meaning)
    }
}
