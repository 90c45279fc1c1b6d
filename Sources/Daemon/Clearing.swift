import Alerts
import Facts
import Ledgers
import Rules

/// Alerts that fire and that a configuration finds clear: what a limit that was loosened would end. Only their stores are
/// judged, so that it costs little where little is wrong.
struct Clearing {
    var fleet: Fleet
    var ledger: any Ledger
    var now: Timestamp

    /// - Parameters:
    ///   - open: alerts that go on.
    ///   - old: what holds until now: what is clear by that as well ends by itself. nil: nobody knows.
    func endings(of open: [Alert], before old: Fleet?) async throws -> [FleetLoss.Ending] {
        if let old, old.digest == fleet.digest { return [] }
        let firing = open.filter {
            $0.announced != nil && $0.state == .firing && !$0.flapping.isClear && !$0.key.isHealth
                && key(of: $0, in: fleet) != nil
        }
        let now = try await clear(firing, by: fleet)
        guard !now.isEmpty else { return [] }
        var before: [AlertKey: Standing] = [:]
        if let old { before = try await clear(firing.filter { now[$0.key] != nil }, by: old) }
        return firing.compactMap { alert in
            guard let standing = now[alert.key], before[alert.key] == nil else { return nil }
            return FleetLoss.Ending(
                key: alert.key, title: alert.subject.title, reason: standing == .ok ? .limitChanged : .notApplicable)
        }
    }

    /// Those that are clear, and how: ok, or unjudged. Where nobody knows how a rule stands now, as its source fails or a pull is
    /// in its middle, what was last seen decides: the alert would end with the next pull.
    private func clear(_ alerts: [Alert], by fleet: Fleet) async throws -> [AlertKey: Standing] {
        var found: [AlertKey: Standing] = [:]
        let stores = Set(alerts.map(\.key.store)).sorted().compactMap { fleet.watched($0) }
        for start in stride(from: 0, to: stores.count, by: Judge.groupSize) {
            try Task.checkCancellation()
            let group = Array(stores[start..<min(stores.count, start + Judge.groupSize)])
            found.merge(try await standings(of: group, by: fleet, at: nil)) { $1 }
        }
        func standing(of alert: Alert) -> Standing? { key(of: alert, in: fleet).flatMap { found[$0] } }
        let unknown = alerts.filter { standing(of: $0) == .unknown }
        for (seen, alerts) in Dictionary(grouping: unknown, by: { Seen(store: $0.key.store, at: $0.observedAt) }) {
            try Task.checkCancellation()
            guard let store = fleet.watched(seen.store) else { continue }
            let then = try await standings(of: [store], by: fleet, at: seen.at)
            for key in alerts.compactMap({ key(of: $0, in: fleet) }) { found[key] = then[key] }
        }
        return Dictionary(alerts.compactMap { alert in standing(of: alert).map { (alert.key, $0) } }) { $1 }
            .filter { $0.value == .ok || $0.value == .unjudged }
    }

    /// By what its rule is called there; nil: there is none.
    private func key(of alert: Alert, in fleet: Fleet) -> AlertKey? {
        let rule = fleet.watched(alert.key.store)?.pack.rule(everCalled: alert.key.rule)
        return rule.map { AlertKey(store: alert.key.store, rule: $0.id) }
    }

    private struct Seen: Hashable {
        var store: String
        var at: Timestamp
    }

    /// Of every rule. A store that cannot be read has none: nothing of it ends.
    private func standings(
        of group: [Watched], by fleet: Fleet, at moment: Timestamp?
    ) async throws(LedgerError) -> [AlertKey: Standing] {
        var found: [AlertKey: Standing] = [:]
        do {
            var judge = Judge(fleet: fleet, ledger: ledger)
            judge.takesHalfTold = moment != nil
            for judged in try await judge.judge(group, at: moment, clock: now) {
                for rule in judged.evaluation.rules {
                    found[AlertKey(store: judged.watched.store.id, rule: rule.rule.id)] = rule.standing
                }
            }
        } catch {
            guard !error.isPassing else { throw error }
            guard group.count > 1 else { return [:] }
            for store in group { found.merge(try await standings(of: [store], by: fleet, at: moment)) { $1 } }
        }
        return found
    }
}
