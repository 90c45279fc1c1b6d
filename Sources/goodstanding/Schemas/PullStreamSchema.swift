import Facts
import Rules

/// A stream of a pack's source, and how its items become facts.
enum PullStreamSchema {
    static func stream(isDetail: Bool) -> JSONValue {
        let templates = JSONSchema.map(
            JSONSchema.text("a template"),
            "of {from}, {since}, {until}, {page}, {cursor}, {item}, {items}, {known_as}, credentials"
        )
        var members: [(String, JSONValue)] = [
            ("get", JSONSchema.text("behind the address")), ("post", JSONSchema.text("behind the address")),
            ("query", templates), ("form", templates), ("json", json),
            ("moments", JSONSchema.any(of: [moments])), ("items", paths), ("window", JSONSchema.span),
            ("authorization", PullPlanSchema.authorization),
            (
                "facts",
                JSONSchema.list(
                    of: JSONSchema.any(of: [JSONSchema.text("one of source.facts"), anyMapping]), "what an item becomes"
                )
            ),
        ]
        if isDetail {
            members += [
                ("total", JSONSchema.text("where the count of all is: fewer are refused")),
                ("pages", pages), ("count", count), ("optional", optional),
                ("extra", JSONSchema.truth("of what only adds: the facts stand without it where it is refused")),
                (
                    "adds",
                    JSONSchema.list(
                        of: JSONSchema.any(
                            of: [JSONSchema.text("one of source.facts, without its id")]
                                + FactKind.allCases.filter { $0 != .measure }.map(addition)),
                        "what is added to the item's own facts of that kind")
                ),
            ]
        } else {
            members += [
                ("report", report),
                ("pages", pages), ("every", JSONSchema.span),
                ("markets", JSONSchema.list(of: JSONSchema.text("a market"), "only of stores of these")),
                (
                    "open",
                    JSONSchema.object(
                        [
                            ("by", JSONSchema.word(["order", "case"], "whose number {item} is")),
                            ("after", JSONSchema.span), ("until", JSONSchema.span),
                            (
                                "types",
                                JSONSchema.list(
                                    of: JSONSchema.word(Schema[.refund].words(of: "type"), "of a refund"), "only these")
                            ),
                            (
                                "status",
                                JSONSchema.list(
                                    of: JSONSchema.word(PullPlan.OpenCases.unfinished, "of a refund"), "only these")
                            ),
                        ],
                        required: ["by"], "asked once for each case that is known and open")
                ),
                ("instead", JSONSchema.text("an optional list before it: asked while that is withheld or not known")),
                ("again", JSONSchema.span), ("reach", JSONSchema.span),
                ("count", count), ("optional", optional),
                ("whole", JSONSchema.list(of: whole, "lists in an order that name all its facts of a kind")),
                (
                    "list",
                    JSONSchema.map(JSONSchema.list(of: JSONSchema.text("a value"), "asked once for each"), "its name")
                ),
                (
                    "only",
                    JSONSchema.word(PullPlan.Turn.allCases.map(\.rawValue), "while the first pull is not finished")
                ),
                (
                    "details",
                    JSONSchema.object(
                        [
                            ("of", JSONSchema.text("only of items that have something here")),
                            ("where", conditions), ("unless", conditions), ("all", conditions), ("skip", conditions),
                            ("item", id), ("known_as", id),
                            ("batch", JSONSchema.integer(1...1000, "so many ids to a question")),
                            ("streams", JSONSchema.map(stream(isDetail: true), "one page each")),
                        ], required: ["item", "streams"])
                ),
            ]
        }
        return JSONSchema.object(members, required: isDetail ? [] : ["facts"])
    }

    /// Paths, of which one says 0 where the list may be left out.
    private static var count: JSONValue { paths }

    private static var optional: JSONValue {
        JSONSchema.any(
            of: [
                JSONSchema.truth("where the platform does not give it the others go on"),
                JSONSchema.object(
                    [
                        ("right", JSONSchema.text("lists with the same are withheld together")),
                        ("spares", JSONSchema.list(of: JSONSchema.text("a metric"), "it rests on other lists")),
                        ("why", JSONSchema.words("which right is lacking")),
                    ], "other lists vouch for its kinds"),
                JSONSchema.object(
                    [("else", JSONSchema.text("the list that tells the same, asked where this one is not known"))],
                    required: ["else"]),
            ])
    }

    private static var whole: JSONValue {
        let kinds = FactKind.allCases.filter { $0 != .order && $0.belongsToOrder }
        return JSONSchema.object(
            [
                ("kind", JSONSchema.word(kinds.map(\.name), "of the facts")),
                ("each", JSONSchema.text("a list in the item")), ("id", terms),
            ], required: ["kind", "each", "id"])
    }

    private static var report: JSONValue {
        JSONSchema.object(
            [
                ("type", JSONSchema.text("as the platform calls it")),
                ("format", JSONSchema.word(PullPlan.Report.Format.allCases.map(\.rawValue), "of its document")),
                ("timed", JSONSchema.truth("about a stretch of time that is asked for; true by default")),
            ], required: ["type", "format"])
    }

    private static var id: JSONValue {
        JSONSchema.any(
            of: [
                JSONSchema.text("where the id is by which an item is asked for, or known"),
                JSONSchema.object([
                    ("path", JSONSchema.text("a path in the item")), ("template", JSONSchema.text("with {path} in it")),
                    ("between", between),
                ]),
            ])
    }

