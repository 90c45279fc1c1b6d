import Ledgers
import Logging
import ServiceLifecycle

/// Checks, beside the work, a ledger that is too large to be checked before it. One that is damaged ends the daemon, as
/// it would have ended its start: what it says cannot be trusted.
package struct CheckService: Service {
    private let state: DaemonState

    init(state: DaemonState) { self.state = state }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            let assembly = await state.assembly
            do {
                try await assembly.ledger.checkPages()
            } catch let error as LedgerError where !error.isPassing && !Task.isCancelled {
                throw error
            } catch {
                if !Task.isCancelled { assembly.logger.error("the ledger was not checked: \(error)") }
            }
        }
    }
}
