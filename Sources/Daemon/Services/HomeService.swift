import Facts
import Ledgers
import Logging
import ServiceLifecycle

/// Counts the hours that a ledger was at work here, and notices when somebody lets go of one that is held.
package struct HomeService: Service {
    private let state: DaemonState

    init(state: DaemonState) { self.state = state }

    private static let every = TimeSpan.hours(1)
    private static let everyHeld = TimeSpan.seconds(5)

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let assembly = await state.assembly
                let isHeld = assembly.hold.reason != nil
                try? await assembly.clock.sleep(until: assembly.clock.now + (isHeld ? Self.everyHeld : Self.every))
                guard !Task.isCancelled else { return }
                do {
                    if !isHeld {
                        try await assembly.settle()
                    } else if try await assembly.reasonToHold() == nil {
                        assembly.hold.set(nil)
                        assembly.logger.notice("resumed: tokens are refreshed and notices sent again")
                        await state.delivery.ring()
                    }
                } catch {
                    if !Task.isCancelled { assembly.logger.error("\(error)") }
                }
            }
        }
    }
}
