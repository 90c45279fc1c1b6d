import Language
import Yams

/// A YAML text and what is needed to find a place in it: the parser counts lines and columns in its own way.
struct YAMLText {
    let source: SourceText
    /// The UTF-8 bytes of the source.
    let bytes: [UInt8]
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

    func byte(at offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }
}
