import Dashboard
import Facts
import Ledgers
import Logging
import Notify
import ServiceLifecycle

/// Tells 30, 14 and 3 days ahead, and when it is over, of what ends unless somebody renews it: in the log, at the receivers
/// and on the metrics page.
package struct ExpiryService: Service {
    private let state: DaemonState

    init(state: DaemonState) { self.state = state }

    private static let every = TimeSpan.hours(1)

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var told: [Expiry: Int] = [:]
            while !Task.isCancelled {
                let heard = await state.reloading.rings
                let assembly = await state.assembly
                do {
                    try await look(assembly, &told)
                } catch {
                    // It is looked for again in an hour, long before anything ends.
                    if !Task.isCancelled { assembly.logger.error("looking for what will end: \(error)") }
                }
                try? await state.reloading.wait(
                    after: heard, until: assembly.clock.now + Self.every, clock: assembly.clock)
            }
        }
    }

    private func look(_ assembly: Assembly, _ told: inout [Expiry: Int]) async throws {
        let now = assembly.clock.now
        let all = try assembly.fleet.expiries(assembly.fleet.tokenFile.read())
        await state.update { status in
            status.expiries = all.map { .init(name: $0.name, stores: $0.stores, account: $0.account, ends: $0.ends) }
        }
        var notices: [ExpiryBody] = []
        for expiry in all {
            guard let stage = expiry.stage(at: now) else { continue }
            if told[expiry] != stage { assembly.logger.warning("\(expiry.words(at: now).en)") }
            told[expiry] = stage
            notices += assembly.config.receivers.map { receiver in
                ExpiryBody(
                    receiver: receiver.id, name: expiry.name, account: expiry.account, stores: expiry.stores,
                    ends: expiry.ends, stage: stage, title: expiry.title, when: expiry.when(at: now),
                    remedy: expiry.remedy)
            }
        }
        guard !notices.isEmpty else { return }
        if try await assembly.ledger.owe(notices.map { $0.notice(at: now) }) > 0 { await state.delivery.ring() }
    }
}
