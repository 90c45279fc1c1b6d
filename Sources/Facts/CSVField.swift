/// A field of CSV (RFC 4180).
package enum CSVField {
    /// In quotes only where it needs them: for programs, which read back what was written.
    package static func text(_ text: String) -> String {
        // By bytes: a line end of two characters, or a comma with an accent on it, is one Character.
        guard text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return text }
        return "\"" + text.unicodeScalars.reduce(into: "") { $0 += $1 == "\"" ? "\"\"" : String($1) } + "\""
    }

    /// For a spreadsheet: what it would take for a formula is text with an apostrophe before it. A number stays one.
    package static func guarded(_ text: String) -> String {
        guard let first = text.utf8.first, "=+-@\t\r".utf8.contains(first), Double(text) == nil else {
            return self.text(text)
        }
        return self.text("'" + text)
    }
}
