package import Alerts
package import Facts
import Rules

/// What happened to an alert.
package enum EventBody {
    package static func json(_ event: AlertEvent) -> JSONValue {
        .object([
            ("at", .string("\(event.at)")), ("store", .string(event.key.store)), ("rule", .string(event.key.rule)),
            ("episode", .string(event.episode)), ("event", .string(event.kind.rawValue)),
            ("standing", .string(event.standing.rawValue)), ("reason", .string(event.reason.rawValue)),
            ("since", .string("\(event.since)")), ("judged_to", JSONValue(event.judgedTo.map { "\($0)" })),
            ("turned_by", JSONValue(event.turning?.rawValue)),
        ])
    }

    static let shape = Shape.object([
        .init("at", .moment), .init("store", .text), .init("rule", .text), .init("episode", .text),
        .init("event", .text), .init("standing", .standing), .init("reason", .text), .init("since", .moment),
        .init("judged_to", .orNull(.day)),
        .init(
            "turned_by",
            .described(
                "of an end that was `cleared`: `news`, what came did it, or `both`, what came and what left; null where that is not known",
                .orNull(.text))),
    ])
}
