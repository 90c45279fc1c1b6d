import Alerts
import Facts
import Rules

/// How the standing of a rule changed.
enum HistoryBody {
    static func json(_ change: StandingChange) -> JSONValue {
        .object([
            ("judged_at", .string("\(change.judgedAt)")), ("at", .string("\(change.at)")),
            ("before", JSONValue(change.before?.rawValue)), ("standing", .string(change.standing.rawValue)),
            ("judged_to", JSONValue(change.judgedTo)), ("limit", .string(change.limit)),
            ("values", .object(change.values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            ("because", JSONValue(change.because)), ("pack", .string(change.pack)),
            ("configuration", .string(change.configuration)),
        ])
    }

    static let shape = Shape.object([
        .init("judged_at", .described("by the clock", .moment)),
        .init("at", .described("up to when the data was complete", .moment)),
        .init("before", .described("null: it was judged for the first time", .orNull(.standing))),
        .init("standing", .standing), .init("judged_to", .orNull(.day)), .init("limit", .text),
        .init("values", .described("as they were shown", .map(.text))), .init("because", .text),
        .init("pack", .described("a digest of the pack by which it was judged", .text)),
        .init("configuration", .described("a digest of the configuration", .text)),
    ])
}
