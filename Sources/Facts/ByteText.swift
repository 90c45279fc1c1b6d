/// A text known by its bytes, as the ledger's tables and the platforms know it.
///
/// To Swift two texts are equal when they look alike: é written as one character and as e with an accent. An id that is
/// written otherwise is another id, and whoever keys a table by ids has to hold them so.
package struct ByteText: Sendable, Hashable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (a: ByteText, b: ByteText) -> Bool { a.text.isSameBytes(as: b.text) }

    package func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: text) }
}

extension Hasher {
    /// Takes a text by its bytes alone: two that only look alike need not fall together.
    mutating func combine(bytesOf text: String) {
        var text = text
        text.withUTF8 { combine(bytes: UnsafeRawBufferPointer($0)) }
        // Where it ends: what follows is no part of it.
        combine(UInt8(0xFF))
    }
}

extension String {
    /// Whether the two are written alike, byte by byte.
    package func isSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        var (a, b) = (self, other)
        return a.withUTF8 { a in b.withUTF8 { b in a.isEqual(to: b) } }
    }
}
