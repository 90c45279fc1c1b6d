import Daemon
import Facts
import Ledgers
import NIOCore
import Rules

/// The /metrics page: what is resident and what was counted. It reads no facts.
struct MetricsPage: Sendable {
    let status: DaemonStatus
    let isAlive: Bool
    let wall: Wall.View
    let config: Config
    let fleet: Fleet
    let durations: [Durations.Work: Histogram]
    /// How the pulls of platforms go; empty where there are none, or the ledger does not say.
    let pulls: [PulledSource: PullRecord]
    let now: Timestamp

    static func of(_ state: DaemonState) async -> MetricsPage {
        let assembly = await state.assembly
        var pulls: [PulledSource: PullRecord] = [:]
        if assembly.fleet.pullSubjects.count > assembly.config.feeds.count {
            pulls = (try? await assembly.ledger.pullRecords()) ?? [:]
        }
        return await MetricsPage(
            status: state.status, isAlive: state.isAlive, wall: state.wall.view, config: assembly.config,
            fleet: assembly.fleet, durations: state.durations.all, pulls: pulls, now: assembly.clock.now)
    }

    func write(_ sink: Exposition.Sink) async throws {
        var page = Exposition()
        addDaemon(to: &page)
        addSources(to: &page)
        addNotices(to: &page)
        addDurations(to: &page)
        try await addStores(to: &page, sink)
        try await page.pour(sink, isLast: true)
    }

    /// For who has room for all of it.
    func text() async throws -> String {
        var text = ""
        try await write { text += String(buffer: $0) }
        return text
    }

    private func addDaemon(to page: inout Exposition) {
        func add(_ family: Family, _ value: Double) {
            page.begin(family)
            page.sample(value)
        }
        page.begin(.build)
        page.sample(Exposition.label("version", status.version), 1)
        add(.start, Exposition.seconds(status.startedAt))
        add(.ready, status.isReady ? 1 : 0)
        add(.alive, isAlive ? 1 : 0)
        page.begin(.stores)
        for standing in Standing.allCases {
            page.sample(
                Exposition.label("standing", standing.rawValue), Double(status.standings[standing, default: 0]))
        }
        page.begin(.alerts)
        for state in ["pending", "firing", "recovering"] {
            page.sample(Exposition.label("state", state), Double(status.alerts[state, default: 0]))
        }
        if let at = status.lastEvaluationAt { add(.lastEvaluation, Exposition.seconds(at)) }
        if let duration = status.lastEvaluationSeconds { add(.lastEvaluationTook, duration) }
        page.begin(.expiry)
        for expiry in status.expiries {
            let whose = expiry.account.map { Exposition.label("account", $0) }
            let place = expiry.place.map { Exposition.label("place", $0) }
            page.sample(
                Exposition.label("name", expiry.name),
                place ?? whose ?? Exposition.label("store", expiry.stores.first ?? ""), Exposition.seconds(expiry.ends))
        }
        for (family, count) in [
            (Family.slowed, { $0.slower }), (.heldBack, { $0.heldBack }),
        ] as [(Family, (DaemonStatus.Slowed) -> Int)] {
            page.begin(family)
            for slowed in status.slowed {
                page.sample(
                    Exposition.label("pack", slowed.pack), Exposition.label("limit_of", slowed.application),
                    Double(count(slowed)))
            }
        }
        let counters = status.counters
        for (family, count) in [
            (.facts, counters.facts), (.pages, counters.pages), (.pullFailures, counters.pullFailures),
            (.evaluations, counters.evaluations), (.delivered, counters.noticesDelivered),
            (.deliveryFailures, counters.deliveryFailures), (.reloads, counters.reloads),
            (.reloadFailures, counters.reloadFailures),
        ] as [(Family, Int)] { add(family, Double(count)) }
    }

    // MARK: Sources

    private struct Brought: Hashable {
        var source: SourceName
        var pack: String
    }

