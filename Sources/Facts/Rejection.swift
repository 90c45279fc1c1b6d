/// Why something that should have been a fact goes to quarantine instead.
package struct Rejection: Error, Sendable, Hashable {
    /// What is wrong, in words: `placed_at is a time without an offset: "2026-03-02T10:00:00"`.
    package var reason: String
    /// As far as they could be read.
    package var store: String?
    package var kind: FactKind?
    package var id: String?
    /// The raw text without what may identify a person: of members that no schema names, of `buyer` and of labels that
    /// are not allowed only the name is kept. Of text that is not JSON: its length, its hash and a masked excerpt.
    package var text: String
    /// How many of the same text came before it in the same file or page; 0 where it names the fact that it should have
    /// been.
    package var repeated = 0

    package init(reason: String, store: String? = nil, kind: FactKind? = nil, id: String? = nil, text: String) {
        (self.reason, self.store, self.kind, self.id, self.text) = (reason, store, kind, id, text)
    }

    /// It says which fact it should have been.
    package var isNamed: Bool { store != nil && kind != nil && id != nil }

    /// What stands in exports only.
    static func ofExport(_ reason: String, _ store: String) -> Rejection {
        Rejection(reason: reason, store: store, text: "of an export")
    }

    /// The text as a whole is no JSON.
    package var isNoJSON: Bool { reason == Rejection.noJSON }
    static let noJSON = "not JSON, or cut off"

    /// JSON, and nothing that could be a fact.
    package var isNoObject: Bool { reason == Rejection.noObject }
    static let noObject = "not a JSON object"
}

/// What one line or one element of a page turned out to be.
package enum DecodedFact: Sendable, Hashable {
    case fact(Fact)
    /// Not a fact, but what our own people know of one.
    case mark(Mark)
    /// Not a fact, but from when until when facts are complete.
    case coverage(KindCoverage)
    case rejected(Rejection)
}

/// A feed's page: `{"facts": […], "next": "cursor" | null}`.
package struct DecodedPage: Sendable {
    /// In the order of the page.
    package var facts: [Fact] = []
    /// Those that are no facts, with their place in the page's list, from 0.
    package var rejections: [(index: Int, rejection: Rejection)] = []
    /// The cursor of the next page; nil on the last.
    package var next: String?
    package var unknownMembers = UnknownMembers()

    package init() {}
}

/// Why a page could not be read at all. Nothing of it counts.
package enum PageError: Error, Sendable, Hashable, CustomStringConvertible {
    case empty
    /// Not JSON, or cut off; with what it holds instead, masked.
    case notJSON(String)
    case tooLarge
    /// JSON, but not an object with an array `facts`.
    case withoutFacts
    /// `next` is neither a string nor null, or there are two of it.
    case badCursor
    /// Without `next` nothing says that the page is the last.
    case withoutNext

    package var description: String {
        switch self {
        case .empty: "the page is empty"
        case .notJSON(let what): "the page is not JSON, or was cut off: \(what)"
        case .tooLarge: "the page is too large"
        case .withoutFacts: "the page is not an object with a list \"facts\""
        case .badCursor: "the page's \"next\" is neither one text nor null"
        case .withoutNext: "the page has no \"next\"; it is the next page's cursor, and null on the last page"
        }
    }
}
