package import Alerts

/// Which alert events are asked for.
package enum EventSelection: Sendable, Hashable {
    case all
    /// Over all its episodes.
    case alert(AlertKey)
    case episode(String)
    /// Of which nobody was told, for this reason.
    case withheld(Withholding)
}