    private func addSources(to page: inout Exposition) {
        page.begin(.feedFinished)
        for feed in status.feeds {
            if let at = feed.finishedAt { page.sample(Exposition.label("feed", feed.id), Exposition.seconds(at)) }
        }
        page.begin(.feedFailures)
        for feed in status.feeds {
            page.sample(Exposition.label("feed", feed.id), Double(feed.consecutiveFailures))
        }
        var failing: [String: Int] = [:]
        for (pulled, record) in pulls where pulled.source == .platform {
            guard let store = pulled.store, let pack = fleet.watched(store)?.store.pack else { continue }
            failing[pack, default: 0] += record.failures > 0 ? 1 : 0
        }
        page.begin(.failingStores)
        for (pack, count) in failing.sorted(by: { $0.key < $1.key }) {
            page.sample(Exposition.label("pack", pack), Double(count))
        }
        // All stores, whether or not they have series of their own: what is stale anywhere is seen.
        var brought: [Brought: (stores: Int, stale: Int, until: Timestamp)] = [:]
        for line in wall.lines {
            for input in line.inputs {
                let key = Brought(source: input.source, pack: line.store.pack)
                var known = brought[key] ?? (0, 0, input.coveredUntil)
                known.stores += 1
                known.stale += input.freshUntil < now ? 1 : 0
                known.until = min(known.until, input.coveredUntil)
                brought[key] = known
            }
        }
        let sorted = brought.sorted { ($0.key.source, $0.key.pack) < ($1.key.source, $1.key.pack) }
        for (family, value) in [
            (.sourceStores, { Double($0.stores) }), (.sourceStale, { Double($0.stale) }),
            (.sourceCovered, { Exposition.seconds($0.until) }),
        ] as [(Family, ((stores: Int, stale: Int, until: Timestamp)) -> Double)] {
            page.begin(family)
            for (key, counts) in sorted {
                page.sample(
                    Exposition.label("source", key.source.description), Exposition.label("pack", key.pack),
                    value(counts))
            }
        }
    }

    // MARK: Notices and durations

    private func addNotices(to page: inout Exposition) {
        page.begin(.owed)
        page.sample(Double(status.noticesOwed))
        page.begin(.delayed)
        page.sample(Double(status.noticesDelayed))
        page.begin(.outbox)
        for receiver in config.receivers.map(\.id).sorted() {
            let count = status.outbox[receiver] ?? OutboxCount(owed: 0)
            let label = Exposition.label("receiver", receiver)
            page.sample(label, Exposition.label("state", "due"), Double(count.owed - count.delayed))
            page.sample(label, Exposition.label("state", "delayed"), Double(count.delayed))
        }
        page.begin(.abandoned)
        for (receiver, count) in status.counters.noticesAbandoned.sorted(by: { $0.key < $1.key }) {
            page.sample(Exposition.label("receiver", receiver), Double(count))
        }
        page.begin(.down)
        for (receiver, since) in status.receiversDown.sorted(by: { $0.key < $1.key }) {
            page.sample(Exposition.label("receiver", receiver), Exposition.seconds(since))
        }
    }

    private func addDurations(to page: inout Exposition) {
        let labeled = durations.map { work, histogram -> (family: Family, labels: String, histogram: Histogram) in
            switch work {
            case .pull(let source, let pack, let isWhole):
                (
                    .pullTook,
                    Exposition.label("source", source) + "," + Exposition.label("pack", pack) + ","
                        + Exposition.label("outcome", isWhole ? "finished" : "failed"), histogram
                )
            case .evaluation: (.evaluationTook, "", histogram)
            case .delivery(let receiver, let isTaken):
                (
                    .deliveryTook,
                    Exposition.label("receiver", receiver) + ","
                        + Exposition.label("outcome", isTaken ? "taken" : "failed"), histogram
                )
            case .request(let route): (.requestTook, Exposition.label("route", route), histogram)
            }
        }
        for family in [Family.pullTook, .evaluationTook, .deliveryTook, .requestTook] {
            page.begin(family)
            for found in labeled.filter({ $0.family.name == family.name }).sorted(by: { $0.labels < $1.labels }) {
                page.sample(found.labels, found.histogram)
            }
        }
    }
}
