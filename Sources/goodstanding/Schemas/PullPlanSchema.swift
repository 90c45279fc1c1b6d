import Facts
import Rules

/// The section `source` of a pack.
enum PullPlanSchema {
    static var value: JSONValue {
        JSONSchema.object(
            [
                ("credentials", credentials),
                ("address", JSONSchema.text("where all addresses begin; without it each store gives its endpoint")),
                (
                    "bases",
                    JSONSchema.list(
                        of: JSONSchema.text("a path, with {credential} for a segment that gives one"),
                        "with which an endpoint may be given as well")
                ), ("authorization", authorization),
                ("headers", JSONSchema.map(JSONSchema.text("a template"), "sent with every request")),
                ("token", token), ("report", report),
                ("consenting", JSONSchema.words("told to the owner: who consents")),
                ("access", JSONSchema.words("how a store's access is had")),
                ("revoke", JSONSchema.words("where the owner takes it back")),
                ("errors", JSONSchema.list(of: errors, "how an answer says that it is none")),
                ("limits", JSONSchema.list(of: limit, "how often it may be asked")),
                (
                    "markets",
                    JSONSchema.map(
                        JSONSchema.map(JSONSchema.text("where nobody gives it"), "credentials"),
                        "what a store's market decides")
                ), ("lag", JSONSchema.span),
                ("margin", JSONSchema.span),
                ("overlap", JSONSchema.span), ("reach", JSONSchema.span),
                ("reread", JSONSchema.list(of: reread, "what is so old is read again so often")),
                (
                    "bare",
                    JSONSchema.list(
                        of: JSONSchema.text("a name"), "what may stand where a list that is empty is left out")
                ),
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
        let ends = JSONSchema.map(PullStreamSchema.paths, "by the platform's name for what ends")
        return JSONSchema.object(
            [
                ("refresh", tokenRequest), ("own", tokenRequest), ("refreshed_within", JSONSchema.span),
                ("rolling", JSONSchema.truth("each refresh begins its time anew")),
                ("exchange", tokenRequest), ("consent", consent), ("access_token", PullStreamSchema.paths),
                ("refresh_token", PullStreamSchema.paths), ("expires_in", PullStreamSchema.paths),
                ("expires_at", PullStreamSchema.paths), ("refresh_expires_in", PullStreamSchema.paths),
                ("refresh_expires_at", PullStreamSchema.paths), ("refresh_lives", JSONSchema.span), ("ends_in", ends),
                ("ends_at", ends), ("owner", PullStreamSchema.paths),
                ("owner_is", JSONSchema.text("the credential that has to be the owner")),
                ("scopes", PullStreamSchema.paths), ("tells", telling),
                (
                    "reads",
                    JSONSchema.list(of: JSONSchema.text("a scope, with * for any text"), "scopes that only read")
                ),
            ], required: ["refresh", "access_token"], "how an access token is had")
    }

    private static var consent: JSONValue {
        let parameter = JSONSchema.text("a parameter of the address to which the platform leads back")
        return JSONSchema.any(
            of: [
                JSONSchema.text("the address, with {state}"),
                JSONSchema.object(
                    [
                        ("address", JSONSchema.text("with {credential} for each credential")),
                        ("query", JSONSchema.map(JSONSchema.text("a template"), "of credentials and {state}")),
                        ("authorization", authorization), ("code", parameter), ("state", parameter),
                        ("owner", parameter),
                        ("same", JSONSchema.map(parameter, "by the credential that it has to be")),
                        ("lives", JSONSchema.span),
                    ], required: ["address"]),
            ], "where an owner consents")
    }

    private static var telling: JSONValue {
        JSONSchema.object(
            requestMembers + [
                ("items", PullStreamSchema.paths), ("name", JSONSchema.text("where an item has what people call it")),
                ("market", JSONSchema.text("where an item has its market")),
                ("credentials", JSONSchema.map(JSONSchema.text("where an item has it"), "by the credential")),
            ], required: ["credentials"], "what a token is asked for once")
    }

    private static var tokenRequest: JSONValue { JSONSchema.object(requestMembers, required: []) }

    private static var requestMembers: [(String, JSONValue)] {
        let templates = JSONSchema.map(JSONSchema.text("a template"), "of credentials")
        return [
            ("address", JSONSchema.text("in place of the source's")), ("get", JSONSchema.text("behind the address")),
            ("post", JSONSchema.text("behind the address")), ("query", templates), ("form", templates),
            ("json", PullStreamSchema.json), ("authorization", authorization),
        ]
    }

    private static var report: JSONValue {
        let words = JSONSchema.list(of: JSONSchema.text("a word"), "its words for that")
        let get = JSONSchema.text("behind the address, with {id} in it")
        return JSONSchema.object(
            [
                (
                    "create",
                    JSONSchema.object(
                        [
                            ("post", JSONSchema.text("behind the address")), ("json", PullStreamSchema.json),
                            ("moments", PullStreamSchema.moments), ("id", path),
                        ], required: ["post", "json", "id"])
                ),
                (
                    "look",
                    JSONSchema.object(
                        [
                            ("get", get), ("status", path), ("waiting", words), ("made", words), ("empty", words),
                            ("failed", words), ("document", path),
                        ], required: ["get", "status", "waiting", "made", "failed", "document"])
                ),
                ("fetch", JSONSchema.object([("get", get), ("url", path)], required: ["get", "url"])),
                ("valid", JSONSchema.span),
            ], required: ["create", "look", "fetch", "valid"], "how a report is asked for, waited for and fetched")
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
                (
                    "whose",
                    JSONSchema.object(
                        [("platform", codes), ("application", codes)], required: [], "whose calls they stop")
                ),
                (
                    "waits",
                    JSONSchema.map(
                        JSONSchema.text("1h, or until a time of day, 00:00+08:00"),
                        "how long, by a code that is throttled")
                ),
            ] + PullPlan.ErrorClass.allCases.map { ($0.rawValue, codes) }, required: ["at"])
    }

    private static var limit: JSONValue {
        JSONSchema.object(
            [
                ("calls", JSONSchema.integer(1...1_000_000, "so many")),
                ("points", JSONSchema.integer(1...1_000_000, "so many of what calls cost")), ("per", JSONSchema.span),
                ("burst", JSONSchema.integer(1...1_000_000, "so many at once")),
                ("of", JSONSchema.word(PullPlan.Limit.Scope.allCases.map(\.rawValue), "whose they are")),
                ("streams", JSONSchema.list(of: JSONSchema.text("a stream or report.create"), "of these together")),
                ("ours", JSONSchema.truth("the platform states none: the pack is careful")),
                (
                    "headers",
                    JSONSchema.object(
                        [
                            ("rate", JSONSchema.text("its name: how many calls a second")),
                            ("left", JSONSchema.text("its name: how many calls are left")),
                            ("again", JSONSchema.text("its name: when there are some again")),
                        ], required: [], "what an answer's head says of the limit")
                ),
                ("cost", JSONSchema.map(JSONSchema.integer(1...1_000_000, "points"), "of a call, by its stream")),
                (
                    "told",
                    JSONSchema.object(
                        [("asked", path), ("spent", path), ("left", path), ("size", path), ("rate", path)],
                        required: [], "where an answer tells of points")
                ),
            ], required: ["per"])
    }

    private static var reread: JSONValue {
        JSONSchema.object([("back", JSONSchema.span), ("every", JSONSchema.span)], required: ["back", "every"])
    }

    private static var path: JSONValue { JSONSchema.text("a path in the answer") }
}
