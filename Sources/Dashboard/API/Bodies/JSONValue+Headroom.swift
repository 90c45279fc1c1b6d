package import Facts
import Language
package import Rules

extension JSONValue {
    package init(_ line: Headroom) {
        self = .object([
            ("more", line.by == nil ? .number(String(line.more)) : .null), ("of", .string(line.subject)),
            ("each", line.value.map { JSONValue(.number($0)) } ?? .null), ("then", .string(line.then.rawValue)),
            ("by", line.by.map { JSONValue($0.isDuration ? .duration($0.by) : .number($0.by)) } ?? .null),
            ("part", JSONValue(line.part)), ("seen", JSONValue(line.seen?.description)),
            ("words", JSONValue(line.words)),
        ])
    }
}

extension Shape {
    static let headroom = Shape.object([
        .init("more", .described("so many more of it", .orNull(.number))), .init("of", .text),
        .init("each", .orNull(.number)), .init("then", .standing),
        .init("by", .described("where it is no count: by so much", .orNull(.number))), .init("part", .orNull(.text)),
        .init("seen", .orNull(.text)), .init("words", .orNull(.inBothTongues)),
    ])
    static let standing = Shape.words(of: Standing.self)
}
