package import Facts

/// What our own people know of a fact.
package enum MarkBody {
    package static func json(_ mark: Mark) -> JSONValue {
        .object([
            ("store", .string(mark.store)), ("of", .string(mark.fact.kind.name)), ("id", .string(mark.fact.id)),
            ("member", .string(mark.member.name)), ("value", .string(mark.valueText)),
            ("by", .string(mark.by)), ("why", .string(mark.why)), ("at", .string(mark.at.description)),
            ("until", JSONValue(mark.until?.description)),
            (
                "undone",
                mark.undoing.map { undoing in
                    .object([
                        ("at", .string(undoing.at.description)), ("by", .string(undoing.by)),
                        ("why", .string(undoing.why)),
                    ])
                } ?? .null
            ),
        ])
    }

    static let shape = Shape.object([
        .init("store", .text), .init("of", .kind), .init("id", .text), .init("member", .word(Mark.memberNames)),
        .init("value", .text), .init("by", .text), .init("why", .text), .init("at", .moment),
        .init("until", .orNull(.moment)),
        .init("undone", .orNull(.object([.init("at", .moment), .init("by", .text), .init("why", .text)]))),
    ])
}
