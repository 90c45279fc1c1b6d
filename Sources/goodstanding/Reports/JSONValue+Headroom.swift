import Facts
import Language
import Rules

extension JSONValue {
    init(_ line: Headroom) {
        self = .object([
            ("more", line.by == nil ? .number(String(line.more)) : .null), ("of", .string(line.subject)),
            ("each", line.value.map { JSONValue(.number($0)) } ?? .null), ("then", .string(line.then.rawValue)),
            ("by", line.by.map { JSONValue($0.isDuration ? .duration($0.by) : .number($0.by)) } ?? .null),
            ("part", JSONValue(line.part)), ("seen", JSONValue(line.seen?.description)),
            ("words", JSONValue(line.words)),
        ])
    }
}
