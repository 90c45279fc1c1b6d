package import Alerts
package import Facts

package enum SilenceBody {
    package static func json(_ silence: Silence) -> JSONValue {
        .object([
            ("id", .string(silence.id)), ("of", .string(silence.filter.words)),
            ("from", .string("\(silence.from)")), ("until", JSONValue(silence.until.map { "\($0)" })),
            ("ends", .string(silence.ends.rawValue)), ("by", .string(silence.by)),
            ("why", .string(silence.why)), ("ended_at", JSONValue(silence.endedAt.map { "\($0)" })),
            ("ended_by", JSONValue(silence.endedBy)), ("ended_why", JSONValue(silence.endedWhy)),
        ])
    }

    static let shape = Shape.object([
        .init("id", .text), .init("of", .described("the alerts it fits", .text)), .init("from", .moment),
        .init("until", .orNull(.moment)), .init("ends", .words(of: Silence.End.self)), .init("by", .text),
        .init("why", .text), .init("ended_at", .described("before its time", .orNull(.moment))),
        .init("ended_by", .described("null: nobody, as all was over, or nobody said", .orNull(.text))),
        .init("ended_why", .orNull(.text)),
    ])
}
