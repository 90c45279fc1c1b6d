import Language
import Yams

/// A YAML text and what is needed to find a place in it: the parser counts lines and columns in its own way.
struct YAMLText {
    let source: SourceText
    /// The UTF-8 bytes of the source.
    let bytes: [UInt8]
    /// The keys that stand in their mapping once more, which was told, by where they begin.
    private(set) var repeated: [Int: String] = [:]
    /// UTF-8 offsets at which the parser's lines begin: it also ends a line at a lone CR, at NEL and at U+2028 and
    /// U+2029.
    private let lineStarts: [Int]

    init(_ source: SourceText) {
        self.source = source
        bytes = Array(source.text.utf8)
        var starts = [0]
        var index = 0
        while index < bytes.count {
            let length = YAMLText.breakLength(bytes, at: index)
            index += max(length, 1)
            if length > 0 { starts.append(index) }
        }
        lineStarts = starts
    }

    /// How many bytes a line break at `index` takes; 0 when there is none.
    static func breakLength(_ bytes: [UInt8], at index: Int) -> Int {
        switch bytes[index] {
        case 0x0A: return 1
        case 0x0D: return index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 2 : 1
        case 0xC2: return index + 1 < bytes.count && bytes[index + 1] == 0x85 ? 2 : 0
        case 0xE2:
            guard index + 2 < bytes.count, bytes[index + 1] == 0x80 else { return 0 }
            return bytes[index + 2] == 0xA8 || bytes[index + 2] == 0xA9 ? 3 : 0
        default: return 0
        }
    }

    /// Where a mark of the parser (from 1, columns in Unicode scalars) stands; past the end is the end.
    func offset(of mark: Mark?) -> Int {
        guard let mark, mark.line >= 1 else { return 0 }
        guard mark.line <= lineStarts.count else { return bytes.count }
        var index = lineStarts[mark.line - 1]
        var column = 1
        while column < mark.column, index < bytes.count {
            index += 1
            while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index += 1 }
            column += 1
        }
        return index
    }

    /// The text to parse in place of `yaml` so that a key is another than every other; nil when it is no scalar of one
    /// line.
    ///
    /// Every character of it becomes one of Unicode's private use, so that lines and columns stay what they are.
    mutating func hide(_ key: String, at mark: Mark, in yaml: String) -> String? {
        let start = offset(of: mark)
        let style: Node.Scalar.Style =
            switch byte(at: start) {
            case UInt8(ascii: "\""): .doubleQuoted
            case UInt8(ascii: "'"): .singleQuoted
            default: .plain
            }
        let first = style == .plain ? start : start + 1
        guard let end = passage(of: Node.Scalar(key, .implicit, style, mark)).offsets.last, first < end,
            end <= bytes.count, let written = String(validating: bytes[first..<end], as: UTF8.self),
            style == .plain ? written == key : byte(at: end) == byte(at: start)
        else { return nil }
        let scalars = yaml.unicodeScalars
        // Marks count scalars, and there are as many where earlier keys were hidden.
        let place = String(decoding: bytes[..<first], as: UTF8.self).unicodeScalars.count
        let from = scalars.index(scalars.startIndex, offsetBy: place)
        let to = scalars.index(from, offsetBy: written.unicodeScalars.count)
        var hidden = String.UnicodeScalarView(scalars[..<from])
        for index in 0..<written.unicodeScalars.count {
            hidden.append(Unicode.Scalar(UInt16(index == 0 ? 0xE000 + repeated.count : 0xF8FF)) ?? "\u{F8FF}")
        }
        hidden.append(contentsOf: scalars[to...])
        repeated[start] = key
        return String(hidden)
    }

    /// Past an anchor or a tag, which stand before what they belong to.
    func afterProperties(_ offset: Int) -> Int {
        var index = offset
        while byte(at: index) == UInt8(ascii: "&") || byte(at: index) == UInt8(ascii: "!") {
            while let byte = byte(at: index), byte > 0x20 { index += 1 }
            while let byte = byte(at: index), byte <= 0x20 { index += 1 }
        }
        return index
    }

    func byte(at offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }
}
