/// JSON as it was sent: members in their order and numbers as their text, so that what a platform signs byte by byte
/// can be looked at, and a number in quotes is told from a number.
extension JSONText {
    /// Nil when it is not one JSON value.
    init?(reading bytes: some Collection<UInt8>) {
        var reader = JSONTextReader(bytes: Array(bytes))
        guard let value = reader.value(), reader.isAtEnd else { return nil }
        self = value
    }

    func member(_ name: String) -> JSONText? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == name }?.1
    }

    /// Of a whole number without quotes.
    var wholeNumber: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(text)
    }

    var words: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var items: [JSONText]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// With every list of two or more things from the last to the first, but for lists within these things; nil: there is
    /// none.
    var reordered: JSONText? {
        switch self {
        case .object(let members):
            let others = members.map { ($0.0, $0.1.reordered) }
            guard others.contains(where: { $0.1 != nil }) else { return nil }
            return .object(zip(members, others).map { ($0.0, $1.1 ?? $0.1) })
        case .array(let elements):
            guard elements.count > 1, case .object = elements[0] else { return nil }
            return .array(elements.reversed())
        default: return nil
        }
    }

    /// With the members of every object in the order of their names.
    var sortedByName: JSONText {
        switch self {
        case .object(let members):
            .object(members.map { ($0.0, $0.1.sortedByName) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) })
        case .array(let elements): .array(elements.map(\.sortedByName))
        default: self
        }
    }
}

private struct JSONTextReader {
    let bytes: [UInt8]
    var place = 0

    var isAtEnd: Bool {
        mutating get {
            skip()
            return place == bytes.count
        }
    }

    private mutating func skip() {
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        skip()
        guard place < bytes.count, bytes[place] == character.asciiValue else { return false }
        place += 1
        return true
    }

    mutating func value() -> JSONText? {
        if take("{") { return object() }
        if take("[") { return array() }
        if take("\"") { return string().map { .string($0) } }
        let start = place
        while place < bytes.count, !Array(",]} \n\r\t".utf8).contains(bytes[place]) { place += 1 }
        switch String(decoding: bytes[start..<place], as: UTF8.self) {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case let text: return Double(text) == nil ? nil : .number(text)
        }
    }

    private mutating func object() -> JSONText? {
        var members: [(String, JSONText)] = []
        if take("}") { return .object(members) }
        repeat {
            guard take("\""), let name = string(), take(":"), let value = value() else { return nil }
            members.append((name, value))
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func array() -> JSONText? {
        var elements: [JSONText] = []
        if take("]") { return .array(elements) }
        repeat {
            guard let value = value() else { return nil }
            elements.append(value)
        } while take(",")
        return take("]") ? .array(elements) : nil
    }

    /// What follows the opening quote, up to the closing one.
    private mutating func string() -> String? {
        var result: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: result, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard place < bytes.count else { return nil }
            let escaped = bytes[place]
            place += 1
            switch escaped {
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "u"):
                guard place + 4 <= bytes.count,
                    let code = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16),
                    let scalar = UnicodeScalar(code)
                else { return nil }
                place += 4
                result += Array(String(Character(scalar)).utf8)
            default: result.append(escaped)
            }
        }
        return nil
    }
}
