package import Dashboard
import Facts
import Foundation
import Ledgers

/// What the services of one daemon share beside the ledger: the configuration in force, the bells, and what is said of
/// the whole on the health pages. It holds nothing that a restart would lose.
package actor DaemonState {
    /// The configuration in force. Replaced whole when a changed one is taken in.
    package private(set) var assembly: Assembly
    /// Raised with every configuration taken in: who works from an older one begins anew.
    package private(set) var generation = 0
    package private(set) var status: DaemonStatus
    /// Pulls that were followed by a whole pass of evaluation.
    package private(set) var pullsJudged = 0
    private var pullsFinished = 0
    /// The stores that unfinished pulls have moved so far, by feed.
    private var pullsUnderWay: [String: Set<String>] = [:]
    /// Feeds whose pull a former process left unfinished, and of which nobody knows which stores it had moved.
    private var pullsLeftOver: Set<String> = []
    private var arrivals = Arrivals()
    /// Until when each loop has promised to come round.
    private var beats: [String: ContinuousClock.Instant] = [:]

    package nonisolated let evaluation = Bell()
    package nonisolated let delivery = Bell()
    package nonisolated let reloading = Bell()

    package init(assembly: Assembly) {
        self.assembly = assembly
        status = DaemonStatus(version: Version.current, startedAt: assembly.clock.now)
    }

    /// The configuration in force and its number, of one moment.
    package var current: (assembly: Assembly, generation: Int) { (assembly, generation) }

    package func take(_ assembly: Assembly) {
        self.assembly = assembly
        generation += 1
        status.counters.reloads += 1
        let feeds = Set(assembly.config.feeds.map(\.id))
        pullsUnderWay = pullsUnderWay.filter { feeds.contains($0.key) }
        pullsLeftOver.formIntersection(feeds)
    }

    // MARK: Pulls

    /// A page was committed: of its stores nothing is judged until the pull has ended.
    func note(_ receipt: CommitReceipt, of feed: String, facts: Int) {
        status.counters.pages += 1
        status.counters.facts += facts
        pullsUnderWay[feed, default: []].formUnion(receipt.stores.keys)
        arrivals.add(receipt)
    }

    /// A pull has finished or failed.
    func noteEnd(ofPull feed: String) {
        pullsUnderWay[feed] = nil
        pullsLeftOver.remove(feed)
        pullsFinished += 1
    }

    func noteLeftOver(_ feed: String) { pullsLeftOver.insert(feed) }

    /// Whether evaluation has to wait for pulls that a former process left unfinished.
    var isWaitingForPulls: Bool { !pullsLeftOver.isEmpty }

    /// What evaluation is to take in, and the stores that it is to leave as they were for now.
    func takeArrivals() -> (Arrivals, unfinished: Set<String>, pulls: Int) {
        defer { arrivals = Arrivals() }
        return (arrivals, pullsUnderWay.values.reduce(into: []) { $0.formUnion($1) }, pullsFinished)
    }

    func noteJudged(_ pulls: Int) { pullsJudged = max(pullsJudged, pulls) }

    // MARK: Health

    package func update(_ change: @Sendable (inout DaemonStatus) -> Void) { change(&status) }

    /// A loop came round, and promises to do so again within the time. Long work beats as it goes on.
    package func beat(_ loop: String, again duration: Duration) { beats[loop] = .now + duration }

    package func forget(_ loop: String) { beats[loop] = nil }

    /// Whether every loop kept its promise: what the watchdog asks.
    package var isAlive: Bool {
        let now = ContinuousClock.now
        return beats.values.allSatisfy { $0 > now }
    }
}
