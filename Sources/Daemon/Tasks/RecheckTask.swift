import Facts
import Ledgers

/// A store pulled and judged at once, because somebody wants to know.
package struct RecheckTask: Sendable {
    private let state: DaemonState

    package init(_ state: DaemonState) { self.state = state }

    /// Returns when it is asked for; a moment later it is done.
    package func run(_ store: String) async throws {
        let assembly = await state.assembly
        guard let watched = assembly.fleet.watched(store) else {
            throw TaskError(Words(en: "no entry of the configuration watches it", zh: "配置中没有这家店铺"), isUsage: true)
        }
        await state.recheck(watched.store.id)
        try await assembly.audit("recheck", of: watched.store.id)
    }
}
