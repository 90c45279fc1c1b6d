package import Daemon
import Facts

/// The audit for programs.
package enum AuditJSON {
    package static func text(_ entries: [AuditTask.Entry]) -> String {
        JSONValue.array(entries.map(value)).text + "\n"
    }

    private static func value(_ entry: AuditTask.Entry) -> JSONValue {
        .object([
            ("number", .number("\(entry.number)")), ("at", .string("\(entry.at)")), ("who", .string(entry.who)),
            ("way", .string(entry.way)), ("act", .string(entry.act)), ("store", JSONValue(entry.store)),
            ("subject", .string(entry.subject)), ("why", .string(entry.why)),
            ("details", .array(entry.details.map { JSONValue($0) })), ("before", .string(entry.before)),
            ("digest", .string(entry.digest)),
        ])
    }

    package static func text(_ verdict: AuditTask.Verdict) -> String {
        JSONValue.object([
            ("entries", .number("\(verdict.count)")), ("digest", .string(verdict.digest)),
            ("fault", JSONValue(verdict.fault)),
        ]).text + "\n"
    }
}
