import Facts

/// Writes JSON member by member, in the order of the calls.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    /// Whether the next member or element is preceded by a comma.
    private var needsComma = false

    init(reserving count: Int) { bytes.reserveCapacity(count) }

    mutating func object(_ members: (inout JSONWriter) -> Void) { enclosed("{", "}", members) }
    mutating func array(_ elements: (inout JSONWriter) -> Void) { enclosed("[", "]", elements) }

    /// A member whose value `value` writes.
    mutating func member(_ name: String, _ value: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(jsonString: name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
        value(&self)
        needsComma = true
    }

    /// An element of an array.
    mutating func element(_ value: (inout JSONWriter) -> Void) {
        separate()
        value(&self)
        needsComma = true
    }

    mutating func string(_ text: String) { bytes.append(jsonString: text) }
    /// A number, `true`, `false` or `null`, as it stands.
    mutating func literal(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// JSON that was written before.
    mutating func written(_ json: [UInt8]) { bytes.append(contentsOf: json) }

    mutating func member(_ name: String, string text: String?) {
        member(name) { json in if let text { json.string(text) } else { json.literal("null") } }
    }

    /// A text in both languages, or null.
    mutating func member(_ name: String, words: Words?) {
        member(name) { json in if let words { json.words(words) } else { json.literal("null") } }
    }

    mutating func words(_ words: Words) {
        object { json in
            json.member("en", string: words.en)
            json.member("zh", string: words.zh)
        }
    }

    mutating func member(_ name: String, literal text: String) { member(name) { $0.literal(text) } }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func enclosed(_ open: String, _ close: String, _ inside: (inout JSONWriter) -> Void) {
        literal(open)
        needsComma = false
        inside(&self)
        literal(close)
        needsComma = true
    }
}
