import Alerts
import Facts
import Rules

/// Tests of a pack.
enum TestSchema {
    static var value: JSONValue {
        guard
            case .object(let members) = JSONSchema.object(
                [
                    ("pack", JSONSchema.text("the pack under test")), ("store", store), ("facts", facts),
                    (
                        "receivers",
                        JSONSchema.list(of: receiver, "who is to hear, as in the configuration, without addresses")
                    ),
                    (
                        "inhibit",
                        JSONSchema.list(of: ConfigSchema.inhibition, "alerts that are not told while others fire")
                    ),
                    ("silences", silences), ("tests", JSONSchema.list(of: test, "each a sentence that it shows")),
                ], required: ["pack", "tests"])
        else { return .null }
        return JSONSchema.document("test", "Tests of a pack of goodstanding", members)
    }

    private static let facts = JSONSchema.list(
        of: JSONSchema.text("facts in few words, such as: 40 paid orders a day for 30 days"),
        "what is known at every moment")

    private static var store: JSONValue {
        JSONSchema.object([
            ("timezone", JSONSchema.text("an IANA name")), ("currency", JSONSchema.text("an ISO 4217 code")),
            ("market", JSONSchema.text("a country, or the platform's own site code")),
            ("labels", JSONSchema.map(JSONSchema.text("a value"), "the store's labels")),
            ("parameters", JSONSchema.map(JSONSchema.text("a value"), "the store's own values")),
            ("confirmed", JSONSchema.truth("the owner confirms all suggested limits")),
            ("maintenance", JSONSchema.list(of: ConfigSchema.window, "when the store is worked on")),
            ("promotions", JSONSchema.list(of: ConfigSchema.window, "when nothing but what is critical is wanted")),
        ])
    }

    private static var test: JSONValue {
        let moment: [(String, JSONValue)] = [
            ("at", JSONSchema.text("a day, a day with a time of day, or RFC 3339")), ("expect", expectations),
        ]
        return JSONSchema.object(
            [
                ("test", JSONSchema.text("one sentence: what it shows")), ("store", store), ("facts", facts),
                ("silences", silences),
            ]
                + moment + [
                    (
                        "then",
                        JSONSchema.list(of: JSONSchema.object(moment, required: ["at", "expect"]), "later moments")
                    )
                ], required: ["test", "at", "expect"])
    }

    private static var receiver: JSONValue {
        JSONSchema.object(
            [
                ("id", JSONSchema.pattern(JSONSchema.id, "its name")),
                (
                    "kind",
                    JSONSchema.word(ReceiverKind.allCases.map(\.rawValue), "how it is spoken to; a webhook by default")
                ),
            ] + ConfigSchema.routing, required: ["id"])
    }

    private static var silences: JSONValue {
        let moment = JSONSchema.text("a day, a day with a time of day, or RFC 3339")
        return JSONSchema.list(
            of: JSONSchema.object(
                ConfigSchema.filterMembers + [
                    ("from", moment), ("until", moment),
                    (
                        "ends",
                        JSONSchema.word(
                            Silence.End.allCases.map(\.rawValue), "by time, once it is over, or when it grows worse")
                    ),
                ], required: ["from"]), "what somebody does not want to hear of")
    }

    private static var told: JSONValue {
        let event = JSONSchema.text("an event and a rule: firing late-shipment")
        let message = JSONSchema.any(of: [event, JSONSchema.list(of: event, "several in one message")])
        return JSONSchema.any(of: [JSONSchema.word(["none"], "nothing"), JSONSchema.list(of: message, "messages")])
    }

    private static var expectations: JSONValue {
        let standings = JSONSchema.word(Standing.allCases.map(\.rawValue), "a standing")
        let day = JSONSchema.any(of: [JSONSchema.day, JSONSchema.word(["never"], "on no day")])
        return JSONSchema.object([
            ("standing", standings), ("rules", JSONSchema.map(standings, "by rule")),
            ("values", JSONSchema.map(JSONSchema.text("a number, 3%, 3/1000, missing, or a word"), "by metric")),
            (
                "gates",
                JSONSchema.map(JSONSchema.word(["open", "closed", "unknown"], "a gate's state"), "by gate")
            ),
            (
                "alerts",
                JSONSchema.map(
                    JSONSchema.word(["none", "pending", "firing", "recovering", "resolved"], "an alert's state"),
                    "by rule")
            ),
            (
                "reconcile",
                JSONSchema.map(
                    JSONSchema.word(["agrees", "differs", "unknown", "unread"], "ours beside theirs"), "by metric")
            ),
            ("levels", JSONSchema.map(JSONSchema.text("a level"), "by rule")),
            (
                "headroom",
                JSONSchema.map(
                    JSONSchema.map(
                        JSONSchema.any(of: [
                            JSONSchema.integer(1...1_000_000, "so many more"),
                            JSONSchema.word(["never"], "however many"),
                        ]), "by metric, or METRIC of SCORE"), "by rule")
            ),
            ("recovery", JSONSchema.map(day, "by rule: when it is well again")),
            ("forecast", JSONSchema.map(day, "by rule: when it stands worse if all goes on")),
            ("told", JSONSchema.map(told, "by receiver: what it was told since the moment before")),
            ("roll_off", JSONSchema.map(day, "by rule: when it stands worse without one harmful fact more")),
        ])
    }
}
