import Alerts
import Facts
import Ledgers

/// Who is to hear once more of what goes on.
struct Reminders {
    var assembly: Assembly
    var clock: Timestamp

    /// How often they are looked for; nil: nobody wants any.
    var every: TimeSpan? {
        assembly.config.receivers.compactMap(\.route.remind).min().map { min($0, .minutes(1)) }
    }

    /// The receivers whose time has come, by alert. What somebody looks after is not told again, and nothing whose last word
    /// still waits.
    ///
    /// - Parameter isMeant: of which alerts.
    func due(_ isMeant: (AlertKey) -> Bool) async throws(LedgerError) -> [AlertKey: Set<String>] {
        let routes = assembly.config.receivers.map(\.route).filter { $0.remind != nil }
        guard !routes.isEmpty else { return [:] }
        let open = try await assembly.ledger.openAlerts().filter {
            $0.state == .firing && $0.wasAnnounced && isMeant($0.key)
        }
        guard !open.isEmpty else { return [:] }
        let told = try await assembly.ledger.lastTold(of: open.map(\.episode))
        let words = Dictionary(
            try await assembly.ledger.acknowledgements(of: open.map(\.episode)).map { ($0.episode, $0) }
        ) { $1 }
        var due: [AlertKey: Set<String>] = [:]
        for alert in open where !(words[alert.episode]?.isInForce(for: alert, at: clock) ?? false) {
            // Who was told of what is about many stores wanted it by one of them.
            for route in routes
            where alert.key.store.isEmpty || route.wants(alert.key, alert.subject, standing: alert.announced) {
                guard let remind = route.remind, let last = told[alert.episode]?[route.receiver], last + remind <= clock
                else { continue }
                due[alert.key, default: []].insert(route.receiver)
            }
        }
        return due
    }
}
