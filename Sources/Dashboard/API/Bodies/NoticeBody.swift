package import Daemon
package import Facts

/// A notice in the outbox.
package enum NoticeBody {
    package static func json(_ entry: OutboxTask.Entry) -> JSONValue {
        .object([
            ("id", .string(entry.id)), ("receiver", .string(entry.receiver)), ("store", .string(entry.store)),
            ("rule", .string(entry.rule)), ("made_at", .string("\(entry.madeAt)")),
            ("state", .string(entry.state)), ("attempts", .number("\(entry.attempts)")),
            ("at", .string("\(entry.at)")), ("because", JSONValue(entry.because)),
        ])
    }

    static let shape = Shape.object([
        .init("id", .text), .init("receiver", .text), .init("store", .text), .init("rule", .text),
        .init("made_at", .moment), .init("state", .word(OutboxTask.states)), .init("attempts", .whole),
        .init("at", .described("not before, while it is owed; else when it was taken or given up", .moment)),
        .init("because", .described("what the last attempt was answered, or why it was given up", .orNull(.text))),
    ])
}
