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
    /// Of what kind it was; nil after a committed page, and of failures that an older program noted.
    package var trouble: PullTrouble?
    /// When it last brought a fact that was not known, and is no reading.
    package var broughtAt: Timestamp?
    /// How often it did, and the longest that passed from one time to the next: what is usual here.
    package var broughtCount = 0
    package var longestGap = TimeSpan.zero

    package init() {}
}

/// What stood in the way of a pull, as far as it matters to who has to act.
package enum PullTrouble: String, Sendable, Hashable, CaseIterable {
    /// Nobody answers, or somebody answers that it cannot now: it may pass by itself.
    case away
    /// The other side asks to wait.
    case throttled
    /// What we show is not taken.
    case auth
    /// What is asked and what is answered do not fit together.
    case schema
    /// What is ours is in the way.
    case `internal`
}

/// What of a source is pulled by itself, and how that goes.
package struct PulledSource: Sendable, Hashable {
    package var source: SourceName
    /// nil for a feed.
    package var store: String?

    package init(_ source: SourceName, store: String?) { (self.source, self.store) = (source, store) }
}
