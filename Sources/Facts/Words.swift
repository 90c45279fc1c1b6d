/// A text in the two languages people read.
package struct Words: Sendable, Hashable {
    package var en: String
    package var zh: String
    package init(en: String, zh: String) { (self.en, self.zh) = (en, zh) }
}

extension Words {
    /// Where the words of one language stand for both: a path, an id, a reason that the outside world gave.
    package init(_ both: String) { self.init(en: both, zh: both) }

    package static func + (a: Words, b: Words) -> Words { Words(en: a.en + b.en, zh: a.zh + b.zh) }
    package static func += (a: inout Words, b: Words) { a = a + b }
}

extension [Words] {
    package func joined(separator: Words) -> Words {
        Words(
            en: map(\.en).joined(separator: separator.en), zh: map(\.zh).joined(separator: separator.zh))
    }
}
