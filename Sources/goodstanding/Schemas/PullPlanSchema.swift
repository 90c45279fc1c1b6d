import Facts
import Rules

/// The section `source` of a pack.
enum PullPlanSchema {
    static var value: JSONValue {
        JSONSchema.object(
            [
                ("credentials", credentials),
                ("address", JSONSchema.text("where all addresses begin; without it each store gives its endpoint")),
                ("authorization", authorization),
                ("headers", JSONSchema.map(JSONSchema.text("a template"), "sent with every request")),
                ("token", token), ("errors", JSONSchema.list(of: errors, "how an answer says that it is none")),
                ("limits", JSONSchema.list(of: limit, "how often it may be asked")), ("lag", JSONSchema.span),
                ("overlap", JSONSchema.span), ("reach", JSONSchema.span),
                ("facts", JSONSchema.map(PullStreamSchema.anyMapping, "what several streams share, by name")),
                (
                    "streams",
                    JSONSchema.map(PullStreamSchema.stream(isDetail: false), "the lists that the platform keeps")
                ),
            ], required: ["authorization", "streams"], "how the platform is pulled")
    }

    private static var credentials: JSONValue {
        JSONSchema.list(
            of: JSONSchema.any(
                of: [
                    JSONSchema.text("a name, name|alias, or name? where it may be missing"),
                    JSONSchema.map(JSONSchema.text("where nobody gives it"), "a name"),
                ]), "what a store gives, as the platform names it; the application's first")
    }

    static var authorization: JSONValue {
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
                JSONSchema.object(
                    [("signature", JSONSchema.word(SigningScheme.allCases.map(\.rawValue), "whose way of signing"))],
                    required: ["signature"]),
            ], "what shows who asks")
    }

    private static var token: JSONValue {
        JSONSchema.object(
            [
                ("refresh", tokenRequest), ("exchange", tokenRequest),
                ("consent", JSONSchema.text("where an owner consents")), ("access_token", path),
                ("refresh_token", path),
                ("expires_in", path), ("expires_at", path), ("refresh_expires_in", path), ("refresh_expires_at", path),
                ("owner", path), ("scopes", path),
            ], required: ["refresh", "access_token"], "how an access token is had")
    }

    private static var tokenRequest: JSONValue {
        let templates = JSONSchema.map(JSONSchema.text("a template"), "of credentials")
        return JSONSchema.object(
            [
                ("address", JSONSchema.text("in place of the source's")),
                ("get", JSONSchema.text("behind the address")),
                ("post", JSONSchema.text("behind the address")), ("query", templates), ("form", templates),
                ("json", PullStreamSchema.json), ("authorization", authorization),
            ], required: [])
    }

    private static var errors: JSONValue {
        let codes = JSONSchema.list(of: JSONSchema.text("a code, or its beginning with *"), "such codes")
        return JSONSchema.object(
            [
                ("at", path),
                ("good", JSONSchema.list(of: JSONSchema.text("a text"), "what stands there when all is well")),
                ("by", PullStreamSchema.paths), ("message", PullStreamSchema.paths),
                ("says", JSONSchema.object(PullPlan.ErrorClass.allCases.map { ($0.rawValue, codes) }, required: [])),
                ("cost", path),
            ] + PullPlan.ErrorClass.allCases.map { ($0.rawValue, codes) }, required: ["at"])
    }

    private static var limit: JSONValue {
        JSONSchema.object(
            [
                ("calls", JSONSchema.integer(1...1_000_000, "so many")), ("per", JSONSchema.span),
                ("burst", JSONSchema.integer(1...1_000_000, "so many at once")),
                ("of", JSONSchema.word(PullPlan.Limit.Scope.allCases.map(\.rawValue), "whose they are")),
                ("streams", JSONSchema.list(of: JSONSchema.text("a stream"), "of these together")),
            ], required: ["calls", "per"])
    }

    private static var path: JSONValue { JSONSchema.text("a path in the answer") }
}
