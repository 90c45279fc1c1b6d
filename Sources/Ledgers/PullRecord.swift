package import Facts

/// What the ledger remembers of pulling one source (for the platform: one store of it).
package struct PullRecord: Sendable, Hashable {
    /// Where the puller stands, in its own words; nil when nothing was pulled yet.
    package var state: String?
    /// When the last finished pull's last page was committed.
    package var finishedAt: Timestamp?
    /// Failed pulls since the last committed page.
    package var failures = 0
    package var failedAt: Timestamp?
    /// What the last failure said; nil after a committed page.
    package var failure: String?

    package init() {}
}
