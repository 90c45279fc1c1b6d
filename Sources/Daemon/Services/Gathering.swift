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
        let items = try await ledger.waitingItems(for: entry.id, withBodies: false)
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
        let bodies = try await ledger.bodies(ofItems: outcome.notices.flatMap { $0.map(\.id) })
        // What a receiver knows of an episode when it comes to a part.
        var known = Dictionary(items.compactMap { item in item.told.map { (item.item.episode, $0) } }) { first, _ in
            first
        }
        let gathered = GatheredItems(
            notices: outcome.notices.flatMap { pieces(of: $0, bodies, for: entry) }.map { items, part in
                let notice = Notice(of: items, at: now) { items, id in
                    let parts = items.map { item in
                        ReceiverWriting.Part(
                            bodies[item.id] ?? [], told: known.updateValue(item.standing, forKey: item.episode))
                    }
                    return entry.writing.body(
                        of: parts, id: id, receiver: entry.id, madeAt: items.count == 1 ? items[0].madeAt : now,
                        part: part)
                }
                return (notice, items.map(\.id))
            }, withheld: outcome.withheld, holds: changed(outcome.holds, items))
        if !gathered.isEmpty { try await ledger.keep(gathered, at: now) }
        return outcome.wake
    }

    /// What is told together, as it has room in messages: a list goes on in the next, and nothing of it is left out.
    private func pieces(
        of items: [NoticeItem], _ bodies: [String: [UInt8]], for entry: ReceiverEntry
    ) -> [(items: [NoticeItem], part: MessagePart?)] {
        guard entry.writing.cut(items.map { bodies[$0.id] ?? [] }).count > 1 else { return [(items, nil)] }
        var items = items
        if Set(items.map(\.key)).count == items.count {
            // The worst first: each stands for itself.
            items = items.enumerated().sorted {
                ($1.element.standing.rank, $0.offset) < ($0.element.standing.rank, $1.offset)
            }.map(\.element)
        }
        let counts = entry.writing.cut(items.map { bodies[$0.id] ?? [] })
        var start = 0
        return counts.enumerated().map { index, count in
            defer { start += count }
            return (Array(items[start..<(start + count)]), MessagePart(index + 1, of: counts.count))
        }
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
        let inhibitions = assembly.config.inhibitions
        let (fleet, isJudging) = (assembly.fleet, isJudging)
        let holds = NoticeHolds(
            silences: try await assembly.ledger.silences(inForceAfter: now), inhibitions: inhibitions,
            open: inhibitions.isEmpty ? [] : try await assembly.ledger.openAlerts()
        ) { store in fleet.watched(store).map { ($0.windows, $0.calendar) } }
        return { waiting in
            if waiting.item.isBeginning, isJudging, waiting.item.madeAt + Self.longestBeginning > now {
                return NoticeHold(.firstLook, until: now + .seconds(1))
            }
            return holds.hold(waiting, at: now)
        }
    }
}

extension GatheredItems {
    fileprivate var isEmpty: Bool { notices.isEmpty && withheld.isEmpty && holds.isEmpty }
}
