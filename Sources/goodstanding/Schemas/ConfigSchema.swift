import Daemon
import Facts
import Rules

/// The configuration.
enum ConfigSchema {
    static var value: JSONValue {
        guard
            case .object(let members) = JSONSchema.object(
                [
                    ("database", JSONSchema.text("sqlite:PATH")),
                    (
                        "packs",
                        JSONSchema.list(of: JSONSchema.text("a file or folder"), "packs besides the built-in ones")
                    ),
                    ("listen", JSONSchema.text("address and port of the pages")),
                    ("public_url", JSONSchema.text("the address that messages link to")),
                    ("ca_file", JSONSchema.text("a file of certificate authorities to trust")),
                    ("accounts", JSONSchema.list(of: account, "applications' keys, once for all their stores")),
                    ("stores", stores), ("feeds", JSONSchema.list(of: feed, "open ways in")),
                    ("receivers", JSONSchema.list(of: receiver, "who hears of alerts")),
                    ("inhibit", JSONSchema.list(of: inhibition, "alerts that are not told while others fire")),
                    (
                        "heartbeat",
                        JSONSchema.object(
                            [("url", JSONSchema.secret), ("every", JSONSchema.span)], required: ["url"])
                    ),
                    ("access", AccessSchema.value),
                    ("metrics", metrics),
                    (
                        "observe",
                        JSONSchema.list(
                            of: JSONSchema.text("a pack, or PACK/RULE"), "kept and shown, and told to nobody")
                    ),
                ], required: ["database", "stores"])
        else { return .null }
        return JSONSchema.document("config", "The configuration of goodstanding", members)
    }

    private static var metrics: JSONValue {
        JSONSchema.object([
            (
                "stores",
                JSONSchema.any(
                    of: [JSONSchema.truth("all, or none"), JSONSchema.text("those whose id fits; * and ?")],
                    "which stores have series of their own")
            ),
            ("labels", JSONSchema.list(of: JSONSchema.text("a label of stores"), "labels that these series bear")),
            ("limit", JSONSchema.integer(0...1_000_000, "so many stores at most; 1000 by default")),
        ])
    }

    private static var stores: JSONValue {
        JSONSchema.list(
            of: JSONSchema.any(of: [JSONSchema.text("a file or folder of entries"), addition, store]),
            "the stores that are watched")
    }

    private static var accepted: JSONValue {
        JSONSchema.object(
            [
                ("by", JSONSchema.text("who answers for it")), ("why", JSONSchema.text("the reason")),
                ("until", JSONSchema.day),
            ],
            required: ["by", "why", "until"])
    }

    private static var terms: [(String, JSONValue)] {
        [
            (
                "parameters",
                JSONSchema.map(JSONSchema.text("a value"), "the store's own values; they count as confirmed")
            ),
            (
                "confirmed",
                JSONSchema.any(
                    of: [JSONSchema.truth("of all rules"), JSONSchema.list(of: JSONSchema.text("a rule"))],
                    "suggested limits that the owner confirms")
            ),
            ("accepted", JSONSchema.map(accepted, "breaches that somebody answers for, by rule")),
        ]
    }

    /// What another file adds to an entry: a form of limits, filled in.
    private static var addition: JSONValue {
        guard
            case .object(let members) = JSONSchema.object(
                [("id", JSONSchema.text("the store"))] + terms, required: ["id"])
        else { return .null }
        return .object(members + [("minProperties", .number("2"))])
    }

    private static var store: JSONValue {
        return JSONSchema.object(
            [
                ("id", JSONSchema.text("one store")), ("match", JSONSchema.text("all whose id fits; * and ?")),
                ("name", JSONSchema.text("what people call it")), ("pack", JSONSchema.text("the pack that judges it")),
                ("timezone", JSONSchema.text("an IANA name such as Asia/Shanghai")),
                ("currency", JSONSchema.pattern("^[A-Z]{3}$", "an ISO 4217 code")),
                ("market", JSONSchema.text("a country, or the platform's own site code")),
                ("labels", JSONSchema.map(JSONSchema.text("a value"), "for matching and for people")),
            ] + terms + [
                (
                    "sources",
                    JSONSchema.object(
                        FactKind.allCases.map { ($0.name, JSONSchema.text("platform, feed:ID, file or hand")) },
                        "whose facts count")
                ),
                (
                    "marks",
                    JSONSchema.word(
                        ["shown", "counted"], "whether standings and alerts follow marks; shown by default")
                ),
                (
                    "observe",
                    JSONSchema.any(
                        of: [JSONSchema.truth("all of it"), JSONSchema.list(of: JSONSchema.text("a rule"))],
                        "alerts that are kept and shown, and told to nobody")
                ),
                ("quarantine_limit", JSONSchema.integer(0...1_000_000, "more unreadable facts make the store unknown")),
                ("endpoint", JSONSchema.text("the address of its shop, or in place of the platform's")),
                ("account", JSONSchema.pattern(JSONSchema.id, "whose credentials it shares")),
                ("credentials", JSONSchema.map(JSONSchema.secret, "as the platform names them")),
                ("every", JSONSchema.span), ("stale_after", JSONSchema.span), ("since", JSONSchema.span),
                ("expires", expires),
                ("maintenance", JSONSchema.list(of: window, "when the store is worked on")),
                ("promotions", JSONSchema.list(of: window, "when nothing but what is critical is wanted")),
                (
                    "streams",
                    JSONSchema.map(
                        JSONSchema.object([("every", JSONSchema.span)], required: ["every"]),
                        "readings that are asked for less often than the pack says")
                ),
            ], required: ["pack"])
    }

