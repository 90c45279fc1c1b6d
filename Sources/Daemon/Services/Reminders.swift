import Alerts
import Facts
import Ledgers
import Notify

/// Who is to hear once more of what goes on.
struct Reminders {
    var assembly: Assembly
    var clock: Timestamp

    /// What goes on, as it is told once more.
    struct Reminder {
        var receivers: Set<String> = []
        /// Who looks after it until soon: then it is told once before that is over, to all who have heard of it.
        var ending: Acknowledgement?
    }

    /// How often they are looked for.
    var every: TimeSpan {
        assembly.config.receivers.compactMap(\.route.remind).min().map { min($0, .minutes(1)) } ?? .minutes(1)
    }

    /// Those whose time has come, by alert. What somebody looks after is not told again until that is nearly over, and nothing
    /// whose last word still waits.
    ///
    /// - Parameter isMeant: of which alerts.
    func due(_ isMeant: (AlertKey) -> Bool) async throws(LedgerError) -> [AlertKey: Reminder] {
        let entries = assembly.config.receivers
        let isWanted = entries.contains { $0.route.remind != nil }
        let words = Dictionary(
            try await assembly.ledger.acknowledgements(of: nil).map { ($0.episode, $0) }
        ) { $1 }
        let ending = Set(words.values.lazy.filter { $0.isNearlyOver(at: clock) }.map(\.episode))
        guard isWanted || !ending.isEmpty else { return [:] }
        let open = try await assembly.ledger.openAlerts().filter {
            $0.state == .firing && $0.wasAnnounced && isMeant($0.key) && (isWanted || ending.contains($0.episode))
        }
        guard !open.isEmpty else { return [:] }
        let told = try await assembly.ledger.lastTold(of: open.map(\.episode))
        var due: [AlertKey: Reminder] = [:]
        for alert in open {
            let word = words[alert.episode].flatMap { $0.isInForce(for: alert, at: clock) ? $0 : nil }
            // A service with a case of its own for each alert knows who looks after it.
            guard word == nil || ending.contains(alert.episode) else { continue }
            let hearing = entries.filter { word == nil ? $0.route.remind != nil : $0.writing.kind.bundles }.map(\.route)
            // Who was told of what is about many stores wanted it by one of them.
            for route in hearing
            where alert.key.store.isEmpty || route.wants(alert.key, alert.subject, standing: alert.announced) {
                guard let last = told[alert.episode]?[route.receiver] else { continue }
                let isTime =
                    word?.remindsAt.map { last < $0 } ?? route.remind.map { last + $0 <= clock } ?? false
                guard isTime else { continue }
                due[alert.key, default: Reminder(ending: word)].receivers.insert(route.receiver)
            }
        }
        return due
    }
}

extension Acknowledgement {
    /// When it is told that it is nearly over: an hour before, of a short one in its middle; nil: it has no end.
    fileprivate var remindsAt: Timestamp? {
        until.map { $0 - min(.hours(1), TimeSpan(microseconds: ($0 - at).microseconds / 2)) }
    }

    fileprivate func isNearlyOver(at moment: Timestamp) -> Bool {
        guard let until, let remindsAt else { return false }
        return remindsAt <= moment && moment < until
    }
}
