package import Alerts
package import Facts

package enum SilenceBody {
    package static func json(_ silence: Silence) -> JSONValue {
        .object([
            ("id", .string(silence.id)), ("of", .string(words(of: silence.filter))),
            ("from", .string("\(silence.from)")), ("until", JSONValue(silence.until.map { "\($0)" })),
            ("ends", .string(silence.ends.rawValue)), ("by", .string(silence.by)),
            ("why", .string(silence.why)), ("ended_at", JSONValue(silence.endedAt.map { "\($0)" })),
        ])
    }

    /// `store=pdd-* severity=critical|major`.
    package static func words(of filter: AlertFilter) -> String {
        var parts: [String] = []
        func add(_ name: String, _ values: [String]) {
            if !values.isEmpty { parts.append("\(name)=\(values.joined(separator: "|"))") }
        }
        add("platform", filter.platforms)
        add("store", filter.stores)
        add("rule", filter.rules)
        for (name, values) in filter.labels.sorted(by: { $0.key < $1.key }) { add(name, values) }
        add("severity", filter.severities.map(\.rawValue))
        add("standing", filter.standings.map(\.rawValue))
        return parts.joined(separator: " ")
    }

    static let shape = Shape.object([
        .init("id", .text), .init("of", .described("the alerts it fits", .text)), .init("from", .moment),
        .init("until", .orNull(.moment)), .init("ends", .words(of: Silence.End.self)), .init("by", .text),
        .init("why", .text), .init("ended_at", .described("before its time", .orNull(.moment))),
    ])
}
