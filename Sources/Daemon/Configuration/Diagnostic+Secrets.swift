import Language

extension Diagnostic {
    /// The same with nothing shown that may be a secret, whatever is wrong with it.
    ///
    /// A secret may stand on any line below `feeds:`, `receivers:` and `accounts:`, in an address with a user in it, and
    /// beside what looks like its name; and a part of it may be read as a key. By the text alone, because a file whose
    /// YAML is broken has nothing else to go by.
    func withoutSecrets() -> Diagnostic {
        var shown = self
        shown.hidesLine = mayHoldSecrets
        if shown.hidesLine { shown.message = Diagnostic.withoutKeys(message) }
        return shown
    }

    private var mayHoldSecrets: Bool {
        let number = source.lineAndColumn(at: range.lowerBound).line
        let line = source.line(number).lowercased()
        let section =
            (1...max(number, 1)).reversed().lazy.map { source.line($0) }
            .first { $0.first.map { !$0.isWhitespace && $0 != "-" && $0 != "#" } ?? false } ?? ""
        let isSection = ["feeds", "receivers", "accounts"].contains { section.contains($0) }
        let isNamed = [
            "secret", "headers", "auth", "webhook", "token", "pass", "cookie", "whsec_", "api", "key", "cred", "sign",
            "private",
        ].contains { line.contains($0) }
        return isSection || isNamed || line.contains("://") && line.contains("@")
    }

    /// Messages quote keys; one that is near to a right one is a slip and no secret.
    private static func withoutKeys(_ message: String) -> String {
        if let match = message.wholeMatch(of: #/(?s)unknown key '.*' in (\S+); known keys(.*)/#) {
            return "unknown key in \(match.1); known keys\(match.2)"
        }
        if let match = message.wholeMatch(of: #/(?s)the key '.*' (stands twice.*)/#) { return "a key \(match.1)" }
        if let match = message.wholeMatch(of: #/(?s)'.*' (is no place for a secret.*|is no HTTP header name.*)/#) {
            return "this \(match.1)"
        }
        if let match = message.wholeMatch(
            of: #/(?s).*\.(headers|secret|webhook|url)\..* (has no value|must be text.*)/#)
        {
            return "a value below \(match.1): \(match.2)"
        }
        return message
    }
}
