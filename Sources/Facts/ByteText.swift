/// A text known by its bytes, as the ledger's tables and the platforms know it.
///
/// To Swift two texts are equal when they look alike: é written as one character and as e with an accent. An id that is
/// written otherwise is another id, and whoever keys a table by ids has to hold them so.
package struct ByteText: Sendable, Hashable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (a: ByteText, b: ByteText) -> Bool { a.text.isSameBytes(as: b.text) }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension String {
    /// Whether the two are written alike, byte by byte.
    package func isSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
