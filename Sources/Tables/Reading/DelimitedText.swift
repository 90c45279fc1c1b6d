/// Rows of fields divided by commas, tabs or the like (RFC 4180), as back ends and spreadsheets write them.
///
/// A field may stand in double quotes, with `""` for one of them, and then hold delimiters and line ends. Quotes further
/// on in a field are text. Lines end with LF, CRLF or CR. Blank lines are passed over.
package struct DelimitedText: Sendable {
    private let bytes: [UInt8]
    private let delimiter: UInt8
    private var position = 0
    /// Of the line at `position`, from 1.
    private var line = 1

    /// Longer text in quotes has lost its end: without this, one lost quote would swallow all rows behind it.
    private static let greatestQuoted = 64 << 10

    /// - Parameter text: UTF-8.
    package init(_ text: [UInt8], delimiter: UInt8) { (bytes, self.delimiter) = (text, delimiter) }

    /// What divides most of the first line's fields.
    package static func delimiter(of text: [UInt8]) -> UInt8 {
        let first = text.prefix { $0 != 10 && $0 != 13 }
        let candidates = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: "|")]
        let counts = candidates.map { sign in (sign, first.count { $0 == sign }) }
        return counts.max { $0.1 < $1.1 && $1.1 > 0 }?.0 ?? UInt8(ascii: ",")
    }

    /// nil at the end.
    package mutating func next() -> Row? {
        while position < bytes.count {
            let (start, first) = (position, line)
            var cells: [Cell] = []
            while true {
                switch field() {
                case .success(let cell): cells.append(cell)
                case .failure(let fault):
                    // The row's own first line is lost; what follows it may be sound.
                    (position, line) = (start, first)
                    skipLine()
                    return Row(first, [], fault: fault.words)
                }
                guard position < bytes.count, bytes[position] == delimiter else { break }
                position += 1
            }
            skipLineEnd()
            let row = Row(first, cells)
            if !row.isBlank { return row }
        }
        return nil
    }

    private struct Fault: Error { let words: String }

    private mutating func field() -> Result<Cell, Fault> {
        var at = position
        while at < bytes.count, bytes[at] == 0x20 { at += 1 }
        // `="0123"` is how exports keep a spreadsheet from taking a number for one.
        let isFormula = at + 1 < bytes.count && bytes[at] == UInt8(ascii: "=") && bytes[at + 1] == UInt8(ascii: "\"")
        if isFormula { at += 1 }
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
            let start = position
            while position < bytes.count, bytes[position] != delimiter, bytes[position] != 10, bytes[position] != 13 {
                position += 1
            }
            return .success(Cell(Self.text(bytes[start..<position])))
        }
        return quoted(from: at + 1)
    }

    private mutating func quoted(from start: Int) -> Result<Cell, Fault> {
        var text: [UInt8] = []
        var at = start
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "\"") {
                guard at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "\"") else { break }
                at += 1
            } else if bytes[at] == 10 || (bytes[at] == 13 && !(at + 1 < bytes.count && bytes[at + 1] == 10)) {
                line += 1
            }
            text.append(bytes[at])
            at += 1
            if text.count > Self.greatestQuoted { return .failure(Fault(words: "a quote is opened and never closed")) }
        }
        guard at < bytes.count else { return .failure(Fault(words: "a quote is opened and never closed")) }
        at += 1
        while at < bytes.count, bytes[at] == 0x20 { at += 1 }
        guard at == bytes.count || bytes[at] == delimiter || bytes[at] == 10 || bytes[at] == 13 else {
            return .failure(Fault(words: "text stands behind a closing quote; a quote within quotes is doubled"))
        }
        position = at
        return .success(Cell(Self.text(text[...])))
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).trimmed
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != 10, bytes[position] != 13 { position += 1 }
        skipLineEnd()
    }

    private mutating func skipLineEnd() {
        guard position < bytes.count else { return }
        if bytes[position] == 13, position + 1 < bytes.count, bytes[position + 1] == 10 { position += 1 }
        position += 1
        line += 1
    }
}

extension String {
    /// Without the blanks around it: those of every script, line ends, and the marks that no one sees.
    var trimmed: String {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || scalar.value == 0xFEFF || scalar.value == 0x200B
        }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(scalars[first...last])
    }
}
