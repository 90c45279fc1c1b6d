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
    /// When the daemon was at work, a line a stretch: from and until, RFC 3339 (`WatchLog`).
    case atWork = "at_work"
    /// All that it and its packs said, secrets left out; see `FleetRecord` of the daemon.
    case configuration
    /// The kinds of the receivers of that configuration, a line each: id, tab, kind.
    case receivers
    /// When the certificates end that servers showed at the last look, a line each (`CertificateNote`).
    case certificates
}
