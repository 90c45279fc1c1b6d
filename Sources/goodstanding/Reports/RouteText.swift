import Daemon
import Facts
import Rules

/// Who would hear of an alert.
enum RouteText {
    static func text(_ lines: [RouteTask.Line]) -> String {
        let tongue = Tongue.current
        guard !lines.isEmpty else { return tongue("the configuration has no receiver\n", "配置中没有接收方\n") }
        return lines.map { line in
            let standings = line.standings.map { tongue($0.title) }.joined(separator: tongue(", ", "、"))
            let head = "\(line.receiver) (\(line.kind))" + (standings.isEmpty ? "" : ": \(standings)")
            return ([head] + line.words.map { "  " + tongue($0) }).joined(separator: "\n") + "\n"
        }.joined()
    }

    static func json(_ lines: [RouteTask.Line]) -> String {
        JSONValue.array(
            lines.map { line in
                .object([
                    ("receiver", .string(line.receiver)), ("kind", .string(line.kind)),
                    ("standings", .array(line.standings.map { .string($0.rawValue) })),
                    ("words", .array(line.words.map { JSONValue($0) })),
                ])
            }
        ).text + "\n"
    }
}
