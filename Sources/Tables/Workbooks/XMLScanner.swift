/// The elements and texts of an XML document, one after the other: as much of XML as workbooks hold.
///
/// Names lose their prefix (`x:row` is `row`). Comments, processing instructions and doctypes are passed over, so that no
/// entity but the five of XML and characters by number is ever replaced.
struct XMLScanner {
    enum Event: Equatable {
        case start(String, [String: String])
        case end(String)
        case text(String)
    }

    private let bytes: [UInt8]
    private var position = 0
    /// Of `<a/>`, which begins and ends.
    private var pending: String?

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// nil at the end, and where it is no XML any more.
    mutating func next() -> Event? {
        if let name = pending {
            pending = nil
            return .end(name)
        }
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else {
                let start = position
                position = index(of: UInt8(ascii: "<"), from: position) ?? bytes.count
                return .text(Self.unescaped(bytes[start..<position]))
            }
            if has("<![CDATA[") {
                let start = position + 9
                guard let end = index(of: "]]>", from: start) else { return nil }
                position = end + 3
                return .text(String(decoding: bytes[start..<end], as: UTF8.self))
            }
            if has("<!--") {
                guard let end = index(of: "-->", from: position) else { return nil }
                position = end + 3
            } else if has("<?") || has("<!") {
                guard let end = index(of: UInt8(ascii: ">"), from: position) else { return nil }
                position = end + 1
            } else {
                return tag()
            }
        }
        return nil
    }

    private mutating func tag() -> Event? {
        let isEnd = position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "/")
        position += isEnd ? 2 : 1
        let name = name()
        guard !name.isEmpty else { return nil }
        var attributes: [String: String] = [:]
        while position < bytes.count {
            skipBlanks()
            guard position < bytes.count else { return nil }
            if bytes[position] == UInt8(ascii: ">") {
                position += 1
                return isEnd ? .end(name) : .start(name, attributes)
            }
            if bytes[position] == UInt8(ascii: "/") {
                position += 1
                guard position < bytes.count, bytes[position] == UInt8(ascii: ">") else { return nil }
                position += 1
                pending = name
                return .start(name, attributes)
            }
            let key = self.name()
            skipBlanks()
            guard !key.isEmpty, position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return nil }
            position += 1
            skipBlanks()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'"),
                let end = index(of: bytes[position], from: position + 1)
            else { return nil }
            attributes[key] = Self.unescaped(bytes[(position + 1)..<end])
            position = end + 1
        }
        return nil
    }

    /// Up to a blank or a sign, without what stands before its colon.
    private mutating func name() -> String {
        var start = position
        while position < bytes.count, bytes[position] > 0x20, !"=/>\"'<".utf8.contains(bytes[position]) {
            if bytes[position] == UInt8(ascii: ":") { start = position + 1 }
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    }

    private func has(_ text: StaticString) -> Bool {
        text.utf8CodeUnitCount <= bytes.count - position
            && (0..<text.utf8CodeUnitCount).allSatisfy { bytes[position + $0] == text.utf8Start[$0] }
    }

    private func index(of byte: UInt8, from start: Int) -> Int? {
        bytes[min(start, bytes.count)...].firstIndex(of: byte)
    }

    private func index(of text: String, from start: Int) -> Int? {
        let sought = Array(text.utf8)
        var at = start
        while at + sought.count <= bytes.count {
            guard let found = index(of: sought[0], from: at), found + sought.count <= bytes.count else { return nil }
            if bytes[found..<found + sought.count].elementsEqual(sought) { return found }
            at = found + 1
        }
        return nil
    }

    private static let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
        var text = ""
        var rest = bytes
        while let sign = rest.firstIndex(of: UInt8(ascii: "&")) {
            text += String(decoding: rest[..<sign], as: UTF8.self)
            guard let end = rest[sign...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
                text += "&"
                rest = rest[(sign + 1)...]
                continue
            }
            let name = String(decoding: rest[(sign + 1)..<end], as: UTF8.self)
            text += entities[name] ?? character(name) ?? "&\(name);"
            rest = rest[(end + 1)...]
        }
        return text + String(decoding: rest, as: UTF8.self)
    }

    /// `#20013`, `#x4E2D`.
    private static func character(_ name: String) -> String? {
        guard name.hasPrefix("#") else { return nil }
        let isHex = name.hasPrefix("#x")
        return UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10).flatMap(Unicode.Scalar.init).map(
            String.init)
    }
}
