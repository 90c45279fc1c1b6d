package import Alerts
package import Daemon
package import Facts
import Rules

/// Alerts: as they are listed, and one with all that is known of it.
package enum AlertBody {
    package static func json(_ listed: AlertsTask.Listed) -> JSONValue {
        let alert = listed.alert
        return .object([
            ("store", .string(alert.key.store)), ("rule", .string(alert.key.rule)),
            ("episode", .string(alert.episode)), ("state", .string(alert.state.rawValue)),
            ("standing", .string(alert.standing.rawValue)),
            ("announced", JSONValue(alert.announced?.rawValue)), ("blind", .bool(alert.isBlind)),
            ("since", .string("\(alert.since)")), ("fired_at", JSONValue(alert.firedAt.map { "\($0)" })),
            ("reason", JSONValue(alert.reason?.rawValue)), ("observed", .bool(listed.isObserved)),
            ("told", JSONValue(alert.told?.rawValue)), ("flapping", .bool(alert.flapping.isHeld)),
            ("silenced", .bool(listed.isSilenced)), ("in_outage", .bool(listed.isSpokenFor)),
        ])
    }

    package static func json(_ shown: AlertsTask.Shown) -> JSONValue {
        let alert = shown.alert
        return .object([
            ("store", .string(alert.key.store)), ("rule", .string(alert.key.rule)),
            ("episode", .string(alert.episode)), ("state", .string(alert.state.rawValue)),
            ("standing", .string(alert.standing.rawValue)), ("announced", JSONValue(alert.announced?.rawValue)),
            ("blind", .bool(alert.isBlind)), ("since", .string("\(alert.since)")),
            ("limit", .string(alert.outside.limit)), ("confirmed", .number("\(alert.confirmed)")),
            (
                "acknowledged",
                shown.word.map { word in
                    .object([
                        ("by", .string(word.by)), ("why", .string(word.why)), ("at", .string("\(word.at)")),
                        ("until", JSONValue(word.until.map { "\($0)" })),
                    ])
                } ?? .null
            ),
            ("silences", .array(shown.silences.map { .string($0.id) })),
            ("events", .array(shown.events.map(EventBody.json))), ("told", .array(shown.told.map(json))),
        ])
    }

    /// What a receiver was to hear.
    package static func json(_ told: AlertsTask.Told) -> JSONValue {
        .object([
            ("receiver", .string(told.receiver)), ("event", .string(told.event.rawValue)),
            ("made_at", .string("\(told.madeAt)")), ("outcome", .string(told.outcome.rawValue)),
            ("cause", JSONValue(told.cause)), ("because", JSONValue(told.because)), ("notice", JSONValue(told.notice)),
            ("attempts", .number("\(told.attempts)")), ("settled_at", JSONValue(told.settledAt.map { "\($0)" })),
            ("answer", JSONValue(told.answer)),
        ])
    }

    private static let head: [Shape.Member] = [
        .init("store", .text), .init("rule", .described("a rule of the pack, or what of the data: `health:…`", .text)),
        .init("episode", .described("one stay outside ok, from its beginning to its end", .text)),
        .init("state", .words(of: Alert.State.self)), .init("standing", .standing),
        .init("announced", .described("as it was told", .orNull(.standing))),
        .init("blind", .described("there is no fresh data: its clocks stand", .truth)), .init("since", .moment),
    ]

    static let listedShape = Shape.object(
        head + [
            .init("fired_at", .orNull(.moment)), .init("reason", .orNull(.text)),
            .init("observed", .described("nobody is told of it", .truth)), .init("told", .orNull(.text)),
            .init("flapping", .described("it comes and goes, and is held as firing", .truth)),
            .init("silenced", .described("by somebody's word, for a time", .truth)),
            .init("in_outage", .described("one alert speaks for it and others of its source", .truth)),
        ])

    static let shape = Shape.object(
        head + [
            .init("limit", .text),
            .init("confirmed", .described("how many looks at fresh data found it outside, towards `confirm:`", .whole)),
            .init(
                "acknowledged",
                .described(
                    "who looks after it",
                    .orNull(
                        .object([
                            .init("by", .text), .init("why", .text), .init("at", .moment),
                            .init("until", .orNull(.moment)),
                        ])))), .init("silences", .described("ids of those in force that fit it", .list(.text))),
            .init("events", .list(.named("Event"))),
            .init(
                "told",
                .described(
                    "what receivers were to hear of it, and what came of it",
                    .list(
                        .object([
                            .init("receiver", .text), .init("event", .text), .init("made_at", .moment),
                            .init("outcome", .text), .init("cause", .orNull(.text)), .init("because", .orNull(.text)),
                            .init("notice", .orNull(.text)), .init("attempts", .whole),
                            .init("settled_at", .orNull(.moment)), .init("answer", .orNull(.text)),
                        ])))),
        ])
}
