package import Facts
import Rules

/// Stores' own figures beside those that their platforms show.
package struct ReconcileTask: Sendable {
    private let opening: Opening
    private let glob: String?
    private let fixed: Timestamp?

    /// - Parameter fixed: by the figures that the platform had shown up to this moment; nil: by all.
    package init(_ opening: Opening, glob: String?, at fixed: Timestamp?) {
        (self.opening, self.glob, self.fixed) = (opening, glob, fixed)
    }

    package struct StoreFigures: Sendable {
        package var store: Store
        package var calendar: StoreCalendar
        /// In the order of the pack.
        package var figures: [Reconciled]
    }

    /// Stores whose packs reconcile something, by id.
    package func run() async throws -> [StoreFigures] {
        let assembly = try opening.assembly(.read)
        let clock = fixed ?? assembly.clock.now
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let reconciler = Reconciler(judge: judge, clock: clock)
        var (found, unsettled): ([StoreFigures], [String]) = ([], [])
        for watched in try await assembly.fittingStores(glob) where !watched.pack.reconcile.isEmpty {
            let prepared = try await judge.prepare([watched], at: fixed, clock: clock)[0]
            if !prepared.state.unsettled.isEmpty { unsettled.append(watched.store.id) }
            found.append(
                StoreFigures(
                    store: watched.store, calendar: watched.calendar,
                    figures: try await reconciler.reconcile(prepared, isWhole: true)))
        }
        assembly.warnOfUnsettled(unsettled)
        return found
    }
}
