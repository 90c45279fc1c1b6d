import Alerts
import Facts
import Ledgers
import Logging
import Notify
import ServiceLifecycle

/// Makes a board a day for every receiver that wants one, at its hour.
package struct BoardService: Service {
    private let state: DaemonState

    init(state: DaemonState) { self.state = state }

    private static let every = TimeSpan.seconds(10)
    /// All stores are judged for it: one that failed is not made again at once.
    private static let pause = TimeSpan.minutes(5)

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var retryAt: [String: Timestamp] = [:]
            while !Task.isCancelled {
                let heard = await state.reloading.rings
                let assembly = await state.assembly
                for entry in assembly.config.receivers {
                    guard let hours = entry.route.digest, !Task.isCancelled else { continue }
                    if let moment = retryAt[entry.id], moment > assembly.clock.now,
                        moment <= assembly.clock.now + Self.pause
                    {
                        continue
                    }
                    do {
                        try await tell(entry, hours, assembly)
                    } catch {
                        await state.forget("boards")
                        retryAt[entry.id] = assembly.clock.now + Self.pause
                        if !Task.isCancelled { assembly.logger.error("the board for '\(entry.id)': \(error)") }
                    }
                }
                try? await state.reloading.wait(
                    after: heard, until: assembly.clock.now + Self.every, clock: assembly.clock)
            }
        }
    }

    /// Today's, once its hour has come; nothing is made of a day that was missed.
    private func tell(_ entry: ReceiverEntry, _ hours: DigestHour, _ assembly: Assembly) async throws {
        let now = assembly.clock.now
        let day = hours.calendar.day(of: now)
        guard hours.moment(on: day) <= now else { return }
        // Before the first look at all stores it would say that nothing is known.
        guard await state.status.isReady else { return }
        let id = BoardBody.id(receiver: entry.id, day: day)
        guard try await !assembly.ledger.knowsNotice(id) else { return }
        let expiries = try await assembly.expiries()
        let board = try await BoardMaking(
            assembly: assembly, route: entry.route, calendar: hours.calendar, expiries: expiries,
            beat: { await state.beat("boards", again: .seconds(600)) }
        ).board()
        await state.forget("boards")
        let notice = BoardBody(receiver: entry.id, board: board).notice(at: now, in: entry.writing)
        if try await assembly.ledger.owe([notice]) > 0 { await state.delivery.ring() }
    }
}
