import Alerts
import Facts
import Ledgers
import Logging
import Notify
import Rules

/// Makes one message of all that waited while a receiver took nothing, where its entry asks for one (`after_outage: digest`).
/// What waited waits on for what becomes of it: once it is taken, that is told; where it is given up, each goes by itself.
/// What comes after it about the same alerts waits as well.
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
            // Nothing can be said of an alert that is not known: its notice goes by itself.
            let untold = Set(owed.filter { subjects[$0.key] == nil }.map(\.notice))
            notices.removeAll { untold.contains($0) }
            guard !order.isEmpty, !notices.isEmpty else { return }
            let publicURL = assembly.config.publicURL
            for key in order { lines[key]?.link = PageLink.to(key, under: publicURL) }
            // The worst first: of those that have no room nobody reads a figure.
            let shown = order.sorted { lines[$0]?.standing.rank ?? 0 > lines[$1]?.standing.rank ?? 0 }
                .prefix(OutageBody.most)
            for (key, figures) in await figures(of: Array(shown), at: now) { lines[key]?.figures = figures }
            var body = OutageBody(
                receiver: entry.id, since: since, notices: notices, alerts: order.compactMap { lines[$0] })
            body.link = publicURL.map { $0 + "/alerts" }
            try await ledger.keep(body.notice(at: now, in: entry.writing), inPlaceOf: notices)
            assembly.logger.notice(
                "receiver '\(entry.id)' is told in one message what \(notices.count) notices were to say")
        } catch {
            // They go one by one.
            assembly.logger.error("a digest for '\(entry.id)': \(error)")
        }
    }

    /// As they are now; a digest does without where they cannot be worked out.
    private func figures(of keys: [AlertKey], at now: Timestamp) async -> [AlertKey: Words] {
        let stores = Set(keys.filter { !$0.isHealth }.map(\.store)).sorted().compactMap(assembly.fleet.watched)
        let judge = Judge(fleet: assembly.fleet, ledger: assembly.ledger)
        guard let judged = try? await judge.judge(stores, at: nil, clock: now) else { return [:] }
        var figures: [AlertKey: Words] = [:]
        for store in judged {
            for rule in store.evaluation.rules where !rule.values.isEmpty {
                figures[AlertKey(store: store.watched.store.id, rule: rule.rule.id)] = store.figures(of: rule)
            }
        }
        return figures.filter { keys.contains($0.key) }
    }
}
