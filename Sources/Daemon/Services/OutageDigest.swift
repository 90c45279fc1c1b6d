import Alerts
import Facts
import Ledgers
import Logging
import Notify

/// Makes one message of all that waited while a receiver took nothing, where its entry asks for one (`after_outage: digest`).
/// What waited is told by it, and kept as such: nothing is left out, and what comes after it about the same alerts waits
/// for it.
struct OutageDigest {
    var assembly: Assembly
    var entry: ReceiverEntry

    /// Fewer are sent one by one: that is no more to read.
    private static let fewest = 3

    func run(since: Timestamp) async {
        do {
            let (ledger, now) = (assembly.ledger, assembly.clock.now)
            let owed = try await ledger.owedItems(to: entry.id, at: now)
            var notices: [String] = []
            for item in owed where notices.last != item.notice { notices.append(item.notice) }
            guard notices.count >= Self.fewest else { return }
            let stores = Set(owed.map(\.key.store)).sorted()
            let subjects = Dictionary(try await ledger.alerts(of: stores).map { ($0.key, $0.subject) }) { $1 }
            var (order, lines): ([AlertKey], [AlertKey: OutageBody.Line]) = ([], [:])
            for item in owed {
                guard let subject = subjects[item.key] else { continue }
                if lines[item.key] == nil { order.append(item.key) }
                var line = lines[item.key] ?? .init(subject: subject, events: [], standing: item.standing)
                line.events.append(item.event)
                line.standing = item.standing
                lines[item.key] = line
            }
            guard !order.isEmpty else { return }
            let body = OutageBody(
                receiver: entry.id, since: since, notices: notices, alerts: order.compactMap { lines[$0] })
            try await ledger.keep(body.notice(at: now, in: entry.writing), inPlaceOf: notices, at: now)
            assembly.logger.notice(
                "receiver '\(entry.id)' is told in one message what \(notices.count) notices were to say")
        } catch {
            // They go one by one.
            assembly.logger.error("a digest for '\(entry.id)': \(error)")
        }
    }
}
