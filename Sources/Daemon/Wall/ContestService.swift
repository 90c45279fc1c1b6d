import Facts
import Ledgers
import Logging
import ServiceLifecycle

/// Works out what can be contested while somebody looks at it, and leaves half of its time to others.
struct ContestService: Service {
    private let state: DaemonState

    init(state: DaemonState) { self.state = state }

    /// What failed is tried again after that.
    private static let pause = TimeSpan.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let heard = await state.contests.bell.rings
                let assembly = await state.assembly
                do {
                    let began = assembly.clock.now
                    if try await state.contests.work(on: await state.wall.view, in: assembly) {
                        let now = assembly.clock.now
                        try await assembly.clock.sleep(until: now + (now - began))
                        continue
                    }
                    try await state.contests.bell.wait(
                        after: heard, until: assembly.clock.now + .hours(1), clock: assembly.clock)
                } catch {
                    guard !Task.isCancelled else { break }
                    assembly.logger.debug("what can be contested: \(error)")
                    try? await assembly.clock.sleep(until: assembly.clock.now + Self.pause)
                }
            }
        }
    }
}
