package import Facts
import Ledgers
import Logging
package import Rules

/// One evaluation of all stores, printed and forgotten.
package struct CheckTask: Sendable {
    private let opening: Opening
    private let choice: Choice
    private let fixed: Timestamp?
    private let pullsFirst: Bool

    private enum Choice { case glob(String?), these([Watched]) }

    /// - Parameter pullsFirst: where it is opened anew.
    package init(_ opening: Opening, glob: String?, at fixed: Timestamp?, pullsFirst: Bool = false) {
        (self.opening, choice, self.fixed, self.pullsFirst) = (opening, .glob(glob), fixed, pullsFirst)
    }

    /// Of some of the watched stores.
    package init(_ opening: Opening, stores: [Watched]) {
        (self.opening, choice, fixed, pullsFirst) = (opening, .these(stores), nil, false)
    }

    package struct Report: Sendable {
        package var at: Timestamp
        package var stores: [Store]
        package var evaluations: [StoreEvaluation]
        /// Stores of which facts are known and that no entry of the configuration matches.
        package var unwatched: [String]
        /// Facts that could not be read and count nowhere, by store; those of stores without any are not there.
        package var quarantined: [String: Int]
        /// Own figures beside those that the platform has shown, by store; those of stores without any are not there.
        package var reconciled: [String: [Reconciled]]

        /// Unknown when there is nothing to judge: a check that looked at nothing must not look healthy.
        package var standing: Standing {
            evaluations.isEmpty ? .unknown : Standing.worst(of: evaluations.map(\.standing))
        }
    }

    package func run() async throws -> Report {
        // Whose facts come by files alone has nothing to pull, and is judged all the same.
        if pullsFirst, case .file(let config, let level) = opening,
            try !Assembly.fleet(config: config).fleet.pullSubjects.isEmpty
        {
            let results = try await PullTask(config: config, feed: nil, log: level).run { _ in }
            for result in results where result.hasFailed { Assembly.logger(level).warning("\(result.words.en)") }
        }
        let assembly = try opening.assembly(pullsFirst ? .write : .read)
        if case .file = opening { try await assembly.warnOfHold() }
        let clock = assembly.clock.now
        let stores: [Watched]
        var showsUnwatched = false
        switch choice {
        case .glob(let glob):
            stores = try await assembly.fittingStores(glob)
            showsUnwatched = glob == nil
        case .these(let chosen): stores = chosen
        }
        var (evaluations, unsettled): ([StoreEvaluation], [String]) = ([], [])
        var quarantined: [String: Int] = [:]
        var reconciled: [String: [Reconciled]] = [:]
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        let reconciler = Reconciler(judge: judge, clock: fixed ?? clock)
        try await judge.judge(stores, at: fixed, clock: clock) { judged in
            evaluations += judged.map(\.evaluation)
            for store in judged where store.prepared.state.quarantined > 0 {
                quarantined[store.watched.store.id] = store.prepared.state.quarantined
            }
            for store in judged {
                let figures = try await reconciler.reconcile(store.prepared, isWhole: false)
                if !figures.isEmpty { reconciled[store.watched.store.id] = figures }
            }
            unsettled += judged.filter { !$0.prepared.state.unsettled.isEmpty }.map(\.watched.store.id)
        }
        assembly.warnOfUnsettled(unsettled)
        let unwatched =
            showsUnwatched ? try await assembly.ledger.seenStores().filter { assembly.fleet.watched($0) == nil } : []
        return Report(
            at: fixed ?? clock, stores: stores.map(\.store), evaluations: evaluations, unwatched: unwatched,
            quarantined: quarantined, reconciled: reconciled)
    }
}