    private static var account: JSONValue {
        JSONSchema.object(
            [
                ("id", JSONSchema.pattern(JSONSchema.id, "its name")), ("pack", JSONSchema.text("of its stores")),
                ("credentials", JSONSchema.map(JSONSchema.secret, "as the platform names them")),
                ("expires", expires),
                (
                    "calls_per_second",
                    JSONSchema.integer(
                        1...10_000, "what the platform lets the application ask, where its documents state no limit")
                ),
            ], required: ["id", "pack", "credentials"])
    }

    private static var expires: JSONValue {
        JSONSchema.map(JSONSchema.day, "the day on which a credential ends, by its name; told 30, 14 and 3 days ahead")
    }

    private static var feed: JSONValue {
        JSONSchema.object(
            [
                ("id", JSONSchema.pattern(JSONSchema.id, "its name")), ("url", JSONSchema.text("where it is asked")),
                ("headers", JSONSchema.map(JSONSchema.secret, "sent with every request")), ("every", JSONSchema.span),
                ("stale_after", JSONSchema.span), ("overlap", JSONSchema.span),
                (
                    "kinds",
                    JSONSchema.list(
                        of: JSONSchema.word(FactKind.allCases.map(\.name), "a kind"), "what it declares to bring")
                ),
            ], required: ["id", "url"])
    }

    private static var receiver: JSONValue {
        let address = JSONSchema.any(
            of: [JSONSchema.secret, JSONSchema.list(of: JSONSchema.secret)], "its address, or its members'")
        let words = JSONSchema.list(of: JSONSchema.text("a word"), "a program and its arguments; no shell reads them")
        let others = ["alertmanager": address, "command": words]
        let mail = JSONSchema.text("a mail address")
        return JSONSchema.object(
            [("id", JSONSchema.pattern(JSONSchema.id, "its name"))]
                + ReceiverEntry.kinds.map { ($0, others[$0] ?? JSONSchema.secret) } + [
                    ("secret", JSONSchema.secret), ("chat", JSONSchema.text("of a bot, the chat to which it writes")),
                    ("language", JSONSchema.word(ReceiverEntry.languages, "what its people read")),
                    ("evidence", JSONSchema.word(ReceiverEntry.evidences, "how much of the facts it is shown")),
                    ("template", JSONSchema.text("a file of Mustache, in whose words its people are told")),
                    ("format", JSONSchema.word(ReceiverEntry.formats, "of a webhook, whose JSON it gets")),
                    ("from", JSONSchema.text("whose mail it is")),
                    ("to", JSONSchema.any(of: [mail, JSONSchema.list(of: mail)], "who gets the mail")),
                    ("user", JSONSchema.text("the name at the mail server")),
                    ("hold", JSONSchema.span),
                    ("fallback", JSONSchema.pattern(JSONSchema.id, "the receiver that is told when it takes nothing")),
                    ("expire", JSONSchema.span),
                    (
                        "after_outage",
                        JSONSchema.word(
                            ReceiverEntry.afterOutages, "what waited while it took nothing: one by one, or one message")
                    ),
                ] + routing, required: ["id"])
    }

    /// What a receiver wants to hear, and when.
    static var routing: [(String, JSONValue)] {
        [
            ("when", filter), ("except", filter),
            (
                "group",
                JSONSchema.object(
                    [
                        ("by", words("platform, store, rule, severity, or a label of the store")),
                        ("wait", JSONSchema.span), ("interval", JSONSchema.span),
                        ("urgent", JSONSchema.word(["immediate", "grouped"], "critical breaches go at once")),
                    ], required: ["by"])
            ),
            ("remind", JSONSchema.span), ("after", JSONSchema.span),
            ("quiet", JSONSchema.word(["daily"], "what changes once a day waits from 22:00 to 08:00")),
            ("digest", JSONSchema.text("one board a day at this hour, and nothing else: 09:00")),
            (
                "zone",
                JSONSchema.text(
                    "where quiet: and digest: hold and whose clock times in messages are by (else the store's); an IANA name such as Asia/Shanghai"
                )
            ),
        ]
    }

    private static var filter: JSONValue { JSONSchema.object(filterMembers) }

    static var filterMembers: [(String, JSONValue)] {
        [
            ("platform", words("packs")), ("store", words("stores")), ("rule", words("rules")),
            ("labels", JSONSchema.map(words("values"), "of the store")),
            ("severity", words("critical, major, minor, info", of: Severity.allCases.map(\.rawValue))),
            ("standing", words("warning, breach", of: ["warning", "breach"])),
        ]
    }

    /// One word, or a list of them.
    private static func words(_ meaning: String, of known: [String]? = nil) -> JSONValue {
        let word = known.map { JSONSchema.word($0, meaning) } ?? JSONSchema.text(meaning + "; * and ?")
        return JSONSchema.any(of: [word, JSONSchema.list(of: word, meaning)])
    }

    static var inhibition: JSONValue {
        JSONSchema.object(
            [
                ("source", filter), ("target", filter),
                ("equal", words("what both have in common: platform, store, rule, or a label")),
            ], required: ["source", "target"])
    }

    static var window: JSONValue {
        JSONSchema.object([
            ("from", JSONSchema.text("a day, or a day and a time: 2026-12-01T22:00")),
            ("until", JSONSchema.text("the same; excluded")),
            (
                "weekly",
                words(
                    "days of the week",
                    of: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
            ), ("at", JSONSchema.text("a time of day: 02:00")), ("for", JSONSchema.span),
            ("why", JSONSchema.text("the reason")),
        ])
    }
}
