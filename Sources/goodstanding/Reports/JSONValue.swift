import Facts
import Language
import Rules

/// JSON as reports write it: members in the order given, numbers as they are written.
indirect enum JSONValue {
    case null
    case bool(Bool)
    /// As its shortest round-trip text.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([(String, JSONValue)])

    init(_ value: Value) {
        switch value {
        case .missing: self = .null
        case .number(let fraction): self = .number(fraction.description)
        case .duration(let microseconds):
            self = microseconds.divided(by: Fraction(1_000_000)).map { .number($0.description) } ?? .null
        case .time(let moment): self = .string(moment.description)
        case .bool(let truth): self = .bool(truth)
        case .word(let text), .string(let text): self = .string(text)
        }
    }

    init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }
    init(_ words: Words?) { self = words.map { .object([("en", .string($0.en)), ("zh", .string($0.zh))]) } ?? .null }

    init(_ line: Headroom) {
        self = .object([
            ("more", line.by == nil ? .number(String(line.more)) : .null), ("of", .string(line.subject)),
            ("each", line.value.map { JSONValue(.number($0)) } ?? .null), ("then", .string(line.then.rawValue)),
            ("by", line.by.map { JSONValue($0.isDuration ? .duration($0.by) : .number($0.by)) } ?? .null),
            ("part", JSONValue(line.part)), ("seen", JSONValue(line.seen?.description)),
            ("words", JSONValue(line.words)),
        ])
    }

    var text: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let truth): bytes += (truth ? "true" : "false").utf8
        case .number(let text): bytes += text.utf8
        case .string(let text): bytes.append(jsonString: text)
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                item.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(jsonString: member.0)
                bytes.append(UInt8(ascii: ":"))
                member.1.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
