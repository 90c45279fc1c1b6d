package import Facts

/// What became of one attempt to deliver a notice.
package enum Outcome: Sendable, Hashable {
    /// The receiver has it; what it answered, in few words, without a secret.
    case taken(String)
    /// Taken, but not for each of its recipients; for these it is not sent again.
    case partly(Failure)
    /// It was not taken, or nobody knows: the same notice is to be sent again, not before this much has passed.
    case retry(after: TimeSpan, because: Failure)
    /// The program is ending; the attempt says nothing about the receiver.
    case interrupted

    /// All of its recipients have it.
    package var isWhollyTaken: Bool { if case .taken = self { true } else { false } }

    /// At least one of its recipients has it.
    package var isTaken: Bool {
        switch self {
        case .taken, .partly: true
        case .retry, .interrupted: false
        }
    }
}

/// Why a notice was not taken.
package struct Failure: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// It may pass by itself: unreachable, overloaded.
        case passing
        /// Somebody has to mend the receiver or its entry; until then it is tried all the same, and never given up.
        case needsMending
    }

    package let kind: Kind
    /// So long the receiver asks to be left alone with everything: it counts what it is sent, and blocks who goes on.
    package var rest: TimeSpan?
    /// What was attempted, on whom, what came back, what to do. Names the receiver's id and host; no secret, no
    /// address.
    package let description: String

    package init(_ kind: Kind, _ description: String, rest: TimeSpan? = nil) {
        (self.kind, self.description, self.rest) = (kind, description, rest)
    }
}
