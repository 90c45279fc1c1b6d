import Facts
import Language
import Rules

/// A pack.
enum PackSchema {
    static var value: JSONValue {
        let declared = { (what: String) in
            JSONSchema.map(JSONSchema.text("an expression"), what, names: JSONSchema.name)
        }
        guard
            case .object(let members) = JSONSchema.object(
                [
                    ("pack", JSONSchema.pattern(JSONSchema.id, "its name")),
                    ("title", JSONSchema.words("what people call it")),
                    ("extends", JSONSchema.text("the built-in pack that it goes on from")),
                    ("timezone", JSONSchema.text("an IANA name such as Asia/Shanghai")),
                    ("currency", JSONSchema.pattern("^[A-Z]{3}$", "an ISO 4217 code")),
                    ("labels", JSONSchema.list(of: JSONSchema.text("a label"), "the labels that facts may carry")),
                    ("parameters", JSONSchema.map(parameter, "limits, windows and hold times", names: JSONSchema.name)),
                    ("windows", declared("named windows")), ("kinds", declared("parts of a kind of fact, named")),
                    ("metrics", declared("figures of a store")),
                    ("titles", JSONSchema.map(JSONSchema.words("a title"), "what people call the metrics")),
                    ("rules", JSONSchema.map(rule, "what a store must satisfy", names: JSONSchema.id)),
                    (
                        "reconcile",
                        JSONSchema.map(pair, "metrics held against what the platform shows", names: JSONSchema.name)
                    ),
                    ("source", PullPlanSchema.value),
                    ("gates", JSONSchema.map(gate, "sets of rules that decide together", names: JSONSchema.id)),
                    (
                        "first",
                        kinds(
                            JSONSchema.list(of: JSONSchema.text("a member")), "members of which the first value stands")
                    ),
                    (
                        "settles",
                        JSONSchema.any(
                            of: [JSONSchema.span, kinds(JSONSchema.span, "by kind")], "how late the platform publishes")
                    ),
                    ("places", JSONSchema.list(of: place, "where in the back end a person finds readings")),
                    (
                        "optional",
                        JSONSchema.list(
                            of: JSONSchema.word(
                                FactKind.allCases.filter { $0 != .measure }.map(\.name), "a kind"),
                            "kinds without which a store is unjudged by what reads them, and not unknown")
                    ),
                ], required: ["pack"])
        else { return .null }
        return JSONSchema.document("pack", "A pack of goodstanding", members)
    }

    private static func kinds(_ value: JSONValue, _ description: String) -> JSONValue {
        guard case .object(let members) = JSONSchema.object(FactKind.allCases.map { ($0.name, value) }, description)
        else {
            return .null
        }
        return .object(members)
    }

    private static var authority: [(String, JSONValue)] {
        [
            (
                "basis",
                JSONSchema.word(["published", "observed", "suggested", "own history"], "on whose word it rests")
            ),
            ("source", JSONSchema.text("where it is stated, and when that was read")),
        ]
    }

    private static var period: [(String, JSONValue)] { [("from", JSONSchema.day), ("until", JSONSchema.day)] }

    private static var place: JSONValue {
        JSONSchema.object(
            [
                (
                    "names",
                    JSONSchema.list(
                        of: JSONSchema.text("a measure"), "the readings that stand there; without it all the rest")
                ),
                ("place", JSONSchema.words("where a person finds them")),
                (
                    "range",
                    JSONSchema.object(
                        [
                            ("from", JSONSchema.number("the least that one can be")),
                            ("to", JSONSchema.number("the greatest")),
                        ], required: ["from", "to"], "between what they lie: what is outside is refused as a slip")
                ),
            ], required: ["place"])
    }

    private static var parameter: JSONValue {
        let row = JSONSchema.object(
            [("value", JSONSchema.text("the value"))] + period + [
                ("market", JSONSchema.text("only stores of this market")),
                ("currency", JSONSchema.pattern("^[A-Z]{3}$", "only stores of this currency")),
                ("labels", JSONSchema.map(JSONSchema.text("a value"), "only stores with these labels")),
            ] + authority, required: ["value"])
        return JSONSchema.object(
            [
                ("type", JSONSchema.word(ParameterType.allCases.map(\.rawValue), "what it holds")),
                ("title", JSONSchema.words("what people call it")),
                ("values", JSONSchema.list(of: row, "the first that fits the store and the day holds")),
                ("measure", JSONSchema.text("the measure by which the platform shows the store its limit")),
                ("place", JSONSchema.words("where in the back end a person finds it")),
            ], required: ["type"])
    }