    private static var between: JSONValue {
        JSONSchema.list(of: JSONSchema.text("a text, empty for the end"), "two: what stands before and behind")
    }

    /// Anything: what it holds is the platform's.
    static var json: JSONValue { .object([("description", .string("the JSON that is sent"))]) }

    static var paths: JSONValue {
        JSONSchema.any(
            of: [
                JSONSchema.text("a path in the answer"),
                JSONSchema.list(of: JSONSchema.text("a path"), "the first that is there"),
            ])
    }

    static var moments: JSONValue {
        JSONSchema.word(PullPlan.Moments.allCases.map(\.rawValue), "how moments are written; rfc3339 by default")
    }

    private static var pages: JSONValue {
        JSONSchema.any(
            of: [
                JSONSchema.object(
                    [
                        ("number", JSONSchema.integer(0...1, "of the first page; an empty one is the last")),
                        ("more", JSONSchema.text("where it is told whether there are more")),
                        (
                            "header",
                            JSONSchema.text("the field of an answer's head that tells how many pages there are")
                        ),
                        ("total", paths), ("size", JSONSchema.integer(1...100_000, "how many items a page has")),
                        ("backwards", JSONSchema.truth("from the last page to the first")),
                    ], required: ["number"]),
                JSONSchema.object(
                    [
                        ("offset", JSONSchema.integer(0...0, "{page} is how many items came before")),
                        ("total", paths),
                    ], required: ["offset"]),
                JSONSchema.object([("link", JSONSchema.text("where the next address is"))], required: ["link"]),
                JSONSchema.object([("query", JSONSchema.text("where the next query is"))], required: ["query"]),
                JSONSchema.object(
                    [
                        ("cursor", JSONSchema.text("where the next cursor is")),
                        ("ends", JSONSchema.list(of: JSONSchema.text("a text"), "cursors that say it was all")),
                        ("first", JSONSchema.text("of the first page; without it none is sent there")),
                        ("more", JSONSchema.text("where it is told whether there are more")),
                    ], required: ["cursor"]),
            ], "how an answer goes on; without it all comes in one")
    }

    static var anyMapping: JSONValue { JSONSchema.any(of: FactKind.allCases.map(mapping)) }

    private static func mapping(_ kind: FactKind) -> JSONValue {
        JSONSchema.object(
            [
                ("kind", JSONSchema.word([kind.name], "of the fact")),
                ("each", JSONSchema.text("a list in the item; lines[].refunds for lists in its elements")),
                ("where", conditions), ("unless", conditions), ("all", conditions), ("id", terms),
                ("updated_at", terms),
                ("labels", JSONSchema.map(terms, "by their names")),
                ("needs", JSONSchema.list(of: JSONSchema.text("a member"), "without any of it it is no fact")),
            ] + Schema[kind].members.map { ($0.name, terms) },
            required: kind == .measure ? ["kind", "name", "at", "value"] : ["kind", "id"])
    }

    private static func addition(_ kind: FactKind) -> JSONValue {
        JSONSchema.object(
            [
                ("kind", JSONSchema.word([kind.name], "of the fact")), ("where", conditions), ("unless", conditions),
                ("all", conditions), ("updated_at", terms),
            ] + Schema[kind].members.map { ($0.name, terms) }, required: ["kind"])
    }

    private static var conditions: JSONValue {
        JSONSchema.map(
            JSONSchema.list(of: JSONSchema.text("a text"), "an empty one for what is not there"),
            "paths and the texts that stand there")
    }

    private static var terms: JSONValue {
        JSONSchema.any(of: [term, JSONSchema.list(of: term, "the first that gives a value")])
    }

    private static var term: JSONValue {
        let written = JSONSchema.any(of: [moments, JSONSchema.list(of: moments, "the first that fits")])
        return JSONSchema.any(
            of: [
                JSONSchema.text("a path in the item; ^ for the one that holds it"),
                JSONSchema.object([
                    ("path", JSONSchema.text("a path in the item")), ("value", JSONSchema.text("always this")),
                    ("template", JSONSchema.text("with {path} in it")),
                    ("item", JSONSchema.truth("the id of the item that was asked for")),
                    ("sum", JSONSchema.text("of all that stand there; charges[].amount")),
                    ("now", JSONSchema.truth("when the pull began")),
                    (
                        "each",
                        JSONSchema.text("a list: told of each element, of which the first that gives a value counts")
                    ),
                    ("between", between), ("moments", written),
                    ("words", JSONSchema.map(JSONSchema.text("ours"), "by the platform's words")),
                    ("prefix", JSONSchema.integer(1...100, "only so many characters from its beginning")),
                    ("otherwise", JSONSchema.word(["none"], "other words are no value")),
                    ("absolute", JSONSchema.truth("without its sign")),
                    ("shift", JSONSchema.integer(0...9, "the point so many places to the left")),
                    (
                        "divisor",
                        JSONSchema.any(of: [
                            JSONSchema.text("where a power of ten stands by which it is divided"),
                            JSONSchema.integer(2...1_000_000, "by which it is divided, to six places"),
                        ])
                    ),
                    ("only", JSONSchema.word(PullPlan.Turn.allCases.map(\.rawValue), "when it is read the first time")),
                    ("where", conditions), ("unless", conditions), ("all", conditions),
                ]),
            ])
    }
}
