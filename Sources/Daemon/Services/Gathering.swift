import Alerts
import Facts
import Ledgers
import Logging
import Notify
import Rules

/// Makes notices of what waits for a receiver, as far as nothing holds it back.
struct Gathering {
    var assembly: Assembly
    /// Stores are being judged: what first looks find is not whole yet.
    var isJudging: Bool

    /// What first looks have found waits no longer for others of their kind.
    private static let longestBeginning = TimeSpan.seconds(60)

    /// - Returns: when to look again though nothing happens; nil when nothing waits, or nobody knows how long.
    func run(_ entry: ReceiverEntry) async throws(LedgerError) -> Timestamp? {
        let (ledger, now) = (assembly.ledger, assembly.clock.now)
        let items = try await ledger.waitingItems(for: entry.id)
        guard !items.isEmpty else { return nil }
        let alerts = Dictionary(
            try await ledger.alerts(of: Array(Set(items.map(\.item.key.store)))).map { ($0.key, $0) }
        ) { $1 }
        let waiting = items.compactMap { item in
            alerts[item.item.key].map {
                NoticeGathering.Waiting(item.item, $0.subject, wasTold: item.wasTold, held: item.cause)
            }
        }
        let hold = try await holds(at: now)
        let lastTold =
            entry.route.grouping == nil
            ? [:] : try await ledger.lastTold(entry.id, groups: Array(Set(items.map(\.item.grouping))))
        let acknowledged = entry.route.after == nil ? [:] : try await acknowledged(waiting, alerts, at: now)
        let outcome = NoticeGathering(
            route: entry.route, lastTold: lastTold, acknowledged: acknowledged, hold: hold
        ).gather(waiting, at: now)
        let gathered = GatheredItems(
            notices: outcome.notices.map { items in
                let notice = Notice(of: items, at: now) { items, id in
                    entry.writing.body(
                        of: items.map(\.body), id: id, receiver: entry.id,
                        madeAt: items.count == 1 ? items[0].madeAt : now)
                }
                return (notice, items.map(\.id))
            }, withheld: outcome.withheld, holds: changed(outcome.holds, items))
        if !gathered.isEmpty { try await ledger.keep(gathered, at: now) }
        return outcome.wake
    }

    /// What is known already need not be written again.
    private func changed(_ holds: [String: NoticeHold], _ items: [WaitingItem]) -> [String: NoticeHold] {
        let known = Dictionary(items.map { ($0.item.id, $0) }) { first, _ in first }
        return holds.filter { id, hold in known[id]?.cause != hold.cause || known[id]?.because != hold.because }
    }

    private func acknowledged(
        _ waiting: [NoticeGathering.Waiting], _ alerts: [AlertKey: Alert], at now: Timestamp
    ) async throws(LedgerError) -> [String: Timestamp?] {
        let words = try await assembly.ledger.acknowledgements(of: waiting.map(\.item.episode))
        return Dictionary(
            words.filter { word in alerts[word.key].map { word.isInForce(for: $0, at: now) } ?? false }
                .map { ($0.episode, $0.until) }
        ) { $1 }
    }

    /// What silences, the windows of stores and other alerts hold back.
    private func holds(
        at now: Timestamp
    ) async throws(LedgerError) -> @Sendable (NoticeGathering.Waiting) -> NoticeHold? {
        let silences = try await assembly.ledger.silences(inForceAfter: now)
        let inhibitions = assembly.config.inhibitions
        let firing = inhibitions.isEmpty ? [] : try await assembly.ledger.openAlerts().filter { $0.told != nil }
        let sources = inhibitions.map { ($0, $0.sources(among: firing)) }
        let (fleet, isJudging) = (assembly.fleet, isJudging)
        return { waiting in
            let (item, subject) = (waiting.item, waiting.subject)
            if item.isBeginning, isJudging, item.madeAt + Self.longestBeginning > now {
                return NoticeHold(.firstLook, until: now + .seconds(1))
            }
            let silence = silences.first {
                $0.holds(item.key, subject, item.event, standing: item.standing, at: now)
            }
            if let silence { return NoticeHold(.silence, because: silence.id, until: silence.until) }
            if let cause = sources.lazy.compactMap({
                $0.source(for: item.key, subject, standing: item.standing, in: $1)
            }).first {
                return NoticeHold(.inhibited, because: "\(cause.store) \(cause.rule)", until: nil)
            }
            // What is critical, and what is wrong with the data, is told whatever goes on at the store.
            guard subject.severity != .critical, !item.key.isHealth,
                let (window, end) = fleet.watched(item.key.store)?.window(at: now)
            else { return nil }
            let cause: NoticeHold.Cause = window.kind == .maintenance ? .maintenance : .promotion
            return NoticeHold(cause, because: window.why ?? "", until: end)
        }
    }
}

extension GatheredItems {
    fileprivate var isEmpty: Bool { notices.isEmpty && withheld.isEmpty && holds.isEmpty }
}
