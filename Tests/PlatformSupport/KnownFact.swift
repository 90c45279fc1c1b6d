/// A fact that a pull has to bring, with the members that the platform tells: read off the history by hand, and not by the
/// pack.
struct KnownFact: Sendable, Hashable {
    var kind: String
    var id: String
    /// As an export writes them: times as `2026-03-02T10:00:00Z`, money as `12.5`, bools as `true`.
    var members: [String: String]
    /// Else it may be missing: the platform showed it at some moments of a pull and not at others.
    var isCertain = true
}
