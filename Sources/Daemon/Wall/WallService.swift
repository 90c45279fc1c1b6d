import Facts
import Ledgers
import Logging
import ServiceLifecycle

/// Works out the figures of stores that moved, for whoever looks at all of them. Alerts never wait for it.
struct WallService: Service {
    private let state: DaemonState

    init(state: DaemonState) { self.state = state }

    /// What failed is tried again after that.
    private static let pause = TimeSpan.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let heard = await state.wall.bell.rings
                let assembly = await state.assembly
                let ids = await state.wall.takeOwed(Judge.groupSize)
                if ids.isEmpty {
                    try? await state.wall.bell.wait(
                        after: heard, until: assembly.clock.now + .hours(1), clock: assembly.clock)
                    continue
                }
                do {
                    await state.wall.put(try await Self.lines(of: ids, assembly))
                } catch let error as LedgerError where !error.isPassing {
                    // One that cannot be read holds up no other; the pass of evaluation says of it that nothing is known.
                    for id in ids {
                        if let line = try? await Self.lines(of: [id], assembly) { await state.wall.put(line) }
                    }
                } catch {
                    guard !Task.isCancelled else { break }
                    assembly.logger.debug("the figures of \(ids.count) stores: \(error)")
                    await state.wall.owe(ids)
                    try? await assembly.clock.sleep(until: assembly.clock.now + Self.pause)
                }
            }
        }
    }

    static func lines(of ids: [String], _ assembly: Assembly) async throws -> [WallLine] {
        try await Judge(fleet: assembly.fleet, ledger: assembly.ledger).judge(
            ids.compactMap { assembly.fleet.watched($0) }, at: nil, clock: assembly.clock.now
        ).map { WallLine($0, assembly.fleet) }
    }
}
