package import Facts
import Rules

/// An alert of which nobody has known for long how it stands. It stands as it stood, and that its data does not come is an
/// alert of its own; but whoever was told that it fires may think that nothing was said because nothing changed.
extension AlertStep {
    /// What becomes of an alert of which nothing was known for longer than its rule allows (`blind_limit:`).
    package enum Outlasted: Sendable, Hashable {
        /// It waited, and nobody was told: it is given up, and begins anew when it is seen again.
        case givenUp(Alert)
        /// Whoever knows of it is told, once, that it goes on as far as anybody knows.
        case told(Alert)
    }

    /// nil: something was known within the limit, or all that is to be said of it was said.
    ///
    /// - Parameters:
    ///   - limit: since the last observation that decided, by the clock.
    ///   - clock: now.
    package static func outlasted(_ alert: Alert, limit: TimeSpan, at clock: Timestamp) -> Outlasted? {
        guard alert.isBlind, clock - alert.observedAt >= limit else { return nil }
        var next = alert
        switch alert.state {
        case .pending:
            next.standing = .unjudged
            // At the moment of the last word: one that is seen again begins where it is seen.
            return over(next, at: alert.observedAt, judgedTo: nil).alert.map(Outlasted.givenUp)
        case .firing where !alert.isBlindTold:
            next.isBlindTold = true
            return .told(next)
        default: return nil
        }
    }
}
