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
                    ("tests", JSONSchema.list(of: test, "each a sentence that it shows")),
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
        ])
    }

    private static var test: JSONValue {
        let moment: [(String, JSONValue)] = [
            ("at", JSONSchema.text("a day, a day with a time of day, or RFC 3339")), ("expect", expectations),
        ]
        return JSONSchema.object(
            [("test", JSONSchema.text("one sentence: what it shows")), ("store", store), ("facts", facts)] + moment + [
                ("then", JSONSchema.list(of: JSONSchema.object(moment, required: ["at", "expect"]), "later moments"))
            ], required: ["test", "at", "expect"])
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
            ("roll_off", JSONSchema.map(day, "by rule: when it stands worse without one harmful fact more")),
        ])
    }
}
