import Language

extension [Diagnostic] {
    /// The same with nothing shown that may be a secret, whatever is wrong with it.
    func withoutSecrets() -> [Diagnostic] {
        // Of one file there may be thousands: each text is looked through once.
        var texts: [String: SecretiveText] = [:]
        return map { diagnostic in
            let known = texts[diagnostic.source.name].flatMap { $0.source == diagnostic.source ? $0 : nil }
            let text = known ?? SecretiveText(diagnostic.source)
            texts[diagnostic.source.name] = text
            var shown = diagnostic
            shown.hidesLine = text.mayHoldSecret(at: diagnostic.range.lowerBound)
            if shown.hidesLine { shown.message = SecretiveText.withoutKeys(diagnostic.message) }
            return shown
        }
    }
}

/// A configuration by its text alone, because a file whose YAML is broken has nothing else to go by.
///
/// A secret may stand on any line that is not known to be free of them: below `feeds:`, `receivers:`, `heartbeat:` and whatever is
/// misspelled, in an address with a user in it, beside what looks like its name; and a part of it may be read as a key.
private struct SecretiveText {
    let source: SourceText
    /// In force on each line.
    private let sections: [Section?]
    /// Whether some store's entry has `credentials:`, written right or nearly so: then a slip in one of them may stand on
    /// any line of the stores'.
    private let holdsCredentials: Bool

    init(_ source: SourceText) {
        self.source = source
        var section: Section?
        sections = source.lineStarts.indices.map { index in
            // A line at the left margin that is no section of its own may go on with the one before.
            section = Section(beginningOf: source.line(index + 1)) ?? section
            return section
        }
        holdsCredentials = source.text.utf8.split { [0x0A, 0x7B, 0x7D, 0x2C].contains($0) }.contains { part in
            guard let end = part.firstIndex(of: UInt8(ascii: ":")) else { return false }
            let key = String(Substring(part[..<end])).filter { $0.isLetter || $0 == "_" }.lowercased()
            return key.contains("cred") || NearestName.nearest(to: key, among: ["credentials"]) != nil
        }
    }

    func mayHoldSecret(at offset: Int) -> Bool {
        let number = source.lineAndColumn(at: offset).line
        let line = source.line(number).lowercased()
        let section = sections[number - 1]
        let isStray =
            line.first.map { $0.isLetter || $0 == "\"" || $0 == "'" } ?? false && Section(beginningOf: line) == nil
        let isFree = !isStray && section != .secretive && !(section != .other && holdsCredentials)
        let isNamed = [
            "secret", "headers", "auth", "webhook", "token", "pass", "cookie", "whsec_", "api", "key", "cred", "sign",
            "private",
        ].contains { line.contains($0) }
        return !isFree || isNamed || line.contains("://") && line.contains("@")
    }

    /// Messages quote keys; one that is near to a right one is a slip and no secret.
    static func withoutKeys(_ message: String) -> String {
        guard ["unknown key", "the key", "'"].contains(where: message.hasPrefix) else { return message }
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
    private static let otherKeys = ["database", "packs", "listen", "public_url", "ca_file", "observe"]
    private static let secretiveKeys = ["feeds", "receivers", "accounts", "heartbeat", "access"]

    init?(beginningOf line: some StringProtocol) {
        // None is longer, with a slip or two and quotes around it.
        guard let end = line.firstIndex(of: ":"), line[..<end].utf8.count < 20 else { return nil }
        let key = String(line[..<end]).filter { $0 != "\"" && $0 != "'" }.lowercased()
        let all = Section.freeKeys + Section.otherKeys + Section.secretiveKeys
        guard let meant = all.contains(key) ? key : NearestName.nearest(to: key, among: all) else { return nil }
        self = Section.freeKeys.contains(meant) ? .free : Section.otherKeys.contains(meant) ? .other : .secretive
    }
}
