extension Diagnostic: CustomStringConvertible {
    /// `path:line:column: error: message`, then the line of the source and a caret line under the place.
    package func render() -> String {
        let (line, column) = source.lineAndColumn(at: range.lowerBound)
        let head = "\(source.name):\(line):\(column): \(severity.rawValue): \(message)"
        let text = source.line(line)
        guard !text.isEmpty, !hidesLine else { return head }
        let before = text.prefix(column - 1)
        // A tab stays a tab, so that the caret stands under its character whatever the terminal's tab stops are.
        let indent = before.map { $0 == "\t" ? "\t" : String(repeating: " ", count: $0.columns) }.joined()
        let end = source.lineAndColumn(at: range.upperBound)
        let marked =
            end.line == line
            ? text.dropFirst(column - 1).prefix(max(0, end.column - column))
            : text.dropFirst(column - 1)
        let width = max(1, marked.reduce(0) { $0 + $1.columns })
        return head + "\n" + text + "\n" + indent + "^" + String(repeating: "~", count: width - 1)
    }

    package var description: String { render() }
}

extension Character {
    /// How many columns of a terminal it takes: two for the scripts of East Asia and for pictures, none for marks that
    /// join the character before.
    package var columns: Int {
        guard let scalar = unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x0300...0x036F, 0x200B...0x200D, 0xFE00...0xFE0F: return 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
