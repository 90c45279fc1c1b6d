/// JSON that is sent: compact, members in the order of their names, as platforms sign it.
indirect enum JSONText: Sendable {
    case object([(name: String, value: JSONText)])
    case array([JSONText])
    case string(String)
    /// As it is to stand there.
    case number(String)

    var text: String {
        switch self {
        case .object(let members):
            "{"
                + members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
                .map { Self.quoted($0.name) + ":" + $0.value.text }.joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .string(let text): Self.quoted(text)
        case .number(let text): text
        }
    }

    /// With more members, where it is an object.
    func adding(_ more: [(name: String, value: JSONText)]) -> JSONText {
        guard case .object(let members) = self else { return self }
        return .object(members + more)
    }

    static func quoted(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            return "\"" + text + "\""
        }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
