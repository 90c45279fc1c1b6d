package import Alerts
package import Facts

/// A fact behind a figure.
package enum EvidenceBody {
    package static func json(_ item: EvidenceItem) -> JSONValue {
        .object([
            ("kind", .string(item.kind.name)), ("id", .string(item.id)), ("order", JSONValue(item.order)),
            ("at", .string(item.at.description)), ("leaves", JSONValue(item.leaves?.description)),
            ("contestable_until", JSONValue(item.contestableUntil?.description)),
        ])
    }

    static let shape = Shape.object([
        .init("kind", .kind), .init("id", .text), .init("order", .orNull(.text)),
        .init("at", .described("when it counts", .moment)),
        .init("leaves", .described("the first local day on which it does not count any more", .orNull(.day))),
        .init("contestable_until", .orNull(.moment)),
    ])
}

extension Shape {
    static let kind = Shape.word(FactKind.allCases.map(\.name))
}
