package import Facts

/// Whether a receiver takes anything at all: after some failures in a row only one notice at a time is tried, and the
/// others wait, in order, without an attempt of their own.
package struct Circuit: Sendable, Hashable {
    /// So many failures in a row, whichever notices they were of.
    static let limit = 5

    package private(set) var failures = 0
    /// When the first of them was; nil after a success.
    package private(set) var since: Timestamp?
    /// What the last one said.
    package private(set) var because = ""

    package init() {}

    /// The receiver is down.
    package var isOpen: Bool { failures >= Self.limit }

    /// - Returns: whether it is up again.
    package mutating func noteSuccess() -> Bool {
        defer { self = Circuit() }
        return isOpen
    }

    /// - Returns: whether it is down from now on.
    package mutating func noteFailure(at moment: Timestamp, because failure: String) -> Bool {
        failures += 1
        since = since ?? moment
        because = failure
        return failures == Self.limit
    }
}