    /// Either a condition, or a ladder and how far down it is in good standing.
    private static var rule: JSONValue {
        func required(_ names: String...) -> JSONValue { .object([("required", .array(names.map(JSONValue.string)))]) }
        return JSONSchema.object(
            members,
            and: [
                ("oneOf", .array([required("require"), required("levels")])),
                (
                    "dependentRequired",
                    .object([("levels", .array([.string("aim")])), ("aim", .array([.string("levels")]))])
                ),
            ])
    }

    private static var members: JSONValue {
        JSONSchema.object(
            [
                ("title", JSONSchema.words("what people call it")),
                ("require", JSONSchema.text("in good standing while it holds")),
                ("levels", JSONSchema.map(JSONSchema.text("a condition"), "a ladder, best first")),
                ("aim", JSONSchema.text("the lowest level in good standing")),
                ("prefer", JSONSchema.text("a warning when it does not hold")),
                ("given", JSONSchema.text("unjudged when it does not hold")), ("for", JSONSchema.span),
                (
                    "confirm",
                    JSONSchema.integer(
                        Rule.confirmations,
                        "by so many looks, each at other data, it is found outside ok before it fires")
                ), ("keep", JSONSchema.span), ("blind_limit", JSONSchema.span),
                ("previous_ids", JSONSchema.list(of: JSONSchema.text("what it was called before"))),
                (
                    "severity",
                    JSONSchema.word(Severity.allCases.map(\.rawValue), "how much it weighs; major by default")
                ),
                ("evidence", JSONSchema.text("the facts to show behind it")),
                ("consequence", JSONSchema.words("what follows from a breach")),
                ("remedy", JSONSchema.words("what helps")),
            ] + authority + period + [
                ("fresh", JSONSchema.span),
                (
                    "assessed",
                    JSONSchema.any(
                        of: [
                            JSONSchema.object(
                                [("day", JSONSchema.integer(1...28, "a day of every month"))], required: ["day"]),
                            JSONSchema.object(
                                [("weekday", JSONSchema.word(weekdays, "a day of every week"))], required: ["weekday"]),
                        ], "the days on which the platform looks")
                ),
                ("each", JSONSchema.text("judged for each value of this member, such as product or labels.category")),
                (
                    "stands_in_for",
                    JSONSchema.text("the rule for which it stands in while that one's limit is not known")
                ),
                (
                    "trust",
                    JSONSchema.word(
                        ["neither"], "unknown while a figure it rests on is another than the platform shows")
                ),
            ])
    }

    private static var pair: JSONValue {
        let amount = JSONSchema.text("a number or a percentage above 0")
        let variant = JSONSchema.object(
            [("title", JSONSchema.words("how it counts")), ("value", JSONSchema.text("an expression"))],
            required: ["title", "value"])
        return JSONSchema.object(
            JSONSchema.object(
                [
                    ("theirs", JSONSchema.text("the measure that holds what the platform shows")),
                    ("step", JSONSchema.text("how finely the platform shows it, such as 0.01%")),
                    (
                        "tolerance",
                        JSONSchema.any(
                            of: [amount, JSONSchema.object([("absolute", amount), ("relative", amount)])],
                            "how far ours may lie from theirs; the wider holds, and half a step always")
                    ),
                    ("shown_after", JSONSchema.span),
                    ("open", JSONSchema.words("what the platform leaves open about its definition")),
                    ("variants", JSONSchema.map(variant, "what it may mean as well", names: JSONSchema.id)),
                ], required: ["theirs"]),
            and: [
                (
                    "anyOf",
                    .array([
                        .object([("required", .array([.string("step")]))]),
                        .object([("required", .array([.string("tolerance")]))]),
                    ])
                ), ("dependentRequired", .object([("variants", .array([.string("open")]))])),
            ])
    }

    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    private static var gate: JSONValue {
        JSONSchema.object(
            [
                ("title", JSONSchema.words("what people call it")),
                (
                    "rules",
                    JSONSchema.object(
                        JSONSchema.list(of: JSONSchema.text("a rule"), "open when all of them are ok or in warning"),
                        and: [("minItems", .number("1"))])
                ),
            ], required: ["rules"])
    }
}
