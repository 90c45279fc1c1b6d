/// A named text that a person wrote: a pack, a configuration, an expression on the command line.
package struct SourceText: Sendable, Hashable {
    /// What messages call it: a path, or "<argument>".
    package let name: String
    package let text: String
    /// UTF-8 offsets at which lines begin; the first is 0.
    package let lineStarts: [Int]

    package init(name: String, text: String) {
        (self.name, self.text) = (name, text)
        lineStarts = [0] + text.utf8.enumerated().lazy.filter { $0.element == UInt8(ascii: "\n") }.map { $0.offset + 1 }
    }

    /// By its name and length: texts are long, and two of one name and length are told apart by `==`.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(text.utf8.count)
    }

    /// Both from 1; columns count characters, not bytes. An offset past the end is the end.
    package func lineAndColumn(at offset: Int) -> (line: Int, column: Int) {
        var (low, high) = (0, lineStarts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let utf8 = text.utf8
        let from = utf8.index(utf8.startIndex, offsetBy: lineStarts[low])
        let to = utf8.index(from, offsetBy: max(0, offset - lineStarts[low]), limitedBy: utf8.endIndex) ?? utf8.endIndex
        return (low + 1, text[from..<to].count + 1)
    }

    /// The text of a line, counted from 1, without its end.
    package func line(_ number: Int) -> Substring {
        guard number >= 1, number <= lineStarts.count else { return "" }
        let utf8 = text.utf8
        let from = utf8.index(utf8.startIndex, offsetBy: lineStarts[number - 1])
        return text[from...].prefix { !$0.isNewline }
    }
}

/// A piece of a source that is read as one expression, such as the value of a YAML key: its characters, and where each
/// stands in the source, so that a diagnostic points into the file even through folded lines and quotes.
package struct Passage: Sendable, Hashable {
    package let text: String
    package let source: SourceText
    /// For each UTF-8 byte of `text`, and one past the last, its UTF-8 offset in `source`.
    package let offsets: [Int]

    package init(text: String, source: SourceText, offsets: [Int]) {
        precondition(offsets.count == text.utf8.count + 1, "every byte of a passage has a place")
        (self.text, self.source, self.offsets) = (text, source, offsets)
    }

    /// A whole source as one passage.
    package init(_ source: SourceText) {
        self.init(text: source.text, source: source, offsets: Array(0...source.text.utf8.count))
    }

    /// Where a range of `text` (UTF-8) stands in the source.
    package func place(_ range: Range<Int>) -> Range<Int> {
        let from = offsets[min(range.lowerBound, offsets.count - 1)]
        return from..<max(from, offsets[min(range.upperBound, offsets.count - 1)])
    }
}
