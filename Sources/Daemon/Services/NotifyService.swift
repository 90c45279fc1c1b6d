import Alerts
import Curl
import Dashboard
import Facts
import Ledgers
import Logging
import Notify
import ServiceLifecycle

/// Claims what is owed, sends it, settles it. Sending comes after the commit: a crash may repeat a notice, under the same
/// id, and loses none.
package struct NotifyService: Service {
    private let state: DaemonState
    private let transport: any Transport

    init(state: DaemonState, transport: any Transport) { (self.state, self.transport) = (state, transport) }

    /// Sent side by side: different receivers, or different alerts of one receiver.
    private static let claimLimit = 64
    /// A claim that was not settled within it, because the daemon was killed, may be claimed again.
    private static let lease = TimeSpan.minutes(2)

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await state.beat("delivery", again: .seconds(150))
                let assembly = await state.assembly
                var wake = assembly.clock.now + .seconds(30)
                do {
                    while try await deliver(assembly) > 0 { await state.beat("delivery", again: .seconds(150)) }
                    let owed = try await assembly.ledger.outboxCounts().values.reduce(0) { $0 + $1.owed }
                    await state.update { $0.noticesOwed = owed }
                    // What is owed now waits for its next attempt; asking for it costs one look into the ledger.
                    if owed > 0 { wake = assembly.clock.now + .seconds(1) }
                } catch is CancellationError {
                    break
                } catch {
                    assembly.logger.error("\(error)")
                    wake = assembly.clock.now + .seconds(5)
                }
                try? await state.delivery.wait(until: wake, clock: assembly.clock)
            }
        }
    }

    private func deliver(_ assembly: Assembly) async throws -> Int {
        // One that cannot be sent to keeps what it is owed and delays nobody else.
        let usable = assembly.config.receivers.compactMap { entry -> (String, Receiver)? in
            do {
                return (entry.id, try Receiver(id: entry.id, url: entry.url, secret: entry.secret))
            } catch {
                assembly.logger.error("\(error)")
                return nil
            }
        }
        let receivers = Dictionary(uniqueKeysWithValues: usable)
        let claims = try await assembly.ledger.claimNotices(
            now: assembly.clock.now, limit: Self.claimLimit, lease: Self.lease, receivers: receivers.keys.sorted())
        let notifier = Notifier(transport: transport, clock: assembly.clock)
        await withTaskGroup(of: Void.self) { group in
            for claim in claims {
                group.addTask {
                    guard let receiver = receivers[claim.notice.receiver] else { return }
                    await settle(claim, by: notifier, to: receiver, assembly)
                }
            }
        }
        return claims.count
    }

    private func settle(_ claim: ClaimedNotice, by notifier: Notifier, to receiver: Receiver, _ assembly: Assembly) async {
        var generator = SystemRandomNumberGenerator()
        let outcome = await notifier.send(claim.notice, to: receiver, attempt: claim.attempt, using: &generator)
        let now = assembly.clock.now
        let settlement: NoticeSettlement
        switch outcome {
        case .taken:
            settlement = .taken(at: now)
            await state.update { $0.counters.noticesDelivered += 1 }
        case .retry(let wait, let failure):
            settlement = .retry(at: now + wait, because: failure.description)
            // The daemon is ending: nobody is to blame.
            guard failure.kind != .interrupted else { break }
            await state.update { $0.counters.deliveryFailures += 1 }
            assembly.logger.warning("\(failure)")
        case .abandoned(let failure):
            settlement = .abandoned(at: now, because: failure.description)
            await state.update { $0.counters.deliveryFailures += 1 }
            assembly.logger.error("\(failure)")
        }
        do {
            try await assembly.ledger.settle(claim.notice.id, settlement)
        } catch {
            // Unsettled, it is claimed again when the lease is over, and sent under the same id.
            assembly.logger.error("settling notice \(claim.notice.id): \(error)")
        }
    }
}
