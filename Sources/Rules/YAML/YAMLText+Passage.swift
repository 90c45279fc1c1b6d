import Language
import Yams

extension YAMLText {
    /// The characters of a scalar and where each stands in the file.
    ///
    /// Folding and indentation only ever change blanks: the other characters stand in the same order in the file and in
    /// the scalar, so they are matched one by one, and blanks take the place where the scan is. Quotes and escapes are
    /// the only further difference.
    func passage(of scalar: Node.Scalar) -> Passage {
        let text = scalar.string
        var at = afterProperties(offset(of: scalar.mark))
        switch scalar.style {
        case .singleQuoted, .doubleQuoted: at += 1
        case .literal, .folded: at = endOfLine(from: at)
        default: break
        }
        var offsets: [Int] = []
        offsets.reserveCapacity(text.utf8.count + 1)
        for character in text.unicodeScalars {
            let utf8 = Array(String(character).utf8)
            let isBlank = character == " " || character == "\n" || character == "\t"
            if !isBlank || (scalar.style == .doubleQuoted && byte(at: at) != utf8[0]) {
                if scalar.style == .doubleQuoted { skipEscapedBreaks(&at) }
                if !isBlank { skipBlanks(&at) }
            }
            let start = at
            var length = 0
            if scalar.style == .doubleQuoted, byte(at: at) == UInt8(ascii: "\\") {
                length = escapeLength(at: at)
                offsets.append(contentsOf: repeatElement(start, count: utf8.count))
            } else if scalar.style == .singleQuoted, character == "'" {
                length = 2
                offsets.append(start)
            } else if bytes[min(at, bytes.count)...].starts(with: utf8) {
                length = utf8.count
                offsets.append(contentsOf: start..<start + length)
            } else {
                offsets.append(contentsOf: repeatElement(start, count: utf8.count))
            }
            at = min(at + length, bytes.count)
        }
        offsets.append(at)
        return Passage(text: text, source: source, offsets: offsets)
    }

    private func endOfLine(from offset: Int) -> Int {
        var index = offset
        while index < bytes.count, YAMLText.breakLength(bytes, at: index) == 0 { index += 1 }
        return index
    }

    private func skipBlanks(_ at: inout Int) {
        while let byte = byte(at: at) {
            let length = byte == 0x20 || byte == 0x09 ? 1 : YAMLText.breakLength(bytes, at: at)
            guard length > 0 else { return }
            at += length
        }
    }

    /// A backslash at the end of a line takes the break and the next line's indentation away.
    private func skipEscapedBreaks(_ at: inout Int) {
        while byte(at: at) == UInt8(ascii: "\\"), at + 1 < bytes.count, YAMLText.breakLength(bytes, at: at + 1) > 0 {
            at += 1
            skipBlanks(&at)
        }
    }

    private func escapeLength(at offset: Int) -> Int {
        switch byte(at: offset + 1) {
        case UInt8(ascii: "x"): 4
        case UInt8(ascii: "u"): 6
        case UInt8(ascii: "U"): 10
        default: 2
        }
    }
}
