import Alerts
import Curl
import Facts
import Ledgers
import Logging
import ServiceLifecycle

/// Tells a dead man's switch at the end of every window whether all was watched in it. Where this process has died, or only
/// its evaluation, no success is told, and the switch calls somebody.
package struct HeartbeatService: Service {
    private let state: DaemonState
    private let transport: any Transport

    init(state: DaemonState, transport: any Transport) { (self.state, self.transport) = (state, transport) }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var failed: String?
            while !Task.isCancelled {
                let heard = await state.reloading.rings
                let assembly = await state.assembly
                guard let entry = assembly.config.heartbeat else {
                    try? await state.reloading.wait(
                        after: heard, until: assembly.clock.now + .minutes(10), clock: assembly.clock)
                    continue
                }
                let heartbeat = Heartbeat(transport: transport, url: entry.url)
                let began = assembly.clock.now
                var wrong = await heartbeat.say(.start)
                try? await assembly.clock.sleep(until: began + entry.every)
                guard !Task.isCancelled else { return }
                // Under another configuration another window begins.
                guard await state.reloading.rings == heard else { continue }
                let why = await Self.why(state, since: began, assembly)
                wrong = await heartbeat.say(why.map { .fail($0) } ?? .success) ?? wrong
                if let why { assembly.logger.warning("the heartbeat tells a failure: \(why)") }
                if let wrong, failed != wrong { assembly.logger.warning("the heartbeat cannot be told: \(wrong)") }
                failed = wrong
            }
        }
    }

    /// Dead letters count for so long.
    private static let recent = TimeSpan.hours(24)

    /// Why this window was no success, a line a reason; nil: every store was judged in it, or an alert tells that it was not,
    /// and no notice was given up lately.
    static func why(_ state: DaemonState, since began: Timestamp, _ assembly: Assembly) async -> String? {
        var reasons: [String] = []
        let accounts = await state.accounts
        if let accounts, accounts.at >= began {
            if !accounts.unaccounted.isEmpty {
                let shown = accounts.unaccounted.prefix(10).joined(separator: ", ")
                let more = accounts.unaccounted.count > 10 ? ", …" : ""
                reasons.append(
                    "not judged, and no alert says why: \(accounts.unaccounted.count) stores (\(shown)\(more))")
            }
        } else {
            reasons.append("the stores were not looked at since \(began)")
        }
        do {
            let since = assembly.clock.now - recent
            let dead = try await assembly.ledger.notices(NoticeChoice(state: .abandoned), limit: 1000)
                .filter { ($0.settledAt ?? $0.madeAt) > since }
            if !dead.isEmpty {
                let receivers = Set(dead.map(\.receiver)).sorted().joined(separator: ", ")
                reasons.append("given up within 24 h: \(counted(dead.count, "notice")) to \(receivers)")
            }
        } catch {
            reasons.append("the ledger cannot be read: \(error)")
        }
        return reasons.isEmpty ? nil : reasons.joined(separator: "\n")
    }
}
