package import Facts

/// What moved since a revision.
package struct LedgerChanges: Sendable, Hashable {
    package var revision: Int64
    /// With their revisions. A finished pull of a feed that brought nothing new moves the coverage of all its stores
    /// and raises only the ledger's own.
    package var stores: [String: Int64]
    /// What sources have made complete for every store they ever brought.
    package var coverage: [SourceName: [FactKind: CoverageInterval]]
    /// How much of each source lies in quarantine and names no store.
    package var unattributed: [SourceName: Int] = [:]
    /// How many pulls and imports of several batches have come to their end: stores may be told whole now.
    package var tellings: Int64 = 0

    package init(
        revision: Int64, stores: [String: Int64], coverage: [SourceName: [FactKind: CoverageInterval]] = [:]
    ) {
        (self.revision, self.stores, self.coverage) = (revision, stores, coverage)
    }
}
