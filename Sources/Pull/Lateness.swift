package import Facts

/// How late a source really shows what happened, as it was found out: each pull looks back by half as much more.
package struct Lateness: Sendable, Hashable {
    /// The longest that was met.
    package private(set) var span: TimeSpan
    /// When it was met last.
    package private(set) var at: Timestamp
    /// What is later than this is left to the lists that are read again from time to time.
    private static let longest = TimeSpan.days(1)
    /// What was not met again for so long is over.
    private static let memory = TimeSpan.days(30)

    package init(span: TimeSpan, at: Timestamp) { (self.span, self.at) = (span, at) }

    /// What is looked back for it.
    package var overlap: TimeSpan {
        min(TimeSpan(microseconds: span.microseconds + span.microseconds / 2), Lateness.longest)
    }

    /// With another one that was met: the longer stands, until it is forgotten.
    package mutating func meet(_ span: TimeSpan, at now: Timestamp) {
        if span >= self.span || at + Lateness.memory < now { self = Lateness(span: span, at: now) }
    }

    /// nil once it is forgotten.
    package func remembered(at now: Timestamp) -> Lateness? { at + Lateness.memory < now ? nil : self }
}
