/// A text known by its bytes, as the ledger's tables and the platforms know it.
///
/// To Swift two texts are equal when they look alike: é written as one character and as e with an accent. An id that is
/// written otherwise is another id, and whoever keys a table by ids has to hold them so.
package struct ByteText: Sendable, Hashable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (a: ByteText, b: ByteText) -> Bool { a.text.isSameBytes(as: b.text) }

    /// Swift's own, which is quick: those that only look alike fall together and are told apart by `==`.
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension String {
    /// Whether the two are written alike, byte by byte.
    package func isSameBytes(as other: String) -> Bool {
        // Whether they look alike is told quickly, and nearly all that do are written alike.
        guard self == other else { return false }
        var (a, b) = (self, other)
        return a.withUTF8 { a in b.withUTF8 { b in a.count == b.count && a.elementsEqual(b) } }
    }
}
