import Daemon
import Facts

/// A map of an export.
enum MapSchema {
    static var value: JSONValue {
        guard
            case .object(let members) = JSONSchema.object(
                [
                    ("map", JSONSchema.pattern(JSONSchema.id, "its name")),
                    ("title", JSONSchema.words("what people call the export")),
                    ("pack", JSONSchema.text("the platform whose it is")),
                    ("source", JSONSchema.text("where its form is described, and when that was read")),
                    ("file", file), ("zone", zone), ("dates", dates),
                    (
                        "numbers",
                        JSONSchema.object([
                            ("decimal", JSONSchema.text("what parts whole from decimals; . by default")),
                            ("thousands", JSONSchema.text("what parts groups of three digits; nothing by default")),
                        ])
                    ),
                    ("missing", texts("what stands for nothing, in place of - -- — N/A null")), ("store", store),
                    ("covers", covers), ("facts", JSONSchema.list(of: fact, "what a row becomes")),
                    (
                        "readings",
                        JSONSchema.object(
                            [
                                ("at", term("the moment that they hold for")),
                                (
                                    "values",
                                    JSONSchema.map(
                                        JSONSchema.any(of: [
                                            term("the column or label"),
                                            JSONSchema.object([
                                                ("reading", term("of its value")),
                                                ("expected", term("of what that is held against")),
                                            ]),
                                        ]), "for each measure where its value stands")
                                ),
                            ], required: ["at", "values"])
                    ),
                ], required: ["map", "file"])
        else { return .null }
        return JSONSchema.document("map", "A map of goodstanding", members)
    }

    private static var file: JSONValue {
        JSONSchema.object(
            [
                ("format", JSONSchema.word(["csv", "tsv", "xlsx", "page"], "how it is written")),
                (
                    "encoding",
                    JSONSchema.word(
                        MapsTask.encodings, "how its characters are written; a mark in the file goes before")
                ),
                ("delimiter", JSONSchema.text("what divides fields, of csv; or tab")),
                (
                    "short_rows",
                    JSONSchema.truth("rows may lack their last fields where these are empty, of csv and tsv")
                ),
                ("sheet", JSONSchema.text("the sheet of a workbook; the first by default")),
            ], required: ["format"])
    }

    private static let zone = JSONSchema.text("the zone of times without an offset; the store's by default")

    private static var dates: JSONValue {
        texts(
            "how dates are written, such as dd/MM/yyyy HH:mm, rfc3339, unix; without it only dates with their year first"
        )
    }

    private static func texts(_ description: String) -> JSONValue {
        JSONSchema.any(of: [JSONSchema.text("one"), JSONSchema.list(of: JSONSchema.text("one of them"))], description)
    }

    private static func term(_ description: String) -> JSONValue {
        JSONSchema.any(
            of: [texts("a column, or several of which the first counts that is there"), origin], description)
    }

    private static var origin: JSONValue {
        JSONSchema.object([
            ("column", texts("a column, or several of which the first counts that is there")),
            ("optional", JSONSchema.truth("the file may lack the column")),
            ("value", JSONSchema.text("the same for all rows")),
            ("text", JSONSchema.text("text with columns put in: {订单号}-{SKU}")),
            ("modified", JSONSchema.truth("when the file was last changed")),
            ("words", JSONSchema.map(JSONSchema.text("the facts' word, or missing"), "for each of the file's words")),
            ("else", JSONSchema.text("the facts' word, or missing, for all others")), ("dates", dates), ("zone", zone),
            ("unit", texts("what stands before or behind the number")),
            ("times", JSONSchema.integer(1...1_000_000, "by which the number is multiplied")),
            ("divide", JSONSchema.integer(1...1_000_000_000, "by which the number is divided")),
        ])
    }

    private static var store: JSONValue {
        JSONSchema.any(
            of: [
                texts("the column of the store's id"),
                JSONSchema.object([
                    ("column", texts("the column")), ("value", JSONSchema.text("the store's id")),
                    ("text", JSONSchema.text("text with columns put in")),
                    ("words", JSONSchema.map(JSONSchema.text("the store's id"), "for each of the file's words")),
                    ("else", JSONSchema.text("the store's id for all others")),
                    ("named", JSONSchema.truth("what stands there is the store's name in the configuration")),
                ]),
                JSONSchema.object(
                    [("file", JSONSchema.text("the file's name, with {store} in it: refunds_{store}_*.csv"))],
                    required: ["file"]),
            ], "whose a row is; without it --store says it")
    }

    private static var covers: JSONValue {
        JSONSchema.any(
            of: [
                JSONSchema.word(["none"], "it proves nothing"),
                JSONSchema.object([
                    ("kinds", JSONSchema.list(of: JSONSchema.word(FactKind.allCases.map(\.name), "a kind"))),
                    ("file", JSONSchema.text("the file's name, with {from} and {until} in it")),
                    ("text", JSONSchema.text("the text above the header, with {from} and {until} in it")),
                    ("from", JSONSchema.day), ("until", JSONSchema.day),
                    ("days", JSONSchema.integer(1...3660, "so many days that end with until")), ("dates", dates),
                ]),
            ], "what is complete once it is read; without it all until the file was last changed")
    }

    private static var fact: JSONValue {
        let members = Set(FactKind.allCases.flatMap { Schema[$0].members.map(\.name) }).sorted()
        let conditions = JSONSchema.map(texts("what the column holds"), "columns")
        return JSONSchema.object(
            [
                ("kind", JSONSchema.word(FactKind.allCases.map(\.name), "its kind")),
                ("id", term("by which it is known")),
                ("updated_at", term("when the source last changed it")), ("when", conditions), ("unless", conditions),
                ("members", JSONSchema.object(members.map { ($0, term("where its value stands")) })),
                ("labels", JSONSchema.map(term("where its text stands"), "labels that the pack allows")),
            ], required: ["kind", "id"])
    }
}
