import Ledgers
import Logging
import ServiceLifecycle

/// Looks through a ledger that is too large to be looked through before the daemon starts. Damage ends the daemon, as it
/// would have ended its start: what the ledger says cannot be trusted.
package struct DamageService: Service {
    private let state: DaemonState

    init(state: DaemonState) { self.state = state }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            let assembly = await state.assembly
            do {
                guard let damage = try await assembly.ledger.findDamage(in: .unread),
                    case .sqlite(let path) = assembly.config.database
                else { return }
                throw LedgerError.damaged(path: path, detail: damage)
            } catch {
                // The daemon ends: what was broken off says nothing of the ledger.
                if Task.isCancelled { return }
                if case .damaged? = error as? LedgerError { throw error }
                assembly.logger.error("the ledger was not looked through: \(error)")
            }
        }
    }
}
