import Alerts
import Facts
import Ledgers
import Logging

/// Ends silences that were to last until all that they fit is over.
struct SilenceEnds {
    var assembly: Assembly

    func run() async {
        do {
            let now = assembly.clock.now
            let silences = try await assembly.ledger.silences(inForceAfter: now).filter { $0.ends == .resolved }
            guard !silences.isEmpty else { return }
            let open = try await assembly.ledger.openAlerts()
            for var silence in silences
            where silence.isInForce(at: now)
                && !open.contains(where: { silence.filter.fits($0.key, $0.subject, standing: nil) })
            {
                silence.endedAt = now
                try await assembly.ledger.keep(silence)
                assembly.logger.notice("silence \(silence.id) has ended: all that it fitted is over")
            }
        } catch {
            assembly.logger.error("ending silences: \(error)")
        }
    }
}
