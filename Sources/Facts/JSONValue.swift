/// JSON as reports and answers write it: members in the order given, numbers as they are written.
package indirect enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// As its shortest round-trip text.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([(String, JSONValue)])

    package init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }
    package init(_ words: Words?) {
        self = words.map { .object([("en", .string($0.en)), ("zh", .string($0.zh))]) } ?? .null
    }

    package var text: String {
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
