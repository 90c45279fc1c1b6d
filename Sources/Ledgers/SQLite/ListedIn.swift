/// Lists that are handed to a statement.
extension [String]? {
    /// The condition that a column is among them, where they are parameter `?number`; nil: whatever it is.
    func isIn(_ column: String, at number: Int) -> String {
        self == nil ? "1" : "\(column) IN (SELECT value FROM json_each(?\(number)))"
    }
}

extension [String] {
    /// As `json_each` reads it.
    var asJSON: String {
        "["
            + map { text in
                "\""
                    + text.unicodeScalars.reduce(into: "") { json, scalar in
                        switch scalar {
                        case "\"", "\\": json += "\\\(scalar)"
                        case _ where scalar.value < 0x20:
                            json += "\\u" + String(String(scalar.value + 0x10000, radix: 16).dropFirst())
                        default: json.unicodeScalars.append(scalar)
                        }
                    } + "\""
            }.joined(separator: ",") + "]"
    }
}
