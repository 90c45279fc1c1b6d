package import Alerts

/// Which alert events are asked for.
package enum EventSelection: Sendable, Hashable {
    case all
    /// Over all its episodes.
    case alert(AlertKey)
    case episode(String)
}
