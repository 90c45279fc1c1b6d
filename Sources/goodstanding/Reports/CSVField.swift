/// A field of CSV.
enum CSVField {
    /// In quotes only where it needs them.
    static func text(_ text: String) -> String {
        // By bytes: a line end of two characters, or a comma with an accent on it, is one Character.
        guard text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return text }
        return "\"" + text.unicodeScalars.reduce(into: "") { $0 += $1 == "\"" ? "\"\"" : String($1) } + "\""
    }
}
