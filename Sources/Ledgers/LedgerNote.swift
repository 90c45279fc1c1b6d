/// A text that the daemon leaves for the next one, or for itself.
package enum LedgerNote: String, Sendable, CaseIterable {
    /// The stores that were watched when a configuration was last in force, a line an id.
    case watched
    /// The rules by which stores were judged when it was.
    case inForce = "in_force"
    /// The configuration that somebody accepted though it ends much.
    case accepted
    /// The limits of the configuration that was loaded last, a line each: name, tab, value.
    case limits
    /// The kinds of the receivers of that configuration, a line each: id, tab, kind.
    case receivers
}
