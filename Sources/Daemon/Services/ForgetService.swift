import Facts
import Ledgers
import Logging
import ServiceLifecycle

/// Keeps the ledger from growing by what nobody asks for any more: once at the start and then every day.
package struct ForgetService: Service {
    private let state: DaemonState

    init(state: DaemonState) { self.state = state }

    /// Notices, quarantined facts and what facts said before they were changed are kept for so many days. Quarantine counts for 30.
    static let days = 90
    private static let every = TimeSpan.days(1)

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let assembly = await state.assembly
                let now = assembly.clock.now
                do {
                    let stores = try await assembly.watchedStores(nil).map(\.store.id)
                    let count = try await assembly.ledger.forget(
                        before: now - .days(Int64(Self.days)), owedTo: Set(assembly.config.receivers.map(\.id)),
                        watching: Set(stores))
                    if count > 0 {
                        assembly.logger.info("\(count) notices, quarantined facts and earlier versions forgotten")
                    }
                } catch {
                    // It is tried again tomorrow: nothing depends on it.
                    if !Task.isCancelled { assembly.logger.error("\(error)") }
                }
                try? await assembly.clock.sleep(until: now + Self.every)
            }
        }
    }
}
