import Alerts
import Facts
import Ledgers

/// What could not be read, and counts nowhere.
enum QuarantineBody {
    static func json(_ fact: QuarantinedFact) -> JSONValue {
        .object([
            ("source", .string(fact.source.description)), ("position", .string(fact.position)),
            ("store", JSONValue(fact.store)), ("kind", JSONValue(fact.kind)), ("id", JSONValue(fact.id)),
            ("reason", .string(fact.reason)), ("excerpt", .string(fact.excerpt)),
            ("first_at", .string("\(fact.firstAt)")), ("at", .string("\(fact.at)")), ("times", JSONValue(fact.times)),
            ("read_well_at", JSONValue(fact.readWellAt)),
        ])
    }

    static func place(_ fact: QuarantinedFact) -> APIPlace {
        let rest = [
            fact.source.description, fact.position, fact.kind ?? "", fact.id ?? "", fact.reason, fact.excerpt,
        ]
        return APIPlace(before: fact.at, fact.store ?? "", ContentID.digest(of: rest))
    }

    static let shape = Shape.object([
        .init("source", .text), .init("position", .described("where it stood when it was last seen", .text)),
        .init("store", .described("null: it could not be told", .orNull(.text))), .init("kind", .orNull(.text)),
        .init("id", .orNull(.text)), .init("reason", .text),
        .init("excerpt", .described("what came, without what may identify a person", .text)),
        .init("first_at", .moment), .init("at", .moment), .init("times", .whole),
        .init("read_well_at", .described("since when it counts no longer", .orNull(.moment))),
    ])
}
