import Language

extension Diagnostic {
    /// The same with nothing shown that may be a secret, whatever is wrong with it.
    ///
    /// A secret may stand on any line that is not known to be free of them: below `feeds:`, `receivers:` and whatever is
    /// misspelled, in an address with a user in it, beside what looks like its name; and a part of it may be read as a key.
    /// By the text alone, because a file whose YAML is broken has nothing else to go by.
    func withoutSecrets() -> Diagnostic {
        var shown = self
        shown.hidesLine = mayHoldSecrets
        if shown.hidesLine { shown.message = Diagnostic.withoutKeys(message) }
        return shown
    }

    private var mayHoldSecrets: Bool {
        let number = source.lineAndColumn(at: range.lowerBound).line
        let line = source.line(number).lowercased()
        // A line at the left margin that is no section of its own may go on with the one before.
        let section = (1...max(number, 1)).reversed().lazy.compactMap { Section(beginningOf: source.line($0)) }.first
        let isStray =
            line.first.map { $0.isLetter || $0 == "\"" || $0 == "'" } ?? false && Section(beginningOf: line) == nil
        let isFree = !isStray && section != .secretive && !(section != .other && holdsCredentials)
        let isNamed = [
            "secret", "headers", "auth", "webhook", "token", "pass", "cookie", "whsec_", "api", "key", "cred", "sign",
            "private",
        ].contains { line.contains($0) }
        return !isFree || isNamed || line.contains("://") && line.contains("@")
    }

    /// Whether some store's entry in this text has `credentials:`, written right or nearly so: then a slip in one of them
    /// may stand on any line of the stores'.
    private var holdsCredentials: Bool {
        source.text.split(whereSeparator: { "\n{},".contains($0) }).contains { part in
            guard let end = part.firstIndex(of: ":") else { return false }
            let key = part[..<end].filter { $0.isLetter || $0 == "_" }.lowercased()
            return key.contains("cred") || NearestName.nearest(to: key, among: ["credentials"]) != nil
        }
    }

    /// Messages quote keys; one that is near to a right one is a slip and no secret.
    private static func withoutKeys(_ message: String) -> String {
        if let match = message.wholeMatch(of: #/(?s)unknown key '.*' in (.+?); known keys(.*)/#) {
            return "unknown key in \(match.1); known keys\(match.2)"
        }
        if let match = message.wholeMatch(of: #/(?s)the key '.*' (stands twice.*)/#) { return "a key \(match.1)" }
        if let match = message.wholeMatch(of: #/(?s)'.*' (is no place for a secret.*|is no HTTP header name.*)/#) {
            return "this \(match.1)"
        }
        return message
    }
}

/// What stands below a key at the left margin, written right or nearly so.
private enum Section {
    /// `other` holds no stores either.
    case free, other, secretive

    private static let freeKeys = ["stores"]
    private static let otherKeys = ["database", "packs", "listen", "public_url", "ca_file"]
    private static let secretiveKeys = ["feeds", "receivers", "accounts"]

    init?(beginningOf line: some StringProtocol) {
        guard let end = line.firstIndex(of: ":") else { return nil }
        let key = String(line[..<end]).filter { $0 != "\"" && $0 != "'" }.lowercased()
        let all = Section.freeKeys + Section.otherKeys + Section.secretiveKeys
        guard let meant = all.contains(key) ? key : NearestName.nearest(to: key, among: all) else { return nil }
        self = Section.freeKeys.contains(meant) ? .free : Section.otherKeys.contains(meant) ? .other : .secretive
    }
}
