import Facts
import Ledgers

/// A store pulled and judged at once, because somebody wants to know.
package struct RecheckTask: Sendable {
    private let state: DaemonState

    package init(_ state: DaemonState) { self.state = state }

    /// Returns when it is asked for; a moment later it is done.
    package func run(_ store: String) async throws {
        let assembly = await state.assembly
        // A pattern fits whatever is asked for: only a store that something was heard of is one.
        guard let watched = assembly.fleet.watched(store), try await assembly.knows(watched.store.id) else {
            throw TaskError(Words(en: "no entry of the configuration watches it", zh: "配置中没有这家店铺"), isUsage: true)
        }
        // The daemon does it outside the ledger: what cannot be written down is not begun.
        try await assembly.ledger.append(assembly.entry(of: "recheck", at: watched.store.id))
        await state.recheck(watched.store.id)
    }
}
